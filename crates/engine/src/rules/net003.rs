//! NET003: one address on two devices.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::Ipv4Addr;

use domain::{
    DeviceId, Field, ImportId, MacAddress, ObservationKind, ObservationRef, Severity, Status,
    Subject, msg,
};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known, fixed_addresses};

/// One finding for each address that two listed devices claim, or at which two cards answered on one day.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    declared_twice(known, findings);
    answered_twice(known, findings);
}

fn declared_twice(known: &Known<'_>, findings: &mut Findings) {
    let mut claims: BTreeMap<Ipv4Addr, BTreeMap<DeviceId, BTreeSet<ObservationRef>>> =
        BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        if row.observation.facts.value(Field::Status) == Some(Status::Retired.key()) {
            continue;
        }
        for address in fixed_addresses(&row.observation) {
            claims.entry(address).or_default().entry(chart.device.id).or_default().insert(row.at);
        }
    }
    for (at, chart) in known.registered() {
        for address in chart.fixed_addresses() {
            claims.entry(address).or_default().entry(chart.device.id).or_default().insert(at);
        }
    }
    for (address, devices) in claims.into_iter().filter(|(_, devices)| devices.len() > 1) {
        let charts: Vec<Chart<'_>> = devices.keys().filter_map(|id| known.chart(*id)).collect();
        let mut labels: Vec<String> = charts.iter().map(Chart::label).collect();
        labels.sort();
        let mut facts: Vec<String> = charts.iter().map(Chart::mark).collect();
        let mut told = Vec::new();
        for (chart, now) in
            charts.iter().filter_map(|chart| Some((chart, seen_elsewhere(chart, address)?)))
        {
            facts.push(format!("{} {now}", chart.mark()));
            told.push(format!("{}: {now}", chart.label()));
        }
        facts.sort();
        told.sort();
        let reason = if told.is_empty() {
            msg!("NET003.reason")
        } else {
            msg!("NET003.reason_elsewhere", devices = names(&told))
        };
        findings.add(
            Subject::Address(address),
            Said {
                severity: Severity::Warning,
                device: devices.keys().next().copied(),
                title: msg!("NET003.title", devices = names(&labels), address = address),
                reason,
                remedy: msg!("NET003.remedy"),
                evidence: devices.into_values().flatten().collect(),
                rests_on: facts,
            },
        );
    }
}

/// Where a device really answers, if not at `address`.
fn seen_elsewhere(chart: &Chart<'_>, address: Ipv4Addr) -> Option<Ipv4Addr> {
    let seen = chart.latest_sightings();
    if seen.iter().any(|seen| seen.address == address) {
        return None;
    }
    seen.first().map(|seen| seen.address)
}

/// The newest list in which two cards answer at an address speaks. An address that moves between routers answers beside its holder.
fn answered_twice(known: &Known<'_>, findings: &mut Findings) {
    let mut answers: Vec<((Ipv4Addr, ImportId), BTreeMap<MacAddress, ObservationRef>)> = Vec::new();
    let mut places: HashMap<(Ipv4Addr, ImportId), usize> = HashMap::new();
    for row in known.of_kind(ObservationKind::Neighbour) {
        for binding in &row.observation.bindings {
            let (Some(mac), Some(address)) = (binding.mac, binding.ipv4()) else { continue };
            if mac.is_virtual_router() {
                continue;
            }
            let seen = (address, row.at.import);
            let place = *places.entry(seen).or_insert_with(|| {
                answers.push((seen, BTreeMap::new()));
                answers.len() - 1
            });
            if let Some((_, cards)) = answers.get_mut(place) {
                cards.entry(mac).or_insert(row.at);
            }
        }
    }
    for ((address, import), cards) in answers.into_iter().filter(|(_, cards)| cards.len() > 1) {
        let told: Vec<String> = cards.keys().map(ToString::to_string).collect();
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
