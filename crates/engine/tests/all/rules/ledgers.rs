//! Cases of the ledger held against other lists.

use super::{TODAY, check, silent};

#[test]
fn led008_finds_what_other_lists_know() {
    let hospital = "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02 status=retired
        inventory tool 2026-11-18\n host=PC-01\n host=PC-02\n host=PC-03
        register netbox 2026-11-18\n host=SW-09";
    check(
        "LED008",
        hospital,
        TODAY,
        "PC-03 warning title reason remedy
         SW-09 warning title reason remedy",
    );
    silent("LED008", &[("there is no ledger yet", "inventory tool 2026-11-18\n host=PC-03")]);
}

#[test]
fn led009_finds_overdue_inspections() {
    let hospital = "ledger 台帳 2026-11-01
        0001 host=A inspection_due=2026-11-01
        0002 host=B inspection_due=2026-11
        0003 host=C inspection_due=2026-11-20
        0004 host=D inspection_due=2020-01-01 status=retired";
    check("LED009", hospital, TODAY, "source:ledger/台帳 notice title reason remedy");
    silent(
        "LED009",
        &[("due today", "ledger 台帳 2026-11-01\n 0003 host=C inspection_due=2026-11-20")],
    );
}

#[test]
fn led010_finds_another_serial_number() {
    let hospital =
        "ledger 台帳 2026-11-01\n 0001 host=SW-1 serial=F0637374\n 0002 host=SW-2 serial=B6404114
        host SW-1 2026-11-18\n host=SW-1 serial=FJC00000AAA
        host SW-2 2026-11-18\n host=SW-2 serial=b6404114";
    check("LED010", hospital, TODAY, "SW-1 (0001) notice title reason remedy");
    silent(
        "LED010",
        &[(
            "the ledger gives no number",
            "ledger 台帳 2026-11-01\n 0001 host=SW-1 serial=不明\nhost SW-1 2026-11-18\n host=SW-1 serial=FJC00000AAA",
        )],
    );
}

#[test]
fn led012_finds_what_is_late() {
    let hospital = "ledger 台帳 2026-10-01\n 0001 host=PC-01
        ledger 部門 2026-10-01\n 0001 host=PC-02
        ledger 部門 2026-11-10\n 0001 host=PC-02
        expect ledger/台帳 30
        expect ledger/部門 30";
    check("LED012", hospital, TODAY, "source:ledger/台帳 warning title reason remedy");
    let said = super::values("LED012", hospital, TODAY);
    assert_eq!(said, "source=ledger/台帳; days=50; date=2026-10-01; expected=30");
    silent(
        "LED012",
        &[
            ("nobody expects anything", "ledger 台帳 2020-01-01\n 0001 host=PC-01"),
            (
                "it is as old as it may be",
                "ledger 台帳 2026-10-21\n 0001 host=PC-01\nexpect ledger/台帳 30",
            ),
            (
                "nothing of it counts",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\nexpect ledger/他 1",
            ),
        ],
    );
}

#[test]
fn led011_finds_who_is_not_used() {
    let hospital = "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=PC-02\n 0003 host=PC-03\n 0004 host=PC-04 mac=00-22-58-00-00-04
        inventory ad 2026-11-18
          host=PC-01 last_seen=2025-03-01T00:00:00
          host=PC-02 enabled=no
          host=PC-03 last_seen=2026-11-01T00:00:00
          host=PC-04 last_seen=2025-03-01T00:00:00
        arp 10.1.1.70 2026-11-18\n 10.1.1.4 00-22-58-00-00-04";
    check(
        "LED011",
        hospital,
        TODAY,
        "PC-01 (0001) notice title reason remedy
         PC-02 (0002) notice title reason_disabled remedy",
    );
}

/// Two devices in the ledger, and the answers of a stock-take about them.
fn stock_take(answers: &str) -> String {
    format!(
        "ledger 台帳 2026-11-01\n 0001 name=CT location=CT室\n 0002 name=MR mac=00-22-58-00-00-02\n{answers}"
    )
}

#[test]
fn led013_finds_what_the_stock_take_did_not_find() {
    let hospital = stock_take(
        "hand one 2026-11-10
          about=asset:ledger/台帳/0001 presence=no confirmed_on=2026-11-10
          about=asset:ledger/台帳/0002 presence=no confirmed_on=2026-11-10
        arp 10.1.1.70 2026-11-09\n 10.1.1.2 00-22-58-00-00-02",
    );
    check(
        "LED013",
        &hospital,
        TODAY,
        "CT (0001) warning title reason remedy
         MR (0002) warning title reason_nowhere remedy",
    );
    let of_ledger = "ledger 台帳 2026-11-01\n 0001 name=CT presence=no confirmed_on=2026-10-31";
    check("LED013", of_ledger, TODAY, "CT (0001) warning title reason_nowhere remedy");
    let first_found = stock_take(
        "hand one 2026-11-12\n about=asset:ledger/台帳/0001 presence=no confirmed_on=2026-11-12
        hand two 2026-11-10\n about=asset:ledger/台帳/0001 presence=yes confirmed_on=2026-11-10",
    );
    check("LED013", &first_found, TODAY, "CT (0001) warning title reason remedy");
    let values = super::values("LED013", &first_found, TODAY);
    assert!(values.contains("date=2026-11-12") && values.contains("place=CT室"), "{values}");
}

#[test]
fn led013_keeps_silent() {
    let not_there =
        "hand one 2026-11-10\n about=asset:ledger/台帳/0002 presence=no confirmed_on=2026-11-10\n";
    let then = |later: &str| stock_take(not_there) + later;
    silent(
        "LED013",
        &[
            ("nobody took stock", &stock_take("")),
            (
                "it was found later",
                &then("hand two 2026-11-11\n about=asset:ledger/台帳/0002 presence=yes confirmed_on=2026-11-11"),
            ),
            (
                "of one day the last word counts",
                &then("hand two 2026-11-11\n about=asset:ledger/台帳/0002 presence=yes confirmed_on=2026-11-10"),
            ),
            (
                "a newer ledger says that it is there",
                &then("ledger 再 2026-11-12\n 0002 mac=00-22-58-00-00-02 presence=yes confirmed_on=2026-11-12"),
            ),
            (
                "it was seen on the network on a later day",
                &then("arp 10.1.1.70 2026-11-12\n 10.1.1.2 00-22-58-00-00-02"),
            ),
            (
                "it was disposed of",
                &then("hand two 2026-11-11\n about=asset:ledger/台帳/0002 status=retired"),
            ),
            (
                "no ledger lists it",
                "arp 10.1.1.70 2026-11-09\n 10.1.1.9 00-22-58-00-00-09
                hand one 2026-11-10\n about=mac:00-22-58-00-00-09 presence=no confirmed_on=2026-11-10",
            ),
        ],
    );
}

#[test]
fn lif007_finds_devices_past_their_durable_years() {
    let hospital = "ledger 台帳 2026-11-01
        0001 host=A registered=2020-04-01 durable_years=6
        0002 host=B registered=2022-04-01 durable_years=6
        0003 host=C registered=2022-04-01";
    check("LIF007", hospital, TODAY, "source:ledger/台帳 notice title reason remedy");
    silent(
        "LIF007",
        &[(
            "not yet",
            "ledger 台帳 2026-11-01\n 0001 host=A registered=2020-12-01 durable_years=6",
        )],
    );
}
