//! Decisions (判断): what people decided. Stored apart from what is derived, and stronger than it.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::vocabulary::words;
use crate::{Digest, FindingKey, Sign};

words! {
    /// Where a finding stands. `closed` is said by the round when the facts are gone, never by a person's tick.
    FindingState {
        /// 受け入れ: left as it is, until a date, for a reason.
        Accepted = "accepted",
        /// 解消: the facts are gone.
        Closed = "closed",
        /// 対応中: somebody has it in hand.
        InHand = "in_hand",
        /// 対策済み: a control is in force.
        Mitigated = "mitigated",
        /// 該当しない: does not apply, for a reason.
        NotAffected = "not_affected",
        /// 未対応: nobody has decided anything.
        Open = "open",
    }
}

/// What a person decided about a finding.
///
/// It survives recomputation and follows a merge; it counts only while the finding's basis is the one that was decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingDecision {
    /// Which finding.
    pub key: FindingKey,
    /// What was decided; never `closed`.
    pub state: FindingState,
    /// Until when it holds; needed for `accepted`.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The basis it was decided on.
    pub basis: Digest,
}

impl FindingDecision {
    /// Whether it still holds on `today` for a finding that rests on `basis`.
    pub fn holds(&self, basis: Digest, today: Date) -> bool {
        self.basis == basis && self.until.is_none_or(|until| today <= until)
    }
}

words! {
    /// What a person said about two signs.
    Verdict {
        /// They are not the same device.
        NotSame = "not_same",
        /// They are one device.
        Same = "same",
    }
}

/// A person's word on identity: about signs, never about ids, so that it holds whatever is derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityDecision {
    /// Counted from 1 in the order they were taken; the last word on a pair counts.
    pub id: u32,
    /// One sign.
    pub one: Sign,
    /// The other sign.
    pub other: Sign,
    /// What was said of them.
    pub verdict: Verdict,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
