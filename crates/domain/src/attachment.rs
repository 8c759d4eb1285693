//! Which product a parts list belongs to (部品表の製品): a person's word, remembered for what the list names as its product.
//!
//! A maker calls the product as it likes, a hospital's ledger in its own words. Nobody but a person can say that the two are one; once
//! said, it holds for the next list of the same name and supplier.

use crate::matter::Stepped;
use crate::{Component, Digest, fold};

/// What a parts list says it is of, whatever the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The product's name, after its group where it has one; empty where the list does not say what it is of.
    pub name: String,
    /// Who supplies it; empty where the list does not say.
    pub supplier: String,
}

impl Described {
    /// What the list of this subject describes.
    pub fn of(subject: Option<&Component>) -> Self {
        let Some(subject) = subject else {
            return Self { name: String::new(), supplier: String::new() };
        };
        Self {
            name: subject.full_name(),
            supplier: subject.supplier.as_deref().unwrap_or_default().trim().to_owned(),
        }
    }

    /// Whether both are one product by the same supplier, however they are written. What has no name is never the same.
    pub fn is_same(&self, other: &Self) -> bool {
        let name = fold(&self.name);
        !name.is_empty()
            && name == fold(&other.name)
            && fold(&self.supplier) == fold(&other.supplier)
    }
}

/// A product of the ledger, as a parts list is laid beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnProduct {
    /// Its folded name, whatever its version: the family by which decisions about vulnerabilities know it.
    pub family: String,
    /// What people call it.
    pub name: String,
}

/// What a person said of a parts list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentStep {
    /// The list that was looked at.
    pub list: Digest,
    /// The product it belongs to; none where it belongs to none here.
    pub product: Option<OwnProduct>,
    /// The release of the product it is of, where the person said another than the list says. It holds for this very list.
    pub release: Option<String>,
    /// Why.
    pub reason: String,
}

/// All that people said of the lists of one described product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its number among the matters of its kind.
    pub number: u32,
    /// What the lists name as their product.
    pub described: Described,
    /// What was said, in the order it was said; at least one.
    pub steps: Vec<Stepped<AttachmentStep>>,
}

/// What counts for one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attached<'a> {
    /// What was said, by whom and when.
    pub step: &'a Stepped<AttachmentStep>,
    /// It was said of an earlier list of the same product.
    pub is_remembered: bool,
}

impl Attached<'_> {
    /// The release that the person named for this very list.
    pub fn release(&self) -> Option<&str> {
        let release = self.step.step.release.as_deref();
        release.filter(|_| !self.is_remembered)
    }
}

impl Attachment {
    /// What counts for the list of this digest: the newest word on it, else the newest word on any list of the product.
    pub fn of(&self, list: Digest) -> Option<Attached<'_>> {
        let own = self.steps.iter().rev().find(|step| step.step.list == list);
        if let Some(step) = own {
            return Some(Attached { step, is_remembered: false });
        }
        let step = self.steps.last().filter(|_| !self.described.name.is_empty())?;
        Some(Attached { step, is_remembered: true })
    }
}

/// What counts for the list of this digest that describes `described`; none where nobody said anything.
pub fn attached<'a>(
    attachments: &'a [Attachment],
    described: &Described,
    list: Digest,
) -> Option<Attached<'a>> {
    let is_its = |one: &&Attachment| {
        one.described.is_same(described) || one.steps.iter().any(|step| step.step.list == list)
    };
    attachments.iter().filter(is_its).find_map(|one| one.of(list))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    fn said(list: u8, family: &str, release: Option<&str>) -> Stepped<AttachmentStep> {
        let product = OwnProduct { family: family.into(), name: family.to_uppercase() };
        Stepped {
            at: Timestamp::UNIX_EPOCH,
            day: date(1970, 1, 1),
            by: "sato".into(),
            step: AttachmentStep {
                list: Digest([list; 32]),
                product: Some(product).filter(|_| !family.is_empty()),
                release: release.map(str::to_owned),
                reason: String::new(),
            },
        }
    }

    fn described(name: &str, supplier: &str) -> Described {
        Described { name: name.into(), supplier: supplier.into() }
    }

    /// The family that counts for the list, whether it is remembered, and the release a person named.
    fn counts(
        all: &[Attachment],
        of: &Described,
        list: u8,
    ) -> Option<(String, bool, Option<String>)> {
        let attached = attached(all, of, Digest([list; 32]))?;
        let family = attached.step.step.product.as_ref().map(|one| one.family.clone());
        let release = attached.release().map(str::to_owned);
        Some((family.unwrap_or_default(), attached.is_remembered, release))
    }

    #[test]
    fn what_was_said_of_a_list_is_remembered_for_the_next_of_the_same_product() {
        let viewer = described("ＶＩＥＷＥＲ Pro", "A社");
        let steps = vec![said(1, "viewer", Some("2.0"))];
        let all = [Attachment { number: 1, described: viewer.clone(), steps }];
        let counts = |of: &Described, list| counts(&all, of, list);
        assert_eq!(counts(&viewer, 1), Some(("viewer".into(), false, Some("2.0".into()))));
        let next = described("viewer pro", "Ａ社");
        assert_eq!(counts(&next, 2), Some(("viewer".into(), true, None)), "the release is not");
        for other in [described("viewer pro", "B社"), described("viewer", "A社"), described("", "")]
        {
            assert_eq!(counts(&other, 2), None, "{other:?}");
        }
    }

    #[test]
    fn the_newest_word_counts_and_one_on_the_very_list_before_all() {
        let viewer = described("viewer", "");
        let steps = vec![said(1, "viewer", None), said(2, "", None), said(1, "other", None)];
        let all = [Attachment { number: 1, described: viewer.clone(), steps }];
        let family = |list| counts(&all, &viewer, list).map(|(family, ..)| family);
        assert_eq!(family(1).as_deref(), Some("other"), "the newest on the list");
        assert_eq!(family(2).as_deref(), Some(""), "kept apart");
        assert_eq!(family(3).as_deref(), Some("other"), "the newest of all");
    }

    #[test]
    fn of_a_list_without_a_name_nothing_is_remembered() {
        let nameless = described("", "");
        let steps = vec![said(1, "viewer", None)];
        let all = [Attachment { number: 1, described: nameless.clone(), steps }];
        assert!(counts(&all, &nameless, 1).is_some());
        assert_eq!(counts(&all, &nameless, 2), None);
    }
}
