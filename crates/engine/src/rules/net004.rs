//! NET004: a listed device also has an address that its ledger does not give it.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{AddressKind, DeviceKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names, places};
use crate::known::{Chart, Known, Seen};

/// One finding for each device with a fixed address that also answers at others. Routers and switches do so by trade.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known
        .charts()
        .filter(|chart| chart.is_in_a_ledger() && chart.kind() != Some(DeviceKind::Network))
    {
        let fixed = chart.fixed_addresses();
        let seen = chart.latest_sightings();
        let others = others(&chart, &fixed, &seen);
        let at_home = seen.iter().any(|seen| fixed.contains(&seen.address));
        if !at_home || others.is_empty() {
            continue;
        }
        let told: Vec<String> = others.iter().map(ToString::to_string).collect();
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("NET004.title", device = chart.label(), addresses = names(&told)),
                reason: msg!(
                    "NET004.reason",
                    fixed = names(&fixed.iter().map(ToString::to_string).collect::<Vec<_>>())
                ),
                remedy: msg!("NET004.remedy"),
                evidence: places(seen.iter().filter(|seen| others.contains(&seen.address))),
                rests_on: told,
            },
        );
    }
}

/// Addresses that no declaration of any kind gives the device, without those that a machine gives itself for want of one (RFC 3927).
fn others(chart: &Chart<'_>, fixed: &BTreeSet<Ipv4Addr>, seen: &[Seen]) -> BTreeSet<Ipv4Addr> {
    let declared = |address: Ipv4Addr| {
        chart.device.interfaces.iter().any(|interface| {
            interface
                .sightings
                .iter()
                .any(|sighting| sighting.declared && sighting.address == address)
        })
    };
    seen.iter()
        .map(|seen| seen.address)
        .filter(|address| AddressKind::of(*address) != AddressKind::LinkLocal)
        .filter(|address| !fixed.contains(address) && !declared(*address))
        .collect()
}
