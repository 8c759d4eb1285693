//! Match criteria of the NVD: a name, and a range for its version (NVD, "CVE API", `cpeMatch`).

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::version::Scheme;

use super::{Attribute, Cpe, Key, Relation};

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Bound {
    /// `versionStartIncluding`, `versionEndIncluding`.
    Including(String),
    /// `versionStartExcluding`, `versionEndExcluding`.
    Excluding(String),
}

/// What an entry of a vulnerability speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Criteria {
    /// The name; its version is any where a range is given.
    pub name: Cpe,
    /// From which version on.
    pub start: Option<Bound>,
    /// Up to which version.
    pub end: Option<Bound>,
}

impl Criteria {
    /// Whether a product is meant; `None` where what is known of the product does not suffice to say, or the scheme does not
    /// order its version.
    ///
    /// A product says more by what it leaves open than a criterion: "any" in the product is "we do not know", so a criterion
    /// that asks for a value there is not judged. A version that is not applicable lies in ranges without a beginning, as
    /// the NVD lists it.
    pub fn covers(&self, product: &Cpe, scheme: Scheme) -> Option<bool> {
        let mut unknown = false;
        for key in Key::ALL {
            let covered = match key {
                Key::Version if self.start.is_some() || self.end.is_some() => {
                    self.covers_version(product.get(key), scheme)
                }
                _ => covers(self.name.get(key).relation(product.get(key))),
            };
            match covered {
                Some(false) => return Some(false),
                Some(true) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(true)
    }

    fn covers_version(&self, version: Attribute<'_>, scheme: Scheme) -> Option<bool> {
        match version {
            Attribute::Any => None,
            Attribute::Na => self.start.is_none().then_some(true),
            Attribute::Value(value) if value.is_wild() => None,
            Attribute::Value(value) => self.covers_text(&value.plain(), scheme),
        }
    }

    /// Whether a version, as its maker writes it, lies in the range. The ends may be quoted as names are (`11.3\(1\)`), as the
    /// NVD writes some of them.
    pub fn covers_text(&self, version: &str, scheme: Scheme) -> Option<bool> {
        let after = match &self.start {
            None => Some(true),
            Some(Bound::Including(start)) => {
                scheme.compare(version, &unquoted(start)).map(Ordering::is_ge)
            }
            Some(Bound::Excluding(start)) => {
                scheme.compare(version, &unquoted(start)).map(Ordering::is_gt)
            }
        };
        let before = match &self.end {
            None => Some(true),
            Some(Bound::Including(end)) => {
                scheme.compare(version, &unquoted(end)).map(Ordering::is_le)
            }
            Some(Bound::Excluding(end)) => {
                scheme.compare(version, &unquoted(end)).map(Ordering::is_lt)
            }
        };
        match (after, before) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}

/// Without backslashes; copied only where there are any.
fn unquoted(text: &str) -> Cow<'_, str> {
    if text.contains('\\') { text.replace('\\', "").into() } else { text.into() }
}

fn covers(relation: Relation) -> Option<bool> {
    match relation {
        Relation::Superset | Relation::Equal => Some(true),
        Relation::Disjoint => Some(false),
        Relation::Subset | Relation::Undefined => None,
    }
}
