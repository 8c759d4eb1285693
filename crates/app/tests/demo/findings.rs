//! What the round finds, rule by rule, and that it finds nothing else.

use super::answers::{
    guests, members, moved, not_seen, of_all, of_console, of_file, only_in_the_ledger,
    support_ends, unknown_devices, words,
};
use super::*;

/// Every finding of a round, by rule: the name of its device, or its subject where it speaks of no device.
fn found() -> BTreeMap<String, BTreeSet<String>> {
    let hospital = Hospital::demo();
    let names = hospital.names();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in hospital.found() {
        let subject = match finding.subject.strip_prefix("device:") {
            Some(id) => names[id].clone(),
            None => named(&finding.subject, &names),
        };
        let is_new = found.entry(finding.rule.clone()).or_default().insert(subject);
        assert!(is_new, "{} is told once", finding.key);
    }
    found
}

/// A subject with the name of its device in place of the id: `setting:VPN-01/policy/1`.
fn named(subject: &str, names: &BTreeMap<String, String>) -> String {
    let Some((kind, rest)) = subject.split_once(':') else { return subject.to_owned() };
    let named = rest.split_once('/').and_then(|(id, what)| Some((names.get(id)?, what)));
    named.map_or_else(|| subject.to_owned(), |(name, what)| format!("{kind}:{name}/{what}"))
}

/// The devices of the ledger that are still the hospital's, with their operating system as the ledger writes it.
fn systems() -> BTreeMap<String, String> {
    let hospital = Hospital::with([demo_file("ledger.xlsx")]);
    let listed =
        hospital.devices().into_iter().filter(|device| device.status.as_deref() != Some("retired"));
    let system = |device: &DeviceView| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{} {}", text(&device.os), text(&device.os_version))
    };
    listed.map(|device| (name(&device), system(&device))).collect()
}

/// The devices whose operating system's support ends on a day that `wanted` takes.
fn ending(wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let ends = support_ends();
    let ending = |system: &String| ends.get(system).is_some_and(|end| wanted(end));
    systems().into_iter().filter(|(_, system)| ending(system)).map(|(name, _)| name).collect()
}

