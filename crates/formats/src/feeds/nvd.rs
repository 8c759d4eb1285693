//! NIST's National Vulnerability Database, JSON 2.0: answers of the API and yearly files, or the `cve` object of one
//! (<https://nvd.nist.gov/developers/vulnerabilities>).

use std::borrow::Cow;

use domain::{Advisory, AdvisoryState, Exploited, FeedKind, Rating, msg};
use serde::Deserialize;

use super::budget::Budget;
use super::configurations::{self, Configuration};
use super::drive::Layout;
use super::gather::{Gather, Reject};
use super::json::{Cvss, Lang, day, is_cwe, list, moment};
use super::recognise;

/// How a document that begins like this is laid out.
pub(super) fn layout(head: &[u8]) -> Layout {
    // A single record has its `cve` outermost; an answer has a list of them.
    let single = recognise::is_single_nvd(head);
    let records: &[_] = if single { &[] } else { &["vulnerabilities"] };
    Layout { records, member, record, name: "cve/id" }
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    cve: Cve<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cve<'a> {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    source_identifier: Option<String>,
    #[serde(default, borrow)]
    published: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    last_modified: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    vuln_status: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "list")]
    descriptions: Vec<Lang>,
    #[serde(default)]
    metrics: Metrics,
    #[serde(default, deserialize_with = "list")]
    weaknesses: Vec<Weakness>,
    #[serde(default, borrow, deserialize_with = "list")]
    configurations: Vec<Configuration<'a>>,
    #[serde(default, deserialize_with = "list")]
    references: Vec<Reference>,
    #[serde(default, borrow)]
    cisa_exploit_add: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    cisa_action_due: Option<Cow<'a, str>>,
    #[serde(default)]
    cisa_required_action: Option<String>,
    #[serde(default)]
    cisa_vulnerability_name: Option<String>,
}

#[derive(Default, Deserialize)]
struct Metrics {
    #[serde(default, rename = "cvssMetricV40", deserialize_with = "list")]
    v40: Vec<Metric>,
    #[serde(default, rename = "cvssMetricV31", deserialize_with = "list")]
    v31: Vec<Metric>,
    #[serde(default, rename = "cvssMetricV30", deserialize_with = "list")]
    v30: Vec<Metric>,
    #[serde(default, rename = "cvssMetricV2", deserialize_with = "list")]
    v2: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    #[serde(default)]
    source: Option<String>,
    cvss_data: Cvss,
    /// Version 2 writes its word here.
    #[serde(default)]
    base_severity: Option<String>,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(default, deserialize_with = "list")]
    description: Vec<Lang>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    url: String,
}

fn member(name: &str, value: &[u8], gather: &mut Gather<'_>) {
    match name {
        "version" => gather.schema(&serde_json::from_slice::<String>(value).unwrap_or_default()),
        // An answer of the API is a page of so many.
        "totalResults" => {
            if let Ok(count) = serde_json::from_slice(value) {
                gather.expect(count);
            }
        }
        _ => {}
    }
}

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let Record { mut cve } = serde_json::from_slice(bytes)?;
    let id = cve.id.take().filter(|id| !id.is_empty()).ok_or(Reject::NoNumber)?;
    let exploited = cve.exploited(&id);
    let advisory = cve.advisory(id, number, gather)?;
    gather.advisory(advisory);
    if let Some(exploited) = exploited {
        gather.exploited(exploited);
    }
    Ok(())
}

impl Cve<'_> {
    fn advisory(
        self,
        id: String,
        number: u64,
        gather: &mut Gather<'_>,
    ) -> Result<Advisory, Reject> {
        let applies = configurations::read(&self.configurations, &mut Budget::new(number))?;
        if applies.negated > 0 {
            let count = applies.negated;
            gather.warn(number, msg!("feed.negated", number = number, id = &id, count = count));
        }
        let rejected = self.vuln_status.as_deref() == Some("Rejected");
        let state = if rejected { AdvisoryState::Rejected } else { AdvisoryState::Published };
        let mut weaknesses: Vec<String> =
            self.weaknesses.into_iter().flat_map(|one| one.description).map(|d| d.value).collect();
        weaknesses.retain(|weakness| is_cwe(weakness));
        weaknesses.sort_unstable();
        weaknesses.dedup();
        Ok(Advisory {
            publisher: self.source_identifier,
            published: self.published.as_deref().and_then(moment),
            modified: self.last_modified.as_deref().and_then(moment),
            descriptions: self.descriptions.into_iter().filter_map(Lang::text).collect(),
            weaknesses,
            ratings: self.metrics.ratings(),
            claims: applies.claims,
            references: self.references.into_iter().map(|reference| reference.url).collect(),
            ..Advisory::new(FeedKind::Nvd, id, state)
        })
    }

    /// What it repeats of CISA's catalogue, where it does so in full: day, name and action. Vendor and product it does not repeat.
    fn exploited(&mut self, id: &str) -> Option<Exploited> {
        Some(Exploited {
            id: id.to_owned(),
            vendor: String::new(),
            product: String::new(),
            added: day(self.cisa_exploit_add.as_deref()?)?,
            due: self.cisa_action_due.as_deref().and_then(day),
            name: self.cisa_vulnerability_name.take()?,
            action: self.cisa_required_action.take()?,
            ransomware: false,
        })
    }
}

impl Metrics {
    /// Every rating, the newest version of CVSS first.
    fn ratings(self) -> Vec<Rating> {
        let all = [self.v40, self.v31, self.v30, self.v2].into_iter().flatten();
        let rating = |metric: Metric| {
            let mut rating = metric.cvss_data.rating(metric.source);
            rating.word = rating.word.or(metric.base_severity);
            rating
        };
        all.map(rating).collect()
    }
}
