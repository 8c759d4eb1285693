//! What a CSAF document says of which product for one vulnerability (CSAF 2.0, 3.2.3).
//!
//! Groups of `product_status` become claims. `first_affected`, `last_affected`, `first_fixed` and `recommended` name single products
//! (3.2.3.9): nothing is concluded of what lies between them. The recommended product is one in which it is mended.

use std::collections::BTreeMap;

use domain::{Claim, Justification, Rating, Remedy, RemedyKind, Versions, VexStatus};

use super::document::{For, Metric, Remediation, Score, Status, Vulnerability};
use super::faults::Fault;
use super::products::Products;
use crate::feeds::json::day;

/// The words of one vulnerability.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) claims: Vec<Claim>,
    pub(super) ratings: Vec<Rating>,
    pub(super) remedies: Vec<Remedy>,
    /// Remedies for products of which nothing else is said.
    pub(super) unplaced: u64,
}

/// Places of claims by the id of their product.
type Places = BTreeMap<String, Vec<u32>>;

impl Statements {
    /// Reads them; rules that are broken are added to `faults`.
    pub(super) fn of(
        vulnerability: &Vulnerability<'_>,
        products: &Products,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut read = Self::default();
        let places = read.status(&vulnerability.product_status, products, faults);
        let resolve = |of: &For, faults: &mut Vec<Fault>| places_of(of, products, &places, faults);
        for flag in &vulnerability.flags {
            let Some(found) = resolve(&flag.products, faults) else {
                faults.push(Fault::new("6.1.32", &flag.label));
                continue;
            };
            let why = Justification::from_key(&flag.label);
            read.each(&found, |claim| {
                if claim.status == VexStatus::NotAffected {
                    claim.justification = claim.justification.or(why);
                }
            });
        }
        for threat in vulnerability.threats.iter().filter(|threat| threat.category == "impact") {
            let all = || (0..read.claims.len() as u32).collect();
            let found = resolve(&threat.products, faults).unwrap_or_else(all);
            read.each(&found, |claim| claim.note = Some(threat.details.clone()));
        }
        for remediation in &vulnerability.remediations {
            match resolve(&remediation.products, faults) {
                // JVN gives remedies for the document as a whole; Fortinet for ids that no product has, and names it in words.
                None => read.remedies.push(remedy(remediation, Vec::new())),
                Some(claims)
                    if claims.is_empty() && !names_any(&remediation.products, products) =>
                {
                    read.remedies.push(remedy(remediation, Vec::new()));
                }
                Some(claims) if claims.is_empty() => read.unplaced += 1,
                Some(claims) => read.remedies.push(remedy(remediation, claims)),
            }
        }
        read.score(vulnerability, &places, products, faults);
        read
    }

    /// The claims of all groups. What is mended or not affected stands before what is affected: a version of its own goes before
    /// the range it lies in.
    fn status(&mut self, status: &Status, products: &Products, faults: &mut Vec<Fault>) -> Places {
        let good = [&status.fixed, &status.first_fixed, &status.known_not_affected];
        let bad = [&status.known_affected, &status.first_affected, &status.last_affected];
        let unsure = [&status.under_investigation];
        for id in good.into_iter().flatten() {
            if bad.into_iter().chain(unsure).flatten().any(|other| other == id) {
                faults.push(Fault::new("6.1.6", id));
            }
        }
        let [fixed, first_fixed, not_affected] = good;
        let twice = fixed.iter().chain(first_fixed).filter(|id| not_affected.contains(id));
        faults.extend(twice.map(|id| Fault::new("6.1.6", id)));
        faults.extend(
            status
                .under_investigation
                .iter()
                .filter(|id| bad.into_iter().flatten().any(|other| other == *id))
                .map(|id| Fault::new("6.1.6", id)),
        );
        let mut places = Places::new();
        let is_bad = |id: &String| bad.into_iter().flatten().any(|other| other == id);
        let kept =
            |group: &[String]| group.iter().filter(|id| !is_bad(id)).cloned().collect::<Vec<_>>();
        for (status, group) in [
            (VexStatus::Fixed, kept(fixed)),
            (VexStatus::Fixed, kept(first_fixed)),
            (VexStatus::Fixed, kept(&status.recommended)),
            (VexStatus::NotAffected, kept(not_affected)),
            (VexStatus::Affected, status.known_affected.clone()),
            (VexStatus::Affected, status.first_affected.clone()),
            (VexStatus::Affected, status.last_affected.clone()),
            (VexStatus::UnderInvestigation, status.under_investigation.clone()),
        ] {
            self.group(status, &group, products, &mut places, faults);
        }
        self.tell_fixed();
        places
    }

