//! The answers of `testdata/expected.json`, as names of devices.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{expected, set};

/// The three lists of neighbours.
const LISTS: [&str; 3] = ["arp-his.txt", "arp-me.txt", "arp-radiology.txt"];

/// One answer of one file of the demo.
pub(super) fn of_file(file: &str, key: &str) -> Value {
    expected()[format!("demo-hospital/{file}")][key].clone()
}

/// One answer of all files together.
pub(super) fn of_all(key: &str) -> Value {
    let answers = &expected()["_demo_cross_file"]["answers"][key];
    assert!(!answers.is_null(), "{key}");
    answers.clone()
}

/// The strings of a list, each before its explanation: `BD-01 (status 停止: expected)` says `BD-01`.
pub(super) fn words(list: &Value) -> Vec<String> {
    let texts = list.as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    texts.map(|text| text.split(" (").next().unwrap_or(text).to_owned()).collect()
}

/// What stands under `member` in each object of a list.
pub(super) fn members(list: &Value, member: &str) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|entry| entry[member].as_str().unwrap().to_owned())
        .collect()
}

/// Devices on the wire that nobody lists: by address, or by name where a lease names them.
pub(super) fn unknown_devices() -> BTreeSet<String> {
    let mut unknown: BTreeSet<String> =
        LISTS.iter().flat_map(|list| members(&of_file(list, "unknown"), "ip")).collect();
    unknown.extend(members(&of_file("dhcp-leases-windows.csv", "unknown"), "host"));
    unknown
}

/// The phones and notebooks that hold a lease of the guests' wireless, and that nobody lists: `dhcpd-wifi.leases` without TE-03.
pub(super) fn guests() -> BTreeSet<String> {
    let said = of_all("unknown devices on the wire (union of all inputs)");
    let said = words(&said);
    assert!(said.contains(&"172.20.90.x guests".to_owned()));
    assert!(said.contains(&"172.20.90.61 OFC-NOTE".to_owned()));
    set([
        "172.20.90.32",
        "172.20.90.35",
        "Android-2",
        "Galaxy-S24",
        "OFC-NOTE",
        "Pixel-9",
        "SAKURA-no-iPhone",
        "iPad",
    ])
}

/// The strings of one answer of the antivirus console.
pub(super) fn of_console(key: &str) -> BTreeSet<String> {
    words(&of_file("av-console.csv", key)).into_iter().collect()
}

/// Devices whose address lies in a network that was looked at, and that were not there: those that are stopped are expected to
/// be silent, US-03 was seen at another address, and HIS-05 and HIS-31 reported to the antivirus console that day.
pub(super) fn not_seen() -> BTreeSet<String> {
    let all = LISTS.iter().flat_map(|list| words(&of_file(list, "not_seen_in_segment")));
    let elsewhere = ["BD-01", "US-03 at its ledger address", "HIS-05", "HIS-31"];
    all.filter(|name| !elsewhere.contains(&name.as_str())).collect()
}

/// Devices that answer elsewhere than their ledger says. CT-02 is the answer to the duplicate address, and PRN-03 has a
/// reservation (`also_acceptable` of `moved`).
pub(super) fn moved() -> BTreeSet<String> {
    let moved = members(&of_file("arp-radiology.txt", "moved"), "host");
    moved.into_iter().chain(["PRN-03".to_owned()]).collect()
}

/// Fixed addresses that only the ledger knows: 27 devices.
pub(super) fn only_in_the_ledger() -> BTreeSet<String> {
    let mut names = set(["CAM-03", "LOG-02", "MNT-DX"]);
    for number in 1..=12 {
        names.insert(format!("AP-{number:02}"));
        names.insert(format!("ACC-SW{number:02}"));
    }
    let answer =
        &of_all("address table against ledger")["fixed address in the ledger but not in the table"];
    let written = set(["LOG-02", "CAM-03", "MNT-DX", "AP-01..AP-12", "ACC-SW01..ACC-SW12"]);
    assert_eq!(words(answer).into_iter().collect::<BTreeSet<_>>(), written);
    names
}

/// When the support of an operating system ends, by its name and version as the ledger writes them: the table the answers were
/// counted with, and the two rows beside it that our own table knows (`also_acceptable` of `ledger.xlsx`).
pub(super) fn support_ends() -> BTreeMap<String, String> {
    let table = expected()["_demo_cross_file"]["eol_table_used"].clone();
    let mut ends: BTreeMap<String, String> = serde_json::from_value(table).unwrap();
    ends.insert("VMware ESXi 7.0 U3".to_owned(), "2025-10-02".to_owned());
    ends.insert("ファームウェア v7.0.5".to_owned(), "2025-09-30".to_owned());
    ends
}
