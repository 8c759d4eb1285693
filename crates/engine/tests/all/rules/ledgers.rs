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
