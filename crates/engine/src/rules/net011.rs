//! NET011: an address lies outside every zone.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Network, ObservationRef, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::identity::Device;
use crate::known::Known;

/// One finding for each /24 outside the zones. Says nothing while no zone has been named.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    if known.zones.is_empty() {
        return;
    }
    let mut networks: BTreeMap<Network, (BTreeSet<String>, Vec<ObservationRef>)> = BTreeMap::new();
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        for (_, address) in chart.addresses().filter(|(_, address)| known.zone_of(*address).is_none()) {
            let entry = networks.entry(Network::of(address, 24)).or_default();
            if entry.0.insert(chart.label()) {
                entry.1.extend(first_member(chart.device));
            }
        }
    }
    for (network, (devices, evidence)) in networks {
        let devices: Vec<String> = devices.into_iter().collect();
        findings.add(
            Subject::Network(network),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!("NET011.title", network = network, devices = devices.len()),
                reason: msg!("NET011.reason", devices = names(&devices)),
                remedy: msg!("NET011.remedy"),
                evidence,
                rests_on: devices,
            },
        );
    }
}

fn first_member(device: &Device) -> Option<ObservationRef> {
    device.members.first().copied()
}
