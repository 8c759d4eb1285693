//! CVE records, JSON 5 (CVE Record Format 5.0 to 5.2): what the numbering authority says, and what others (ADP) add to it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{
    Advisory, AdvisoryState, Claim, Exploited, FeedKind, LocalText, ProductName, Rating, Remedy,
    RemedyKind, Ssvc, msg,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::budget::{self, Budget};
use super::configurations::{self, Configuration};
use super::cve_versions::{self, Default as DefaultStatus, Entry};
use super::drive::Layout;
use super::gather::{Gather, Reject};
use super::json::{Cvss, Lang, day, list, moment, said};

/// A record, an array of them, or one in each line.
pub(super) const LAYOUT: Layout =
    Layout { records: &[], member: |_, _, _| {}, record, name: "cveMetadata/cveId" };

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow)]
    data_version: Cow<'a, str>,
    #[serde(borrow)]
    cve_metadata: Metadata<'a>,
    #[serde(borrow)]
    containers: Containers<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    cve_id: String,
    #[serde(default, borrow)]
    state: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    date_published: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    date_updated: Option<Cow<'a, str>>,
    #[serde(default)]
    assigner_short_name: Option<String>,
}

#[derive(Deserialize)]
struct Containers<'a> {
    #[serde(borrow)]
    cna: Container<'a>,
    #[serde(default, borrow, deserialize_with = "list")]
    adp: Vec<Container<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    #[serde(default, borrow)]
    provider_metadata: Provider<'a>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default, deserialize_with = "list")]
    descriptions: Vec<Lang>,
    #[serde(default, deserialize_with = "list")]
    rejected_reasons: Vec<Lang>,
    #[serde(default, borrow, deserialize_with = "list")]
    affected: Vec<Affected<'a>>,
    #[serde(default, borrow, deserialize_with = "list")]
    cpe_applicability: Vec<Configuration<'a>>,
    #[serde(default, deserialize_with = "list")]
    problem_types: Vec<ProblemType>,
    #[serde(default, deserialize_with = "list")]
    metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "list")]
    solutions: Vec<Lang>,
    #[serde(default, deserialize_with = "list")]
    workarounds: Vec<Lang>,
    #[serde(default, deserialize_with = "list")]
    references: Vec<Reference>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider<'a> {
    #[serde(default)]
    short_name: Option<String>,
    #[serde(default, borrow)]
    date_updated: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Affected<'a> {
    #[serde(default)]
    vendor: Option<String>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default, rename = "collectionURL")]
    collection_url: Option<String>,
    #[serde(default)]
    package_name: Option<String>,
    #[serde(default, rename = "packageURL")]
    package_url: Option<String>,
    #[serde(default, deserialize_with = "list")]
    cpes: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    platforms: Vec<String>,
    #[serde(default, borrow)]
    default_status: Option<Cow<'a, str>>,
    #[serde(default, borrow, deserialize_with = "list")]
    versions: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct ProblemType {
    #[serde(default, deserialize_with = "list")]
    descriptions: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    #[serde(default)]
    cwe_id: Option<String>,
}

#[derive(Deserialize)]
struct Metric {
    #[serde(default, rename = "cvssV4_0")]
    v40: Option<Cvss>,
    #[serde(default, rename = "cvssV3_1")]
    v31: Option<Cvss>,
    #[serde(default, rename = "cvssV3_0")]
    v30: Option<Cvss>,
    #[serde(default, rename = "cvssV2_0")]
    v20: Option<Cvss>,
    #[serde(default)]
    other: Option<Other>,
}