fn must_be_found() -> Vec<(&'static str, BTreeSet<String>)> {
    let leases = of_file("dhcp-leases-windows.csv", "declined");
    assert_eq!(leases, 1, "10.100.11.99 is the one that was declined");
    vec![
        // Beyond the list of answers: the user of the L2TP dial-in has a password alone as well.
        ("ACC001", set(["setting:VPN-01/account/hosyu-g", "setting:Router/account/hosyu1"])),
        ("ACC002", set(["VPN-01"])),
        // Nobody signs in to the demo hospital.
        ("ACC003", set([])),
        (
            "AVP001",
            of_console("stale_ledger_hosts")
                .union(&of_console("stale_not_in_ledger"))
                .cloned()
                .collect(),
        ),
        ("AVP002", of_console("realtime_off")),
        ("AVP003", of_console("ledger_says_AV_but_not_in_console")),
        ("AVP004", of_console("in_console_not_in_ledger")),
        ("AVP005", of_console("old_engine")),
        ("AVP006", set([])),
        // Of the devices that are offline these were silent for more than 30 days (`also_acceptable`: HIS-44 for 65); NB-20 was
        // not, and EHR-TEST01 is in no ledger.
        ("AVP007", set(["HIS-44", "HIS-66", "PC-01"])),
        // Beyond the list of answers: the ledger's own word is "なし" for eleven devices.
        ("AVP008", set(["source:ledger/ledger"])),
        ("AVP009", set([])),
        // PACS has a warning only; EHR-DB failed on 14 and 15 November, and then succeeded.
        ("BKP001", set(["job:ehr-db", "job:pacs"])),
        ("BKP002", set(["job:pacs"])),
        // 416 days ago for EHR-DB. Beyond the list of answers: no test of PACS is on record at all.
        ("BKP003", set(["job:ehr-db", "job:pacs"])),
        ("BKP004", set([])),
        ("BKP005", set([])),
        ("CNX001", set(["setting:Router/dial_in/pp anonymous"])),
        ("CNX002", set(["setting:Router/tunnel/tunnel 11"])),
        ("CNX003", set(["setting:VPN-01/remote_access/ssl-vpn wan1"])),
        ("CNX004", set([])),
        (
            "FWU001",
            set([
                "setting:VPN-01/signature_database/virus-db",
                "setting:VPN-01/signature_database/extended-db",
                "setting:VPN-01/signature_database/ips-db",
            ]),
        ),
        ("FWU002", set([])),
        // 647 days (`uptime_days` of `router-yamaha-session.log`).
        ("FWU003", set(["Router"])),
        ("FWU004", set([])),
        ("FWU005", set([])),
        ("FWU006", set([])),
        // Beyond the list of answers: three columns of the ministry's example have gaps in the ledger. MNT-DX has no maker;
        // FILE-01, ESX-01 and ESX-02 no software; those three, AD-01 and AD-02 no software version.
        (
            "LED001",
            set([
                "field:ledger/ledger/maker",
                "field:ledger/ledger/software",
                "field:ledger/ledger/software_version",
            ]),
        ),
        ("LED002", set([])),
        ("LED003", set([])),
        ("LED004", set(["address:10.100.10.90", "address:10.100.10.254"])),
        ("LED005", only_in_the_ledger()),
        ("LED006", set([])),
        ("LED007", set([])),
        ("LED008", set([])),
        ("LED009", set([])),
        // Beyond the list of answers: the numbers that the samples of these three machines show are invented, and not the ledger's.
        ("LED010", set(["CORE-SW1", "Router", "VPN-01"])),
        ("LED011", set([])),
        ("LED012", set([])),
        ("LED013", set([])),
        ("LIF001", ending(|end| end <= "2026-11-20")),
        ("LIF002", ending(|end| "2026-11-20" < end && end <= "2027-11-20")),
        // Beyond the list of answers: DESKTOP-7Q2K9LM is in no ledger, and its console does not say which release it runs.
        ("LIF003", set(["field:ledger/ledger/os", "product:windows11pro"])),
        ("LIF004", older_releases()),
        ("LIF005", words(&of_file("ledger.xlsx", "vendor_eol_passed")).into_iter().collect()),
        ("LIF006", set([])),
        ("LIF007", set([])),
        // 198.51.100.1 is the provider's side of the firewall (`also_acceptable`).
        (
            "NET001",
            unknown_devices()
                .into_iter()
                .chain(guests())
                .chain(["198.51.100.1".to_owned()])
                .collect(),
        ),
        ("NET002", not_seen()),
        ("NET003", set(["address:10.102.41.1"])),
        // HIS-70's second address is that of the shared connection (`also_acceptable`).
        ("NET004", set(["HIS-70", "PACS-SV2", "RIS-01"])),
        ("NET005", members(&of_file("arp-his.txt", "mac_mismatch"), "host").into_iter().collect()),
        ("NET006", moved()),
        ("NET007", set(["OLD-07"])),
        ("NET008", (1..=6).map(|number| format!("PC-{number:02}")).collect()),
        ("NET009", set(["10.102.31.200", "10.102.41.252", "network:192.168.137.0/24"])),
        // The second was abandoned in the file of the wireless.
        ("NET010", set(["address:10.100.11.99", "address:172.20.90.63"])),
        ("NET011", set([])),
        ("NET012", set(["setting:Router/publication/nat 1000 2"])),
        ("NET013", set(["setting:VPN-01/admin_access/wan1"])),
        ("NET014", set(["setting:VPN-01/policy/policy 1"])),
        ("NET015", set(["port:CORE-SW1/Gi1/0/9"])),
        // `risky` of the scan, and the two it also accepts.
        ("NET016", set(["10.102.41.252", "10.102.41.77", "CT-01", "CT-02"])),
        ("NET017", set(["TE-03"])),
        ("NET018", set([])),
        ("SCN001", set([])),
        ("SCN002", set([])),
        ("VUL001", set([])),
        ("VUL002", set([])),
        ("VUL003", set([])),
        ("VUL004", set([])),
        ("VUL005", set([])),
        // The demo hospital never took any feeds in, so that nothing can be said of what its devices run.
        ("VUL006", set(["source:feeds"])),
    ]
}

