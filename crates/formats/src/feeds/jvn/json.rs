//! JVN iPedia in JSON (form "OKA", version 4): documents in a draft of CSAF 2.1, bundles of them in STIX, and lists of entries.

use domain::{Advisory, Claim, FeedKind, LocalText, ProductName, Rating, Versions, VexStatus, msg};
use serde::Deserialize;

use super::{Entry, Item};
use crate::feeds::csaf::{self, Csaf};
use crate::feeds::drive::Layout;
use crate::feeds::gather::{Gather, Reject};
use crate::feeds::json::{Cvss, is_cve, is_cwe, list, moment, said};

/// One document.
const DOCUMENT: Layout =
    Layout { records: &[], member: |_, _, _| {}, record, name: "document/tracking/id" };

/// A bundle of documents.
const BUNDLE: Layout =
    Layout { records: &["objects", "VULDEF-Document"], member: status, ..DOCUMENT };

/// A list of entries, without versions in words.
const ENTRIES: Layout =
    Layout { records: &["feed", "entry"], member: status, record: entry, name: "id" };

/// How a document that begins with these members is laid out.
pub(in crate::feeds) fn layout(has: impl Fn(&str) -> bool) -> &'static Layout {
    if has("objects") {
        &BUNDLE
    } else if has("feed") {
        &ENTRIES
    } else {
        &DOCUMENT
    }
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(flatten, borrow)]
    csaf: Csaf<'a>,
    #[serde(default)]
    jvn_extension: Extension,
}

/// What JVN adds: the versions in words.
#[derive(Default, Deserialize)]
struct Extension {
    #[serde(default, deserialize_with = "list")]
    affected: Vec<Affected>,
}

#[derive(Deserialize)]
struct Affected {
    #[serde(default)]
    vendor: Option<String>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default, deserialize_with = "list")]
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    #[serde(default)]
    version: String,
    #[serde(default)]
    less_than: String,
    #[serde(default)]
    less_than_or_equal: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    modified: String,
    #[serde(default)]
    created: String,
    #[serde(default, deserialize_with = "list")]
    references: Vec<Reference>,
    #[serde(default, deserialize_with = "list")]
    products: Vec<Product>,
    #[serde(default, deserialize_with = "list")]
    metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "list")]
    cwes: Vec<Cwe>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    summary: String,
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Product {
    #[serde(default)]
    vname: Option<String>,
    #[serde(default)]
    pname: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    product_ids: Ids,
}

#[derive(Default, Deserialize)]
struct Ids {
    #[serde(default)]
    cpe: Option<String>,
}

#[derive(Deserialize)]
struct Metric {
    content: Scores,
}

#[derive(Deserialize)]
struct Scores {
    #[serde(default)]
    cvss_v4: Option<Cvss>,
    #[serde(default)]
    cvss_v3: Option<Cvss>,
    #[serde(default)]
    cvss_v2: Option<Cvss>,
}

#[derive(Deserialize)]
struct Cwe {
    #[serde(default)]
    id: String,
}

/// What the API says of its own answer.
fn status(name: &str, value: &[u8], gather: &mut Gather<'_>) {
    if name != "status" {
        return;
    }
    let status: serde_json::Value = serde_json::from_slice(value).unwrap_or_default();
    let code = status.get("retCd").and_then(serde_json::Value::as_i64).unwrap_or(0);
    if code != 0 {
        let text = status.get("errMsg").and_then(|text| text.as_str()).unwrap_or_default();
        gather.warn(
            0,
            msg!("feed.answer", code = code.to_string(), text = crate::text::excerpt(text)),
        );
    }
    if let Some(count) = status.get("totalRes").and_then(serde_json::Value::as_u64) {
        gather.expect(count);
    }
}

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let document: Document<'_> = serde_json::from_slice(bytes)?;
    gather.schema(document.csaf.version());
    let (own, mut names) = document.csaf.names();
    names.retain(|name| name.starts_with("JVN") && name.len() <= 32);
    names.push(own.clone());
    let items = document.jvn_extension.items();
    let finish = |advisory: &mut Advisory| {
        // What it says of the entry as a whole has no number of its own.
        if !is_cve(&advisory.id) {
            advisory.id.clone_from(&own);
        }
        advisory.aliases.extend(names.iter().filter(|name| **name != advisory.id).cloned());
        advisory.aliases.sort_unstable();
        advisory.aliases.dedup();
        say_versions(advisory, &items);
    };
    csaf::take(document.csaf, FeedKind::Jvn, number, &finish, gather)
}

