//! LED: the ledger itself.

use super::{TODAY, check, silent, values};

/// A row with every column of the ministry's example, and one that lacks what the case says.
const WHOLE: &str =
    "0001 maker=A os=OldOS software=カルテ software_version=1 host=PC-01 location=1F users=医師
     registered=2020-12-01 status=in_use ip=10.1.1.1";

/// A ledger of one whole row that ends in `more`.
fn whole(more: &str) -> String {
    format!("ledger 台帳 2026-11-01\n {} {more}", WHOLE.replace('\n', " "))
}

/// A ledger of one whole row without the word that begins with `column`.
fn without(column: &str, more: &str) -> String {
    let words = whole(more);
    let kept: Vec<&str> = words.split(' ').filter(|word| !word.starts_with(column)).collect();
    kept.join(" ")
}

#[test]
fn led001_asks_for_each_column_of_the_ministrys_example() {
    for (column, field) in [
        ("0001", "asset_number"),
        ("maker=", "maker"),
        ("os=", "os"),
        ("software=", "software"),
        ("software_version=", "software_version"),
        ("host=", "hostname"),
        ("location=", "location"),
        ("users=", "users"),
        ("registered=", "registered"),
        ("status=", "status"),
    ] {
        let may_be_none = ["os", "software", "software_version", "users"].contains(&field);
        let remedy = if may_be_none { "remedy" } else { "remedy_always" };
        let expected = format!("field:ledger/台帳/{field} notice title reason_whole {remedy}");
        check("LED001", &without(column, ""), TODAY, &expected);
    }
}

#[test]
fn led001_tells_a_column_that_is_empty_here_and_there_from_one_that_is_empty_throughout() {
    let second =
        format!("{}\n 0002 {}", whole(""), &without("maker=", "").split_once("0001").unwrap().1);
    check("LED001", &second, TODAY, "field:ledger/台帳/maker notice title reason remedy_always");
    let said = values("LED001", &second, TODAY);
    assert_eq!(
        said,
        "source=ledger/台帳; column=[field.maker]; rows=1; all=2; devices=PC-01 (0002)"
    );
}

#[test]
fn led001_keeps_silent() {
    let software = |kind: &str| without("software", &format!("kind={kind}"));
    let older =
        format!("{}\n{}", without("maker=", ""), whole("").replace("2026-11-01", "2026-11-10"));
    silent(
        "LED001",
        &[
            ("nothing is missing", &whole("")),
            ("`－` is an answer", &whole("").replace("os=OldOS", "os=－")),
            ("a retired row is not asked", &without("maker=", "").replace("in_use", "retired")),
            ("the older edition is not asked", &older),
            ("the address is LED006's", &without("ip=", "")),
            ("a switch has no software to name", &software("network")),
            ("nor has a printer", &software("printer")),
            ("nor has a medical device, whose software is its maker's", &software("medical")),
            ("an address table is no ledger", "table 表 2026-11-01\n ip=10.1.1.1 host=PC-01"),
        ],
    );
    for kind in ["client", "server"] {
        check(
            "LED001",
            &software(kind),
            TODAY,
            "field:ledger/台帳/software notice title reason_whole remedy
             field:ledger/台帳/software_version notice title reason_whole remedy",
        );
    }
}

#[test]
fn led001_speaks_of_each_ledger_by_itself() {
    let two = format!("{}\n{}", without("maker=", ""), without("users=", "").replace("台帳", "ME"));
    check(
        "LED001",
        &two,
        TODAY,
        "field:ledger/台帳/maker notice title reason_whole remedy_always
         field:ledger/ME/users notice title reason_whole remedy",
    );
}

#[test]
fn led002_finds_a_number_on_two_rows() {
    let twice = "ledger 台帳 2026-11-01
        A-1 host=PC-01
        Ａ－１ host=PC-02
        A-2 host=PC-03";
    check("LED002", twice, TODAY, "field:ledger/台帳/asset_number warning title reason remedy");
    let said = values("LED002", twice, TODAY);
    assert_eq!(said, "source=ledger/台帳; numbers=1; numbers=A-1", "as the ledger writes it");
}

#[test]
fn led002_keeps_silent() {
    silent(
        "LED002",
        &[
            ("the numbers differ", "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02"),
            ("rows without a number", "ledger 台帳 2026-11-01\n host=PC-01\n host=PC-02"),
            (
                "one row that stands for two machines",
                "ledger 台帳 2026-11-01\n 0001 part=1 ip=10.1.1.1\n 0001 part=2 ip=10.1.1.2",
            ),
            (
                "two ledgers number by themselves",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\nledger ME 2026-11-01\n 0001 host=PUMP-01",
            ),
            (
                "only the older edition had it twice",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0001 host=PC-02
                 ledger 台帳 2026-11-10\n 0001 host=PC-01\n 0002 host=PC-02",
            ),
        ],
    );
}

