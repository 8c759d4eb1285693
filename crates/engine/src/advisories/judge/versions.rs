//! Whether a version is among those that a party speaks of.

use std::cmp::Ordering;

use domain::advisory::{VersionBound, VersionRange, VersionSet, Versions};
use domain::{Message, msg};
use notation::version::Scheme;

use crate::advisories::order::Order;

/// Whether it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Held {
    /// It is.
    Yes,
    /// It is, in an order that nobody has written down.
    Guessed,
    /// It is not.
    No,
    /// That cannot be said, and why.
    Unknown(Message),
}

/// Whether `version` is among `versions`. [`Versions::Others`] depends on other claims, and is all here.
pub(super) fn held(versions: &Versions, version: &str, order: Order) -> Held {
    match versions {
        Versions::All | Versions::Others => Held::Yes,
        Versions::Unstated => Held::Unknown(msg!("advisories.unstated")),
        Versions::Text(text) => Held::Unknown(msg!("advisories.text", text = text)),
        Versions::These(set) => within(set, version, order),
    }
}

fn within(set: &VersionSet, version: &str, order: Order) -> Held {
    let unknown = || Held::Unknown(msg!("advisories.not_ordered", version = version));
    let sure = |scheme| match covers(set, version, scheme) {
        Some(true) => Some(Held::Yes),
        Some(false) => Some(Held::No),
        None => None,
    };
    let named = set.scheme.as_deref().map(|name| name.strip_prefix("vers:").unwrap_or(name));
    match order {
        // Commits of a repository are in no order of versions.
        _ if named.is_some_and(|name| name.eq_ignore_ascii_case("git")) => unknown(),
        Order::Own(scheme) => sure(scheme).unwrap_or_else(unknown),
        Order::Open => {
            let scheme = named.and_then(Scheme::for_type);
            let found = scheme.and_then(sure).or_else(|| sure(Scheme::Generic));
            found.unwrap_or_else(|| match covers(set, version, Scheme::Loose) {
                Some(true) => Held::Guessed,
                _ => unknown(),
            })
        }
    }
}

fn covers(set: &VersionSet, version: &str, scheme: Scheme) -> Option<bool> {
    let listed = set.listed.iter().map(|listed| is_same(listed, version, scheme));
    let ranged = set.ranges.iter().map(|range| covers_range(range, version, scheme));
    let mut unknown = false;
    for covered in listed.chain(ranged) {
        match covered {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// Two texts that the scheme both knows and does not order are two versions.
fn is_same(listed: &str, version: &str, scheme: Scheme) -> Option<bool> {
    if listed == version {
        return Some(true);
    }
    match scheme.compare(version, listed) {
        Some(order) => Some(order.is_eq()),
        None => scheme.knows(version).then_some(false),
    }
}

fn covers_range(range: &VersionRange, version: &str, scheme: Scheme) -> Option<bool> {
    let after = range.from.as_ref().map_or(Some(true), |from| is_after(version, from, scheme));
    let before = range.to.as_ref().map_or(Some(true), |to| is_before(version, to, scheme));
    match (after, before) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn is_after(version: &str, from: &VersionBound, scheme: Scheme) -> Option<bool> {
    // Zero stands for the beginning, whatever the versions are (OSV schema, `affected[].ranges[].events`).
    if from.included && from.version == "0" {
        return Some(true);
    }
    let order = scheme.compare(version, &from.version)?;
    Some(order == Ordering::Greater || (from.included && order.is_eq()))
}

fn is_before(version: &str, to: &VersionBound, scheme: Scheme) -> Option<bool> {
    if to.version == "*" {
        return Some(true);
    }
    // A branch: any version of it, however high (CVE Record Format 5.1, `lessThan`).
    if let Some(branch) = to.version.strip_suffix(".*") {
        let rest = version.strip_prefix(branch);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
            return Some(true);
        }
        return scheme.compare(version, branch).map(Ordering::is_lt);
    }
    let order = scheme.compare(version, &to.version)?;
    Some(order == Ordering::Less || (to.included && order.is_eq()))
}
