//! Results of scanners.

use std::collections::BTreeSet;
use std::net::IpAddr;

use domain::{Completeness, Field, Observation, ObservationKind};
use formats::reading::Dated;
use jiff::civil::date;
use serde_json::{Value, json};

use super::{Check, Checks, Sample, read, value};

pub(super) const NMAP: Checks = &[
    ("hosts_up", Check::Count),
    ("note", Check::Holds(run_is_dated_by_its_start)),
    ("open_ports", Check::Count),
    ("risky", Check::Holds(risky)),
    ("unknown", Check::Is(unknown)),
    ("with_mac", Check::Count),
    ("without_mac", Check::Count),
];

pub(super) const NESSUS: Checks = &[
    ("cves", Check::Is(cves)),
    ("items", Check::Count),
    ("items_info", Check::Count),
    ("mac", Check::Note("the reader's own tests hold a host with two cards")),
    ("several_cve_tags", Check::Holds(several_numbers)),
];

pub(super) const OPENVAS: Checks = &[
    ("columns", Check::Is(columns)),
    ("findings", Check::Count),
    ("log_rows", Check::Count),
    ("time", Check::Holds(universal_time)),
];

fn hosts(sample: &Sample) -> impl Iterator<Item = &Observation> {
    sample.reading.observations.iter().filter(|seen| seen.kind == ObservationKind::ScanHost)
}

fn has_address(host: &Observation, address: &str) -> bool {
    host.bindings.iter().any(|binding| binding.address == address.parse().ok())
}

/// The start of the run, and the whole network; the scanning machine itself has no card here.
fn run_is_dated_by_its_start(sample: &Sample, _: &Value) {
    assert_eq!(sample.reading.dated, Some(Dated::Local(date(2026, 11, 20).at(9, 0, 0, 0))));
    let [look] = sample.reading.coverage.as_slice() else { panic!("one network") };
    assert_eq!(look.network.to_string(), "10.102.41.0/24");
    assert_eq!(look.completeness, Completeness::Scan);
    let own = hosts(sample).find(|host| has_address(host, "10.102.41.200")).unwrap();
    assert!(own.bindings.iter().all(|binding| binding.mac.is_none()));
}

fn risky(sample: &Sample, expected: &Value) {
    for entry in expected.as_array().unwrap() {
        let address = entry["ip"].as_str().unwrap();
        let host = hosts(sample).find(|host| has_address(host, address)).unwrap();
        let open: BTreeSet<&str> =
            host.facts.iter().filter(|f| f.field == Field::Service).map(|f| f.value).collect();
        for port in entry["ports"].as_array().unwrap() {
            assert!(open.contains(format!("tcp/{port}").as_str()), "{address} {port}");
        }
        let system = entry["os"].as_str().unwrap_or_default();
        assert!(value(host, Field::Os).contains(system), "{address}");
    }
}

/// Hosts of whom neither the card nor the address nor the name is declared anywhere.
fn unknown(sample: &Sample) -> Value {
    let readings = [read("demo-hospital/ledger.xlsx"), read("demo-hospital/ip-table.csv")];
    let rows: Vec<&Observation> =
        readings.iter().flat_map(|reading| &reading.observations).collect();
    let bindings = || rows.iter().flat_map(|row| &row.bindings);
    let is_known = |host: &Observation| {
        let name = value(host, Field::Hostname).to_lowercase();
        host.bindings.iter().any(|own| {
            bindings().any(|other| {
                own.mac.is_some() && own.mac == other.mac || own.address == other.address
            })
        }) || rows
            .iter()
            .any(|row| !name.is_empty() && value(row, Field::Hostname).to_lowercase() == name)
    };
    let unknown = hosts(sample).filter(|host| !is_known(host));
    let addresses: BTreeSet<IpAddr> = unknown
        .flat_map(|host| host.bindings.iter().filter_map(|binding| binding.address))
        .collect();
    addresses.iter().map(|address| json!(address.to_string())).collect()
}

fn cves(sample: &Sample) -> Value {
    let facts = sample.reading.observations.iter().flat_map(|said| said.facts.iter());
    let cves: BTreeSet<&str> =
        facts.filter(|fact| fact.field == Field::Cve).map(|fact| fact.value).collect();
    cves.into_iter().collect()
}

fn several_numbers(sample: &Sample, _: &Value) {
    let item = sample.with(Field::CheckId, "97833");
    assert_eq!(item.facts.iter().filter(|fact| fact.field == Field::Cve).count(), 2);
    assert_eq!(value(item, Field::ScanSeverity), "critical");
}

fn columns(sample: &Sample) -> Value {
    sample.reading.tables[0].columns.len().into()
}

fn universal_time(sample: &Sample, _: &Value) {
    let host = hosts(sample).next().unwrap();
    assert_eq!(value(host, Field::LastSeen), "2026-11-20T10:10:00");
    assert_eq!(value(host, Field::Os), "Windows 7");
}
