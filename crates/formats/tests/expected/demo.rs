//! The invented hospital's six files.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use domain::{AddressKind, Field, MacAddress, ObservationKind};
use serde_json::{Value, json};

use super::{Check, Checks, Sample, bare, names, read, shown, value};

pub(super) const ARP_HIS: Checks = &[
    ("gateway", Check::Holds(gateway)),
    ("language", LANGUAGE),
    ("mac_mismatch", Check::Holds(pairs_are_read)),
    ("not_seen_in_segment", Check::Together),
    (
        "not_seen_note",
        Check::Note("tells how NET002 must speak; the antivirus console is another family"),
    ),
    ("retired_but_alive", Check::Holds(pairs_are_read)),
    ("self_ip", Check::Is(first_own_address)),
    ("unknown", Check::Holds(unknown)),
];

pub(super) const ARP_ME: Checks = &[
    ("language", LANGUAGE),
    ("not_seen_in_segment", Check::Together),
    ("self", Check::Together),
    ("unknown", Check::Holds(unknown)),
];

pub(super) const ARP_RADIOLOGY: Checks = &[
    ("gateway_note", Check::Together),
    ("language", LANGUAGE),
    ("moved", Check::Holds(pairs_are_read)),
    ("not_seen_in_segment", Check::Together),
    ("same_mac_two_ips", Check::Holds(same_mac_two_addresses)),
    ("self", Check::Holds(own_addresses)),
    ("unknown", Check::Holds(unknown)),
];

const LANGUAGE: Check =
    Check::Note("a reading does not say its language: both give the same words");

pub(super) const IP_TABLE: Checks = &[
    ("duplicate_ip", Check::Is(duplicate_addresses)),
    ("in_ledger_with_fixed_ip_not_in_table", Check::Holds(only_in_the_ledger)),
    ("in_table_not_in_ledger", Check::Together),
    ("non_private", Check::Is(non_private)),
];

pub(super) const LEASES: Checks = &[
    ("ledger_dhcp_hosts_without_lease", Check::Holds(without_lease)),
    ("matched_to_ledger_by_mac", Check::Is(matched_by_mac)),
    ("not_a_mac", Check::Holds(bad_address_has_no_mac)),
    ("random_mac", Check::Is(random_macs)),
    ("reservation_note", Check::Together),
    ("unknown", Check::Holds(unknown_leases)),
];

pub(super) const LEDGER: Checks = &[
    ("by_category", Check::Is(by_category)),
    ("by_os", Check::Is(by_system)),
    ("class_III", Check::Is(class_three)),
    ("date_cells", Check::Holds(dates_are_read)),
    ("devices", Check::Is(devices_in_use)),
    ("dhcp", Check::Count),
    ("duplicate_ip", Check::Is(duplicate_addresses)),
    ("format", Check::Holds(is_a_ledger)),
    ("header_row", Check::Is(header_rows)),
    ("medical_devices_with_tokkan", Check::Is(special_maintenance)),
    ("non_private_ip", Check::Count),
    ("not_connected", Check::Count),
    ("os_support_ended_as_of_2026_11_20", Check::Together),
    ("os_support_ends_within_6_months", Check::Together),
    ("os_without_a_known_date", Check::Together),
    ("remote_maintenance", Check::Is(remote_maintenance)),
    ("sheets", Check::Is(sheets)),
    ("vendor_eol_passed", Check::Is(stated_end_passed)),
];

/// Every card and address that the ledger and the address table declare.
struct Declared {
    addresses: BTreeSet<IpAddr>,
    macs: BTreeSet<MacAddress>,
}

fn declared() -> Declared {
    let readings = [read("demo-hospital/ledger.xlsx"), read("demo-hospital/ip-table.csv")];
    let bindings: Vec<_> = readings
        .iter()
        .flat_map(|reading| reading.observations.iter().flat_map(|row| row.bindings.clone()))
        .collect();
    Declared {
        addresses: bindings.iter().filter_map(|binding| binding.address).collect(),
        macs: bindings.iter().filter_map(|binding| binding.mac).collect(),
    }
}

/// Cards and addresses of every observation of `kind`.
fn seen(sample: &Sample, kind: ObservationKind) -> BTreeSet<(IpAddr, MacAddress)> {
    let observations = sample.reading.observations.iter().filter(|seen| seen.kind == kind);
    let bindings = observations.flat_map(|seen| &seen.bindings);
    bindings.filter_map(|binding| Some((binding.address?, binding.mac?))).collect()
}

/// The pairs of a list of objects, with the address under `ip` or `seen_ip` and the card under `mac` or `seen_mac`.
fn pairs(expected: &Value) -> BTreeSet<(IpAddr, MacAddress)> {
    let either = |entry: &Value, one: &str, other: &str| {
        entry.get(one).or(entry.get(other)).and_then(Value::as_str).unwrap().to_owned()
    };
    let entries = expected.as_array().unwrap().iter();
    entries
        .map(|entry| {
            let (ip, mac) = (either(entry, "seen_ip", "ip"), either(entry, "seen_mac", "mac"));
            (ip.parse().unwrap(), mac.parse().unwrap())
        })
        .collect()
}