/// Beyond the list of answers: software of which the ledger's devices run releases that differ (as the ministry's own example
/// shows it in rows 001 and 002). Each stands in the ledger; none comes from elsewhere.
fn older_releases() -> BTreeSet<String> {
    set([
        "product:j社/us-50/装置制御ソフト",
        "product:k社/cr-30/装置制御ソフト",
        "product:k社/dr-700/装置制御ソフト",
        "product:k社/px-2/装置制御ソフト",
        "product:n社/es-8/装置制御ソフト",
        "product:u社/bsm-3/装置制御ソフト",
        "product:u社/cns-9/装置制御ソフト",
        "product:u社/df-1/装置制御ソフト",
        "product:u社/ecg-2/装置制御ソフト",
        "product:v社/gw-1/gwソフト",
        "product:v社/ss-830/装置制御ソフト",
        "product:v社/te-281/装置制御ソフト",
        "product:w社/vn-7/装置制御ソフト",
        "product:x1社/dcs-1/装置制御ソフト",
        "product:〇〇電子カルテ",
    ])
}

#[test]
fn every_rule_finds_what_it_must_and_nothing_else() {
    let mut found = found();
    for (rule, must) in must_be_found() {
        assert_eq!(found.remove(rule).unwrap_or_default(), must, "{rule}");
    }
    assert!(found.is_empty(), "rules nobody expected anything of: {found:?}");
}

#[test]
fn every_rule_has_its_answers() {
    let catalogue = Catalogue::load(Language::En);
    let codes: Vec<String> = app::rules(&catalogue).into_iter().map(|rule| rule.code).collect();
    let answered: Vec<&str> = must_be_found().into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(codes, answered);
}

#[test]
fn as_many_are_out_of_support_as_were_counted() {
    let ended = of_file("ledger.xlsx", "os_support_ended_as_of_2026_11_20").as_u64().unwrap();
    // Two hypervisors and one firewall are beside the table the answer was counted with.
    assert_eq!(ending(|end| end <= "2026-11-20").len() as u64, ended + 3);
    let near = of_file("ledger.xlsx", "os_support_ends_within_6_months").as_u64().unwrap();
    assert_eq!(ending(|end| "2026-11-20" < end && end <= "2027-05-20").len() as u64, near);
    assert_eq!(ending(|end| "2026-11-20" < end && end <= "2027-11-20").len(), 61 + 4);
}

/// 103 without a date, less the firewall's two releases and the two hypervisors, which our table knows; of those 99 the 22 rows
/// that say "－" have no operating system.
#[test]
fn the_devices_of_which_nobody_knows_the_end_are_told_in_one_finding() {
    let counted = of_file("ledger.xlsx", "os_without_a_known_date").as_u64().unwrap();
    let hospital = Hospital::demo();
    let finding = hospital.found().into_iter().find(|finding| finding.rule == "LIF003").unwrap();
    assert_eq!(finding.evidence.len() as u64, counted - 4 - 22);
    assert_eq!(finding.severity, "unknown");
    let known = support_ends();
    let firewall = "ファームウェア v7.4.8";
    let without: Vec<String> = systems()
        .into_iter()
        .filter(|(_, system)| {
            !known.contains_key(system) && system != firewall && system != "－ －"
        })
        .map(|(name, _)| name)
        .collect();
    let places: BTreeSet<String> = finding.evidence.iter().map(|at| at.place.clone()).collect();
    let rows: BTreeSet<String> = without
        .iter()
        .map(|name| hospital.chart(name).device.declared["os"].place.clone())
        .collect();
    assert_eq!(places, rows);
}

