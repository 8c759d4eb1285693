//! Why a feed cannot be read on, and how that is said.

use std::io;

use domain::msg;

use crate::reading::Refusal;
use crate::text::excerpt;

/// The longest record, in bytes. The longest of the NVD and of the CVE programme are of a few megabytes.
pub(super) const MAX_RECORD: usize = 32 << 20;

/// How deep values may stand in one another. CSAF's product trees are the deepest, of a few dozen; `serde_json` ends at 128.
pub(super) const MAX_DEPTH: u32 = 100;

/// Why a document ends before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was cut short behind this line.
    Cut(u64),
    /// It is not well-formed at this line.
    Syntax(u64),
    /// Its values stand too deep in one another at this line.
    TooDeep(u64),
    /// A record that begins at this line is longer than any.
    TooLong(u64),
    /// A record that begins at this line holds more values than any.
    TooMany(u64),
    /// It swells when it is opened, as no feed does.
    Swells,
    /// Its compressed bytes are damaged, or it could not be read.
    Damaged,
}

/// The mark in an [`io::Error`] of bytes that swell.
#[derive(Debug)]
pub(super) struct Swollen;

impl std::fmt::Display for Swollen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the compressed bytes swell beyond any feed")
    }
}

impl std::error::Error for Swollen {}

impl Fault {
    /// What an error of the bytes below means, told at `line`.
    pub(super) fn of(error: &io::Error, line: u64) -> Self {
        if matches!(error.get_ref(), Some(inner) if inner.is::<Swollen>()) {
            return Self::Swells;
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Cut(line),
            _ => Self::Damaged,
        }
    }

    /// Whether the bytes themselves cannot be had, rather than what they say.
    pub(super) fn is_of_bytes(self) -> bool {
        matches!(self, Self::Swells | Self::Damaged)
    }

    /// Says it of `file`, and what to do.
    pub(super) fn refusal(self, file: &str) -> Refusal {
        let file = excerpt(file);
        let message = match self {
            Self::Cut(line) => msg!("refusal.feed_cut", file = file, line = line),
            Self::Syntax(line) => msg!("refusal.feed_syntax", file = file, line = line),
            Self::TooDeep(line) => msg!("refusal.feed_deep", file = file, line = line),
            Self::TooLong(line) => {
                msg!("refusal.feed_long", file = file, line = line, limit = MAX_RECORD >> 20)
            }
            Self::TooMany(line) => msg!("refusal.feed_many", file = file, line = line),
            Self::Swells => msg!("refusal.feed_swells", file = file),
            Self::Damaged => msg!("refusal.feed_damaged", file = file),
        };
        Refusal { message }
    }
}
