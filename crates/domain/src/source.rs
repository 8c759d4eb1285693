//! Sources: the series a document belongs to, edition after edition.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

/// Names a source within the facility, such as `ledger/台帳` or `arp/10.100.10.70`.
///
/// The same ledger of next year, or the same PC's list of tomorrow, carries the same id: that makes it a newer edition.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(Arc<str>);

impl SourceId {
    /// The source with this name.
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A series of documents of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The kind of its newest document, as [`crate::Import::kind`].
    pub kind: String,
    /// Day of the newest active edition.
    pub newest: Option<Date>,
    /// After how many days a newer edition is expected.
    pub freshness_days: Option<u16>,
}