#[test]
fn led003_proposes_that_a_vanished_row_was_disposed_of() {
    let vanished = "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02
        ledger 台帳 2026-11-10\n 0001 host=PC-01";
    check("LED003", vanished, TODAY, "PC-02 (0002) warning title reason remedy");
    let said = values("LED003", vanished, TODAY);
    assert_eq!(said, "device=PC-02 (0002); source=ledger/台帳; date=2026-11-01; place=2");
}

#[test]
fn led003_is_urgent_where_the_device_still_answers() {
    let rows = "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02 ip=10.1.1.2 mac=00-1b-21-00-00-02
        ledger 台帳 2026-11-10\n 0001 host=PC-01\n";
    let seen = |day: &str| format!("{rows}arp 10.1.1.70 {day}\n 10.1.1.2 00-1b-21-00-00-02");
    check(
        "LED003",
        &seen("2026-11-10"),
        TODAY,
        "PC-02 (0002) urgent title reason_seen remedy_seen",
    );
    check("LED003", &seen("2026-11-09"), TODAY, "PC-02 (0002) warning title reason remedy");
}

#[test]
fn led003_keeps_silent() {
    silent(
        "LED003",
        &[
            ("there is only one edition", "ledger 台帳 2026-11-01\n 0001 host=PC-01"),
            (
                "the row was renumbered and is found by its card",
                "ledger 台帳 2026-11-01\n mac=00-1b-21-00-00-01
                 ledger 台帳 2026-11-10\n 0007 mac=00-1b-21-00-00-01",
            ),
            (
                "it was disposed of before",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02 status=retired
                 ledger 台帳 2026-11-10\n 0001 host=PC-01",
            ),
            (
                "another ledger took it over",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02
                 ledger 台帳 2026-11-10\n 0001 host=PC-01
                 ledger ME 2026-11-15\n M-1 host=PC-02",
            ),
            (
                "a row that vanished from an address table is no loss",
                "table 表 2026-11-01\n ip=10.1.1.1 host=PC-01\ntable 表 2026-11-10\n ip=10.1.1.2 host=PC-02",
            ),
        ],
    );
}

#[test]
fn led004_finds_what_only_the_table_knows() {
    check(
        "LED004",
        "ledger 台帳 2026-11-01
           0001 host=PC-01 ip=10.1.1.1
         table 表 2026-11-01
           ip=10.1.1.1 host=PC-01
           ip=10.1.1.2 host=PC-02
           ip=10.1.1.3 remark=旧検査室
           ip=10.1.1.4",
        TODAY,
        "address:10.1.1.2 warning title reason remedy
         address:10.1.1.3 warning title reason remedy
         address:10.1.1.4 warning title_nameless reason remedy",
    );
}

#[test]
fn led004_lets_the_newest_table_speak_where_two_list_one_address() {
    let tables = "ledger 台帳 2026-11-01\n 0001 host=PC-01\n
        table 新 2026-11-10\n ip=10.1.1.2 host=NEW\n
        table 旧 2026-11-01\n ip=10.1.1.2 host=OLD";
    assert!(values("LED004", tables, TODAY).starts_with("name=NEW; address=10.1.1.2"));
}

#[test]
fn led004_keeps_silent() {
    silent(
        "LED004",
        &[
            ("there is no ledger", "table 表 2026-11-01\n ip=10.1.1.2 host=PC-02"),
            ("there is no table", "ledger 台帳 2026-11-01\n 0001 host=PC-01 ip=10.1.1.1"),
            (
                "the ledger knows the name and gets its address by DHCP",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01 addressing=dynamic
                 table 表 2026-11-01\n ip=10.1.1.2 host=PC-01",
            ),
            (
                "the ledger knows the address under another name",
                "ledger 台帳 2026-11-01\n 0001 name=受付 ip=10.1.1.2
                 table 表 2026-11-01\n ip=10.1.1.2 host=PC-02",
            ),
            (
                "a row without an address",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\ntable 表 2026-11-01\n host=PC-02",
            ),
            (
                "only the older edition of the table lists it",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01 ip=10.1.1.1
                 table 表 2026-11-01\n ip=10.1.1.2 host=PC-02
                 table 表 2026-11-10\n ip=10.1.1.1 host=PC-01",
            ),
        ],
    );
}

#[test]
fn led005_finds_a_fixed_address_that_no_table_lists() {
    check(
        "LED005",
        "ledger 台帳 2026-11-01
           0001 host=PC-01 ip=10.1.1.1
           0002 host=PC-02 ip=10.1.1.2
         table 表 2026-11-01
           ip=10.1.1.1 host=PC-01",
        TODAY,
        "PC-02 (0002) notice title reason remedy",
    );
}

