//! What every sample of our families must read as: `testdata/expected.json`, key for key.
//!
//! Every key of every entry has a check, or stands in the table of its file as answered by the rules or as a note, with why.
//! A key that nobody knows fails, so that nothing is passed over in silence.

mod backups;
mod checks;
mod consoles;
mod demo;
mod leases;
mod ledgers;
mod lists;
mod messy;
mod network;
mod scans;
mod windows;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use domain::{Field, Observation};
use formats::reading::{Input, Reading};
use formats::registry;
use serde_json::{Map, Value};

/// How one key of one entry is held against the reading.
#[derive(Clone, Copy)]
enum Check {
    /// The reading's figure of the same word, in `counts`.
    Count,
    /// The reading's figure of the same word, in `skipped`.
    Skipped,
    /// What the reading says must equal the value.
    Is(fn(&Sample) -> Value),
    /// Asserts by itself, where the value holds prose beside the figures.
    Holds(fn(&Sample, &Value)),
    /// Several files together answer it: `crates/app/tests/demo/`.
    Together,
    /// No answer, for this reason.
    Note(&'static str),
}

/// The checks of some keys.
type Checks = &'static [(&'static str, Check)];

/// One entry of `expected.json`, and what was read of its file.
struct Sample {
    name: String,
    path: String,
    expected: Map<String, Value>,
    reading: Reading,
}

impl Sample {
    fn read(name: &str, path: String, expected: &Value) -> Self {
        let expected = expected.as_object().unwrap().clone();
        Self { name: name.to_owned(), reading: read(&path), path, expected }
    }

    fn check(&self, key: &str) -> Option<Check> {
        let of_file = FILES.iter().find(|(name, _)| *name == self.name).map(|(_, checks)| *checks);
        let tables = [of_file.unwrap_or_default(), checks::GENERAL];
        let found = tables.iter().flat_map(|checks| checks.iter()).find(|(known, _)| *known == key);
        found.map(|(_, check)| *check)
    }

    fn hold(&self, key: &str, value: &Value) {
        let at = format!("{} {key}", self.name);
        let check = self.check(key).unwrap_or_else(|| panic!("{at}: nobody checks this"));
        let figure = |figure: Option<&u64>| Value::from(figure.copied().unwrap_or_default());
        match check {
            Check::Count => assert_eq!(figure(self.reading.counts.get(key)), *value, "{at}"),
            Check::Skipped => assert_eq!(figure(self.reading.skipped.get(key)), *value, "{at}"),
            Check::Is(actual) => assert_eq!(actual(self), *value, "{at}"),
            Check::Holds(assert) => assert(self, value),
            Check::Together => {}
            Check::Note(why) => assert!(!why.is_empty(), "{at}: a note needs its reason"),
        }
    }

    /// The observation whose `field` is written so.
    fn with(&self, field: Field, shown: &str) -> &Observation {
        let is =
            |seen: &&Observation| seen.facts.get(field).is_some_and(|fact| fact.shown() == shown);
        let found = self.reading.observations.iter().find(is);
        found.unwrap_or_else(|| panic!("{}: no {} {shown}", self.name, field.key()))
    }

    /// Everything told of one row, by key.
    fn told(&self, row: u32) -> Vec<&str> {
        let here = self.reading.warnings.iter().filter(|warning| warning.place.row == row);
        here.map(|warning| &*warning.message.key).collect()
    }
}

fn testdata(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(path)
}