#[derive(Deserialize)]
struct Other {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    url: String,
}

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let record: Record<'_> = serde_json::from_slice(bytes)?;
    if !record.data_version.starts_with("5.") {
        return Err(Reject::Edition(record.data_version.into_owned()));
    }
    gather.schema(&record.data_version);
    let id = record.cve_metadata.cve_id.clone();
    if id.is_empty() {
        return Err(Reject::NoNumber);
    }
    let meta = &record.cve_metadata;
    for (place, container) in
        std::iter::once(record.containers.cna).chain(record.containers.adp).enumerate()
    {
        if place > 0 && !container.says_something() {
            continue;
        }
        let exploited = container.exploited(&id);
        let advisory = container.advisory(meta, place == 0, number, gather)?;
        gather.advisory(advisory);
        if let Some(exploited) = exploited {
            gather.exploited(exploited);
        }
    }
    Ok(())
}

impl Container<'_> {
    /// Whether an added container says more than references.
    fn says_something(&self) -> bool {
        !(self.affected.is_empty() && self.cpe_applicability.is_empty() && self.metrics.is_empty())
    }

    fn advisory(
        self,
        meta: &Metadata<'_>,
        is_cna: bool,
        number: u64,
        gather: &mut Gather<'_>,
    ) -> Result<Advisory, Reject> {
        let rejected = meta.state.as_deref() == Some("REJECTED");
        let state = if rejected { AdvisoryState::Rejected } else { AdvisoryState::Published };
        let publisher = self.provider_metadata.short_name.clone();
        let publisher = publisher.or_else(|| is_cna.then(|| meta.assigner_short_name.clone())?);
        // Other publishers may add containers too; they speak for themselves, in the form of the CVE programme.
        let cisa = !is_cna && publisher.as_deref() == Some("CISA-ADP");
        let feed = if cisa { FeedKind::CisaAdp } else { FeedKind::Cve };
        let updated = self.provider_metadata.date_updated.as_deref().and_then(moment);
        let whole = meta.date_updated.as_deref().and_then(moment);
        let texts = |texts: Vec<Lang>| texts.into_iter().filter_map(Lang::text);
        let mut budget = Budget::new(number);
        let mut claims = claims(self.affected, number, &mut budget, gather)?;
        let applies = configurations::read(&self.cpe_applicability, &mut budget)?;
        if applies.negated > 0 {
            let (count, id) = (applies.negated, &meta.cve_id);
            gather.warn(number, msg!("feed.negated", number = number, id = id, count = count));
        }
        claims.extend(applies.claims);
        Ok(Advisory {
            published: meta.date_published.as_deref().and_then(moment),
            modified: if is_cna { whole.or(updated) } else { updated.or(whole) },
            titles: title(self.title, is_cna),
            descriptions: texts(self.descriptions).chain(texts(self.rejected_reasons)).collect(),
            weaknesses: weaknesses(self.problem_types),
            ssvc: self.metrics.iter().find_map(ssvc),
            ratings: ratings(self.metrics, publisher.as_deref()),
            claims,
            remedies: remedies(self.solutions, self.workarounds),
            references: self.references.into_iter().map(|reference| reference.url).collect(),
            publisher,
            ..Advisory::new(feed, meta.cve_id.clone(), state)
        })
    }

    /// What CISA's container repeats of its catalogue: no more than the day. The catalogue itself names the product.
    fn exploited(&self, id: &str) -> Option<Exploited> {
        let kev = self.metrics.iter().find_map(|metric| metric.other("kev"))?;
        Some(Exploited {
            id: id.to_owned(),
            vendor: String::new(),
            product: String::new(),
            name: String::new(),
            added: day(kev.get("dateAdded")?.as_str()?)?,
            due: None,
            action: String::new(),
            ransomware: false,
        })
    }
}

/// The title of the authority's container; that of an added one names the container.
fn title(title: Option<String>, is_cna: bool) -> Vec<LocalText> {
    let title = title.filter(|_| is_cna).and_then(said);
    title.map(|text| LocalText { lang: String::new(), text }).into_iter().collect()
}

