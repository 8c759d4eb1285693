//! The Open Source Vulnerability format (OSV Schema 1.x): records of GitHub (GHSA) and of many other databases.

use std::borrow::Cow;

use domain::{
    Advisory, AdvisoryState, Claim, FeedKind, LocalText, ProductName, Rating, VersionSet, Versions,
    VexStatus, msg,
};
use serde::Deserialize;

use self::ranges::{Range, known_end, sets};
use super::budget::Budget;
use super::drive::Layout;
use super::gather::{Gather, Reject};
use super::json::{is_cve, list, moment, said};

mod ranges;

/// A record, an array of them, or one in each line.
pub(super) const LAYOUT: Layout = Layout { records: &[], member: |_, _, _| {}, record, name: "id" };

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(default)]
    id: String,
    #[serde(default, borrow)]
    schema_version: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    modified: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    published: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    withdrawn: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "list")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    upstream: Vec<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    details: Option<String>,
    #[serde(default, deserialize_with = "list")]
    severity: Vec<Severity>,
    #[serde(default, borrow, deserialize_with = "list")]
    affected: Vec<Affected<'a>>,
    #[serde(default, deserialize_with = "list")]
    references: Vec<Reference>,
    #[serde(default)]
    database_specific: Option<Specific>,
}

#[derive(Deserialize)]
struct Severity {
    #[serde(rename = "type")]
    kind: String,
    score: String,
}

#[derive(Default, Deserialize)]
struct Specific {
    #[serde(default)]
    severity: Option<serde_json::Value>,
    #[serde(default)]
    cwe_ids: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Affected<'a> {
    #[serde(default)]
    package: Option<Package>,
    #[serde(default, borrow, deserialize_with = "list")]
    ranges: Vec<Range<'a>>,
    #[serde(default, deserialize_with = "list")]
    versions: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    severity: Vec<Severity>,
    #[serde(default)]
    database_specific: Option<AffectedSpecific>,
}

/// What GitHub adds.
#[derive(Deserialize)]
struct AffectedSpecific {
    /// Its own range, such as `< 4.0.0`: where there is no version in which it is mended, the events cannot tell its end.
    #[serde(default)]
    last_known_affected_version_range: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    ecosystem: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    purl: Option<String>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    url: String,
}

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let record: Record<'_> = serde_json::from_slice(bytes)?;
    if record.id.is_empty() {
        return Err(Reject::NoNumber);
    }
    if let Some(schema) = record.schema_version.as_deref() {
        if !schema.starts_with("1.") {
            return Err(Reject::Edition(schema.to_owned()));
        }
        gather.schema(schema);
    }
    let upstream: Vec<String> = record.upstream.iter().filter(|id| is_cve(id)).cloned().collect();
    let advisory = record.advisory(number, gather);
    if is_cve(&advisory.id) || upstream.is_empty() {
        gather.advisory(advisory);
        return Ok(());
    }
    // A distributor's advisory on several CVEs of the programs it packs is one for each (OSV Schema, `upstream`).
    let mut budget = Budget::new(number);
    for id in upstream {
        budget.spend(bytes.len().saturating_mul(4))?;
        gather.advisory(Advisory { id, ..advisory.clone() });
    }
    Ok(())
}

impl Record<'_> {
    fn advisory(self, number: u64, gather: &mut Gather<'_>) -> Advisory {
        let (id, aliases) = names(&self.id, self.aliases);
        let feed = if self.id.starts_with("GHSA-") { FeedKind::Ghsa } else { FeedKind::Osv };
        let state = match self.withdrawn {
            Some(_) => AdvisoryState::Withdrawn,
            None => AdvisoryState::Published,
        };
        let specific = self.database_specific.unwrap_or_default();
        let mut ratings: Vec<Rating> = self.severity.into_iter().map(rating).collect();
        ratings.extend(specific.word().map(|word| rating_word(word, None)));
        let mut claims = Vec::new();
        for one in self.affected {
            one.claims(number, &self.id, &mut claims, &mut ratings, gather);
        }
        let text = |text: Option<String>| {
            let text = text.filter(|text| !text.trim().is_empty());
            text.map(|text| LocalText { lang: "en".into(), text }).into_iter().collect()
        };
        Advisory {
            document: self.id,
            aliases,
            published: self.published.as_deref().and_then(moment),
            modified: self.modified.as_deref().and_then(moment),
            titles: text(self.summary),
            descriptions: text(self.details),
            weaknesses: specific.weaknesses(),
            ratings,
            claims,
            references: self.references.into_iter().map(|reference| reference.url).collect(),
            ..Advisory::new(feed, id, state)
        }
    }
}

