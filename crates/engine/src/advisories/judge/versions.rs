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
///
/// With `least`, the version is that one or any later one that `version` may be: what holds of each of them is known.
pub(super) fn held(versions: &Versions, version: &str, least: Option<&str>, order: Order) -> Held {
    match versions {
        Versions::All | Versions::Others => Held::Yes,
        Versions::Unstated => Held::Unknown(msg!("advisories.unstated")),
        Versions::Text(text) => Held::Unknown(msg!("advisories.text", text = text)),
        Versions::These(set) => within(set, At { version, least }, order),
    }
}

/// A version, as far as it is known.
#[derive(Clone, Copy)]
struct At<'v> {
    version: &'v str,
    /// Nothing earlier than this.
    least: Option<&'v str>,
}

fn within(set: &VersionSet, at: At<'_>, order: Order) -> Held {
    let version = at.version;
    let unknown = || Held::Unknown(why_unknown(set, version, order));
    let sure = |scheme| match covers(set, at, scheme) {
        Some(true) => Some(Held::Yes),
        Some(false) => Some(Held::No),
        None => None,
    };
    let named = set.scheme.as_deref().map(|name| name.strip_prefix("vers:").unwrap_or(name));
    match order {
        // Commits of a repository are in no order of versions.
        _ if named.is_some_and(|name| name.eq_ignore_ascii_case("git")) => unknown(),
        Order::Own(scheme) => sure(scheme).unwrap_or_else(unknown),
        Order::Written if set.listed.iter().any(|listed| is_model(listed, version)) => {
            // What is listed beside the model numbers may be versions still.
            let listed = set.listed.iter().filter(|listed| !is_model(listed, version));
            let rest = VersionSet { listed: listed.cloned().collect(), ..set.clone() };
            match within(&rest, at, Order::Open) {
                Held::No => unknown(),
                held => held,
            }
        }
        Order::Open | Order::Written => {
            let scheme = named.and_then(Scheme::for_type);
            let found = scheme.and_then(sure).or_else(|| sure(Scheme::Generic));
            found.unwrap_or_else(|| match covers(set, at, Scheme::Loose) {
                Some(true) => Held::Guessed,
                _ => unknown(),
            })
        }
    }
}

/// Why it cannot be said whether `version` is within: a build of Windows without its revision may lie on either side of an end within it.
fn why_unknown(set: &VersionSet, version: &str, order: Order) -> Message {
    let ends = |range: &VersionRange| [range.from.clone(), range.to.clone()];
    let ends = set.ranges.iter().flat_map(ends).flatten().map(|bound| bound.version);
    let mut named = ends.chain(set.listed.iter().cloned());
    let is_windows = order == Order::Own(Scheme::Windows);
    if is_windows && lacks_revision(version) && named.all(|one| Scheme::Windows.knows(&one)) {
        return msg!("advisories.no_revision", version = version);
    }
    msg!("advisories.not_ordered", version = version)
}

/// Whether this is a build of Windows without its last number.
pub(crate) fn lacks_revision(version: &str) -> bool {
    Scheme::Windows.knows(version)
        && Scheme::Windows.compare(version, &format!("{version}.0")).is_none()
}

fn covers(set: &VersionSet, at: At<'_>, scheme: Scheme) -> Option<bool> {
    let listed = set.listed.iter().map(|listed| is_same(listed, at, scheme));
    let ranged = set.ranges.iter().map(|range| covers_range(range, at, scheme));
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

/// Whether what is listed as a version is rather a model number, which says nothing of this version: letters before any digit, as in
/// `BT03`, or four digits and more without a dot, as in `24950`, where the version has one.
fn is_model(listed: &str, version: &str) -> bool {
    let bare = listed.strip_prefix(['v', 'V']).unwrap_or(listed);
    let is_worded = !bare.starts_with(|letter: char| letter.is_ascii_digit());
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = digits >= 4 && !bare.contains('.') && version.contains('.');
    listed != version && (is_worded || is_number)
}

/// Two texts that the scheme both knows and does not order are two versions; but a build of Windows without its revision may be any of
/// its revisions.
fn is_same(listed: &str, at: At<'_>, scheme: Scheme) -> Option<bool> {
    let version = at.version;
    if listed == version {
        return Some(true);
    }
    match scheme.compare(version, listed) {
        Some(order) => Some(order.is_eq()),
        None if scheme == Scheme::Windows && scheme.knows(listed) => {
            let least = at.least.and_then(|least| scheme.compare(least, listed));
            least.is_some_and(Ordering::is_gt).then_some(false)
        }
        None => scheme.knows(version).then_some(false),
    }
}

fn covers_range(range: &VersionRange, at: At<'_>, scheme: Scheme) -> Option<bool> {
    let after = range.from.as_ref().map_or(Some(true), |from| {
        let least = || at.least.and_then(|least| is_after(least, from, scheme));
        // What begins after the lowest may still begin before the one that it is.
        is_after(at.version, from, scheme).or_else(|| least().filter(|is_after| *is_after))
    });
    let before = range.to.as_ref().map_or(Some(true), |to| {
        let least = || at.least.and_then(|least| is_before(least, to, scheme));
        // What ends after the lowest may still end before the one that it is.
        is_before(at.version, to, scheme).or_else(|| least().filter(|is_before| !is_before))
    });
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
