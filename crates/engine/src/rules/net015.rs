//! NET015: several devices hang on one access port.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    DeviceId, DeviceKind, Field, ObservationKind, ObservationRef, Severity, Subject, msg,
};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known};
use crate::ports;
use crate::world::Recorded;

/// More devices than this on one port are another switch that does not say so, not a hub under a desk. This program's own choice.
const MOST_ON_A_HUB: usize = 8;

/// A port of a switch with what hangs on it.
#[derive(Default)]
struct Hanging<'k> {
    charts: BTreeMap<DeviceId, Chart<'k>>,
    vlans: BTreeSet<&'k str>,
    evidence: BTreeSet<ObservationRef>,
}

/// One finding for each port on which a few devices hang and no other switch or access point does.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let uplinks = uplinks(known);
    for ((switch, port), hanging) in hanging(known) {
        let few = (2..=MOST_ON_A_HUB).contains(&hanging.charts.len());
        if !few || uplinks.contains(&(switch, port.clone())) || is_bundle(&port) {
            continue;
        }
        // Several networks on one port are a trunk: another switch, an access point, a host of virtual machines.
        if hanging.vlans.len() > 1 {
            continue;
        }
        let unlisted = hanging.charts.values().filter(|chart| !chart.is_declared()).count();
        let servers = hanging.charts.values().all(|chart| chart.kind() == Some(DeviceKind::Server));
        // A telephone with a PC behind it, or a host of virtual machines, is as it should be.
        if servers || hanging.charts.len() == 2 && unlisted == 0 {
            continue;
        }
        let Some(on) = known.chart(switch) else { continue };
        let medical = hanging.charts.values().any(Chart::is_medical);
        let mut labels: Vec<String> = hanging.charts.values().map(Chart::label).collect();
        labels.sort();
        findings.add(
            Subject::Port(switch, port.clone()),
            Said {
                severity: if medical && unlisted > 0 {
                    Severity::Urgent
                } else {
                    Severity::Warning
                },
                device: Some(switch),
                title: msg!(
                    "NET015.title",
                    switch = on.label(),
                    port = port,
                    count = hanging.charts.len(),
                    devices = names(&labels)
                ),
                reason: match unlisted {
                    0 => msg!("NET015.reason"),
                    _ => msg!("NET015.reason_unlisted", count = unlisted),
                },
                remedy: if medical { msg!("NET015.remedy_medical") } else { msg!("NET015.remedy") },
                evidence: hanging.evidence.into_iter().collect(),
                rests_on: hanging.charts.values().map(Chart::mark).collect(),
            },
        );
    }
}

/// What hangs on each port, by switch and port.
fn hanging<'k>(known: &'k Known<'_>) -> BTreeMap<(DeviceId, String), Hanging<'k>> {
    let mut ports: BTreeMap<(DeviceId, String), Hanging<'k>> = BTreeMap::new();
    for (entry, switch) in known.on_switches(ObservationKind::PortEntry) {
        let port = port(entry);
        let Some(chart) = known.chart_of(entry.at).filter(|_| !port.is_empty()) else { continue };
        if chart.device.id == switch.device.id {
            continue;
        }
        let hanging = ports.entry((switch.device.id, port)).or_default();
        hanging.charts.insert(chart.device.id, chart);
        hanging.vlans.extend(entry.observation.facts.value(Field::Vlan));
        hanging.evidence.insert(entry.at);
    }
    ports
}

/// Ports at whose other end a switch, router or access point says that it is one.
fn uplinks(known: &Known<'_>) -> BTreeSet<(DeviceId, String)> {
    let links = known.on_switches(ObservationKind::LinkNeighbour).into_iter();
    links.map(|(link, switch)| (switch.device.id, port(link))).collect()
}

fn port(recorded: &Recorded) -> String {
    ports::short(recorded.observation.facts.value(Field::Port).unwrap_or_default())
}

/// A bundle of links goes to another switch or to a server.
fn is_bundle(port: &str) -> bool {
    let lower = port.to_ascii_lowercase();
    ["po", "lag", "trk", "sa", "bond", "cpu"].iter().any(|stem| {
        lower.strip_prefix(stem).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()))
    }) && !lower.starts_with("port1.")
}
