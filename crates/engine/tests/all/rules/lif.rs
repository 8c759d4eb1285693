//! LIF: how long things are supported. The tables are those of `testkit::shelf`.

use super::{TODAY, check, found, silent, values};

fn row(words: &str) -> String {
    format!("ledger 台帳 2026-11-01\n 0001 host=PC-01 {words}")
}

#[test]
fn lif001_says_that_support_has_ended_from_the_first_day_without() {
    let newest = row("os=NewOS os_version=24H2");
    check("LIF001", &newest, "2026-11-19", "");
    check("LIF001", &newest, "2026-11-20", "PC-01 (0001) warning title reason remedy");
    check("LIF001", &newest, "2030-01-01", "PC-01 (0001) warning title reason remedy");
}

#[test]
fn lif001_tells_what_is_certain_whichever_release_it_is() {
    let old = row("os=OldOS");
    check("LIF001", &old, TODAY, "PC-01 (0001) warning title_latest reason_latest remedy");
    assert_eq!(
        values("LIF001", &old, TODAY),
        "device=PC-01 (0001); os=OldOS; date=2020-01-14; os=OldOS; date=2020-01-14; source=table of OldOS"
    );
}

#[test]
fn lif001_speaks_of_a_medical_device_in_its_own_words() {
    for medical in ["kind=medical", "device_class=III", "special_maintenance=yes"] {
        check(
            "LIF001",
            &row(&format!("os=OldOS {medical}")),
            TODAY,
            "PC-01 (0001) warning title_latest reason_latest remedy_medical",
        );
    }
    check(
        "LIF001",
        &row("os=OldOS special_maintenance=no"),
        TODAY,
        "PC-01 (0001) warning title_latest reason_latest remedy",
    );
}

#[test]
fn lif001_marks_a_date_that_nobody_compared_with_its_source() {
    let said = values("LIF001", &row("os=NewOS os_version=19H2"), TODAY);
    assert!(said.ends_with("source=table of NewOS, [lifecycle.unverified]"), "{said}");
    let said = values("LIF001", &row("os=NewOS os_version=24H2"), TODAY);
    assert!(said.ends_with("source=table of NewOS"), "{said}");
}

#[test]
fn lif_speaks_of_machines_that_no_ledger_lists() {
    for (document, row) in [
        ("host PC-09 2026-11-18", "host=PC-09 ip=10.1.1.9"),
        ("scan nmap 2026-11-18", "10.1.1.9 host=PC-09"),
        ("console av 2026-11-18", "host=PC-09 last_seen=2026-11-17"),
        ("inventory tool 2026-11-18", "host=PC-09"),
    ] {
        let seen = |os: &str| format!("{document}\n {row} {os}");
        check("LIF001", &seen("os=OldOS"), TODAY, "PC-09 warning title_seen reason_seen remedy");
        check(
            "LIF002",
            &seen("os=NewOS os_version=25H2"),
            TODAY,
            "PC-09 notice title_seen reason remedy",
        );
        check(
            "LIF003",
            &seen("os=SomeOS"),
            TODAY,
            "product:someos unknown title_seen reason_seen remedy_seen",
        );
        let listed = format!(
            "{}\nledger 台帳 2026-11-01\n 0009 host=PC-09 ip=10.1.1.9 os=－",
            seen("os=OldOS")
        );
        silent("LIF001", &[("the ledger has the word", &listed)]);
    }
    let gone = "ledger 台帳 2026-11-01\n 0009 host=PC-09 ip=10.1.1.9 status=retired\nconsole av 2026-11-18\n host=PC-09 os=OldOS";
    let forgotten = "console av 2026-11-18\n host=PC-09 os=OldOS last_seen=2026-08-01";
    silent("LIF001", &[("it was disposed of", gone), ("a leftover", forgotten)]);
}

#[test]
fn lif001_tells_of_an_end_of_which_nobody_knows_the_day() {
    check(
        "LIF001",
        &row("os=GoneOS"),
        TODAY,
        "PC-01 (0001) warning title_undated reason_undated remedy",
    );
    let said = values("LIF001", &row("os=GoneOS"), TODAY);
    assert!(said.ends_with("source=table of GoneOS"), "{said}");
    let seen = "console av 2026-11-18\n host=PC-09 os=GoneOS";
    check("LIF001", seen, TODAY, "PC-09 warning title_seen_undated reason_seen_undated remedy");
    silent("LIF003", &[("it is known to be over", &row("os=GoneOS"))]);
}

