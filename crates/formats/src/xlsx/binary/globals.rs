//! What all sheets of an old workbook share: its list of sheets, strings, fonts and formats.

use std::collections::BTreeMap;

use super::super::fault::Fault;
use super::super::limits;
use super::super::number_format::NumberFormat;
use super::records::{Records, Strings};

const BOF: u16 = 0x809;
const BOUNDSHEET: u16 = 0x85;
const DATEMODE: u16 = 0x22;
const EOF: u16 = 0x0a;
const FILEPASS: u16 = 0x2f;
const FONT: u16 = 0x31;
const FORMAT: u16 = 0x41e;
const SST: u16 = 0xfc;
const XF: u16 = 0xe0;

/// The version that Excel 97 to 2003 wrote (MS-XLS 2.4.21).
const BIFF8: u16 = 0x600;

/// A sheet, as the workbook lists it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// It has cells: charts and modules have none.
    pub(super) has_cells: bool,
    /// Where its records begin.
    pub(super) at: usize,
}

/// What all sheets share.
#[derive(Debug, Default)]
pub(super) struct Globals {
    pub(super) sheets: Vec<Listed>,
    pub(super) date1904: bool,
    strings: String,
    ends: Vec<u32>,
    struck: Vec<bool>,
    formats: BTreeMap<u16, NumberFormat>,
    /// Font and format of each cell style.
    styles: Vec<(u16, u16)>,
    /// How each cell style shows numbers.
    shown: Vec<NumberFormat>,
}

/// Why the beginning of a stream cannot be read.
pub(super) enum Unread {
    Fault(Fault),
    /// It is older than the version that is read.
    Older,
}

impl From<Fault> for Unread {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Globals {
    pub(super) fn read(stream: &[u8]) -> Result<Self, Unread> {
        let mut records = Records::from(stream, 0);
        let first = records.next()?.ok_or(Fault::CutShort)?;
        if first.kind != BOF || first.u16(0)? != BIFF8 {
            return Err(Unread::Older);
        }
        let mut globals = Self::default();
        while let Some(record) = records.next()? {
            match record.kind {
                EOF => {
                    globals.resolve();
                    return Ok(globals);
                }
                FILEPASS => return Err(Fault::Locked.into()),
                DATEMODE => globals.date1904 = record.u16(0)? == 1,
                FONT => globals.struck.push(record.u16(2)? & 0x8 != 0),
                XF => globals.styles.push((record.u16(0)?, record.u16(2)?)),
                FORMAT => {
                    let mut code = String::new();
                    Strings::new(&[record.data], 2).read(2, &mut code)?;
                    globals.formats.insert(record.u16(0)?, NumberFormat::parse(&code));
                }
                BOUNDSHEET => {
                    let mut name = String::new();
                    Strings::new(&[record.data], 6).read(1, &mut name)?;
                    let state = record.u16(4)?;
                    globals.sheets.push(Listed {
                        name,
                        hidden: state & 3 != 0,
                        has_cells: state >> 8 == 0,
                        at: record.u32(0)? as usize,
                    });
                }
                SST => {
                    let count = record.u32(4)?;
                    let pieces = records.pieces(record)?;
                    globals.read_strings(&pieces, count)?;
                }
                _ => {}
            }
            globals.check()?;
        }
        Err(Fault::CutShort.into())
    }

    fn check(&self) -> Result<(), Fault> {
        let styles = self.struck.len().max(self.formats.len()).max(self.styles.len());
        let large = styles > limits::STYLES || self.sheets.len() > limits::SHEETS;
        if large { Err(Fault::TooLarge) } else { Ok(()) }
    }

    /// Looks up the format of each style.
    fn resolve(&mut self) {
        let shown = self.styles.iter().map(|(_, format)| {
            let own = self.formats.get(format).cloned();
            own.or_else(|| NumberFormat::built_in(u32::from(*format))).unwrap_or_default()
        });
        self.shown = shown.collect();
    }

    fn read_strings(&mut self, pieces: &[&[u8]], count: u32) -> Result<(), Fault> {
        let mut strings = Strings::new(pieces, 8);
        for _ in 0..count {
            strings.read(2, &mut self.strings)?;
            let end = u32::try_from(self.strings.len()).map_err(|_| Fault::TooLarge)?;
            self.ends.push(end);
        }
        Ok(())
    }

    /// The shared string `index`.
    pub(super) fn string(&self, index: u32) -> Option<&str> {
        let index = index as usize;
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.strings.get(start.unwrap_or(0) as usize..end)
    }

    /// Whether the style `index` strikes its text through. Font 4 does not exist: those after it are counted on (MS-XLS 2.5.129).
    pub(super) fn is_struck(&self, index: u16) -> bool {
        let Some((font, _)) = self.styles.get(usize::from(index)) else { return false };
        let place = if *font > 4 { *font - 1 } else { *font };
        self.struck.get(usize::from(place)) == Some(&true)
    }

    /// How the style `index` shows numbers.
    pub(super) fn format(&self, index: u16) -> &NumberFormat {
        const PLAIN: &NumberFormat = &NumberFormat::General;
        self.shown.get(usize::from(index)).unwrap_or(PLAIN)
    }
}
