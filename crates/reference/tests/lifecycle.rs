//! The shipped support dates, asked through the matcher of `engine`.

use domain::{LifecycleTable, ProductKind, Stage, SupportEntry};
use engine::lifecycle::{OsClaim, OsMatch, OsMatcher, Sureness};
use jiff::civil::{Date, date};
use reference::lifecycle::shipped;

/// The invented hospital's ledger of 20 November 2026: how many devices have which OS, OS version and model.
const DEMO_LEDGER: &[(usize, &str, &str, &str)] = &[
    (61, "Windows 11 Pro", "25H2", ""),
    (19, "Windows 11 Pro", "24H2", ""),
    (33, "Windows 10 Pro", "22H2", ""),
    (4, "Windows 8.1 Pro", "6.3", ""),
    (4, "Windows 8 Pro", "6.2", ""),
    (18, "Windows 7 Professional", "SP1", ""),
    (7, "Windows Server 2019 Standard", "1809", ""),
    (4, "Windows Server 2016 Standard", "1607", ""),
    (3, "Windows Server 2012 R2 Standard", "6.3.9600", ""),
    (1, "Windows Server 2008 R2 Standard", "SP1", ""),
    (3, "Windows Server 2022 Standard", "21H2", ""),
    (2, "VMware ESXi", "7.0 U3", ""),
    (20, "Windows 10 IoT Enterprise LTSC", "2019(1809)", ""),
    (4, "Windows 10 Enterprise LTSB", "2016(1607)", ""),
    (4, "Windows 10 IoT Enterprise LTSC", "2021(21H2)", ""),
    (3, "Windows XP Embedded", "SP3", ""),
    (2, "Windows XP Professional", "SP3", ""),
    (2, "Windows Embedded Standard 7", "SP1", ""),
    (28, "組込みLinux", "不明", ""),
    (5, "Windows CE", "6.0", ""),
    (16, "VxWorks", "6.9", ""),
    (22, "－", "－", ""),
    (2, "ファームウェア", "17.9.4", "C9300-24T"),
    (1, "ファームウェア", "17.9.4", "9800-L"),
    (12, "ファームウェア", "17.9.4", "AP-9115"),
    (12, "ファームウェア", "5.4.9-2.3", "AT-x230-28GT"),
    (1, "ファームウェア", "Rev.14.01.38", "RTX1210"),
    (1, "ファームウェア", "Rev.15.02.31", "RTX830"),
    (1, "ファームウェア", "Rev.10.01.71", "RTX1200"),
    (1, "ファームウェア", "Rev.11.01.34", "RTX810"),
    (1, "ファームウェア", "Rev.15.01.24", "NVR510"),
    (1, "ファームウェア", "v7.4.8", "FortiGate-60F"),
    (1, "ファームウェア", "v7.0.5", "FortiGate-60E"),
    (1, "ファームウェア", "不明", "不明"),
];

const TODAY: Date = date(2026, 11, 20);

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    ended: usize,
    ends_within_six_months: usize,
    without_date: usize,
    without_system: usize,
}

fn count(table: &LifecycleTable) -> Count {
    let matcher = OsMatcher::new(table);
    let mut count = Count::default();
    for &(devices, os, os_version, model) in DEMO_LEDGER {
        let found = matcher.match_claim(OsClaim { os, os_version, maker: "", model });
        match found.eos() {
            None => count.without_date += devices,
            Some(_) if found.stage(TODAY) == Stage::EndOfSupport => count.ended += devices,
            Some(eos) if eos < date(2027, 5, 20) => count.ends_within_six_months += devices,
            Some(_) => {}
        }
        if found == OsMatch::NotApplicable {
            count.without_system += devices;
        }
    }
    count
}

fn only(kinds: &[ProductKind]) -> LifecycleTable {
    let mut table = shipped().clone();
    table.entries.retain(|entry| kinds.contains(&entry.kind));
    table
}

#[test]
fn the_demo_ledger_has_300_devices() {
    assert_eq!(DEMO_LEDGER.iter().map(|(devices, ..)| devices).sum::<usize>(), 300);
}

#[test]
fn operating_systems_alone_give_the_counts_of_the_demo_ledger() {
    let expected =
        Count { ended: 98, ends_within_six_months: 4, without_date: 103, without_system: 22 };
    assert_eq!(count(&only(&[ProductKind::Os])), expected);
}

#[test]
fn firmware_and_hypervisors_add_the_devices_they_know() {
    let with_firmware = count(&only(&[ProductKind::Os, ProductKind::Network]));
    assert_eq!((with_firmware.ended, with_firmware.without_date), (99, 101));
    // What the program says: the shipped table has FortiOS 7.0 and 7.4, and ESXi 7.0.
    let all = count(shipped());
    assert_eq!((all.ended, all.ends_within_six_months, all.without_date), (101, 4, 99));
}

