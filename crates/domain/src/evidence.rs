//! Evidence (原本): what came in, and the act of bringing it in.

use std::fmt;

use jiff::Timestamp;

use crate::vocabulary::words;
use crate::{Digest, SourceId};

words! {
    /// How much of the bytes is kept.
    Keeping {
        /// Workbooks with a column of passwords, captures and clinical messages: digest and facts only; the bytes, which hold secrets
        /// or patients, are never taken in.
        Distilled = "distilled",
        /// Configurations, reports of scanners, text tables with a column of passwords: digest of the original, and a copy without
        /// secrets.
        Masked = "masked",
        /// Documents: every byte.
        Whole = "whole",
    }
}

words! {
    /// Whether the observations of an import count.
    ImportState {
        /// They count.
        Active = "active",
        /// They were taken back; they can be taken up again.
        Undone = "undone",
    }
}

/// Names an import within the facility, counted from 1 in the order they happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(pub u32);

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One piece of evidence, read once by one reader into one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its number.
    pub id: ImportId,
    /// The digest of the bytes that came in.
    pub evidence: Digest,
    /// The name the file had; for people only.
    pub file_name: String,
    /// Size of the file in bytes.
    pub size: u64,
    /// How much of it is kept.
    pub keeping: Keeping,
    /// The series it belongs to.
    pub source: SourceId,
    /// What the reader took it for, such as `windows-arp` or `ledger-xlsx`.
    pub kind: String,
    /// The reader's version; a better reader reads old evidence again only by an explicit act.
    pub reader_version: u16,
    /// Text encoding, where it is a text, by its label such as `cp932`.
    pub encoding: Option<String>,
    /// When what it says was so.
    pub captured_at: Timestamp,
    /// When it was brought in. Never used to decide anything.
    pub imported_at: Timestamp,
    /// Who brought it in.
    pub imported_by: String,
    /// Rows, lines or items read.
    pub rows: u64,
    /// Whether it counts.
    pub state: ImportState,
}
