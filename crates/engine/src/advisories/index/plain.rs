//! Claims that two numbers say: a product in versions that are nothing but dotted numbers, without any condition.
//!
//! Most of what is published is of this kind. Such a claim stands in the index a second time as spans of
//! [`notation::version::Plain`], so that a version is held against thousands of them by comparing numbers. What a span says is by
//! construction what judging the claim says: whatever needs a second look makes no span.

use domain::advisory::{Claim, VersionBound, VersionSet, Versions, VexStatus};
use notation::version::{Plain, Scheme};

use crate::advisories::key::{self, Key, Naming};
use crate::advisories::order::{Order, is_of_numbers};

/// Versions from the first number on, up to and without the second, as [`Plain::rank`] gives them.
pub(super) type Reach = (u64, u64);

/// Nothing: what a claim on no version at all reaches. Its product is still one that the party speaks of.
const NOWHERE: Reach = (0, 0);

/// What a claim on the product of this key reaches; none where numbers do not say it all.
pub(super) fn reaches(claim: &Claim, key: &Key) -> Option<Vec<Reach>> {
    let scheme = Order::of(key).plain()?;
    let product = &claim.product;
    let is_open = match key.naming() {
        Naming::Package => {
            let asks_release = product.ecosystem.as_deref().and_then(key::release).is_some();
            !asks_release && product.purls.iter().all(|purl| !purl.contains('?'))
        }
        Naming::Cpe => is_open_cpe(&product.cpes),
        Naming::Model | Naming::Name => false,
    };
    let says_no_more = claim.status == VexStatus::Affected
        && claim.conditions.is_empty()
        && product.platforms.is_empty()
        && product.serials.is_empty();
    if !is_open || !says_no_more {
        return None;
    }
    match &claim.versions {
        Versions::All => Some(vec![(0, u64::MAX)]),
        Versions::These(set) => of_set(set, scheme),
        Versions::Others | Versions::Unstated | Versions::Text(_) => None,
    }
}

/// Whether the one name given leaves all open but its version, in letters that need no quoting.
fn is_open_cpe(cpes: &[String]) -> bool {
    let [cpe] = cpes else { return false };
    let mut after_version = cpe.split(':').skip(6);
    cpe.starts_with("cpe:2.3:") && !cpe.contains('\\') && after_version.all(|part| part == "*")
}

/// An order that the claim names must be that of numbers too; commits are in none.
fn of_set(set: &VersionSet, scheme: Scheme) -> Option<Vec<Reach>> {
    let named = set.scheme.as_deref().map(|name| name.strip_prefix("vers:").unwrap_or(name));
    if named.is_some_and(|name| name.eq_ignore_ascii_case("git")) {
        return None;
    }
    let named = named.and_then(Scheme::for_type).unwrap_or(scheme);
    if !is_of_numbers(named) {
        return None;
    }
    let rank = |text: &str| {
        let plain = Plain::read(text)?;
        plain.rank(named).and(plain.rank(scheme))
    };
    let listed = set.listed.iter().map(|version| rank(version).map(|at| (at, at + 1)));
    let ranges = set.ranges.iter().map(|range| {
        let from = range.from.as_ref().map_or(Some(0), |from| start(from, rank))?;
        let to = range.to.as_ref().map_or(Some(u64::MAX), |to| end(to, rank))?;
        Some((from, to))
    });
    let reaches: Vec<Reach> = listed.chain(ranges).collect::<Option<_>>()?;
    Some(if reaches.is_empty() { vec![NOWHERE] } else { reaches })
}

fn start(bound: &VersionBound, rank: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    // Zero stands for the beginning (OSV schema, `affected[].ranges[].events`).
    if bound.included && bound.version == "0" {
        return Some(0);
    }
    Some(rank(&bound.version)? + u64::from(!bound.included))
}

fn end(bound: &VersionBound, rank: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    if bound.version == "*" {
        return Some(u64::MAX);
    }
    Some(rank(&bound.version)? + u64::from(bound.included))
}