#[test]
fn each_system_of_the_demo_ledger_has_the_end_its_sources_state() {
    let matcher = OsMatcher::new(shipped());
    for (os, os_version, eos) in [
        ("Windows 11 Pro", "24H2", "2026-10-13"),
        ("Windows 10 Pro", "22H2", "2025-10-14"),
        ("Windows 8.1 Pro", "6.3", "2023-01-10"),
        ("Windows 8 Pro", "6.2", "2016-01-12"),
        ("Windows 7 Professional", "SP1", "2020-01-14"),
        ("Windows XP Professional", "SP3", "2014-04-08"),
        ("Windows XP Embedded", "SP3", "2016-01-12"),
        ("Windows CE", "6.0", "2018-04-10"),
        ("Windows 10 IoT Enterprise LTSC", "2019(1809)", "2029-01-09"),
        ("Windows 10 IoT Enterprise LTSC", "2021(21H2)", "2032-01-13"),
        ("Windows 10 Enterprise LTSB", "2016(1607)", "2026-10-13"),
        ("Windows Embedded Standard 7", "SP1", "2020-10-13"),
        ("Windows Server 2012 R2 Standard", "6.3.9600", "2023-10-10"),
        ("Windows Server 2016 Standard", "1607", "2027-01-12"),
        ("Windows Server 2019 Standard", "1809", "2029-01-09"),
        ("Windows Server 2022 Standard", "21H2", "2031-10-14"),
        ("Windows Server 2008 R2 Standard", "SP1", "2020-01-14"),
        ("Windows 11 Pro", "25H2", "2027-10-12"),
    ] {
        let found = matcher.match_claim(OsClaim { os, os_version, ..OsClaim::default() });
        assert_eq!(found.eos(), eos.parse().ok(), "{os} {os_version}: {found:?}");
        assert!(matches!(found, OsMatch::Matched { sureness: Sureness::Exact, .. }), "{os}");
    }
}

#[test]
fn what_other_hospital_papers_write_is_understood_too() {
    let matcher = OsMatcher::new(shipped());
    for (os, label, latest) in [
        ("Win10 22H2", Some("Windows 10 22H2 (pro, enterprise)"), Some("2025-10-14")),
        ("LTSB2016", Some("Windows 10 LTSB 2016 (ltsc, iot_ltsc)"), Some("2026-10-13")),
        (
            "Windows 10 IoT\nLTSC 2019",
            Some("Windows 10 LTSC 2019 (ltsc, iot_ltsc)"),
            Some("2029-01-09"),
        ),
        (
            "Windows 10 Enterprise LTSC 2021",
            Some("Windows 10 LTSC 2021 (ltsc)"),
            Some("2027-01-12"),
        ),
        ("Windows 11 Enterprise LTSC 2024", Some("Windows 11 LTSC 2024 (ltsc, iot_ltsc)"), None),
        ("Windows 11 Enterprise 25H2", Some("Windows 11 25H2 (enterprise)"), None),
        ("XP Embedded", Some("Windows XP Embedded SP3 (embedded)"), Some("2016-01-12")),
        ("Windows 7 Pro", Some("Windows 7 SP1 (pro, enterprise)"), Some("2020-01-14")),
        ("WinServer2019", Some("Windows Server 2019"), Some("2029-01-09")),
        ("Ubuntu 20.04 LTS", Some("Ubuntu 20.04"), Some("2025-05-31")),
        ("10.0.19045", Some("Windows 10 22H2 (pro, enterprise)"), Some("2025-10-14")),
        ("POSReady 7", Some("Windows Embedded POSReady 7 (embedded)"), Some("2021-10-12")),
        ("XP", None, Some("2016-01-12")),
        ("Win7", None, Some("2020-10-13")),
        ("Win8", None, Some("2023-01-10")),
        ("Windows CE", None, Some("2023-10-10")),
        ("Windows 10 LTSC", None, Some("2032-01-13")),
        ("Server2016", Some("Windows Server 2016"), Some("2027-01-12")),
        ("SQL Server 2016", None, None),
        ("CentOS Stream 8", None, None),
        ("Windows 11", None, None),
        ("Windows 11 25H2", None, None),
        ("Windows 11 LTSC 2027", None, None),
    ] {
        let found = matcher.match_claim(OsClaim { os, ..OsClaim::default() });
        assert_eq!(found.entry().map(SupportEntry::label).as_deref(), label, "{os}: {found:?}");
        let latest = latest.and_then(|text| text.parse().ok());
        assert_eq!(found.latest_possible_end(), latest, "{os}: {found:?}");
    }
}

#[test]
fn a_row_of_the_hospital_wins_over_the_shipped_one() {
    let own = "product,release,editions,eos,source\nWindows 11,25H2,enterprise,2028-10-10,営業の返事\nVxWorks,6.9,,2027-01-01,メーカーの返事\n";
    let table = shipped().clone().merge(reference::lifecycle::read(own).table);
    for (os, eos) in [
        ("Windows 11 Enterprise 25H2", date(2028, 10, 10)),
        ("Windows 11 Enterprise 10.0.26200", date(2028, 10, 10)),
        ("VxWorks 6.9", date(2027, 1, 1)),
    ] {
        assert_eq!(engine::lifecycle::match_os(os, "", &table).eos(), Some(eos), "{os}");
    }
}
