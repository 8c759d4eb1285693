//! What is known of the files in a folder: which version of each is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known of the files in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Ledger {
    /// By the name of the file.
    pub(crate) files: BTreeMap<String, Entry>,
}

/// What is known of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    /// Where it was asked for: from another address nothing is taken up again.
    pub(crate) url: String,
    /// The version that is there whole.
    pub(crate) whole: Option<Whole>,
    /// The version of which a part is there: what its server tells it by from any other (RFC 9110, 13.1.5).
    pub(crate) part: Option<String>,
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Whole {
    /// Its length: where another stands there, it is not what was fetched.
    pub(crate) size: u64,
    /// Its entity tag (RFC 9110, 8.8.3).
    pub(crate) etag: Option<String>,
    /// When it was changed, as its server writes it (8.8.2).
    pub(crate) last_modified: Option<String>,
}
