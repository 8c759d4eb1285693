use domain::{ProductKind, SupportProduct};
use jiff::civil::date;
use proptest::proptest;

use super::*;

/// The rows these tests need, in the form of the shipped table: product, release, other names, editions, end.
///
/// `engine` does not know `reference`; that the shipped table has the same rows is tested where both meet.
const ROWS: &[(&str, &str, &str, &str, &str)] = &[
    ("Windows 11", "25H2", "26200 10.0.26200", "pro", "2027-10-12"),
    ("Windows 11", "25H2", "26200 10.0.26200", "enterprise", ""),
    ("Windows 11", "24H2", "26100 10.0.26100", "pro", "2026-10-13"),
    ("Windows 11", "24H2", "26100 10.0.26100", "enterprise", "2027-10-12"),
    ("Windows 11", "23H2", "22631 10.0.22631", "pro", "2025-11-11"),
    ("Windows 11", "23H2", "22631 10.0.22631", "enterprise", "2026-11-10"),
    ("Windows 10", "22H2", "19045 10.0.19045", "pro enterprise", "2025-10-14"),
    ("Windows 10", "1809", "17763 10.0.17763", "pro", "2020-11-10"),
    ("Windows 10", "1809", "17763 10.0.17763", "enterprise", "2021-05-11"),
    ("Windows 10", "LTSC 2021", "2021 21H2 19044 10.0.19044", "iot_ltsc", "2032-01-13"),
    ("Windows 10", "LTSC 2021", "2021 21H2 19044 10.0.19044", "ltsc", "2027-01-12"),
    ("Windows 10", "LTSC 2019", "2019 1809 17763 10.0.17763", "ltsc iot_ltsc", "2029-01-09"),
    ("Windows 10", "LTSB 2016", "2016 1607 14393 10.0.14393", "ltsc iot_ltsc", "2026-10-13"),
    ("Windows 8.1", "", "6.3 9600 6.3.9600", "pro enterprise", "2023-01-10"),
    ("Windows 8", "", "6.2 9200 6.2.9200", "pro enterprise", "2016-01-12"),
    ("Windows 7", "SP1", "7601 6.1.7601", "pro enterprise", "2020-01-14"),
    ("Windows XP", "SP3", "2600 5.1.2600", "pro", "2014-04-08"),
    ("Windows XP Embedded", "SP3", "2600 5.1.2600", "embedded", "2016-01-12"),
    ("Windows Embedded Standard 7", "SP1", "7601 6.1.7601", "embedded", "2020-10-13"),
    ("Windows CE", "6.0", "6", "", "2018-04-10"),
    ("Windows Embedded Compact 7", "", "7 7.0", "", "2021-04-13"),
    ("Windows Server 2008 R2", "SP1", "7601 6.1.7601", "", "2020-01-14"),
    ("Windows Server 2012", "", "6.2 9200 6.2.9200", "", "2023-10-10"),
    ("Windows Server 2012 R2", "", "6.3 9600 6.3.9600", "", "2023-10-10"),
    ("Windows Server 2016", "", "1607 14393 10.0.14393", "", "2027-01-12"),
    ("Windows Server 2019", "", "1809 17763 10.0.17763", "", "2029-01-09"),
    ("Windows Server 2022", "", "21H2 20348 10.0.20348", "", "2031-10-14"),
    ("Ubuntu", "20.04", "", "", "2025-05-31"),
    ("Red Hat Enterprise Linux", "7", "", "", "2024-06-30"),
    ("CentOS Linux", "7", "", "", "2024-06-30"),
    ("FortiOS", "7.4", "", "", "2028-11-11"),
    ("FortiOS", "7.0", "", "", "2025-09-30"),
    ("VMware ESXi", "7.0", "", "", "2025-10-02"),
];

const SPELLINGS: &[(&str, &str)] = &[
    ("Windows 11", "Win 11|LTSC"),
    ("Windows 10", "Win 10|LTSC|LTSB"),
    ("Windows 8.1", "Win 8.1|Windows 8|Win 8"),
    ("Windows 8", "Win 8"),
    ("Windows 7", "Win 7"),
    ("Windows XP", "Win XP|WinXP|XP"),
    ("Windows XP Embedded", "XP Embedded|Windows XP|Win XP|WinXP|XP"),
    ("Windows Embedded Standard 7", "Embedded Standard 7|Windows 7|Win 7"),
    ("Windows CE", "WinCE|Windows Embedded CE"),
    ("Windows Embedded Compact 7", "Windows CE|WinCE"),
    ("Red Hat Enterprise Linux", "RHEL"),
    ("CentOS Linux", "CentOS"),
    ("CentOS Stream", ""),
    ("FortiOS", "FortiGate"),
    ("VMware ESXi", "ESXi"),
];

