//! Text that may be made of runs: shared strings (`<si>`) and inline strings (`<is>`).

use super::fault::Fault;
use super::xml::{Scanner, Token, is_true, push, unescape};

/// What runs say about striking through, over what the cell's own font says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Strike {
    /// Nothing: the cell's font counts.
    #[default]
    AsCell,
    /// Not struck through, at least in part.
    No,
    /// All of it is struck through.
    Yes,
}

impl Strike {
    /// Whether the text is struck through in a cell whose font is struck through or not.
    pub(super) fn over(self, cell: bool) -> bool {
        match self {
            Self::AsCell => cell,
            Self::No => false,
            Self::Yes => true,
        }
    }
}

/// Reads the text of the element whose opening tag was read last, up to its closing tag, and adds it to `text`.
///
/// Runs are joined; furigana (`<rPh>`) are left out, for they repeat the text in kana.
pub(super) fn read(scanner: &mut Scanner<'_>, text: &mut String) -> Result<Strike, Fault> {
    if let Some(raw) = scanner.take_plain(b"<t>", b"</t></si>") {
        unescape(raw, text);
        return Ok(Strike::AsCell);
    }
    let mut runs = Runs::default();
    let mut open = 1_u32;
    let mut inside_text = false;
    while open > 0 {
        match scanner.next()?.ok_or(Fault::CutShort)? {
            Token::Open(tag) => {
                open += u32::from(!tag.empty);
                inside_text = tag.name == b"t" && !tag.empty;
                match tag.name {
                    b"rPh" if !tag.empty => {
                        scanner.skip_element()?;
                        open -= 1;
                    }
                    b"r" => runs.begin(),
                    b"rPr" => runs.properties = true,
                    b"strike" => runs.struck = tag.attribute("val").is_none_or(is_true),
                    _ => {}
                }
            }
            Token::Close(name) => {
                open -= 1;
                inside_text = false;
                if name == b"r" {
                    runs.end();
                }
            }
            Token::Text(raw) if inside_text => {
                runs.shows_text |= !raw.trim_ascii().is_empty();
                unescape(raw, text);
            }
            Token::Verbatim(raw) if inside_text => {
                runs.shows_text = true;
                push(raw, text);
            }
            _ => {}
        }
    }
    Ok(runs.strike())
}

/// What was seen of the runs so far.
#[derive(Debug, Default)]
struct Runs {
    properties: bool,
    struck: bool,
    shows_text: bool,
    any_struck: bool,
    any_bare: bool,
    any_clean: bool,
}

impl Runs {
    fn begin(&mut self) {
        (self.properties, self.struck, self.shows_text) = (false, false, false);
    }

    /// A run without properties is drawn in the cell's font; a run of blanks says nothing.
    fn end(&mut self) {
        if self.shows_text {
            self.any_struck |= self.struck;
            self.any_bare |= !self.properties;
            self.any_clean |= self.properties && !self.struck;
        }
    }

    fn strike(&self) -> Strike {
        match self {
            Self { any_clean: true, .. } => Strike::No,
            Self { any_struck: true, any_bare: false, .. } => Strike::Yes,
            _ => Strike::AsCell,
        }
    }
}
