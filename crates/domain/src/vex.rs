//! Decisions about one vulnerability of one product (脆弱性の判断), in the words of VEX (CISA, *Minimum Requirements for VEX*, 2023).
//!
//! What others say of a vulnerability stands in advisories. This is what the hospital decided, and the two are never merged.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::vocabulary::words;
use crate::{Control, DeviceId, Digest, Justification, VexStatus};

words! {
    /// For which versions of the product a decision was made.
    VexScope {
        /// すべての版: whatever version runs later.
        Product = "product",
        /// この版だけ: another version is another question.
        Version = "version",
    }
}

words! {
    /// Whose word a decision rests on.
    VexOrigin {
        /// 公開された勧告・文書.
        Document = "document",
        /// 院内での確認: how it is set up and used here.
        OwnJudgement = "own_judgement",
        /// 院内での試験.
        OwnTest = "own_test",
        /// 製造販売業者・保守業者の回答.
        VendorAnswer = "vendor_answer",
    }
}

/// Which product a decision speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexProduct {
    /// Its folded name and version, the mark by which findings name it.
    pub mark: String,
    /// Its folded name, whatever its version.
    pub family: String,
    /// What people call it, with its version.
    pub name: String,
}

/// What a person decided about a vulnerability of a product.
///
/// Decisions are only ever added. Of those that speak of one device the newest counts that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexDecision {
    /// Counted from 1 in the order they were taken.
    pub number: u32,
    /// The vulnerability, by the number that stood for it: its CVE number where it had one.
    pub vulnerability: String,
    /// The product.
    pub product: VexProduct,
    /// For which of its versions.
    pub scope: VexScope,
    /// The devices it is limited to; all that run the product where it is empty.
    pub devices: BTreeSet<DeviceId>,
    /// What was decided.
    pub status: VexStatus,
    /// Why it is not affected: asked for with `not_affected`, and with nothing else.
    pub justification: Option<Justification>,
    /// What that means here, in words that may be shown to others (*Minimum Requirements for VEX*, 2.7, impact statement).
    pub impact: String,
    /// What is done: asked for with `affected` (*Minimum Requirements for VEX*, 2.7, action statement).
    pub action: String,
    /// With which controls.
    pub controls: BTreeSet<Control>,
    /// The last day on which it holds without being looked at again; asked for with `affected` and `under_investigation`.
    pub review: Option<Date>,
    /// Whose word it rests on.
    pub origin: VexOrigin,
    /// Why, in words for the hospital itself.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Digests of what was known then and could speak against it: only what is not among them opens it again.
    pub basis: BTreeSet<Digest>,
    /// That it was taken back.
    pub taken_back: Option<VexTakenBack>,
}

impl VexDecision {
    /// Whether it speaks of the product in the version of `mark`.
    pub fn is_of(&self, mark: &str, family: &str) -> bool {
        match self.scope {
            VexScope::Product => self.product.family == family,
            VexScope::Version => self.product.mark == mark,
        }
    }
}

/// That a decision was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexTakenBack {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}