const OPEN_ENDED: &[&str] = &[
    "Windows 11",
    "Red Hat Enterprise Linux",
    "CentOS Stream",
    "Ubuntu",
    "FortiOS",
    "VMware ESXi",
];

fn table() -> LifecycleTable {
    let mut table = LifecycleTable::default();
    for (product, release, aliases, editions, eos) in ROWS {
        if table.product(product).is_none() {
            table.products.push(a_product(product));
        }
        table.entries.push(an_entry(product, release, aliases, editions, eos));
    }
    table.products.push(a_product("CentOS Stream"));
    table
}

fn a_product(name: &str) -> SupportProduct {
    let spellings = SPELLINGS.iter().filter(|(product, _)| *product == name);
    let spellings = spellings.flat_map(|(_, text)| text.split('|')).map(str::to_owned);
    SupportProduct {
        name: name.into(),
        spellings: spellings.collect(),
        complete: !OPEN_ENDED.contains(&name),
    }
}

fn an_entry(
    product: &str,
    release: &str,
    aliases: &str,
    editions: &str,
    eos: &str,
) -> SupportEntry {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    SupportEntry {
        product: product.into(),
        release: release.into(),
        aliases: words(aliases),
        editions: words(editions),
        kind: if product == "FortiOS" { ProductKind::Network } else { ProductKind::Os },
        eol: None,
        eos: eos.parse().ok(),
        ended: false,
        extended: None,
        source: "test".into(),
        checked: None,
        verified: true,
        note: String::new(),
    }
}