#[test]
fn sentences_say_where_a_thing_really_is() {
    let hospital = Hospital::demo();
    hospital.round();
    let told = |rule: &str, device: &str, words: &[&str]| {
        let finding = hospital.finding(rule, device).unwrap_or_else(|| panic!("{rule} {device}"));
        let text = format!("{} {}", finding.title, finding.reason);
        assert!(words.iter().all(|word| text.contains(word)), "{rule} {device}: {text}");
    };
    for moved in of_file("arp-radiology.txt", "moved").as_array().unwrap() {
        let word = |key: &str| moved[key].as_str().unwrap();
        told("NET006", word("host"), &[word("ledger_ip"), word("seen_ip")]);
    }
    told("NET006", "PRN-03", &["10.100.70.3", "10.100.11.10"]);
    for changed in of_file("arp-his.txt", "mac_mismatch").as_array().unwrap() {
        let word = |key: &str| changed[key].as_str().unwrap();
        told("NET005", word("host"), &[word("ip"), word("ledger_mac"), word("seen_mac")]);
    }
    told("NET004", "PACS-SV2", &["10.102.41.243"]);
    told("NET004", "RIS-01", &["10.102.41.200"]);
    told("NET007", "OLD-07", &["10.100.10.107"]);
    let duplicate =
        hospital.standing().into_iter().find(|finding| finding.rule == "NET003").unwrap();
    let text = format!("{} {}", duplicate.title, duplicate.reason);
    assert!(
        ["CT-01", "CT-02", "10.102.41.1", "10.102.41.2"].iter().all(|word| text.contains(word)),
        "{text}"
    );
    let answer = of_all("duplicate address");
    assert_eq!(words(&answer["10.102.41.1"]), ["CT-01", "CT-02"]);
}

#[test]
fn what_is_not_there_is_never_said_to_be_gone() {
    let hospital = Hospital::demo();
    let silent: Vec<FindingView> =
        hospital.found().into_iter().filter(|f| f.rule == "NET002").collect();
    assert_eq!(silent.len(), 5);
    for finding in silent {
        assert_eq!(finding.severity, "notice", "{}", finding.title);
        assert!(!finding.title.contains("gone"), "{}", finding.title);
    }
}

#[test]
fn what_may_be_a_way_out_is_urgent_and_a_guests_phone_is_not() {
    let hospital = Hospital::demo();
    let found = hospital.found();
    let names = hospital.names();
    let severity = |wanted: &str| {
        let of =
            |f: &&FindingView| f.rule == "NET001" && names[f.device_id.as_ref().unwrap()] == wanted;
        found.iter().find(of).map(|finding| finding.severity.clone())
    };
    for router_or_board in ["10.102.31.200", "10.102.41.77", "10.102.41.252"] {
        assert_eq!(severity(router_or_board).as_deref(), Some("urgent"), "{router_or_board}");
    }
    for phone in ["192.168.137.23", "iPhone"] {
        assert_eq!(severity(phone).as_deref(), Some("notice"), "{phone}");
    }
}

#[test]
fn the_machines_that_looked_are_the_ledgers_own() {
    let hospital = Hospital::demo();
    for (address, device) in [
        ("10.100.10.70", "HIS-70"),
        ("192.168.137.1", "HIS-70"),
        ("10.104.61.1", "CMS-01"),
        ("10.102.31.1", "RIS-01"),
        ("10.102.41.200", "RIS-01"),
        // The card that answers for .254 in several networks is the core switch, not a conflict.
        ("10.102.31.254", "CORE-SW1"),
        ("10.102.41.254", "CORE-SW1"),
        ("10.100.10.254", "CORE-SW1"),
    ] {
        assert_eq!(hospital.id(address), hospital.id(device), "{address}");
    }
    assert_eq!(of_file("arp-me.txt", "self"), "CMS-01");
}

#[test]
fn every_device_is_known_once() {
    let hospital = Hospital::demo();
    let devices = hospital.devices();
    let retired =
        devices.iter().filter(|device| device.status.as_deref() == Some("retired")).count();
    // 300 in use and 12 retired; 9 that nobody lists, the 8 guests, and EHR-TEST01, which only the console remembers; HIS-90,
    // which only the address table knows, and the provider's side of the firewall.
    assert_eq!((devices.len(), retired), (300 + 12 + 9 + 8 + 1 + 1 + 1, 12));
    let numbers: BTreeSet<_> =
        devices.iter().filter_map(|device| device.asset_number.clone()).collect();
    assert_eq!(numbers.len(), 312);
    assert!(hospital.app.queue().unwrap().is_empty(), "nothing is left in doubt");
}
