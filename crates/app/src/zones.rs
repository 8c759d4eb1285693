//! Zones: those people named, and networks that could become one.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DeviceId, Network, Zone};
use engine::{Chart, Known};
use serde_json::json;

use crate::books::Books;
use crate::views::ZoneView;
use crate::{Act, App, AppError, devices};

/// Devices in a network, counted.
#[derive(Debug, Default)]
struct Tally {
    devices: BTreeSet<DeviceId>,
    medical: u64,
    unlisted: u64,
}

impl Tally {
    fn add(&mut self, chart: &Chart<'_>) {
        if self.devices.insert(chart.device.id) {
            self.medical += u64::from(chart.is_medical());
            self.unlisted += u64::from(!chart.is_declared());
        }
    }
}

impl App {
    /// The zones people named, then the /24 networks in use that lie in none of them.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn zones(&self) -> Result<Vec<ZoneView>, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books.with_known(|known, _| zones(known)))
    }

    /// Names a zone, in place of one of the same name.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn set_zone(&self, zone: &Zone, act: &Act) -> Result<(), AppError> {
        let networks: Vec<String> = zone.networks.iter().map(ToString::to_string).collect();
        let detail =
            json!({ "networks": networks, "kind": zone.kind.key(), "probe": zone.probe.key() });
        let entry = act.entry("zone.set", format!("zone:{}", zone.name), &detail);
        self.facility()?.change(entry, |change| {
            change.set_zone(zone)?;
            devices::write_all(change)
        })
    }

    /// Forgets a zone.
    ///
    /// # Errors
    ///
    /// [`AppError::NoZone`], and what the store says.
    pub fn remove_zone(&self, name: &str, act: &Act) -> Result<(), AppError> {
        let entry = act.entry("zone.remove", format!("zone:{name}"), &json!({}));
        self.facility()?.change(entry, |change| {
            if !change.remove_zone(name)? {
                return Err(AppError::NoZone(name.to_owned()));
            }
            devices::write_all(change)
        })
    }
}

pub(crate) fn zones(known: &Known<'_>) -> Vec<ZoneView> {
    let mut named: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut suggested: BTreeMap<Network, Tally> = BTreeMap::new();
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        for (_, address) in chart.addresses() {
            match known.zone_of(address) {
                Some(zone) => named.entry(&zone.name).or_default().add(&chart),
                None => suggested.entry(Network::of(address, 24)).or_default().add(&chart),
            }
        }
    }
    let mut views: Vec<ZoneView> = known
        .zones
        .iter()
        .map(|zone| ZoneView {
            name: Some(zone.name.clone()),
            networks: zone.networks.iter().map(ToString::to_string).collect(),
            kind: Some(zone.kind.key().to_owned()),
            probe: Some(zone.probe.key().to_owned()),
            suggested: false,
            ..counted(named.get(zone.name.as_str()))
        })
        .collect();
    views.extend(suggested.iter().map(|(network, tally)| ZoneView {
        networks: vec![network.to_string()],
        suggested: true,
        ..counted(Some(tally))
    }));
    views
}

fn counted(tally: Option<&Tally>) -> ZoneView {
    ZoneView {
        name: None,
        networks: Vec::new(),
        kind: None,
        probe: None,
        devices: tally.map_or(0, |tally| tally.devices.len() as u64),
        medical: tally.map_or(0, |tally| tally.medical),
        unlisted: tally.map_or(0, |tally| tally.unlisted),
        suggested: false,
    }
}