    fn group(
        &mut self,
        status: VexStatus,
        ids: &[String],
        products: &Products,
        places: &mut Places,
        faults: &mut Vec<Fault>,
    ) {
        for id in ids {
            let Some(product) = products.get(id) else {
                faults.push(Fault::new("6.1.1", id));
                continue;
            };
            let known = places.entry(id.clone()).or_default();
            // A product may be the fixed and the recommended one.
            if known
                .iter()
                .any(|&at| self.claims.get(at as usize).is_some_and(|one| one.status == status))
            {
                continue;
            }
            known.push(self.claims.len() as u32);
            let claim = Claim::new(status, product.name.clone(), product.versions.clone());
            self.claims.push(Claim { conditions: product.conditions.clone(), ..claim });
        }
    }

    /// Notes at what is affected in which versions of the same product it is mended.
    fn tell_fixed(&mut self) {
        let mut mended: BTreeMap<(Option<String>, Option<String>), Vec<String>> = BTreeMap::new();
        for claim in self.claims.iter().filter(|claim| claim.status == VexStatus::Fixed) {
            if let Versions::These(set) = &claim.versions {
                let name = (claim.product.vendor.clone(), claim.product.name.clone());
                mended.entry(name).or_default().extend(set.listed.iter().cloned());
            }
        }
        for claim in self.claims.iter_mut().filter(|claim| claim.status == VexStatus::Affected) {
            let name = (claim.product.vendor.clone(), claim.product.name.clone());
            claim.fixed = mended.get(&name).cloned().unwrap_or_default();
        }
    }

    fn each(&mut self, places: &[u32], change: impl Fn(&mut Claim)) {
        for &at in places {
            if let Some(claim) = self.claims.get_mut(at as usize) {
                change(claim);
            }
        }
    }

    fn score(
        &mut self,
        vulnerability: &Vulnerability<'_>,
        places: &Places,
        products: &Products,
        faults: &mut Vec<Fault>,
    ) {
        let scores = vulnerability.scores.iter().map(|score| (score, &score.products));
        let metrics =
            vulnerability.metrics.iter().map(|Metric { products, content }| (content, products));
        for (score, ids) in scores.chain(metrics) {
            let of = For { product_ids: ids.clone(), group_ids: Vec::new() };
            let claims = places_of(&of, products, places, faults).unwrap_or_default();
            self.ratings
                .extend(ratings(score).map(|rating| Rating { claims: claims.clone(), ..rating }));
        }
    }
}

/// The places of the claims that something is for; none where it names no product. Ids that nobody defined are faults.
fn places_of(
    of: &For,
    products: &Products,
    places: &Places,
    faults: &mut Vec<Fault>,
) -> Option<Vec<u32>> {
    if of.product_ids.is_empty() && of.group_ids.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    let mut add = |id: &String| found.extend(places.get(id).into_iter().flatten());
    for id in &of.product_ids {
        if products.get(id).is_none() {
            faults.push(Fault::new("6.1.1", id));
        }
        add(id);
    }
    for group in &of.group_ids {
        match products.group(group) {
            Some(ids) => ids.iter().for_each(&mut add),
            None => faults.push(Fault::new("6.1.4", group)),
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// Whether any of the products that something is for is defined.
fn names_any(of: &For, products: &Products) -> bool {
    of.product_ids.iter().any(|id| products.get(id).is_some())
        || of.group_ids.iter().any(|id| products.group(id).is_some())
}

fn ratings(score: &Score) -> impl Iterator<Item = Rating> {
    let scores = [&score.cvss_v4, &score.cvss_v3, &score.cvss_v2];
    scores.into_iter().flatten().map(|cvss| cvss.clone().rating(None))
}

/// A remediation (3.2.3.12); categories of other editions are what they help to: a mitigation.
fn remedy(of: &Remediation, claims: Vec<u32>) -> Remedy {
    Remedy {
        kind: RemedyKind::from_key(&of.category).unwrap_or(RemedyKind::Mitigation),
        text: of.details.clone(),
        url: of.url.clone(),
        date: of.date.as_deref().and_then(day),
        claims,
    }
}
