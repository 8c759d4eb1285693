//! LED005: a ledger gives a device a fixed address that no address table lists.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known, fixed_addresses};

/// One finding for each such device. Says nothing while there is no address table.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let tabled: BTreeSet<Ipv4Addr> = known
        .of_kind(ObservationKind::AddressRow)
        .into_iter()
        .flat_map(|row| fixed_addresses(&row.observation).collect::<Vec<_>>())
        .collect();
    if tabled.is_empty() {
        return;
    }
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let missing: Vec<String> =
            chart.fixed_addresses().difference(&tabled).map(ToString::to_string).collect();
        if missing.is_empty() {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: msg!("LED005.title", device = chart.label(), addresses = names(&missing)),
                reason: msg!("LED005.reason"),
                remedy: msg!("LED005.remedy"),
                evidence: chart.listings().map(|(at, _)| at).collect(),
                rests_on: missing,
            },
        );
    }
}
