//! OpenVEX 0.2.0 (<https://github.com/openvex/spec>), and the first drafts, whose names are plain texts.

use std::borrow::Cow;

use domain::{
    Advisory, AdvisoryState, Claim, Condition, Criterion, FeedKind, Justification, LocalText,
    ProductName, Remedy, RemedyKind, VersionSet, Versions, VexStatus, msg,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::budget::{self, Budget};
use super::configurations::{cpe_version, unescaped};
use super::drive::Layout;
use super::gather::{Gather, Reject};
use super::json::{list, moment};
use super::osv::names;

/// A document, or one in each line.
pub(super) const LAYOUT: Layout =
    Layout { records: &[], member: |_, _, _| {}, record, name: "@id" };

/// What the `@context` of every edition begins with.
pub(super) const CONTEXT: &str = "https://openvex.dev/ns";

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(rename = "@context", borrow)]
    context: Cow<'a, str>,
    #[serde(rename = "@id", default)]
    id: String,
    #[serde(default)]
    author: Option<String>,
    #[serde(default, borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    last_updated: Option<Cow<'a, str>>,
    #[serde(default)]
    version: serde_json::Value,
    #[serde(default, borrow, deserialize_with = "list")]
    statements: Vec<Statement<'a>>,
}

#[derive(Deserialize)]
struct Statement<'a> {
    vulnerability: Named,
    #[serde(default, borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    last_updated: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "list")]
    products: Vec<Product>,
    #[serde(default, deserialize_with = "list")]
    subcomponents: Vec<Product>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(default, borrow)]
    justification: Option<Cow<'a, str>>,
    #[serde(default)]
    impact_statement: Option<String>,
    #[serde(default)]
    action_statement: Option<String>,
    #[serde(default)]
    status_notes: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Text(String),
    Object {
        #[serde(default)]
        name: String,
        #[serde(default, deserialize_with = "list")]
        aliases: Vec<String>,
        #[serde(default)]
        description: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Product {
    Text(String),
    Object {
        #[serde(rename = "@id", default)]
        id: Option<String>,
        #[serde(default)]
        identifiers: Identifiers,
        #[serde(default, deserialize_with = "list")]
        subcomponents: Vec<Product>,
    },
}

#[derive(Default, Deserialize)]
struct Identifiers {
    #[serde(default)]
    purl: Option<String>,
    #[serde(default)]
    cpe23: Option<String>,
    #[serde(default)]
    cpe22: Option<String>,
}

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let document: Document<'_> = serde_json::from_slice(bytes)?;
    let edition = document.context.strip_prefix(CONTEXT).unwrap_or(&document.context);
    if !(edition.is_empty() || edition.starts_with("/v0.")) {
        return Err(Reject::Edition(format!("OpenVEX {edition}")));
    }
    gather.schema(edition.trim_start_matches("/v"));
    let revision = match &document.version {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let published = document.timestamp.as_deref().and_then(moment);
    let modified = document.last_updated.as_deref().and_then(moment).or(published);
    let whole = Advisory {
        publisher: document.author,
        revision,
        published,
        modified,
        ..Advisory::new(FeedKind::OpenVex, document.id, AdvisoryState::Published)
    };
    let mut budget = Budget::new(number);
    let mut advisories = Vec::new();
    for statement in document.statements {
        budget.spend(size_of::<Advisory>() + whole.document.len())?;
        advisories.push(statement.advisory(&whole, number, &mut budget)?);
    }
    if advisories.is_empty() {
        gather.skip("feed_no_vulnerability", 1);
    }
    gather.seen(modified);
    advisories.into_iter().for_each(|advisory| gather.advisory(advisory));
    Ok(())
}

impl Statement<'_> {
    /// Its word; what it does not say it has of the document.
    fn advisory(
        self,
        whole: &Advisory,
        number: u64,
        budget: &mut Budget,
    ) -> Result<Advisory, Reject> {
        let (name, aliases, description) = match self.vulnerability {
            Named::Text(name) => (name, Vec::new(), None),
            Named::Object { name, aliases, description } => (name, aliases, description),
        };
        if name.is_empty() {
            return Err(Reject::NoNumber);
        }
        let Some(status) = VexStatus::from_key(&self.status) else {
            return Err(Reject::Told(msg!("feed.refused_status", number = number)));
        };
        let why = self.justification.as_deref().and_then(Justification::from_key);
        let note = self.impact_statement.or(self.status_notes);
        let mut claims: Vec<Claim> = Vec::new();
        for product in self.products {
            product.claims(status, &self.subcomponents, &mut claims, budget)?;
        }
        for claim in &mut claims {
            claim.justification = why;
            budget.spend(note.as_ref().map_or(0, String::len))?;
            claim.note.clone_from(&note);
        }
        let action = self.action_statement.map(|text| Remedy {
            kind: RemedyKind::Mitigation,
            text,
            url: None,
            date: None,
            claims: Vec::new(),
        });
        let at =
            |text: Option<Cow<'_, str>>| -> Option<Timestamp> { text.as_deref().and_then(moment) };
        let published = at(self.timestamp).or(whole.published);
        let (id, aliases) = names(&name, aliases);
        Ok(Advisory {
            id,
            aliases,
            published,
            modified: at(self.last_updated).or(published).max(whole.modified),
            descriptions: description
                .map(|text| LocalText { lang: String::new(), text })
                .into_iter()
                .collect(),
            claims,
            remedies: action.into_iter().collect(),
            ..whole.clone()
        })
    }
}

