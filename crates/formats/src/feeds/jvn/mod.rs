//! JVN iPedia (IPA, JPCERT/CC): the detail feed, and the answers `getVulnDetailInfo` and `getVulnOverviewList` of the MyJVN API, in
//! XML (form "HND": VULDEF 3.2, JVNRSS 3.2) and JSON (form "OKA").

use std::collections::BTreeSet;

use domain::{Advisory, AdvisoryState, Claim, FeedKind, ProductName, Versions, VexStatus};

use super::budget::{self, Budget};
use super::gather::Reject;
use super::json::is_cve;
use super::versions;

pub(super) mod json;
pub(super) mod xml;

/// What JVN says of a product in some versions.
#[derive(Debug, Default)]
struct Item {
    name: ProductName,
    /// Versions in words, as written.
    versions: Vec<String>,
    status: Option<VexStatus>,
}

/// What is gathered of one entry.
#[derive(Debug)]
struct Entry {
    /// Everything but the vulnerability's number and the claims.
    whole: Advisory,
    items: Vec<Item>,
    /// The CVE numbers it speaks of.
    cves: BTreeSet<String>,
}

impl Entry {
    fn new() -> Self {
        let whole = Advisory::new(FeedKind::Jvn, String::new(), AdvisoryState::Published);
        Self { whole, items: Vec::new(), cves: BTreeSet::new() }
    }

    /// Another number it names: a CVE number, or JVN's own.
    fn number(&mut self, number: &str) {
        if is_cve(number) {
            self.cves.insert(number.to_owned());
        } else if number.starts_with("JVN") && number.len() <= 32 {
            self.whole.aliases.push(number.to_owned());
        }
    }

    /// An advisory for each CVE; one by its own number where it names none.
    fn advisories(mut self, number: u64) -> Result<Vec<Advisory>, Reject> {
        let mut budget = Budget::new(number);
        let words = |item: &Item| item.versions.iter().map(|text| text.len() + 24).sum::<usize>();
        let items: usize = self
            .items
            .iter()
            .map(|item| budget::product(&item.name) * (item.versions.len() + 1) + words(item))
            .sum();
        let texts = self.whole.descriptions.iter().map(|text| text.text.len());
        let aliases =
            self.whole.aliases.iter().chain(&self.whole.references).map(|text| text.len() + 24);
        let each = items + texts.chain(aliases).sum::<usize>();
        budget.spend(each.saturating_mul(self.cves.len().max(1)))?;
        let own = self.whole.document.clone();
        if self.cves.is_empty() {
            self.cves.insert(own.clone());
        }
        let one = |id: &String| {
            let mut aliases = self.whole.aliases.clone();
            aliases.push(own.clone());
            aliases.retain(|alias| alias != id);
            aliases.sort_unstable();
            aliases.dedup();
            let claims = self.items.iter().flat_map(|item| item.claims(id)).collect();
            Advisory { id: id.clone(), aliases, claims, ..self.whole.clone() }
        };
        Ok(self.cves.iter().map(one).collect())
    }
}

impl Item {
    /// Its claims for the vulnerability `id`: versions that are said to be for others are left out.
    fn claims(&self, id: &str) -> Vec<Claim> {
        let status = self.status.unwrap_or(VexStatus::Affected);
        let claim = |versions| Claim::new(status, self.name.clone(), versions);
        let mut claims: Vec<Claim> = Vec::new();
        let mut any = false;
        for text in self.versions.iter().filter(|text| !text.trim().is_empty()) {
            any = true;
            let (text, numbers) = for_numbers(text);
            if !numbers.is_empty() && !numbers.contains(&id) {
                continue;
            }
            let read = versions::read(text);
            if let (Versions::These(set), Some(Claim { versions: Versions::These(last), .. })) =
                (&read, claims.last_mut())
                && set.scheme == last.scheme
            {
                last.listed.extend(set.listed.iter().cloned());
                last.ranges.extend(set.ranges.iter().cloned());
                continue;
            }
            claims.push(claim(read));
        }
        if !any {
            claims.push(claim(Versions::Unstated));
        }
        claims
    }
}

/// Parts `7.6.2より前のバージョン（CVE-2025-0354、CVE-2025-0355）` into its text and its CVE numbers.
fn for_numbers(text: &str) -> (&str, Vec<&str>) {
    let plain = text.trim();
    let Some((before, inside)) =
        plain.strip_suffix(['）', ')']).and_then(|rest| rest.rsplit_once(['（', '(']))
    else {
        return (plain, Vec::new());
    };
    let numbers: Vec<&str> = inside.split(['、', ',', '，']).map(str::trim).collect();
    if numbers.iter().all(|number| is_cve(number)) {
        (before.trim(), numbers)
    } else {
        (plain, Vec::new())
    }
}