#[test]
fn led005_keeps_silent() {
    let table = "table 表 2026-11-01\n ip=10.1.1.1 host=PC-01";
    silent(
        "LED005",
        &[
            ("there is no table", "ledger 台帳 2026-11-01\n 0002 host=PC-02 ip=10.1.1.2"),
            (
                "its address comes by DHCP",
                &format!("ledger 台帳 2026-11-01\n 0002 ip=10.1.1.2 addressing=dynamic\n{table}"),
            ),
            (
                "it was disposed of",
                &format!("ledger 台帳 2026-11-01\n 0002 ip=10.1.1.2 status=retired\n{table}"),
            ),
            (
                "the table lists it under another name",
                &format!("ledger 台帳 2026-11-01\n 0002 host=PC-02 ip=10.1.1.1\n{table}"),
            ),
            ("no ledger lists it", table),
        ],
    );
}

#[test]
fn led006_asks_for_an_address_that_is_blank_a_sample_or_a_misprint() {
    for row in [
        "0001",
        "0001 addressing=placeholder",
        "0001 addressing=invalid",
        "0001 addressing=unknown",
    ] {
        check(
            "LED006",
            &format!("ledger 台帳 2026-11-01\n {row} host=PC-01"),
            TODAY,
            "field:ledger/台帳/addressing notice title reason remedy",
        );
    }
}

#[test]
fn led006_keeps_silent() {
    silent(
        "LED006",
        &[
            ("an address", "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1"),
            (
                "an address, said to be fixed",
                "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1 addressing=static",
            ),
            ("DHCP is an answer", "ledger 台帳 2026-11-01\n 0001 addressing=dynamic"),
            ("未接続 is an answer", "ledger 台帳 2026-11-01\n 0001 addressing=none"),
            ("it was disposed of", "ledger 台帳 2026-11-01\n 0001 status=retired"),
            (
                "the older edition is not asked",
                "ledger 台帳 2026-11-01\n 0001\nledger 台帳 2026-11-10\n 0001 ip=10.1.1.1",
            ),
        ],
    );
}

#[test]
fn led007_finds_a_card_on_two_rows() {
    let twice = "ledger 台帳 2026-11-01
        0001 host=PC-01 mac=00-1b-21-00-00-01
        0002 host=PC-02 mac=00-1b-21-00-00-01";
    check("LED007", twice, TODAY, "source:ledger/台帳 warning title reason remedy");
    let said = values("LED007", twice, TODAY);
    assert_eq!(
        said,
        "source=ledger/台帳; cards=1; cards=00-1b-21-00-00-01 (PC-01 (0001), PC-02 (0002))"
    );
}

#[test]
fn led007_keeps_silent() {
    let two = |mac: &str| format!("ledger 台帳 2026-11-01\n 0001 mac={mac}\n 0002 mac={mac}");
    silent(
        "LED007",
        &[
            (
                "the cards differ",
                "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01\n 0002 mac=00-1b-21-00-00-02",
            ),
            (
                "one row states one card with two addresses",
                "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01 ip=10.1.1.1 mac=00-1b-21-00-00-01 ip=10.1.1.2",
            ),
            (
                "one row that stands for two machines",
                "ledger 台帳 2026-11-01\n 0001 part=1 mac=00-1b-21-00-00-01\n 0001 part=2 mac=00-1b-21-00-00-01",
            ),
            (
                "two ledgers list the same machine",
                "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01\nledger ME 2026-11-01\n M-1 mac=00-1b-21-00-00-01",
            ),
            ("two routers share a virtual address", &two("00-00-5e-00-01-0a")),
            ("zeros are no card", &two("00-00-00-00-00-00")),
        ],
    );
    check(
        "LED007",
        &two("7a-00-00-00-00-01"),
        TODAY,
        "source:ledger/台帳 warning title reason remedy",
    );
}

#[test]
fn led001_asks_the_same_of_what_was_taken_into_the_ledger_by_hand() {
    let entered = "arp 10.1.1.70 2026-11-10\n 10.1.1.9 00-1b-21-00-00-09\nhand one 2026-11-11\n about=mac:00-1b-21-00-00-09 0099 \
                   kind=printer maker=A社 os=－ location=2階 users=共用 registered=2026-11-11 status=in_use\n";
    check("LED001", entered, TODAY, "field:hand/hostname notice title_hand reason remedy_hand");
    silent(
        "LED001",
        &[
            (
                "a later entry fills it",
                &format!("{entered}hand two 2026-11-12\n about=mac:00-1b-21-00-00-09 host=PR-9"),
            ),
            ("it was disposed of", &entered.replace("in_use", "retired")),
            ("nobody knows it by a number or name", &entered.replace(" 0099", "")),
        ],
    );
}
