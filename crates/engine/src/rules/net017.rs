//! NET017: a medical device is in a network for visitors.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DeviceId, MacAddress, Network, Severity, Subject, ZoneKind, msg};
use jiff::civil::Date;

use super::{Findings, Said, places};
use crate::known::{Chart, Known, Seen};

/// At so many telephones and tablets with random addresses, and at half of all that is there, a network looks like one for
/// visitors. This program's own choice.
const FEWEST_VISITORS: usize = 3;

/// One finding for each medical device whose last sighting is in a zone for visitors, or in a network that looks like one.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let looks_like = networks_of_visitors(known);
    for chart in known.charts().filter(Chart::is_medical) {
        for seen in chart.latest_sightings() {
            let network = Network::of(seen.address, 24);
            let zone = known.zone_of(seen.address);
            let is_guest = zone.is_some_and(|zone| zone.kind == ZoneKind::Guest);
            if is_guest || zone.is_none() && looks_like.contains(&network) {
                findings
                    .add(Subject::Device(chart.device.id), said(known, &chart, &seen, is_guest));
            }
        }
    }
}

fn said(known: &Known<'_>, chart: &Chart<'_>, seen: &Seen, is_guest: bool) -> Said {
    let network = Network::of(seen.address, 24);
    let reason = match is_guest {
        true => msg!("NET017.reason", date = known.day(seen.time)),
        false => msg!("NET017.reason_looks", date = known.day(seen.time), network = network),
    };
    Said {
        severity: Severity::Urgent,
        device: Some(chart.device.id),
        title: msg!("NET017.title", device = chart.label(), address = seen.address),
        reason,
        remedy: msg!("NET017.remedy"),
        evidence: places([seen]),
        rests_on: vec![seen.address.to_string()],
    }
}

/// Networks in which devices with random addresses are many.
fn networks_of_visitors(known: &Known<'_>) -> BTreeSet<Network> {
    let mut holders: BTreeMap<Network, BTreeMap<DeviceId, bool>> = BTreeMap::new();
    for chart in known.charts() {
        let random = chart.macs().next().is_some() && chart.macs().all(MacAddress::is_local);
        for seen in chart.latest_sightings() {
            let network = Network::of(seen.address, 24);
            holders.entry(network).or_default().insert(chart.device.id, random);
        }
    }
    let visited = |holders: &BTreeMap<DeviceId, bool>| {
        let random = holders.values().filter(|random| **random).count();
        random >= FEWEST_VISITORS && random * 2 >= holders.len()
    };
    holders.into_iter().filter(|(_, of)| visited(of)).map(|(network, _)| network).collect()
}
