//! The parts of a CSAF document that are read (CSAF 2.0, 3.2), and those of 2.1 by which MyJVN's documents differ.

use std::borrow::Cow;

use serde::Deserialize;

use crate::feeds::json::{Cvss, list};

/// A document.
#[derive(Debug, Deserialize)]
pub(in crate::feeds) struct Csaf<'a> {
    #[serde(borrow)]
    pub(super) document: Meta<'a>,
    #[serde(default)]
    pub(super) product_tree: Tree,
    #[serde(default, borrow, deserialize_with = "list")]
    pub(super) vulnerabilities: Vec<Vulnerability<'a>>,
}

impl Csaf<'_> {
    /// The document's own name, and what its references are called.
    pub(in crate::feeds) fn names(&self) -> (String, Vec<String>) {
        let references = self.document.references.iter().map(|one| one.summary.clone());
        (self.document.tracking.id.clone(), references.collect())
    }

    /// The edition it says it is written in.
    pub(in crate::feeds) fn version(&self) -> &str {
        &self.document.csaf_version
    }
}

/// What is said of the document itself (3.2.1).
#[derive(Debug, Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(borrow)]
    pub(super) csaf_version: Cow<'a, str>,
    #[serde(default)]
    pub(super) category: String,
    #[serde(default)]
    pub(super) distribution: Option<Distribution>,
    #[serde(default)]
    pub(super) lang: Option<String>,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    pub(super) publisher: Option<Publisher>,
    #[serde(default, borrow, deserialize_with = "list")]
    pub(super) notes: Vec<Note<'a>>,
    #[serde(default, deserialize_with = "list")]
    pub(super) references: Vec<Reference>,
    #[serde(borrow)]
    pub(super) tracking: Tracking<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Distribution {
    #[serde(default)]
    pub(super) tlp: Option<Tlp>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tlp {
    #[serde(default)]
    pub(super) label: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Publisher {
    #[serde(default)]
    pub(super) name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tracking<'a> {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) version: Option<String>,
    #[serde(default, borrow)]
    pub(super) current_release_date: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub(super) initial_release_date: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Note<'a> {
    #[serde(default, borrow)]
    pub(super) category: Cow<'a, str>,
    #[serde(default)]
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(default)]
    pub(super) summary: String,
    #[serde(default)]
    pub(super) url: String,
}

/// The products (3.2.2).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Tree {
    #[serde(default, deserialize_with = "list")]
    pub(super) branches: Vec<Branch>,
    #[serde(default, deserialize_with = "list")]
    pub(super) full_product_names: Vec<FullName>,
    #[serde(default, deserialize_with = "list")]
    pub(super) product_groups: Vec<Group>,
    #[serde(default, deserialize_with = "list")]
    pub(super) relationships: Vec<Relationship>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Branch {
    #[serde(default)]
    pub(super) category: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) product: Option<FullName>,
    #[serde(default, deserialize_with = "list")]
    pub(super) branches: Vec<Branch>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FullName {
    #[serde(default)]
    pub(super) name: String,
    pub(super) product_id: String,
    #[serde(default)]
    pub(super) product_identification_helper: Option<Helper>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Helper {
    #[serde(default)]
    pub(super) cpe: Option<String>,
    #[serde(default)]
    pub(super) purl: Option<String>,
    /// Of 2.1.
    #[serde(default, deserialize_with = "list")]
    pub(super) purls: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) model_numbers: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) serial_numbers: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) skus: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub(super) group_id: String,
    #[serde(default, deserialize_with = "list")]
    pub(super) product_ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Relationship {
    pub(super) full_product_name: FullName,
    pub(super) product_reference: String,
    pub(super) relates_to_product_reference: String,
}

/// A vulnerability (3.2.3).
#[derive(Debug, Deserialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(default)]
    pub(super) cve: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) ids: Vec<OtherId>,
    #[serde(default)]
    pub(super) cwe: Option<Cwe>,
    /// Of 2.1.
    #[serde(default, deserialize_with = "list")]
    pub(super) cwes: Vec<Cwe>,
    #[serde(default, deserialize_with = "list")]
    pub(super) flags: Vec<Flag>,
    #[serde(default, borrow, deserialize_with = "list")]
    pub(super) notes: Vec<Note<'a>>,
    #[serde(default)]
    pub(super) product_status: Status,
    #[serde(default, deserialize_with = "list")]
    pub(super) references: Vec<Reference>,
    #[serde(default, borrow)]
    pub(super) release_date: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "list")]
    pub(super) remediations: Vec<Remediation>,
    #[serde(default, deserialize_with = "list")]
    pub(super) scores: Vec<Score>,
    /// Of 2.1.
    #[serde(default, deserialize_with = "list")]
    pub(super) metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "list")]
    pub(super) threats: Vec<Threat>,
    #[serde(default)]
    pub(super) title: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OtherId {
    #[serde(default)]
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cwe {
    #[serde(default)]
    pub(super) id: String,
}

/// Which products something is for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct For {
    #[serde(default, deserialize_with = "list")]
    pub(super) product_ids: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) group_ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Flag {
    #[serde(default)]
    pub(super) label: String,
    #[serde(flatten)]
    pub(super) products: For,
}

#[derive(Debug, Deserialize)]
pub(super) struct Threat {
    #[serde(default)]
    pub(super) category: String,
    #[serde(default)]
    pub(super) details: String,
    #[serde(flatten)]
    pub(super) products: For,
}

#[derive(Debug, Deserialize)]
pub(super) struct Remediation {
    #[serde(default)]
    pub(super) category: String,
    #[serde(default)]
    pub(super) details: String,
    #[serde(default)]
    pub(super) date: Option<String>,
    #[serde(default)]
    pub(super) url: Option<String>,
    #[serde(flatten)]
    pub(super) products: For,
}

#[derive(Debug, Deserialize)]
pub(super) struct Score {
    #[serde(default, deserialize_with = "list")]
    pub(super) products: Vec<String>,
    #[serde(default)]
    pub(super) cvss_v2: Option<Cvss>,
    #[serde(default)]
    pub(super) cvss_v3: Option<Cvss>,
    #[serde(default)]
    pub(super) cvss_v4: Option<Cvss>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metric {
    #[serde(default, deserialize_with = "list")]
    pub(super) products: Vec<String>,
    pub(super) content: Score,
}

/// What is said of which products (3.2.3.9).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Status {
    #[serde(default, deserialize_with = "list")]
    pub(super) first_affected: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) first_fixed: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) fixed: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) known_affected: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) known_not_affected: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) last_affected: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) recommended: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) under_investigation: Vec<String>,
}
