//! NET011: an address lies outside every zone.

use std::collections::BTreeMap;

use domain::{AddressKind, DeviceId, Network, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known};

/// One finding for each /24 outside the zones. Says nothing while no zone has been named.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    if known.zones.is_empty() {
        return;
    }
    let mut networks: BTreeMap<Network, BTreeMap<DeviceId, Chart<'_>>> = BTreeMap::new();
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let outside = chart.addresses().map(|(_, address)| address).filter(|address| {
            // What a machine gives itself for want of an address (RFC 3927) is in no network of the hospital.
            AddressKind::of(*address) != AddressKind::LinkLocal && known.zone_of(*address).is_none()
        });
        for address in outside {
            networks.entry(Network::of(address, 24)).or_default().insert(chart.device.id, chart);
        }
    }
    for (network, charts) in networks {
        let mut devices: Vec<String> = charts.values().map(Chart::label).collect();
        devices.sort();
        let mut marks: Vec<String> = charts.values().map(Chart::mark).collect();
        marks.sort();
        findings.add(
            Subject::Network(network),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!("NET011.title", network = network, devices = devices.len()),
                reason: msg!("NET011.reason", devices = names(&devices)),
                remedy: msg!("NET011.remedy"),
                evidence: charts
                    .values()
                    .filter_map(|chart| chart.device.members.first().copied())
                    .collect(),
                rests_on: marks,
            },
        );
    }
}
