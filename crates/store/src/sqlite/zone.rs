//! Zones (区画): the network segments as people named them.

use domain::{Network, Probe, Zone, ZoneKind};
use rusqlite::params;

use super::db::Columns;
use super::{Change, View};
use crate::StoreError;

impl Change {
    /// Keeps a zone, in place of the one of its name.
    pub fn set_zone(&mut self, zone: &Zone) -> Result<(), StoreError> {
        let networks: Vec<String> = zone.networks.iter().map(Network::to_string).collect();
        self.run_sql(
            "INSERT INTO zone (facility, name, kind, probe, networks) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (facility, name) DO UPDATE
             SET kind = excluded.kind, probe = excluded.probe, networks = excluded.networks",
            params![
                self.view.facility,
                zone.name,
                zone.kind.key(),
                zone.probe.key(),
                networks.join(" "),
            ],
        )
    }

    /// Takes a zone out, and says whether it was there.
    pub fn remove_zone(&mut self, name: &str) -> Result<bool, StoreError> {
        let removed = self.view.db.run(
            "DELETE FROM zone WHERE facility = ?1 AND name = ?2",
            params![self.view.facility, name],
        )?;
        Ok(removed != 0)
    }
}

impl View {
    /// Every zone, by name.
    pub fn zones(&self) -> Result<Vec<Zone>, StoreError> {
        self.db.all(
            "SELECT name, networks, kind, probe FROM zone WHERE facility = ?1 ORDER BY name",
            [self.facility],
            zone,
        )
    }
}

fn zone(mut row: Columns<'_>) -> Result<Zone, StoreError> {
    let name = row.string()?;
    let networks = row.text()?.split_whitespace().map(str::parse).collect::<Result<_, _>>();
    Ok(Zone {
        name,
        networks: networks.map_err(|_| row.damaged())?,
        kind: row.word(ZoneKind::from_key)?,
        probe: row.word(Probe::from_key)?,
    })
}
