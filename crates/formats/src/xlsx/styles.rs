//! `xl/styles.xml`: which cells are dates, which are struck through.

use super::fault::Fault;
use super::limits;
use super::number_format::NumberFormat;
use super::xml::{Scanner, Tag, Token, is_true, number};

/// The cell styles of a workbook, by the number that cells give in `s`.
#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: Vec<CellStyle>,
    formats: Vec<NumberFormat>,
}

/// What a cell style says that matters to us.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellStyle {
    /// The font is struck through.
    pub(super) struck: bool,
    format: u32,
}

impl Styles {
    /// The style `index`; the plain one where the workbook does not have it.
    pub(super) fn cell(&self, index: u32) -> CellStyle {
        const PLAIN: CellStyle = CellStyle { struck: false, format: u32::MAX };
        self.cells.get(index as usize).copied().unwrap_or(PLAIN)
    }

    /// How numbers are shown in `style`.
    pub(super) fn format(&self, style: CellStyle) -> &NumberFormat {
        const PLAIN: &NumberFormat = &NumberFormat::General;
        self.formats.get(style.format as usize).unwrap_or(PLAIN)
    }

    /// Reads the part.
    pub(super) fn read(mut scanner: Scanner<'_>) -> Result<Self, Fault> {
        let mut raw = Raw::default();
        let mut section = Section::Other;
        while let Some(token) = scanner.next()? {
            match token {
                Token::Open(tag) => {
                    section = Section::entered(tag).unwrap_or(section);
                    raw.take(section, tag)?;
                }
                Token::Close(name) if Section::named(name).is_some() => section = Section::Other,
                _ => {}
            }
        }
        Ok(raw.resolve())
    }
}

/// The lists of the part; each says which elements inside it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Cells,
    Fonts,
    Formats,
    Other,
}

impl Section {
    fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"cellXfs" => Some(Self::Cells),
            b"fonts" => Some(Self::Fonts),
            b"numFmts" => Some(Self::Formats),
            // Conditional styles hold fonts and formats of their own, which are no cell's.
            b"dxfs" | b"cellStyleXfs" | b"extLst" => Some(Self::Other),
            _ => None,
        }
    }

    fn entered(tag: Tag<'_>) -> Option<Self> {
        Self::named(tag.name).map(|section| if tag.empty { Self::Other } else { section })
    }
}

/// The lists as they stand in the part, before they are looked up in one another.
#[derive(Debug, Default)]
struct Raw {
    fonts: Vec<bool>,
    formats: Vec<(u32, NumberFormat)>,
    cells: Vec<(u32, u32)>,
}

impl Raw {
    fn take(&mut self, section: Section, tag: Tag<'_>) -> Result<(), Fault> {
        match (section, tag.name) {
            (Section::Cells, b"xf") => {
                self.cells.push((index(tag, "numFmtId"), index(tag, "fontId")));
            }
            (Section::Fonts, b"font") => self.fonts.push(false),
            (Section::Fonts, b"strike") => {
                if let Some(font) = self.fonts.last_mut() {
                    *font = tag.attribute("val").is_none_or(is_true);
                }
            }
            (Section::Formats, b"numFmt") => {
                let code = tag.text("formatCode").unwrap_or_default();
                self.formats.push((index(tag, "numFmtId"), NumberFormat::parse(&code)));
            }
            _ => {}
        }
        match self.fonts.len().max(self.formats.len()).max(self.cells.len()) > limits::STYLES {
            true => Err(Fault::TooLarge),
            false => Ok(()),
        }
    }

    fn resolve(mut self) -> Styles {
        // Stable, so that of two formats with one id the later wins, as in Excel.
        self.formats.sort_by_key(|(id, _)| *id);
        let own = self.formats.len() as u32;
        let mut formats: Vec<NumberFormat> = Vec::with_capacity(self.formats.len() + 60);
        let ids: Vec<u32> = self.formats.iter().map(|(id, _)| *id).collect();
        formats.extend(self.formats.into_iter().map(|(_, format)| format));
        formats.extend((0..60).map(|id| NumberFormat::built_in(id).unwrap_or_default()));
        formats.push(NumberFormat::General);
        let place = |id: u32| match ids.partition_point(|&other| other <= id).checked_sub(1) {
            Some(index) if ids.get(index) == Some(&id) => index as u32,
            _ => own + id.min(60),
        };
        let style = |(format, font): (u32, u32)| {
            let format = place(format);
            CellStyle { struck: self.fonts.get(font as usize) == Some(&true), format }
        };
        Styles { cells: self.cells.into_iter().map(style).collect(), formats }
    }
}

fn index(tag: Tag<'_>, name: &str) -> u32 {
    tag.attribute(name).and_then(number).unwrap_or_default()
}
