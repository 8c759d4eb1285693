//! Matters (用件): what is written to somebody outside, agreed with them or heard from them, kept step by step; and what people
//! said of what came from outside.
//!
//! A matter is what its steps make of it. A step is only ever added; who wrote it and when stands with it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::Digest;
use crate::vocabulary::words;

words! {
    /// Which kind of matter.
    MatterKind {
        /// 部品表の製品: see [`crate::Attachment`].
        Attachment = "attachment",
        /// 作業: see [`crate::PlannedChange`].
        Change = "change",
        /// 照会: see [`crate::Inquiry`].
        Inquiry = "inquiry",
        /// お知らせ: see [`crate::Notice`].
        Notice = "notice",
        /// 書き方が指す製品: see [`crate::SettledWriting`].
        Writing = "writing",
    }
}

/// A step with who did it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stepped<T> {
    /// When.
    pub at: Timestamp,
    /// The day in the hospital.
    pub day: Date,
    /// Who.
    pub by: String,
    /// What.
    pub step: T,
}

/// A file that came with a step, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// What it was called.
    pub name: String,
    /// The digest of its bytes, which are kept.
    pub evidence: Digest,
}