#[test]
fn lif001_keeps_silent() {
    silent(
        "LIF001",
        &[
            ("support goes on", &row("os=NewOS os_version=25H2")),
            ("the edition decides, and it is not written", &row("os=TwinOS")),
            ("the product has no date", &row("os=DarkOS")),
            ("the product is not in the table", &row("os=SomeOS")),
            ("there is none", &row("os=－")),
            ("nothing is written", &row("")),
            ("it was disposed of", &row("os=OldOS status=retired")),
            ("no ledger lists it", "table 表 2026-11-01\n host=PC-01 ip=10.1.1.1 os=OldOS"),
        ],
    );
}

#[test]
fn lif002_reminds_from_a_year_before_until_the_day() {
    let near = row("os=NewOS os_version=25H2");
    check("LIF002", &near, "2026-10-11", "");
    check("LIF002", &near, "2026-10-12", "PC-01 (0001) notice title reason remedy");
    check("LIF002", &near, "2027-10-11", "PC-01 (0001) notice title reason remedy");
    check("LIF002", &near, "2027-10-12", "");
    check(
        "LIF002",
        &row("os=NewOS os_version=25H2 kind=medical"),
        TODAY,
        "PC-01 (0001) notice title reason remedy_medical",
    );
}

#[test]
fn lif002_marks_a_date_that_nobody_compared_with_its_source() {
    let said = values("LIF002", &row("os=NewOS os_version=26H2"), "2028-01-01");
    assert!(said.ends_with("source=table of NewOS, [lifecycle.unverified]"), "{said}");
}

#[test]
fn lif002_keeps_silent() {
    silent(
        "LIF002",
        &[
            ("it is over already", &row("os=OldOS os_version=8")),
            ("it is far away", &row("os=NewOS os_version=26H2")),
            ("the release is not written", &row("os=NewOS")),
            ("it was disposed of", &row("os=NewOS os_version=25H2 status=retired")),
        ],
    );
}

#[test]
fn lif003_says_that_it_is_not_known() {
    for os in ["SomeOS", "DarkOS", "NewOS", "TwinOS", "不明"] {
        check(
            "LIF003",
            &row(&format!("os={os}")),
            TODAY,
            "field:ledger/台帳/os unknown title reason remedy",
        );
    }
    let rows = "ledger 台帳 2026-11-01
        0001 os=SomeOS
        0002 os=TwinOS
        0003 os=TwinOS";
    let said = values("LIF003", rows, TODAY);
    assert_eq!(
        said, "source=ledger/台帳; devices=3; systems=TwinOS ×2, SomeOS ×1",
        "the most frequent first"
    );
}

#[test]
fn lif003_keeps_silent() {
    silent(
        "LIF003",
        &[
            ("`－` says that there is none", &row("os=－")),
            ("a blank is LED001's", &row("")),
            ("the date is known", &row("os=NewOS os_version=26H2")),
            ("it is over whichever release it is", &row("os=OldOS")),
            ("it was disposed of", &row("os=SomeOS status=retired")),
            (
                "the older edition is not asked",
                "ledger 台帳 2026-11-01\n 0001 os=SomeOS\nledger 台帳 2026-11-10\n 0001 os=NewOS os_version=26H2",
            ),
        ],
    );
}

#[test]
fn every_written_system_is_judged_or_said_to_be_unknown() {
    for os in [
        "OldOS",
        "OldOS 7",
        "NewOS",
        "NewOS 24H2",
        "NewOS 25H2",
        "TwinOS",
        "TwinOS ltsc",
        "TwinOS pro",
        "DarkOS",
        "?",
    ] {
        for day in ["2018-01-01", "2019-06-01", "2025-12-01", TODAY, "2031-06-01", "2040-01-01"] {
            let hospital = row(&format!("os=\"{os}\""));
            let over = found("LIF001", &hospital, day).len();
            let unknown = found("LIF003", &hospital, day).len();
            assert!(over + unknown <= 1, "{os} {day} is both over and unknown");
            let near = found("LIF002", &hospital, day).len();
            assert!(near + over + unknown <= 1, "{os} {day}");
        }
    }
}