impl Product {
    /// A claim on the product; where it names components of it, one on each of those within the product.
    fn claims(
        self,
        status: VexStatus,
        beside: &[Self],
        claims: &mut Vec<Claim>,
        budget: &mut Budget,
    ) -> Result<(), Reject> {
        let whole = self.criterion();
        let inside = match &self {
            Self::Object { subcomponents, .. } => subcomponents.as_slice(),
            Self::Text(_) => &[],
        };
        let before = claims.len();
        for part in inside.iter().chain(beside) {
            let Criterion { product, versions } = part.criterion();
            budget.spend(budget::product(&product) + budget::product(&whole.product))?;
            let conditions = vec![Condition { negated: false, any: vec![whole.clone()] }];
            claims.push(Claim { conditions, ..Claim::new(status, product, versions) });
        }
        if claims.len() == before {
            claims.push(Claim::new(status, whole.product, whole.versions));
        }
        Ok(())
    }

    /// The product, in the version its identifier names; in all where it names none.
    fn criterion(&self) -> Criterion {
        let none = Identifiers::default();
        let (id, identifiers) = match self {
            Self::Text(id) => (Some(id), &none),
            Self::Object { id, identifiers, .. } => (id.as_ref(), identifiers),
        };
        let mut product = ProductName::default();
        let given =
            [id, identifiers.purl.as_ref(), identifiers.cpe23.as_ref(), identifiers.cpe22.as_ref()];
        for name in given.into_iter().flatten() {
            let list = if name.starts_with("pkg:") {
                &mut product.purls
            } else if name.starts_with("cpe:") {
                &mut product.cpes
            } else {
                product.name.get_or_insert_with(|| name.clone());
                continue;
            };
            if !list.contains(name) {
                list.push(name.clone());
            }
        }
        let version = product.purls.iter().find_map(|purl| purl_version(purl));
        let version = version.or_else(|| product.cpes.iter().find_map(|cpe| cpe_version(cpe)));
        let versions = match version.filter(|version| version != "*" && version != "-") {
            Some(version) => {
                Versions::These(VersionSet { listed: vec![version], ..VersionSet::default() })
            }
            None => Versions::All,
        };
        Criterion { product, versions }
    }
}

/// The version of a package URL: between `@` and its qualifiers or subpath (purl specification).
fn purl_version(purl: &str) -> Option<String> {
    let plain = purl.split(['?', '#']).next()?;
    let name = plain.rsplit('/').next()?;
    let (_, version) = name.rsplit_once('@')?;
    Some(unescaped(version)).filter(|version| !version.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_package_url_is_read() {
        for (purl, version) in [
            ("pkg:apk/wolfi/git@2.39.0-r1?arch=armv7", Some("2.39.0-r1")),
            ("pkg:oci/alpine@sha256%3A124c", Some("sha256:124c")),
            ("pkg:npm/%40a/b", None),
            ("pkg:npm/@a/b", None),
            ("pkg:npm/b@", None),
        ] {
            assert_eq!(purl_version(purl).as_deref(), version, "{purl}");
        }
    }
}
