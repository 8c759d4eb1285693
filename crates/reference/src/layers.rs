//! Which layer each kind of observation feeds, from `data/layers.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::{Feed, Layer, LayerTable, ObservationKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    layer: String,
    rank: u8,
}

static TABLE: LazyLock<LayerTable> = LazyLock::new(|| {
    // The file is part of the program; the test below reads it, so what is shipped can be read.
    read(include_str!("../data/layers.toml"))
        .unwrap_or_else(|error| panic!("data/layers.toml: {error}"))
});

/// The table that ships with the program.
pub fn shipped() -> &'static LayerTable {
    &TABLE
}

fn read(text: &str) -> Result<LayerTable, String> {
    let rows: BTreeMap<String, Row> = toml::from_str(text).map_err(|error| error.to_string())?;
    let feeds = rows
        .into_iter()
        .map(|(kind, row)| {
            let kind = ObservationKind::from_key(&kind).ok_or(format!("no such kind: {kind}"))?;
            let layer =
                Layer::from_key(&row.layer).ok_or(format!("no such layer: {}", row.layer))?;
            Ok((kind, Feed { layer, rank: row.rank }))
        })
        .collect::<Result<Vec<_>, String>>()?;
    LayerTable::new(feeds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_declared_and_what_was_seen_is_observed() {
        let table = shipped();
        assert!(
            table.is_declared(ObservationKind::LedgerRow)
                && table.is_declared(ObservationKind::Reservation)
        );
        assert!(
            !table.is_declared(ObservationKind::Neighbour)
                && !table.is_declared(ObservationKind::Lease)
        );
    }

    #[test]
    fn a_table_with_a_slip_is_refused() {
        for text in [
            "[colour]\nlayer='declared'\nrank=0",
            "[hand]\nlayer='red'\nrank=0",
            "[hand]\nlayer='declared'\nrank=0",
            "[",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