#[test]
fn every_writing_of_one_release_finds_its_row() {
    use Sureness::{Exact, Likely};
    let table = table();
    for (os, version, label, sureness) in [
        ("Win10 22H2", "", "Windows 10 22H2", Exact),
        ("Ｗｉｎ１０　２２Ｈ２", "", "Windows 10 22H2", Exact),
        ("Windows 10 Pro", "22H2", "Windows 10 22H2", Exact),
        ("Windows10 Pro 64ビット", "22h2", "Windows 10 22H2", Exact),
        ("Microsoft Windows 10 Pro", "10.0.19045 N/A ビルド 19045", "Windows 10 22H2", Exact),
        ("10.0.19045", "", "Windows 10 22H2", Exact),
        ("Windows", "10.0.19045.3448", "Windows 10 22H2", Exact),
        ("Microsoft Windows [Version 10.0.19045.3448]", "", "Windows 10 22H2", Exact),
        ("Windows 11 Pro", "25H2", "Windows 11 25H2 (pro)", Exact),
        ("Windows 11 Pro", "10.0.26100", "Windows 11 24H2 (pro)", Exact),
        ("Windows 11 Enterprise 24H2", "", "Windows 11 24H2 (enterprise)", Exact),
        ("Windows 10 IoT\nLTSC 2019", "", "Windows 10 LTSC 2019", Exact),
        ("Windows 10 IoT Enterprise LTSC", "2019(1809)", "Windows 10 LTSC 2019", Exact),
        ("Windows 10 IoT Enterprise LTSC", "2021(21H2)", "Windows 10 LTSC 2021 (iot_ltsc)", Exact),
        ("Windows 10 Enterprise LTSC 2021", "", "Windows 10 LTSC 2021 (ltsc)", Exact),
        ("Windows 10 LTSC 2019", "", "Windows 10 LTSC 2019", Exact),
        ("LTSB2016", "", "Windows 10 LTSB 2016", Exact),
        ("Windows 10 Enterprise LTSB", "2016(1607)", "Windows 10 LTSB 2016", Exact),
        ("Windows 10 Enterprise", "1809", "Windows 10 1809 (enterprise)", Exact),
        ("Windows 8.1 Pro", "6.3", "Windows 8.1", Exact),
        ("Windows 8.1 Pro", "Update 1", "Windows 8.1", Exact),
        ("Windows 8 Pro 6.2", "", "Windows 8 ", Exact),
        ("Windows 8 Pro", "6.2", "Windows 8 ", Exact),
        ("Windows 7 Professional SP1", "", "Windows 7 SP1", Exact),
        ("Windows 7 Professional", "6.1.7601 Service Pack 1 ビルド 7601", "Windows 7 SP1", Exact),
        ("Windows 7 Pro", "", "Windows 7 SP1", Likely),
        ("Windows 7 Professional", "", "Windows 7 SP1", Likely),
        ("Windows XP Professional", "サービスパック3", "Windows XP SP3", Exact),
        ("XP Embedded", "", "Windows XP Embedded SP3", Likely),
        ("Windows XP Embedded", "SP3", "Windows XP Embedded SP3", Exact),
        ("Windows Embedded Standard 7", "", "Windows Embedded Standard 7 SP1", Likely),
        ("Windows 7 Embedded", "SP1", "Windows Embedded Standard 7 SP1", Exact),
        ("Windows CE", "6.0", "Windows CE 6.0", Exact),
        ("WinCE6.0", "", "Windows CE 6.0", Exact),
        ("Windows Server 2012 R2 Standard", "6.3.9600", "Windows Server 2012 R2", Exact),
        ("Windows Server 2012 Standard", "", "Windows Server 2012", Exact),
        ("Windows Server 2008 R2 Standard", "SP1", "Windows Server 2008 R2 SP1", Exact),
        ("Windows Server 2016 Standard", "1607", "Windows Server 2016", Exact),
        ("Windows Server 2019 Standard", "1809", "Windows Server 2019", Exact),
        ("Windows Server 2022 Standard", "21H2", "Windows Server 2022", Exact),
        ("10.0.20348", "", "Windows Server 2022", Exact),
        ("VMware ESXi", "7.0 U3", "VMware ESXi 7.0", Exact),
        ("ESXi 7.0.3", "", "VMware ESXi 7.0", Exact),
        ("Ubuntu 20.04", "", "Ubuntu 20.04", Exact),
        ("Ubuntu", "20.04.6 LTS", "Ubuntu 20.04", Exact),
        ("Red Hat Enterprise Linux", "7.9", "Red Hat Enterprise Linux 7", Exact),
        ("CentOS Linux 7.9.2009", "", "CentOS Linux 7", Exact),
        ("FortiOS", "7.4.8", "FortiOS 7.4", Exact),
    ] {
        let found = match_os(os, version, &table);
        let OsMatch::Matched { entry, sureness: how } = found else {
            panic!("{os} / {version}: {found:?}");
        };
        assert!(format!("{} ", entry.label()).starts_with(label), "{os}: {}", entry.label());
        assert_eq!(how, sureness, "{os} / {version}");
    }
}

#[test]
fn what_may_be_several_releases_has_no_date_but_a_question() {
    let table = table();
    for (os, version, count, question) in [
        ("Windows 11", "", 6, Question::ReleaseAndEdition),
        ("Windows11", "", 6, Question::ReleaseAndEdition),
        ("Win11 Pro", "", 3, Question::Release),
        ("Windows 11", "24H2", 2, Question::Edition),
        ("Ｗｉｎ１０", "", 7, Question::ReleaseAndEdition),
        ("Windows 10 Pro", "", 2, Question::Release),
        ("Windows 10 Pro", "1507", 2, Question::Release),
        ("Windows 10 LTSC", "", 4, Question::ReleaseAndEdition),
        ("Windows 10 LTSC 2021", "", 2, Question::Edition),
        ("Windows 10 IoT Enterprise", "1809", 2, Question::Edition),
        ("10.0.17763", "", 4, Question::Product),
        ("6.1.7601 Service Pack 1 ビルド 7601", "", 3, Question::Product),
        ("Win8", "", 2, Question::Product),
        ("Windows 7", "", 2, Question::Product),
        ("XP", "", 2, Question::Product),
        ("WinCE", "", 2, Question::Product),
        ("Windows XP Professional", "SP2", 1, Question::Release),
        ("VMware ESXi", "", 1, Question::Release),
    ] {
        let found = match_os(os, version, &table);
        if let OsMatch::Matched { sureness, .. } = found {
            assert_eq!((sureness, count), (Sureness::Likely, 1), "{os} / {version}");
            continue;
        }
        let OsMatch::Candidates { entries, question: asked, .. } = &found else {
            panic!("{os} / {version}: {found:?}");
        };
        assert_eq!((entries.len(), *asked), (count, question), "{os} / {version}: {entries:#?}");
        assert_eq!(found.eos(), None);
    }
}