fn pairs_are_read(sample: &Sample, expected: &Value) {
    let read = seen(sample, ObservationKind::Neighbour);
    assert!(pairs(expected).is_subset(&read), "{} {expected}", sample.name);
}

/// Neighbours of whom neither the card nor the address is declared anywhere.
fn unknown(sample: &Sample, expected: &Value) {
    let declared = declared();
    let mut unknown = seen(sample, ObservationKind::Neighbour);
    unknown.retain(|(ip, mac)| !declared.addresses.contains(ip) && !declared.macs.contains(mac));
    assert_eq!(unknown, pairs(expected), "{}", sample.name);
}

fn gateway(sample: &Sample, expected: &Value) {
    let address: IpAddr = expected.as_str().unwrap().parse().unwrap();
    let read = seen(sample, ObservationKind::Neighbour);
    assert!(read.iter().any(|(ip, _)| *ip == address), "{}", sample.name);
}

fn own(sample: &Sample) -> Vec<String> {
    let mut observers =
        sample.reading.observations.iter().filter(|seen| seen.kind == ObservationKind::Observer);
    let own = observers.next().unwrap();
    assert!(observers.next().is_none(), "{}: one machine looked", sample.name);
    own.bindings.iter().filter_map(|own| own.address).map(|own| own.to_string()).collect()
}

fn first_own_address(sample: &Sample) -> Value {
    own(sample)[0].clone().into()
}

fn own_addresses(sample: &Sample, expected: &Value) {
    let expected: Vec<_> = expected.as_array().unwrap().iter().map(bare).collect();
    assert_eq!(own(sample), expected, "{}", sample.name);
}

fn same_mac_two_addresses(sample: &Sample, expected: &Value) {
    let mut of_card: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (ip, mac) in seen(sample, ObservationKind::Neighbour) {
        of_card.entry(mac.to_string()).or_default().push(ip.to_string());
    }
    of_card.retain(|_, addresses| addresses.len() > 1);
    let entries = expected.as_array().unwrap().iter();
    let expected: BTreeMap<String, Vec<String>> = entries
        .map(|entry| {
            let addresses = serde_json::from_value(entry["ips"].clone()).unwrap();
            (entry["mac"].as_str().unwrap().to_owned(), addresses)
        })
        .collect();
    assert_eq!(of_card, expected, "{}", sample.name);
}

fn duplicate_addresses(sample: &Sample) -> Value {
    let mut holders: BTreeMap<Ipv4Addr, Vec<&str>> = BTreeMap::new();
    for row in &sample.reading.observations {
        for address in row.bindings.iter().filter_map(domain::Binding::ipv4) {
            holders.entry(address).or_default().push(shown(row, Field::Hostname));
        }
    }
    holders.retain(|_, hosts| hosts.len() > 1);
    let told = sample.reading.counts.get("duplicate_addresses").copied();
    assert_eq!(told, Some(holders.len() as u64), "{}: each is told once", sample.name);
    holders.into_iter().map(|(ip, hosts)| (ip.to_string(), json!(hosts))).collect()
}

fn non_private(sample: &Sample) -> Value {
    let addresses = sample.reading.observations.iter().flat_map(|row| &row.bindings);
    let addresses = addresses.filter_map(domain::Binding::ipv4);
    addresses
        .filter(|address| AddressKind::of(*address) == AddressKind::Public)
        .map(|address| address.to_string())
        .collect()
}

fn only_in_the_ledger(sample: &Sample, expected: &Value) {
    let table: BTreeSet<IpAddr> = sample
        .reading
        .observations
        .iter()
        .flat_map(|row| row.bindings.iter().filter_map(|binding| binding.address))
        .collect();
    let ledger = read("demo-hospital/ledger.xlsx");
    let in_use = ledger.observations.iter().filter(|row| value(row, Field::Status) != "retired");
    let missing: BTreeSet<String> = in_use
        .filter(|row| row.bindings.iter().any(|b| b.address.is_some_and(|ip| !table.contains(&ip))))
        .map(|row| shown(row, Field::Hostname).to_owned())
        .collect();
    assert_eq!(missing, names(expected.as_array().unwrap()), "{}", sample.name);
}

fn lease_macs(sample: &Sample) -> BTreeSet<MacAddress> {
    seen(sample, ObservationKind::Lease).into_iter().map(|(_, mac)| mac).collect()
}

fn matched_by_mac(sample: &Sample) -> Value {
    lease_macs(sample).intersection(&declared().macs).count().into()
}

