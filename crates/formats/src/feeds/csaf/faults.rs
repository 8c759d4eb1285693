//! Rules of CSAF 2.0, 6.1, that a document breaks, as far as what is read rests on them.

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    /// The clause of CSAF 2.0.
    pub(super) rule: &'static str,
    /// The id, number or word that breaks it.
    pub(super) subject: String,
}

impl Fault {
    pub(super) fn new(rule: &'static str, subject: &str) -> Self {
        Self { rule, subject: subject.to_owned() }
    }

    /// Whether nothing of the document can be trusted with it: an id that means two products, or itself.
    pub(super) fn is_fatal(&self) -> bool {
        matches!(self.rule, "6.1.2" | "6.1.3" | "6.1.5")
    }
}