#[test]
fn that_support_is_over_can_be_said_without_knowing_the_release() {
    let (table, today) = (table(), date(2026, 11, 20));
    for (os, version, latest, stage) in [
        ("Win7", "", Some(date(2020, 10, 13)), Stage::EndOfSupport),
        ("Windows 8", "", Some(date(2023, 1, 10)), Stage::EndOfSupport),
        ("XP", "", Some(date(2016, 1, 12)), Stage::EndOfSupport),
        ("WinCE", "5.0", Some(date(2021, 4, 13)), Stage::EndOfSupport),
        ("Windows 10 Pro", "1507", Some(date(2025, 10, 14)), Stage::EndOfSupport),
        ("Windows 11", "23H2", Some(date(2026, 11, 10)), Stage::EndOfSupport),
        ("Windows 11", "24H2", Some(date(2027, 10, 12)), Stage::Unknown),
        ("Windows 11", "25H2", None, Stage::Unknown),
        ("Windows 10", "", Some(date(2032, 1, 13)), Stage::Unknown),
        ("Windows 11", "", None, Stage::Unknown),
        ("Windows 11 Pro", "25H2", Some(date(2027, 10, 12)), Stage::Supported),
    ] {
        let found = match_os(os, version, &table);
        assert_eq!(found.latest_possible_end(), latest, "{os} / {version}");
        assert_eq!(found.stage(today), stage, "{os} / {version}");
    }
}

#[test]
fn what_the_table_does_not_know_stays_unknown() {
    let table = table();
    for (os, version) in [
        ("", ""),
        ("不明", ""),
        ("組込みLinux", "不明"),
        ("VxWorks", "6.9"),
        ("ファームウェア", "17.9.4"),
        ("Windows", ""),
        ("Windows 11 Pro", "29H2"),
        ("Windows 12", ""),
        ("Ubuntu", "26.04"),
        ("CentOS Stream", "8"),
        ("FortiOS", "8.0.1"),
        ("expert XPress", "3"),
        ("Windows 7.0", ""),
        ("Windows Server", ""),
    ] {
        assert_eq!(match_os(os, version, &table), OsMatch::Unknown, "{os} / {version}");
    }
}

#[test]
fn a_dash_says_that_there_is_no_operating_system() {
    let table = table();
    for (os, version) in [("－", "－"), ("-", ""), ("なし", ""), ("該当なし", "－"), ("N/A", "ー")]
    {
        assert_eq!(match_os(os, version, &table), OsMatch::NotApplicable, "{os} / {version}");
    }
    assert_eq!(match_os("", "－", &table), OsMatch::Unknown);
}

#[test]
fn firmware_is_named_by_its_machine() {
    let table = table();
    let matcher = OsMatcher::new(&table);
    let claim = |os, os_version, model| OsClaim { os, os_version, maker: "F社", model };
    for (claim, eos) in [
        (claim("ファームウェア", "v7.0.5", "FortiGate-60E"), Some(date(2025, 9, 30))),
        (claim("", "v7.4.8", "FortiGate 60F"), Some(date(2028, 11, 11))),
        (claim("ファームウェア", "v8.0.0", "FortiGate-60F"), None),
        (claim("ファームウェア", "不明", "FortiGate-60F"), None),
        (claim("ファームウェア", "Rev.15.02.31", "RTX830"), None),
        // A machine's name does not overrule a stated system, and a PC's model is no firmware.
        (claim("QNX", "7.0", "FortiGate-60F"), None),
        (claim("ファームウェア", "SP1", "Windows 7"), None),
    ] {
        assert_eq!(matcher.match_claim(claim).eos(), eos, "{claim:?}");
    }
}

#[test]
fn no_text_breaks_the_matcher() {
    let table = table();
    let matcher = OsMatcher::new(&table);
    let long = "Windows ".repeat(10_000);
    for os in [long.as_str(), "\u{0}", "ｳｨﾝﾄﾞｳｽﾞ", "10..0...", "８．１", "🖥 10", "é́"]
    {
        matcher.match_claim(OsClaim { os, os_version: os, maker: os, model: os });
    }
}

proptest! {
    #[test]
    fn any_two_cells_get_an_answer(os in "\\PC*", os_version in "[ -~０-９Ａ-Ｚｱ-ﾝ.]{0,40}") {
        match_os(&os, &os_version, &table());
    }
}
