//! NET003: one address on two devices.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use domain::{DeviceId, Field, MacAddress, ObservationKind, ObservationRef, Severity, Status, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known, fixed_addresses};

/// One finding for each address that two listed devices claim, or at which two cards answered on one day.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    declared_twice(known, findings);
    answered_twice(known, findings);
}

fn declared_twice(known: &Known<'_>, findings: &mut Findings) {
    let mut claims: BTreeMap<Ipv4Addr, BTreeMap<DeviceId, ObservationRef>> = BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        if row.observation.facts.value(Field::Status) == Some(Status::Retired.key()) {
            continue;
        }
        for address in fixed_addresses(&row.observation) {
            claims.entry(address).or_default().insert(chart.device.id, row.at);
        }
    }
    for (address, devices) in claims.into_iter().filter(|(_, devices)| devices.len() > 1) {
        let charts: Vec<Chart<'_>> = devices.keys().filter_map(|id| known.chart(*id)).collect();
        let mut labels: Vec<String> = charts.iter().map(Chart::label).collect();
        labels.sort();
        let elsewhere: Vec<String> = charts.iter().filter_map(|chart| seen_elsewhere(chart, address)).collect();
        let reason = if elsewhere.is_empty() {
            msg!("NET003.reason")
        } else {
            msg!("NET003.reason_elsewhere", devices = names(&elsewhere))
        };
        findings.add(
            Subject::Address(address),
            Said {
                severity: Severity::Warning,
                device: devices.keys().next().copied(),
                title: msg!("NET003.title", devices = names(&labels), address = address),
                reason,
                remedy: msg!("NET003.remedy"),
                evidence: devices.into_values().collect(),
                rests_on: labels.into_iter().chain(elsewhere).collect(),
            },
        );
    }
}

/// Where a device really answers, if not at `address`: "CT-02 10.102.41.2".
fn seen_elsewhere(chart: &Chart<'_>, address: Ipv4Addr) -> Option<String> {
    let seen = chart.latest_sightings();
    if seen.iter().any(|seen| seen.address == address) {
        return None;
    }
    seen.first().map(|seen| format!("{} {}", chart.label(), seen.address))
}

fn answered_twice(known: &Known<'_>, findings: &mut Findings) {
    let mut answers: BTreeMap<(Ipv4Addr, domain::ImportId), BTreeMap<MacAddress, ObservationRef>> = BTreeMap::new();
    for row in known.of_kind(ObservationKind::Neighbour) {
        for binding in &row.observation.bindings {
            if let (Some(mac), Some(address)) = (binding.mac, binding.ipv4()) {
                answers.entry((address, row.at.import)).or_default().insert(mac, row.at);
            }
        }
    }
    for ((address, import), cards) in answers.into_iter().filter(|(_, cards)| cards.len() > 1) {
        let told: BTreeSet<String> = cards.keys().map(ToString::to_string).collect();
        let told: Vec<String> = told.into_iter().collect();
        let Some(imported) = known.world.import(import) else { continue };
        findings.add(
            Subject::Address(address),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("NET003.title_wire", address = address, macs = names(&told)),
                reason: msg!("NET003.reason_wire", date = known.day(imported.import.captured_at)),
                remedy: msg!("NET003.remedy_wire"),
                evidence: cards.into_values().collect(),
                rests_on: told,
            },
        );
    }
}