fn read(path: &str) -> Reading {
    let bytes = fs::read(testdata(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    // The name must not help: files are known by what is in them.
    registry::read(&Input { name: "renamed.dat", bytes: &bytes, mapping: None, machine: None })
        .unwrap_or_else(|refusal| panic!("{path}: {refusal:?}"))
}

fn expected() -> Map<String, Value> {
    let text = fs::read_to_string(testdata("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The value of a fact; empty where it is not stated.
fn value(observation: &Observation, field: Field) -> &str {
    observation.facts.value(field).unwrap_or_default()
}

/// The fact as the document wrote it; empty where it is not stated.
fn shown(observation: &Observation, field: Field) -> &str {
    observation.facts.get(field).map_or("", |fact| fact.shown())
}

/// The text before the explanation in brackets: `2014-10 (day unknown 吉日)` says `2014-10`.
fn bare(value: &Value) -> &str {
    let text = value.as_str().unwrap_or_default();
    text.split_once(" (").map_or(text, |(bare, _)| bare)
}

/// The words of `VIEW-01, AP-01..AP-03`, with every name of a run.
fn names<'a>(values: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in values.into_iter().map(|value| value.as_str().unwrap()) {
        let Some((first, last)) = text.split_once("..") else {
            names.insert(text.to_owned());
            continue;
        };
        let digits = first.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (stem, from) = first.split_at(first.len() - digits);
        let to: u32 = last[last.len() - digits..].parse().unwrap();
        let run = from.parse::<u32>().unwrap()..=to;
        names.extend(run.map(|number| format!("{stem}{number:0digits$}")));
    }
    names
}

/// Where a sample of our families stands here, by its folder in `expected.json`.
fn home(name: &str) -> String {
    let (folder, file) = name.rsplit_once('/').unwrap();
    match folder {
        "formats/windows" if !file.starts_with("arp") && !file.starts_with("get-netn") => {
            format!("windows/{file}")
        }
        "formats/unix" | "formats/windows" => format!("neighbours/{file}"),
        "demo-hospital" => name.to_owned(),
        other => format!("{}/{file}", other.trim_start_matches("formats/")),
    }
}

/// Files of other families: no reader takes them yet.
const OTHERS: &[&str] = &["formats/feeds/"];

/// The checks that only one file needs, or needs in another way than the others.
const FILES: &[(&str, Checks)] = &[
    ("demo-hospital/arp-his.txt", demo::ARP_HIS),
    ("demo-hospital/arp-me.txt", demo::ARP_ME),
    ("demo-hospital/arp-radiology.txt", demo::ARP_RADIOLOGY),
    ("demo-hospital/av-console.csv", consoles::DEMO),
    ("demo-hospital/backup-sessions.csv", backups::DEMO),
    ("demo-hospital/core-switch-session.log", network::CORE_SWITCH),
    ("demo-hospital/dhcp-leases-windows.csv", demo::LEASES),
    ("demo-hospital/dhcpd-wifi.leases", leases::ISC),
    ("demo-hospital/ip-table.csv", demo::IP_TABLE),
    ("demo-hospital/ledger.xlsx", demo::LEDGER),
    ("formats/antivirus/agents-without-date.csv", consoles::WITHOUT_DATE),
    ("formats/antivirus/apexcentral-pattern-status.csv", consoles::APEX),
    ("formats/antivirus/defender-endpoint-devices.csv", consoles::DEFENDER),
    ("formats/antivirus/eset-protect-computers.csv", consoles::ESET),
    ("demo-hospital/nmap-radiology.xml", scans::NMAP),
    ("demo-hospital/router-yamaha-session.log", network::ROUTER),
    ("demo-hospital/vpn-fortigate-status.log", network::FIREWALL_STATUS),
    ("demo-hospital/vpn-fortigate.conf", network::FIREWALL),
    ("formats/assets/ad-computers.csv", lists::AD),
    ("formats/assets/asset-tool-a-ja.csv", lists::TOOL_A),
    ("formats/assets/asset-tool-b-ja.csv", lists::TOOL_B),
    ("formats/assets/intune-devices.csv", lists::INTUNE),
    ("formats/assets/netbox-devices.csv", lists::NETBOX),
    ("formats/assets/snipeit-assets.csv", lists::SNIPEIT),
    ("formats/backup/job-log-ja.csv", backups::JOB_LOG),
    ("formats/backup/wbadmin-get-versions-ja.txt", backups::WBADMIN),
    ("formats/dhcp/dhcp-mmc-export-ja.txt", lists::MMC),
    ("formats/dhcp/dnsmasq.leases", leases::DNSMASQ),
    ("formats/dhcp/kea-leases4.csv", leases::KEA),
    ("formats/ledgers/ledger-unicode-text.txt", ledgers::UNICODE_TEXT),
    ("formats/ledgers/me-ledger.xlsx", ledgers::ME),
    ("formats/ledgers/messy-ledger.csv", ledgers::MESSY_CSV),
    ("formats/ledgers/messy-ledger.xlsx", messy::MESSY),
    ("formats/ledgers/mhlw-example.csv", ledgers::MINISTRY),
    ("formats/network/allied-show-system.txt", network::ALLIED_SYSTEM),
    ("formats/network/cisco-show-mac-address-table.txt", network::MAC_TABLE),
    ("formats/network/fortigate-dhcp-lease-list.txt", leases::FORTIGATE),
    ("formats/network/hp-procurve-show-arp.txt", lists::PROCURVE),
    ("formats/network/yamaha-show-ip-route.txt", network::ROUTES),
    ("formats/network/yamaha-show-status-dhcp.txt", leases::YAMAHA),
    ("formats/scanners/arp-scan.txt", lists::ARP_SCAN),
    ("formats/scanners/openvas.csv", scans::OPENVAS),
    ("formats/scanners/sample.nessus", scans::NESSUS),
    ("formats/scanners/ping-sweep-ja.txt", windows::PING),
    ("formats/unix/arp-a-macos.txt", lists::MACOS),
    ("formats/unix/arp-an-linux.txt", lists::LINUX),
    ("formats/windows/get-hotfix.csv", windows::HOTFIX_CSV),
    ("formats/windows/get-mpcomputerstatus.json", windows::DEFENDER_JSON),
    ("formats/windows/get-mpcomputerstatus.txt", windows::DEFENDER_LIST),
    ("formats/windows/getmac-v-ja.csv", windows::GETMAC),
    ("formats/windows/ipconfig-all-ja.txt", windows::IPCONFIG),
    ("formats/windows/ipconfig-all-win7-ja.txt", windows::IPCONFIG_7),
    ("formats/windows/netstat-ano-ja.txt", windows::NETSTAT),
    ("formats/windows/systeminfo-en.txt", windows::SYSTEMINFO_EN),
    ("formats/windows/systeminfo-ja.csv", windows::SYSTEMINFO_CSV),
    ("formats/windows/systeminfo-ja.txt", windows::SYSTEMINFO),
];

/// Second readings that `also_acceptable` allows: which one is ours, and where that is held.
const SECOND_READINGS: &[(&str, &str, &str)] = &[
    (
        "demo-hospital/av-console.csv",
        "stale_ledger_hosts",
        "first: judged by the pattern's date; when it was seen last is a fact of its own",
    ),
    (
        "demo-hospital/core-switch-session.log",
        "mac_dynamic",
        "first: one entry for each card and VLAN; the port is the same",
    ),
    (
        "demo-hospital/router-yamaha-session.log",
        "port_forward",
        "second: the router's own port is listed as well",
    ),
    (
        "demo-hospital/dhcp-leases-windows.csv",
        "active",
        "first: a reservation in use is counted apart",
    ),
    (
        "demo-hospital/dhcp-leases-windows.csv",
        "reservation_note",
        "second: PRN-03 is shown as moved (NET006), in the demo test",
    ),
    (
        "demo-hospital/dhcpd-wifi.leases",
        "active_unique",
        "first: what the server says; each lease carries its end, so both facts can be shown",
    ),
    (
        "demo-hospital/ledger.xlsx",
        "os_support_ended_as_of_2026_11_20",
        "second: 101 with FortiOS and ESXi, in the demo test",
    ),
    (
        "demo-hospital/ledger.xlsx",
        "os_without_a_known_date",
        "second: fewer, since the table knows firmware; `－` shown apart, in the demo test",
    ),
    (
        "demo-hospital/nmap-radiology.xml",
        "risky",
        "both: every open port is read, and the rules say which of them are a risk",
    ),
    (
        "formats/antivirus/agents-without-date.csv",
        "lagging",
        "both: the reading gives the numbers, and the rule says how far behind is too far",
    ),
    (
        "formats/dhcp/kea-leases4.csv",
        "unique",
        "first: the deleted row is an address that the file speaks of; it is counted as expired",
    ),
    (
        "formats/ledgers/me-ledger.xlsx",
        "inspection_overdue_as_of_2026_11_20",
        "first: a device without a date is not overdue",
    ),
    ("formats/ledgers/messy-ledger.csv", "devices", "first: nobody has answered yet"),
    (
        "formats/windows/ipconfig-all-win7-ja.txt",
        "adapters",
        "first: the tunnel is counted among the adapters, and left out of the cards",
    ),
    (
        "formats/ledgers/messy-ledger.xlsx",
        "blank_rows",
        "first: rows above the header are not the table's",
    ),
    ("formats/ledgers/messy-ledger.xlsx", "devices", "first: two cards in one machine"),
];

#[test]
fn every_sample_reads_as_expected_key_for_key() {
    let mut read = 0;
    for (name, entry) in expected() {
        let is_other = OTHERS.iter().any(|other| name.starts_with(other));
        if is_other || name.starts_with('_') {
            continue;
        }
        let sample = Sample::read(&name, home(&name), &entry);
        for (key, value) in &sample.expected {
            if key != "also_acceptable" {
                sample.hold(key, value);
            }
        }
        read += 1;
    }
    assert_eq!(read, 74);
}

#[test]
fn every_second_reading_is_decided_on() {
    let ours =
        |name: &str| !OTHERS.iter().any(|other| name.starts_with(other)) && !name.starts_with('_');
    let mut allowed = BTreeSet::new();
    for (name, entry) in expected().into_iter().filter(|(name, _)| ours(name)) {
        let second = entry["also_acceptable"].as_object();
        allowed.extend(second.into_iter().flatten().map(|(key, _)| (name.clone(), key.clone())));
    }
    let decided: BTreeSet<_> = SECOND_READINGS
        .iter()
        .map(|(name, key, _)| ((*name).to_owned(), (*key).to_owned()))
        .collect();
    assert_eq!(decided, allowed);
}

#[test]
fn no_table_of_checks_names_a_file_or_key_that_is_not_there() {
    let expected = expected();
    for (name, checks) in FILES {
        let entry = expected.get(*name).unwrap_or_else(|| panic!("{name} is not in expected.json"));
        for (key, _) in *checks {
            assert!(entry.get(*key).is_some(), "{name} has no {key}");
        }
    }
}
