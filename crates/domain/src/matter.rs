//! Matters (用件): what is written to somebody outside, agreed with them or heard from them, kept step by step.
//!
//! A matter is what its steps make of it. A step is only ever added; who wrote it and when stands with it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::vocabulary::words;

words! {
    /// Which kind of matter.
    MatterKind {
        /// 作業: see [`crate::PlannedChange`].
        Change = "change",
        /// 照会: see [`crate::Inquiry`].
        Inquiry = "inquiry",
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
