//! Daily checks (点検記録): the morning's round as somebody looked through it and signed it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::Digest;

/// What a round left, counted when somebody signs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CheckCounts {
    /// Devices in use that are known.
    pub devices: u64,
    /// Findings about which nothing is decided that holds, of each severity: urgent, warning, notice, and not to be judged.
    pub open: [u64; 4],
    /// Findings that stand, with a decision that holds.
    pub decided: u64,
    /// Findings that were new on that day.
    pub new: u64,
    /// Findings that were gone on that day.
    pub gone: u64,
}

impl CheckCounts {
    /// Urgent findings about which nothing is decided.
    pub fn urgent(&self) -> u64 {
        let [urgent, ..] = self.open;
        urgent
    }
}

/// One signature under the round of a day. It is never changed; who looks again signs again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyCheck {
    /// The day that was looked at.
    pub day: Date,
    /// Counted from 1 on each day.
    pub number: u32,
    /// Who signed, as the record names them.
    pub by: String,
    /// The person's name on that day.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// What stood.
    pub counts: CheckCounts,
    /// What the person wrote to it.
    pub note: String,
    /// Hash of the record's last entry before the signature: whoever has the printed page can tell a record that was cut off or
    /// rewritten.
    pub audit_head: Digest,
}
