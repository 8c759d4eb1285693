//! Editions: which of the table's edition words a text can mean.

use super::token::Token;

/// A set of the table's edition words; open where nothing is said, which is any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Editions(Option<Vec<String>>);

impl Editions {
    /// The editions a row of the table holds for.
    pub(super) fn listed(words: &[String]) -> Self {
        Self((!words.is_empty()).then(|| words.to_vec()))
    }

    /// The editions that what was written can mean.
    ///
    /// Long-term servicing without a further word may be Enterprise's or IoT's, whose dates differ by five years for 2021; an IoT
    /// Enterprise without a further word may be serviced either way.
    pub(super) fn stated(written: &[Token]) -> Self {
        let says = |words: &[&str]| {
            words.iter().any(|word| written.iter().any(|token| token.is_word(word)))
        };
        let long_term = says(&["ltsc", "ltsb"]);
        let iot = says(&["iot"]);
        let enterprise = says(&["enterprise", "ent"]);
        let words: &[&str] = match (long_term, iot) {
            (true, true) => &["iot_ltsc"],
            (true, false) if enterprise => &["ltsc"],
            (true, false) => &["ltsc", "iot_ltsc"],
            (false, true) => &["enterprise", "iot_ltsc"],
            (false, false) if says(&["embedded"]) => &["embedded"],
            (false, false) if enterprise || says(&["education"]) => &["enterprise"],
            (false, false) if says(&["pro", "professional", "home", "ultimate"]) => &["pro"],
            (false, false) => return Self(None),
        };
        Self(Some(words.iter().map(|word| (*word).to_owned()).collect()))
    }

    /// Whether any edition is meant.
    pub(super) fn is_open(&self) -> bool {
        self.0.is_none()
    }

    /// Whether exactly one edition is meant.
    pub(super) fn is_settled(&self) -> bool {
        self.0.as_ref().is_some_and(|words| words.len() == 1)
    }

    /// Whether both can mean one edition.
    pub(super) fn meet(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => own.iter().any(|word| other.contains(word)),
            _ => true,
        }
    }
}
