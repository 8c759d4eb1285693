//! NET006: a listed device answers elsewhere than its ledger says.

use domain::{DeviceKind, Network, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names, places};
use crate::known::{Chart, Known};

/// One finding for each device with a fixed address that was last seen only at others.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let fixed = chart.fixed_addresses();
        let mut seen = chart.latest_sightings();
        if chart.kind() == Some(DeviceKind::Network) {
            // A router answers in every network it serves; only within that of its own address can it have moved.
            seen.retain(|seen| {
                fixed.iter().any(|fixed| Network::of(*fixed, 24).contains(seen.address))
            });
        }
        if fixed.is_empty() || seen.iter().any(|seen| fixed.contains(&seen.address)) {
            continue;
        }
        let Some(newest) = seen.first() else { continue };
        let mut now: Vec<String> = seen.iter().map(|seen| seen.address.to_string()).collect();
        now.sort();
        now.dedup();
        let before: Vec<String> = fixed.iter().map(ToString::to_string).collect();
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!(
                    "NET006.title",
                    device = chart.label(),
                    before = names(&before),
                    now = names(&now)
                ),
                reason: msg!("NET006.reason", date = known.day(newest.time)),
                remedy: msg!("NET006.remedy"),
                evidence: places(&seen),
                rests_on: before.into_iter().chain(now).collect(),
            },
        );
    }
}