/// The number of the vulnerability and its others: the CVE number, where there is exactly one.
pub(super) fn names(own: &str, mut aliases: Vec<String>) -> (String, Vec<String>) {
    let mut cves = aliases.iter().filter(|alias| is_cve(alias));
    let id = match (is_cve(own), cves.next(), cves.next()) {
        (false, Some(cve), None) => cve.clone(),
        _ => own.to_owned(),
    };
    aliases.push(own.to_owned());
    aliases.retain(|alias| *alias != id);
    aliases.sort_unstable();
    aliases.dedup();
    (id, aliases)
}

/// A vector of CVSS, or a word of a distributor's own (`type` is `Ubuntu`).
fn rating(severity: Severity) -> Rating {
    if severity.kind.starts_with("CVSS_") {
        let vector = Some(severity.score);
        return Rating { by: None, vector, score: None, word: None, claims: Vec::new() };
    }
    rating_word(severity.score, Some(severity.kind))
}

fn rating_word(word: String, by: Option<String>) -> Rating {
    Rating { by, vector: None, score: None, word: Some(word), claims: Vec::new() }
}

impl Specific {
    /// GitHub's word for the severity.
    fn word(&self) -> Option<String> {
        said(self.severity.as_ref()?.as_str()?.to_owned())
    }

    /// GitHub's list of weaknesses.
    fn weaknesses(&self) -> Vec<String> {
        let ids = self.cwe_ids.as_ref().and_then(|ids| ids.as_array());
        ids.into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_owned())).collect()
    }
}

impl Affected<'_> {
    /// A claim for each order of versions. A version is affected where it is listed or in a range (OSV Schema, evaluation).
    fn claims(
        self,
        number: u64,
        id: &str,
        claims: &mut Vec<Claim>,
        ratings: &mut Vec<Rating>,
        gather: &mut Gather<'_>,
    ) {
        let package = self.package;
        let product = ProductName {
            purls: package.iter().filter_map(|package| package.purl.clone()).collect(),
            ecosystem: package.as_ref().and_then(|package| package.ecosystem.clone()),
            package: package.and_then(|package| package.name),
            ..ProductName::default()
        };
        let first = claims.len();
        let (commits, ranges): (Vec<_>, Vec<_>) =
            self.ranges.into_iter().partition(|range| range.kind == "GIT");
        gather.skip("git_ranges", commits.len() as u64);
        let nothing = ranges.is_empty() && self.versions.is_empty();
        if nothing && !commits.is_empty() {
            return;
        }
        if product == ProductName::default() {
            gather.skip("feed_no_product", 1);
            return;
        }
        let mut sets = sets(ranges);
        if sets.is_err() {
            gather.warn(number, msg!("feed.events", number = number, id = id));
        }
        let sets_read = sets.as_mut().map_or(Vec::new(), std::mem::take);
        let mut listed = Some(self.versions).filter(|versions| !versions.is_empty());
        let known = self.database_specific.and_then(|own| own.last_known_affected_version_range);
        let end = known.filter(|_| id.starts_with("GHSA-")).and_then(|text| known_end(&text));
        for (mut set, fixed) in sets_read {
            if let Some(last) = set.ranges.last_mut().filter(|range| range.to.is_none()) {
                last.to.clone_from(&end);
            }
            set.listed = listed.take().unwrap_or_default();
            let versions = Versions::These(set);
            claims.push(Claim {
                fixed,
                ..Claim::new(VexStatus::Affected, product.clone(), versions)
            });
        }
        if let Some(listed) = listed.take() {
            let versions = Versions::These(VersionSet { listed, ..VersionSet::default() });
            claims.push(Claim::new(VexStatus::Affected, product.clone(), versions));
        }
        if let Err(text) = sets {
            claims.push(Claim::new(VexStatus::Affected, product, Versions::Text(text)));
        } else if nothing {
            claims.push(Claim::new(VexStatus::Affected, product, Versions::Unstated));
        }
        let places: Vec<u32> = (first..claims.len()).map(|place| place as u32).collect();
        let own = self.severity.into_iter().map(rating);
        ratings.extend(own.map(|rating| Rating { claims: places.clone(), ..rating }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cve_number_names_the_vulnerability_where_there_is_one() {
        let named = |own: &str, aliases: &[&str]| {
            names(own, aliases.iter().map(|alias| (*alias).to_owned()).collect())
        };
        let (cve, other) = ("CVE-2024-0001", "CVE-2024-0002");
        assert_eq!(named("GHSA-a", &[cve, "X"]), (cve.into(), vec!["GHSA-a".into(), "X".into()]));
        assert_eq!(named("GHSA-a", &[cve, other]).0, "GHSA-a");
        assert_eq!(named(cve, &[other]), (cve.into(), vec![other.into()]));
    }
}
