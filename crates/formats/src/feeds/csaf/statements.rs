//! What a CSAF document says of which product for one vulnerability (CSAF 2.0, 3.2.3).
//!
//! Groups of `product_status` become claims. `first_affected`, `last_affected`, `first_fixed` and `recommended` name single products
//! (3.2.3.9): nothing is concluded of what lies between them. The recommended product is one in which it is mended.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Claim, Justification, Rating, Remedy, RemedyKind, Versions, VexStatus};

use super::document::{For, Metric, Remediation, Score, Status, Vulnerability};
use super::faults::Fault;
use super::products::Products;
use crate::feeds::budget::{self, Budget};
use crate::feeds::gather::Reject;
use crate::feeds::json::day;

/// The words of one vulnerability.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) claims: Vec<Claim>,
    pub(super) ratings: Vec<Rating>,
    pub(super) remedies: Vec<Remedy>,
    /// Remedies for products of which nothing else is said.
    pub(super) unplaced: u64,
    /// Places of claims by the id of their product.
    places: BTreeMap<String, Vec<u32>>,
}

impl Statements {
    /// Reads them; products that nobody defined are added to `faults`.
    pub(super) fn of(
        vulnerability: &Vulnerability<'_>,
        products: &Products,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<Self, Reject> {
        let mut read = Self::default();
        read.status(&vulnerability.product_status, products, budget, faults)?;
        read.tell_fixed(budget)?;
        for flag in &vulnerability.flags {
            let found = read.places_of(&flag.products, products, budget)?.unwrap_or_default();
            let why = Justification::from_key(&flag.label);
            read.each(&found, |claim| {
                if claim.status == VexStatus::NotAffected {
                    claim.justification = claim.justification.or(why);
                }
            });
        }
        for threat in vulnerability.threats.iter().filter(|threat| threat.category == "impact") {
            let found = read.places_of(&threat.products, products, budget)?;
            let found = found.unwrap_or_else(|| (0..read.claims.len() as u32).collect());
            budget.spend(threat.details.len().saturating_mul(found.len()))?;
            read.each(&found, |claim| claim.note = Some(threat.details.clone()));
        }
        for remediation in &vulnerability.remediations {
            read.remediation(remediation, products, budget)?;
        }
        read.score(vulnerability, products, budget)?;
        Ok(read)
    }

    /// The claims of all groups. What is mended or not affected stands before what is affected: a version of its own goes before
    /// the range it lies in. A product that is said to be both is affected.
    fn status(
        &mut self,
        status: &Status,
        products: &Products,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Reject> {
        let affected = status.affected();
        for (status, group) in [
            (VexStatus::Fixed, &status.fixed),
            (VexStatus::Fixed, &status.first_fixed),
            (VexStatus::Fixed, &status.recommended),
            (VexStatus::NotAffected, &status.known_not_affected),
            (VexStatus::Affected, &status.known_affected),
            (VexStatus::Affected, &status.first_affected),
            (VexStatus::Affected, &status.last_affected),
            (VexStatus::UnderInvestigation, &status.under_investigation),
        ] {
            let good = matches!(status, VexStatus::Fixed | VexStatus::NotAffected);
            let kept = group.iter().filter(|id| !good || !affected.contains(id.as_str()));
            for id in kept {
                self.claim(status, id, products, budget, faults)?;
            }
        }
        Ok(())
    }

    fn claim(
        &mut self,
        status: VexStatus,
        id: &str,
        products: &Products,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Reject> {
        let Some(product) = products.get(id) else {
            faults.push(Fault::new("6.1.1", id));
            return Ok(());
        };
        let known = self.places.entry(id.to_owned()).or_default();
        // A product may be the fixed and the recommended one.
        let is = |at: &u32| self.claims.get(*at as usize).is_some_and(|one| one.status == status);
        if known.iter().any(is) {
            return Ok(());
        }
        budget.spend(budget::product(&product.name) + budget::conditions(&product.conditions))?;
        known.push(self.claims.len() as u32);
        let claim = Claim::new(status, product.name.clone(), product.versions.clone());
        self.claims.push(Claim { conditions: product.conditions.clone(), ..claim });
        Ok(())
    }

    /// Notes at what is affected in which versions of the same product it is mended.
    fn tell_fixed(&mut self, budget: &mut Budget) -> Result<(), Reject> {
        let mut mended: BTreeMap<(Option<String>, Option<String>), Vec<String>> = BTreeMap::new();
        for claim in self.claims.iter().filter(|claim| claim.status == VexStatus::Fixed) {
            if let Versions::These(set) = &claim.versions {
                let name = (claim.product.vendor.clone(), claim.product.name.clone());
                mended.entry(name).or_default().extend(set.listed.iter().cloned());
            }
        }
        for claim in self.claims.iter_mut().filter(|claim| claim.status == VexStatus::Affected) {
            let name = (claim.product.vendor.clone(), claim.product.name.clone());
            if let Some(fixed) = mended.get(&name) {
                budget.spend(fixed.iter().map(|version| version.len() + 24).sum())?;
                claim.fixed.clone_from(fixed);
            }
        }
        Ok(())
    }

    fn each(&mut self, places: &[u32], change: impl Fn(&mut Claim)) {
        for &at in places {
            if let Some(claim) = self.claims.get_mut(at as usize) {
                change(claim);
            }
        }
    }

    fn remediation(
        &mut self,
        of: &Remediation,
        products: &Products,
        budget: &mut Budget,
    ) -> Result<(), Reject> {
        match self.places_of(&of.products, products, budget)? {
            // JVN gives remedies for the entry as a whole; Fortinet for ids that no product has, and names it in words.
            None => self.remedies.push(remedy(of, Vec::new())),
            Some(claims) if claims.is_empty() && !names_any(&of.products, products) => {
                self.remedies.push(remedy(of, Vec::new()));
            }
            Some(claims) if claims.is_empty() => self.unplaced += 1,
            Some(claims) => self.remedies.push(remedy(of, claims)),
        }
        Ok(())
    }

    fn score(
        &mut self,
        vulnerability: &Vulnerability<'_>,
        products: &Products,
        budget: &mut Budget,
    ) -> Result<(), Reject> {
        let scores = vulnerability.scores.iter().map(|score| (score, &score.products));
        let metrics =
            vulnerability.metrics.iter().map(|Metric { products, content }| (content, products));
        for (score, ids) in scores.chain(metrics) {
            let of = For { product_ids: ids.clone(), group_ids: Vec::new() };
            let claims = self.places_of(&of, products, budget)?.unwrap_or_default();
            let rated = |rating| Rating { claims: claims.clone(), ..rating };
            self.ratings.extend(ratings(score).map(rated));
        }
        Ok(())
    }

    /// The places of the claims that something is for; none where it names no product.
    fn places_of(
        &self,
        of: &For,
        products: &Products,
        budget: &mut Budget,
    ) -> Result<Option<Vec<u32>>, Reject> {
        if of.product_ids.is_empty() && of.group_ids.is_empty() {
            return Ok(None);
        }
        let groups = of.group_ids.iter().filter_map(|group| products.group(group)).flatten();
        let mut found = Vec::new();
        for id in of.product_ids.iter().chain(groups) {
            budget.spend(size_of::<u32>() * 2)?;
            found.extend(self.places.get(id).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        Ok(Some(found))
    }
}

impl Status {
    /// The products that are affected in any way.
    pub(super) fn affected(&self) -> BTreeSet<&str> {
        let groups = [&self.known_affected, &self.first_affected, &self.last_affected];
        groups.into_iter().flatten().map(String::as_str).collect()
    }
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
