//! Layers: what is declared and what is observed, never mixed.

use crate::ObservationKind;
use crate::vocabulary::words;

words! {
    /// Which of a device's two layers a statement feeds.
    Layer {
        /// 申告: what people wrote down: the ledger, an address table, a reservation.
        Declared = "declared",
        /// 観測: what was seen: the wire, a lease, a scan, a console.
        Observed = "observed",
    }
}

/// Which layer each kind of observation feeds, and which wins within a layer.
///
/// Loaded from `crates/reference/data/layers.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerTable {
    feeds: Vec<(ObservationKind, Feed)>,
}

/// Where a kind of observation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// The layer.
    pub layer: Layer,
    /// Which source wins within the layer: the lower rank.
    pub rank: u8,
}

/// A layer table must say something of every kind of observation, once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the layer table must say exactly once where `{0}` goes")]
pub struct LayerTableError(pub &'static str);

impl LayerTable {
    /// A table that names every kind of observation exactly once.
    pub fn new(mut feeds: Vec<(ObservationKind, Feed)>) -> Result<Self, LayerTableError> {
        feeds.sort_by_key(|(kind, _)| *kind);
        for kind in ObservationKind::ALL {
            if feeds.iter().filter(|(named, _)| named == kind).count() != 1 {
                return Err(LayerTableError(kind.key()));
            }
        }
        Ok(Self { feeds })
    }

    /// Where observations of `kind` go.
    pub fn feed(&self, kind: ObservationKind) -> Feed {
        let found = self.feeds.iter().find(|(named, _)| *named == kind);
        // `new` saw to it that every kind is there.
        found.map_or(Feed { layer: Layer::Observed, rank: u8::MAX }, |(_, feed)| *feed)
    }

    /// Whether observations of `kind` are declarations.
    pub fn is_declared(&self, kind: ObservationKind) -> bool {
        self.feed(kind).layer == Layer::Declared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_a_gap_is_refused() {
        let feed = Feed { layer: Layer::Declared, rank: 0 };
        let mut feeds: Vec<_> = ObservationKind::ALL.iter().map(|kind| (*kind, feed)).collect();
        assert!(LayerTable::new(feeds.clone()).is_ok());
        feeds.push(feeds[0]);
        assert!(LayerTable::new(feeds.clone()).is_err());
        feeds.truncate(3);
        assert!(LayerTable::new(feeds).is_err());
    }
}
