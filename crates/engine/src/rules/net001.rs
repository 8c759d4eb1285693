//! NET001: something is connected that nobody has listed.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{
    AddressKind, MacAddress, Network, ObservationKind, Severity, Subject, VendorRole, msg,
};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Chart, Known, fixed_addresses};

/// One finding for each device that was seen and that no ledger, table or reservation declares.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(is_unlisted) {
        let seen = chart.sightings();
        let (Some(first), Some(last)) = (seen.last(), seen.first()) else { continue };
        let days = (known.day(first.time), known.day(last.time));
        let macs: Vec<String> = chart.macs().map(|mac| mac.to_string()).collect();
        let mut addresses: Vec<String> = seen.iter().map(|seen| seen.address.to_string()).collect();
        addresses.sort();
        addresses.dedup();
        let label = chart.label();
        let title = if addresses.contains(&label) {
            msg!("NET001.title_nameless", addresses = names(&addresses))
        } else {
            msg!("NET001.title", device = label, addresses = names(&addresses))
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: severity(known, &chart),
                device: Some(chart.device.id),
                title,
                reason: reason(known, &chart, days),
                remedy: msg!("NET001.remedy"),
                evidence: chart.device.members.to_vec(),
                rests_on: macs.into_iter().chain(addresses).collect(),
            },
        );
    }
}

/// Whether the device was seen and nobody declares it. An address that moves between routers is no device.
pub(super) fn is_unlisted(chart: &Chart<'_>) -> bool {
    let virtual_only =
        chart.macs().next().is_some() && chart.macs().all(MacAddress::is_virtual_router);
    !chart.is_declared()
        && !virtual_only
        && chart.members().any(|(_, seen)| seen.kind.is_sighting())
}

/// Whether a tool that collects by itself lists it: then it is hardly a guest's telephone.
pub(super) fn is_in_a_tool(known: &Known<'_>, chart: &Chart<'_>) -> bool {
    chart
        .members()
        .any(|(at, seen)| seen.kind == ObservationKind::InventoryRow && known.world.in_force(at))
}

fn severity(known: &Known<'_>, chart: &Chart<'_>) -> Severity {
    let managed = is_in_a_tool(known, chart)
        || chart
            .members()
            .any(|(at, seen)| seen.kind == ObservationKind::ConsoleRow && known.world.in_force(at));
    if !managed && chart.macs().next().is_some() && chart.macs().all(MacAddress::is_local) {
        return Severity::Notice;
    }
    if is_providers(known, chart) {
        return Severity::Notice;
    }
    let opens_a_way = |role| {
        matches!(
            role,
            VendorRole::ConsumerRouter
                | VendorRole::Router
                | VendorRole::Firewall
                | VendorRole::SingleBoardComputer
                | VendorRole::WirelessAccessPoint
        )
    };
    if chart.macs().filter_map(|mac| known.role(mac)).any(opens_a_way) {
        Severity::Urgent
    } else {
        Severity::Warning
    }
}

/// Whether it looks like the other end of a line to the outside: its addresses are public ones (or stand for such, RFC 5737), in
/// networks in which no listed device has its place.
fn is_providers(known: &Known<'_>, chart: &Chart<'_>) -> bool {
    let outside = |address: Ipv4Addr| {
        matches!(AddressKind::of(address), AddressKind::Public | AddressKind::Documentation)
    };
    let networks: BTreeSet<Network> =
        chart.addresses().map(|(_, address)| Network::of(address, 24)).collect();
    !networks.is_empty()
        && chart.addresses().all(|(_, address)| outside(address))
        && !known.ledger_rows().any(|(row, _)| {
            fixed_addresses(&row.observation).any(|a| networks.contains(&Network::of(a, 24)))
        })
}

fn reason(known: &Known<'_>, chart: &Chart<'_>, (first, last): (Date, Date)) -> domain::Message {
    let Some(mac) = chart.macs().next() else {
        return msg!("NET001.reason", date = first, last = last);
    };
    if mac.is_local() {
        return msg!("NET001.reason_random", date = first, last = last, mac = mac);
    }
    match known.tables.vendors.vendor(mac) {
        Some(vendor) => {
            msg!("NET001.reason_vendor", date = first, last = last, mac = mac, vendor = vendor)
        }
        None => msg!("NET001.reason_mac", date = first, last = last, mac = mac),
    }
}
