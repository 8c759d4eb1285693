//! What can be told to others: which decision is in force for which product as a whole.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Confidence, VexDecision, VexScope};
use notation::cpe::{Attribute, Cpe, Key};
use notation::purl::{Parts, Purl};

use super::{DecisionState, Standing};
use crate::advisories::judge::{Match, Product};
use crate::weaknesses::{Running, Weaknesses};

/// A product as others know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its name, without the version.
    pub name: String,
    /// Its version; none where all are meant.
    pub version: Option<String>,
    /// Who makes it.
    pub vendor: Option<String>,
    /// Its CPE names; some have several.
    pub cpes: Vec<String>,
    /// Its package URL; where nobody knows it by any name, one that says no more than name and version.
    pub purl: Option<String>,
}

/// One statement.
#[derive(Debug)]
pub struct Told<'w> {
    /// The number that stands for the vulnerability.
    pub id: &'w str,
    /// Its other numbers.
    pub aliases: Vec<&'w str>,
    /// The product.
    pub product: Named,
    /// The decision.
    pub decision: &'w VexDecision,
}

/// The statements, by number of the vulnerability and by product; and how many decisions in force make none.
pub fn told(weaknesses: &Weaknesses) -> (Vec<Told<'_>>, u64) {
    let mut told: BTreeMap<(&str, Named), Told<'_>> = BTreeMap::new();
    for running in &weaknesses.products {
        for found in &running.matches {
            let Some(decision) = decision_of(weaknesses, running, found) else { continue };
            let is_of_all = is_of_all_versions(weaknesses, running, found, decision);
            let Some(product) = named(running, is_of_all) else { continue };
            let known = &found.vulnerability;
            let aliases = known.numbers.iter().filter(|number| **number != known.id);
            let statement = Told {
                id: &known.id,
                aliases: aliases.map(String::as_str).collect(),
                product: product.clone(),
                decision,
            };
            told.insert((&known.id, product), statement);
        }
    }
    let used: BTreeSet<u32> = told.values().map(|told| told.decision.number).collect();
    let is_left_out = |decision: &&VexDecision| {
        !used.contains(&decision.number) && weaknesses.state_of(decision) == DecisionState::InForce
    };
    let left_out = weaknesses.decisions.iter().filter(is_left_out).count() as u64;
    (told.into_values().collect(), left_out)
}

/// The decision that is in force on every device that runs the product.
fn decision_of<'w>(
    weaknesses: &'w Weaknesses,
    running: &Running,
    found: &Match,
) -> Option<&'w VexDecision> {
    // A name that stands for several products would tell of one that may not be meant. One that nobody lists stands for itself.
    let is_listed = !running.product.cpes.is_empty() || !running.product.purls.is_empty();
    if running.naming == Confidence::Candidate && is_listed {
        return None;
    }
    let is_whole = |standing: &&Standing| {
        standing.reopened.is_none() && standing.devices.len() == running.holders.len()
    };
    let standing = running.standings_of(found).find(is_whole)?;
    weaknesses.decisions.iter().find(|decision| decision.number == standing.decision)
}

/// Whether it was made for all versions, and in each of them that runs here it is in force.
fn is_of_all_versions(
    weaknesses: &Weaknesses,
    running: &Running,
    found: &Match,
    decision: &VexDecision,
) -> bool {
    let id = &found.vulnerability.id;
    let in_force = |other: &Running| {
        let found = other.matches.iter().find(|found| found.vulnerability.id == *id);
        found.is_none_or(|found| {
            decision_of(weaknesses, other, found).is_some_and(|one| one.number == decision.number)
        })
    };
    let family = weaknesses.products.iter().filter(|other| other.family == running.family);
    decision.scope == VexScope::Product
        && decision.devices.is_empty()
        && family.into_iter().all(in_force)
}

/// The product in its version, or in all; none where it has none and not all are meant.
fn named(running: &Running, is_of_all: bool) -> Option<Named> {
    let product = &running.product;
    let version = if is_of_all { None } else { Some(product.version.clone()?) };
    let cpes: Vec<String> =
        product.cpes.iter().filter_map(|cpe| cpe_of(cpe, version.as_deref())).collect();
    let purl = product.purls.first().and_then(|purl| purl_of(purl, version.as_deref()));
    let name = product.name.clone().unwrap_or_else(|| running.name.clone());
    let purl = match purl {
        None if cpes.is_empty() => Some(plain_purl(product, &name, version.as_deref())?),
        purl => purl,
    };
    Some(Named { name, version, vendor: product.supplier.clone(), cpes, purl })
}

fn cpe_of(cpe: &str, version: Option<&str>) -> Option<String> {
    let cpe: Cpe = cpe.parse().ok()?;
    let named = match version {
        Some(version) => cpe.with_plain(Key::Version, version),
        None => cpe.with(Key::Version, Attribute::Any),
    };
    named.ok().map(|cpe| cpe.to_string())
}

fn purl_of(purl: &str, version: Option<&str>) -> Option<String> {
    let purl = Purl::read_leniently(purl).ok()?;
    let qualifiers: Vec<(&str, &str)> = purl.qualifiers().collect();
    let parts = Parts {
        kind: purl.kind(),
        namespace: purl.namespace(),
        name: purl.name(),
        version,
        qualifiers: &qualifiers,
        subpath: purl.subpath(),
    };
    Purl::build(&parts).ok().map(|purl| purl.to_string())
}

/// A package URL of a product that has no other name (purl specification, type `generic`).
fn plain_purl(product: &Product, name: &str, version: Option<&str>) -> Option<String> {
    let namespace = product.supplier.as_deref();
    let parts = Parts { kind: "generic", namespace, name, version, qualifiers: &[], subpath: None };
    Purl::build(&parts).ok().map(|purl| purl.to_string())
}
