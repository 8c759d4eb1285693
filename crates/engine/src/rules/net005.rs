//! NET005: another network card answers at a device's address.

use std::collections::BTreeSet;

use domain::{MacAddress, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each listed device at whose fixed address another card answers than the ledger says, or than was first seen there.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let Some(change) = change(&chart) else { continue };
        let title = msg!("NET005.title", device = chart.label(), address = change.address);
        let day = known.day(change.time);
        let reason = if change.from_ledger {
            msg!("NET005.reason", before = change.before, now = change.now, date = day)
        } else {
            msg!("NET005.reason_seen", before = change.before, now = change.now, date = day)
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title,
                reason,
                remedy: msg!("NET005.remedy"),
                evidence: vec![change.at],
                rests_on: vec![change.before.to_string(), change.now.to_string()],
            },
        );
    }
}

struct Change {
    address: std::net::Ipv4Addr,
    before: MacAddress,
    now: MacAddress,
    from_ledger: bool,
    time: jiff::Timestamp,
    at: domain::ObservationRef,
}

fn change(chart: &Chart<'_>) -> Option<Change> {
    let fixed = chart.fixed_addresses();
    let sightings = chart.sightings();
    let at_home = || sightings.iter().filter(|seen| fixed.contains(&seen.address));
    let newest = at_home().find(|seen| seen.mac.is_some_and(MacAddress::is_stable))?;
    let now = newest.mac?;
    let declared: BTreeSet<MacAddress> = chart.declared_macs();
    let (before, from_ledger) = match declared.first() {
        Some(_) if declared.contains(&now) => return None,
        Some(first) => (chart.declared_mac_at(newest.address).unwrap_or(*first), true),
        None => {
            let there = at_home().filter(|seen| seen.address == newest.address);
            (there.filter_map(|seen| seen.mac).rfind(|mac| mac.is_stable())?, false)
        }
    };
    (before != now).then_some(Change {
        address: newest.address,
        before,
        now,
        from_ledger,
        time: newest.time,
        at: newest.at,
    })
}