fn claims(
    affected: Vec<Affected<'_>>,
    number: u64,
    budget: &mut Budget,
    gather: &mut Gather<'_>,
) -> Result<Vec<Claim>, Reject> {
    let mut claims = Vec::new();
    for one in affected {
        if cve_versions::are_commits(&one.versions) {
            gather.skip("git_ranges", 1);
            continue;
        }
        let Some(default) = DefaultStatus::of(one.default_status.as_deref()) else {
            return Err(status_word(number));
        };
        let product = ProductName {
            vendor: one.vendor.and_then(said),
            name: one.product.and_then(said),
            platforms: one.platforms,
            purls: one.package_url.into_iter().collect(),
            cpes: one.cpes,
            ecosystem: one.collection_url,
            package: one.package_name,
            ..ProductName::default()
        };
        if product.name.is_none() && product.package.is_none() && product.cpes.is_empty() {
            gather.skip("feed_no_product", 1);
            continue;
        }
        let entries =
            cve_versions::read(one.versions, default).ok_or_else(|| status_word(number))?;
        budget.spend(budget::product(&product).saturating_mul(entries.len()))?;
        claims.extend(entries.into_iter().map(|said| Claim {
            fixed: said.fixed,
            ..Claim::new(said.status, product.clone(), said.versions)
        }));
    }
    Ok(claims)
}

fn status_word(number: u64) -> Reject {
    Reject::Told(msg!("feed.refused_status", number = number))
}

fn weaknesses(types: Vec<ProblemType>) -> Vec<String> {
    let problems = types.into_iter().flat_map(|one| one.descriptions);
    let mut weaknesses: Vec<String> = problems.filter_map(|problem| problem.cwe_id).collect();
    weaknesses.sort_unstable();
    weaknesses.dedup();
    weaknesses
}

impl Metric {
    /// The content of another metric of this kind.
    fn other(&self, kind: &str) -> Option<&Value> {
        let other = self.other.as_ref()?;
        other.kind.eq_ignore_ascii_case(kind).then_some(&other.content)
    }
}

fn ratings(metrics: Vec<Metric>, by: Option<&str>) -> Vec<Rating> {
    let mut ratings = Vec::new();
    let by = || by.map(str::to_owned);
    for metric in metrics {
        let scored = [metric.v40, metric.v31, metric.v30, metric.v20];
        ratings.extend(scored.into_iter().flatten().map(|cvss| cvss.rating(by())));
        let other = metric.other.filter(|other| other.kind != "ssvc" && other.kind != "kev");
        if let Some(word) = other.and_then(|other| severity_word(&other.content)) {
            let word = Some(word);
            ratings.push(Rating { by: by(), vector: None, score: None, word, claims: Vec::new() });
        }
    }
    ratings
}

/// A word for the severity: OpenSSL, Apache and Red Hat write theirs under `text` or `value`.
fn severity_word(content: &Value) -> Option<String> {
    let word = content.get("text").or_else(|| content.get("value"))?.as_str()?.trim();
    (!word.is_empty() && word.len() <= 40).then(|| word.to_owned())
}

/// CISA's decision points: each option is an object of one member.
fn ssvc(metric: &Metric) -> Option<Ssvc> {
    let content = metric.other("ssvc")?;
    let mut options = BTreeMap::new();
    for option in content.get("options")?.as_array()?.iter().filter_map(Value::as_object) {
        options.extend(
            option.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))),
        );
    }
    let get = |name: &str| options.get(name).map(|value| (*value).to_owned());
    let at: Option<Timestamp> = content.get("timestamp").and_then(Value::as_str).and_then(moment);
    Some(Ssvc {
        exploitation: get("Exploitation"),
        automatable: get("Automatable"),
        technical_impact: get("Technical Impact"),
        at,
    })
}

fn remedies(solutions: Vec<Lang>, workarounds: Vec<Lang>) -> Vec<Remedy> {
    let remedy = |kind| {
        move |text: LocalText| Remedy {
            kind,
            text: text.text,
            url: None,
            date: None,
            claims: Vec::new(),
        }
    };
    let solutions = solutions.into_iter().filter_map(Lang::text).map(remedy(RemedyKind::VendorFix));
    let workarounds =
        workarounds.into_iter().filter_map(Lang::text).map(remedy(RemedyKind::Workaround));
    solutions.chain(workarounds).collect()
}