/// Puts the versions in words in the place of claims that leave them open.
fn say_versions(advisory: &mut Advisory, items: &[Item]) {
    let mut claims = Vec::new();
    for claim in advisory.claims.drain(..) {
        let name = (&claim.product.vendor, &claim.product.name);
        let open = claim.versions == Versions::Unstated;
        let said: Vec<&Item> = items
            .iter()
            .filter(|item| open && (&item.name.vendor, &item.name.name) == name)
            .collect();
        let told = said.iter().flat_map(|item| item.claims(&advisory.id));
        claims.extend(told.map(|other| Claim { versions: other.versions, ..claim.clone() }));
        if said.is_empty() {
            claims.push(claim);
        }
    }
    advisory.claims = claims;
    // JVN rates an entry, and helps with it, as a whole; the places of claims have moved.
    advisory.ratings.iter_mut().for_each(|rating| rating.claims.clear());
    advisory.remedies.iter_mut().for_each(|remedy| remedy.claims.clear());
}

impl Extension {
    /// Products with their versions in words.
    fn items(self) -> Vec<Item> {
        let item = |one: Affected| {
            let name = ProductName {
                vendor: one.vendor.and_then(said),
                name: one.product.and_then(said),
                ..ProductName::default()
            };
            let versions = one.versions.into_iter().map(Version::text).collect();
            Item { name, versions, status: None }
        };
        self.affected.into_iter().map(item).collect()
    }
}

impl Version {
    /// The range in signs, where there is one; the words otherwise. JVN makes the signs from the words, where it can.
    fn text(self) -> String {
        let (from, below, up_to) =
            (self.version.trim(), self.less_than.trim(), self.less_than_or_equal.trim());
        match (from, below, up_to) {
            ("", "", "") => self.description,
            (from, "", "") => from.to_owned(),
            ("" | "0", below, "") => format!("< {below}"),
            ("" | "0", _, up_to) => format!("<= {up_to}"),
            (from, below, "") => format!(">= {from} | < {below}"),
            (from, _, up_to) => format!(">= {from} | <= {up_to}"),
        }
    }
}

fn entry(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let listed: Listed = serde_json::from_slice(bytes)?;
    if !listed.id.starts_with("JVNDB-") {
        return Err(Reject::NoNumber);
    }
    let mut entry = Entry::new();
    let local = |text: String| LocalText { lang: "ja".into(), text };
    for reference in listed.references {
        entry.number(&reference.summary);
        entry.whole.references.push(reference.url);
    }
    entry.items = listed.products.into_iter().map(Product::item).collect();
    let whole = &mut entry.whole;
    whole.document = listed.id;
    whole.titles.push(local(listed.title));
    whole.descriptions.push(local(listed.summary));
    whole.modified = moment(&listed.modified);
    whole.published = moment(&listed.created);
    whole.weaknesses = listed.cwes.into_iter().map(|cwe| cwe.id).filter(|id| is_cwe(id)).collect();
    whole.ratings =
        listed.metrics.into_iter().flat_map(|metric| metric.content.ratings()).collect();
    entry.advisories(number)?.into_iter().for_each(|advisory| gather.advisory(advisory));
    Ok(())
}

impl Product {
    fn item(self) -> Item {
        let name = ProductName {
            vendor: self.vname.and_then(said),
            name: self.pname.and_then(said),
            cpes: self.product_ids.cpe.into_iter().collect(),
            ..ProductName::default()
        };
        Item {
            name,
            versions: self.version.into_iter().collect(),
            status: Some(VexStatus::Affected),
        }
    }
}

impl Scores {
    fn ratings(self) -> Vec<Rating> {
        let scores = [self.cvss_v4, self.cvss_v3, self.cvss_v2].into_iter().flatten();
        scores.map(|cvss| cvss.rating(None)).collect()
    }
}