#[test]
fn lif004_finds_the_older_of_two_siblings() {
    let siblings = "ledger 台帳 2026-11-01
        0001 host=PC-01 software=電子カルテ software_version=V2.0
        0002 host=PC-02 software=電子カルテ software_version=1.10
        0003 host=PC-03 software=電子ｶﾙﾃ software_version=Ver.1.9";
    check("LIF004", siblings, TODAY, "product:電子カルテ notice title reason remedy");
    let said = values("LIF004", siblings, TODAY);
    assert_eq!(
        said,
        "software=電子ｶﾙﾃ; devices=2; newest=V2.0; devices=PC-03 (0003) Ver.1.9, PC-02 (0002) 1.10"
    );
}

#[test]
fn lif004_compares_built_in_software_within_one_model() {
    let model = |model: &str, kind: &str| {
        format!(
            "ledger 台帳 2026-11-01
             0001 host=CT-01 kind={kind} maker=E model=X software=制御 software_version=1.0
             0002 host=CT-02 kind={kind} maker=E model={model} software=制御 software_version=2.0"
        )
    };
    check(
        "LIF004",
        &model("X", "medical"),
        TODAY,
        "product:e/x/制御 notice title reason remedy_medical",
    );
    check("LIF004", &model("X", "network"), TODAY, "product:e/x/制御 notice title reason remedy");
    check("LIF004", &model("Y", "client"), TODAY, "product:制御 notice title reason remedy");
    silent("LIF004", &[("another model runs other software", &model("Y", "medical"))]);
}

#[test]
fn lif004_keeps_silent() {
    let two = |one: &str, other: &str| {
        format!(
            "ledger 台帳 2026-11-01\n 0001 software=電子カルテ {one}\n 0002 software=電子カルテ {other}"
        )
    };
    silent(
        "LIF004",
        &[
            ("the releases are one", &two("software_version=2", "software_version=V2.0")),
            ("one release is not written", &two("software_version=2.0", "")),
            (
                "one cannot be put in order",
                &two("software_version=2.0", "software_version=2025年版"),
            ),
            (
                "the older one was disposed of",
                &two("software_version=2.0", "software_version=1.0 status=retired"),
            ),
            (
                "the software is another",
                "ledger 台帳 2026-11-01\n 0001 software=電子カルテ software_version=1\n 0002 software=部門 software_version=2",
            ),
        ],
    );
}

#[test]
fn lif005_and_lif006_take_over_from_each_other_on_the_day_the_ledger_states() {
    let stated = row("support_end=2026-12-05");
    for (day, rule) in [
        ("2025-12-04", None),
        ("2025-12-05", Some("LIF006")),
        ("2026-12-04", Some("LIF006")),
        ("2026-12-05", Some("LIF005")),
        ("2030-01-01", Some("LIF005")),
    ] {
        for code in ["LIF005", "LIF006"] {
            let expected =
                if rule == Some(code) { "PC-01 (0001) warning title reason remedy" } else { "" };
            check(code, &stated, day, expected);
        }
    }
}

#[test]
fn lif005_waits_for_the_last_day_that_a_month_or_a_year_can_mean() {
    for (stated, last) in
        [("2026-09", "2026-09-30"), ("2026", "2026-12-31"), ("FY2026", "2027-03-31")]
    {
        let hospital = row(&format!("support_end={stated}"));
        let day: jiff::civil::Date = last.parse().unwrap();
        check("LIF005", &hospital, &day.yesterday().unwrap().to_string(), "");
        check("LIF005", &hospital, last, "PC-01 (0001) warning title reason remedy");
        assert_eq!(
            values("LIF005", &hospital, last),
            format!("device=PC-01 (0001); date={stated}"),
            "no more is said than was written"
        );
    }
}

#[test]
fn lif005_and_lif006_speak_of_a_medical_device_in_their_own_words() {
    let medical = row("kind=medical support_end=2026-12-05");
    check("LIF005", &medical, "2026-12-05", "PC-01 (0001) warning title reason remedy_medical");
    check("LIF006", &medical, "2026-12-04", "PC-01 (0001) warning title reason remedy_medical");
}

#[test]
fn lif005_and_lif006_keep_silent() {
    for code in ["LIF005", "LIF006"] {
        silent(
            code,
            &[
                ("nothing is stated", &row("")),
                ("it is far away", &row("support_end=2030-01-01")),
                ("it was disposed of", &row("support_end=2020-01-01 status=retired")),
                ("it was disposed of", &row("support_end=2026-12-05 status=retired")),
                (
                    "a newer edition states a later day",
                    "ledger 台帳 2026-11-01\n 0001 support_end=2026-12-05\nledger 台帳 2026-11-10\n 0001 support_end=2030-01-01",
                ),
            ],
        );
    }
}