fn unknown_leases(sample: &Sample, expected: &Value) {
    let declared = declared();
    let leases = sample.reading.observations.iter().filter(|o| o.kind == ObservationKind::Lease);
    let unknown: Vec<Value> = leases
        .filter_map(|lease| {
            let (ip, mac) = (lease.bindings[0].address?, lease.bindings[0].mac?);
            let host = shown(lease, Field::Hostname);
            (!declared.macs.contains(&mac))
                .then(|| json!({ "ip": ip.to_string(), "mac": mac.to_string(), "host": host }))
        })
        .collect();
    assert_eq!(Value::from(unknown), *expected, "{}", sample.name);
}

fn random_macs(sample: &Sample) -> Value {
    lease_macs(sample).iter().filter(|mac| mac.is_local()).map(ToString::to_string).collect()
}

fn bad_address_has_no_mac(sample: &Sample, _: &Value) {
    let conflicts: Vec<_> = sample
        .reading
        .observations
        .iter()
        .filter(|seen| seen.kind == ObservationKind::AddressConflict)
        .collect();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].bindings[0].mac, None);
    assert_eq!(shown(conflicts[0], Field::Hostname), "");
}

fn without_lease(sample: &Sample, expected: &Value) {
    let leased = lease_macs(sample);
    let ledger = read("demo-hospital/ledger.xlsx");
    let dynamic =
        ledger.observations.iter().filter(|row| value(row, Field::Addressing) == "dynamic");
    let missing: BTreeSet<String> = dynamic
        .filter(|row| !row.bindings.iter().filter_map(|b| b.mac).any(|mac| leased.contains(&mac)))
        .map(|row| shown(row, Field::Hostname).to_owned())
        .collect();
    assert_eq!(missing, names(expected.as_array().unwrap()), "{}", sample.name);
}

/// The rows of devices that are still the hospital's.
fn in_use(sample: &Sample) -> impl Iterator<Item = &domain::Observation> {
    sample.reading.observations.iter().filter(|row| value(row, Field::Status) != "retired")
}

fn counted(words: impl Iterator<Item = String>) -> Value {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts.into_iter().map(|(word, count)| (word, Value::from(count))).collect()
}

fn devices_in_use(sample: &Sample) -> Value {
    in_use(sample).count().into()
}

fn by_category(sample: &Sample) -> Value {
    counted(in_use(sample).map(|row| shown(row, Field::Kind).to_owned()))
}

fn by_system(sample: &Sample) -> Value {
    let system = |row| format!("{} {}", shown(row, Field::Os), shown(row, Field::OsVersion));
    counted(in_use(sample).map(system))
}

fn class_three(sample: &Sample) -> Value {
    in_use(sample).filter(|row| value(row, Field::DeviceClass) == "III").count().into()
}

fn special_maintenance(sample: &Sample) -> Value {
    let medical = in_use(sample).filter(|row| value(row, Field::Kind) == "medical");
    medical.filter(|row| value(row, Field::SpecialMaintenance) == "yes").count().into()
}

fn remote_maintenance(sample: &Sample) -> Value {
    let stated = in_use(sample).map(|row| value(row, Field::RemoteMaintenance));
    stated.filter(|word| !matches!(*word, "" | "なし" | "無" | "－")).count().into()
}

fn stated_end_passed(sample: &Sample) -> Value {
    let passed = in_use(sample).filter(|row| {
        let end = value(row, Field::SupportEnd);
        !end.is_empty() && end <= "2026-11-20"
    });
    passed.map(|row| shown(row, Field::Hostname)).collect()
}

/// The entry names the container; a reading names what is in it.
fn is_a_ledger(sample: &Sample, expected: &Value) {
    assert_eq!((expected.as_str(), sample.reading.kind), (Some("xlsx"), "ledger-xlsx"));
}

fn sheets(sample: &Sample) -> Value {
    let taken: Vec<_> = sample.reading.tables.iter().map(|table| table.taken_as).collect();
    assert_eq!(taken, ["cover", "ledger", "ledger", "legend"]);
    sample.reading.tables.iter().filter_map(|table| table.sheet.clone()).collect()
}

fn header_rows(sample: &Sample) -> Value {
    let tables = sample.reading.tables.iter();
    let with =
        tables.filter_map(|table| Some((table.sheet.clone()?, Value::from(table.header_row?))));
    with.collect()
}

fn dates_are_read(sample: &Sample, _: &Value) {
    assert!(sample.reading.warnings.iter().all(|told| !told.message.key.starts_with("value.date")));
    let days = sample.reading.observations.iter().map(|row| value(row, Field::Registered));
    assert!(days.filter(|day| !day.is_empty()).all(|day| day.parse::<jiff::civil::Date>().is_ok()));
    assert!(in_use(sample).all(|row| !value(row, Field::Registered).is_empty()));
}
