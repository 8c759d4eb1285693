//! NET: what the wire shows, against what is written down.

use super::{TODAY, check, found, silent, values};

/// A ledger of one row.
fn ledger(row: &str) -> String {
    format!("ledger 台帳 2026-11-01\n {row}\n")
}

/// A list of neighbours of 18 November, as seen from 10.1.1.70.
fn arp(rows: &str) -> String {
    format!("arp 10.1.1.70 2026-11-18\n {rows}\n")
}

/// The ledger lists the machine that looks, so that only the rest is spoken of.
const LOOKER: &str = "\n 0070 host=OP-70 ip=10.1.1.70 kind=client\n";

#[test]
fn net001_finds_what_nobody_lists() {
    let known = ledger("0001 host=PC-01 ip=10.1.1.1") + LOOKER;
    for (rows, said) in [
        ("10.1.1.9 00-1b-21-00-00-09", "10.1.1.9 warning title_nameless reason_vendor remedy"),
        ("10.1.1.9 00-88-88-00-00-09", "10.1.1.9 warning title_nameless reason_mac remedy"),
        ("10.1.1.9 7a-00-00-00-00-09", "10.1.1.9 notice title_nameless reason_random remedy"),
        ("10.1.1.9", "10.1.1.9 warning title_nameless reason remedy"),
        ("10.1.1.9 00-a0-de-00-00-09", "10.1.1.9 urgent title_nameless reason_vendor remedy"),
        ("10.1.1.9 00-0d-0b-00-00-09", "10.1.1.9 urgent title_nameless reason_vendor remedy"),
        ("10.1.1.9 b8-27-eb-00-00-09", "10.1.1.9 urgent title_nameless reason_mac remedy"),
        ("10.1.1.9 00-00-0c-00-00-09", "10.1.1.9 warning title_nameless reason_vendor remedy"),
    ] {
        check("NET001", &(known.clone() + &arp(rows)), TODAY, said);
    }
    let lease = known
        + "leases 10.1.1.1 2026-11-18\n 10.1.1.9 00-1b-21-00-00-09 host=NB-01 lease_state=active";
    check("NET001", &lease, TODAY, "NB-01 warning title reason_vendor remedy");
}

#[test]
fn net001_is_silent_once_somebody_registered_the_device_by_hand() {
    let hospital = |entry: &str| {
        let entry = format!("hand one 2026-11-20\n about=mac:00-1b-21-00-00-09 {entry}\n");
        ledger(LOOKER) + &arp("10.1.1.9 00-1b-21-00-00-09") + "\n" + &entry
    };
    for entry in ["location=CT室", "remark=?", "presence=no confirmed_on=2026-11-20"] {
        check(
            "NET001",
            &hospital(entry),
            TODAY,
            "10.1.1.9 warning title_nameless reason_vendor remedy",
        );
    }
    silent(
        "NET001",
        &[("a number", &hospital("0099 location=CT室")), ("a name", &hospital("name=時計"))],
    );
    // It is a device of the ledger from then on: where it is not seen, that is told.
    let fixed = ledger(LOOKER)
        + "arp 10.1.1.70 2026-11-10\n 10.1.1.9 00-1b-21-00-00-09\n"
        + "hand one 2026-11-11\n about=mac:00-1b-21-00-00-09 0099 10.1.1.9\n"
        + "arp 10.1.1.70 2026-11-18\n 10.1.1.8 00-1b-21-00-00-08\n";
    check("NET002", &fixed, TODAY, "10.1.1.9 (0099) notice title reason remedy");
}

#[test]
fn net001_tells_the_first_and_the_last_day() {
    let twice = ledger(LOOKER)
        + "arp 10.1.1.70 2026-11-10\n 10.1.1.9 00-1b-21-00-00-09\n"
        + "arp 10.1.1.70 2026-11-18\n 10.1.1.9 00-1b-21-00-00-09\n";
    assert_eq!(
        values("NET001", &twice, TODAY),
        "addresses=10.1.1.9; date=2026-11-10; last=2026-11-18; mac=00-1b-21-00-00-09; vendor=Intel Corporate"
    );
}

#[test]
fn net001_keeps_silent() {
    let looker = ledger(LOOKER);
    let with =
        |document: &str| format!("{looker}{document}\n{}", arp("10.1.1.9 00-1b-21-00-00-09"));
    silent(
        "NET001",
        &[
            (
                "the ledger lists its card",
                &(ledger("0009 mac=00-1b-21-00-00-09")
                    + LOOKER
                    + &arp("10.1.1.9 00-1b-21-00-00-09")),
            ),
            ("the ledger lists its address", &with("ledger ME 2026-11-01\n M-1 ip=10.1.1.9")),
            (
                "an address table lists its address",
                &with("table 表 2026-11-01\n ip=10.1.1.9 host=NB-01"),
            ),
            (
                "a reservation lists its card",
                &with("reservations 10.1.1.1 2026-11-01\n 10.1.1.9 00-1b-21-00-00-09"),
            ),
            (
                "the ledger has it as disposed of, which is NET007's",
                &with("ledger ME 2026-11-01\n M-1 mac=00-1b-21-00-00-09 status=retired"),
            ),
            (
                "it vanished from the ledger, which is LED003's",
                &with(
                    "ledger ME 2026-10-01\n M-1 mac=00-1b-21-00-00-09\nledger ME 2026-11-01\n M-2 host=X-1",
                ),
            ),
            (
                "an address that moves between routers is no device",
                &(looker.clone() + &arp("10.1.1.254 00-00-5e-00-01-0a")),
            ),
            (
                "a conflict names no device",
                &(looker.clone() + "leases 10.1.1.1 2026-11-18\n 10.1.1.9 conflict"),
            ),
            (
                "a lease that ran out does not show anybody",
                &(looker.clone()
                    + "leases 10.1.1.1 2026-11-18\n 10.1.1.9 00-1b-21-00-00-09 lease_state=expired"),
            ),
            (
                "nor does one that was only offered",
                &(looker.clone()
                    + "leases 10.1.1.1 2026-11-18\n 10.1.1.9 00-1b-21-00-00-09 lease_state=offered"),
            ),
        ],
    );
}

#[test]
fn net002_says_not_seen_only_where_somebody_looked() {
    let hospital =
        ledger("0001 host=PC-01 ip=10.1.1.1") + LOOKER + &arp("10.1.1.2 00-1b-21-00-00-02");
    check("NET002", &hospital, TODAY, "PC-01 (0001) notice title reason remedy");
    assert_eq!(
        values("NET002", &hospital, TODAY),
        "device=PC-01 (0001); address=10.1.1.1; date=2026-11-18; network=10.1.1.0/24; vantage=10.1.1.70"
    );
}

#[test]
fn net002_says_so_where_another_card_answers_at_the_address() {
    let hospital = ledger("0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-01")
        + "0002 host=PC-02 ip=10.1.1.2 mac=00-1b-21-00-00-02\n"
        + LOOKER
        + &arp("10.1.1.1 00-1b-21-00-00-02");
    check("NET002", &hospital, TODAY, "PC-01 (0001) warning title reason_other remedy_other");
    assert!(values("NET002", &hospital, TODAY).ends_with("mac=00-1b-21-00-00-02"));
}

#[test]
fn net002_takes_no_notice_of_a_look_older_than_thirty_days() {
    let hospital =
        ledger("0001 host=PC-01 ip=10.1.1.1") + LOOKER + &arp("10.1.1.2 00-1b-21-00-00-02");
    check("NET002", &hospital, "2026-12-18", "PC-01 (0001) notice title reason remedy");
    check("NET002", &hospital, "2026-12-19", "");
}

#[test]
fn net002_believes_the_newest_look_from_wherever_it_was() {
    let row = ledger("0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-01")
        + "0070 ip=10.1.1.70 status=spare\n 0071 ip=10.1.1.71 status=spare\n";
    let newer = "arp 10.1.1.71 2026-11-19\n 10.1.1.1 00-1b-21-00-00-01\n";
    silent("NET002", &[("the newer look saw it", &(row.clone() + newer + &arp("")))]);
    let older = "arp 10.1.1.71 2026-11-17\n 10.1.1.1 00-1b-21-00-00-01\n";
    check(
        "NET002",
        &(row.clone() + older + &arp("")),
        TODAY,
        "PC-01 (0001) notice title reason remedy",
    );
    let cut = "arp 10.1.1.70 2026-11-19 truncated\n";
    check(
        "NET002",
        &(row + &arp("10.1.1.71") + cut),
        TODAY,
        "PC-01 (0001) notice title reason remedy",
    );
}

#[test]
fn net002_keeps_silent() {
    let row =
        |words: &str| ledger(&format!("0001 host=PC-01 ip=10.1.1.1 {words}")) + LOOKER + &arp("");
    silent(
        "NET002",
        &[
            ("it is stopped", &row("status=stopped")),
            ("it is a spare", &row("status=spare")),
            ("it was disposed of", &row("status=retired")),
            ("its address comes by DHCP", &row("addressing=dynamic")),
            (
                "it has another network, at which nobody looked",
                &row("").replace("10.1.1.1 ", "10.1.2.1 "),
            ),
            ("nobody looked at all", &ledger("0001 ip=10.1.1.1")),
            (
                "it was seen",
                &(ledger("0001 ip=10.1.1.1") + LOOKER + &arp("10.1.1.1 00-1b-21-00-00-01")),
            ),
            (
                "it was seen elsewhere on that day",
                &(ledger("0001 ip=10.1.1.1 mac=00-1b-21-00-00-01")
                    + LOOKER
                    + &arp("10.1.1.8 00-1b-21-00-00-01")),
            ),
            (
                "leases say nothing of fixed addresses",
                &(ledger("0001 ip=10.1.1.1")
                    + "leases 10.1.1.70 2026-11-18\n 10.1.1.30 00-1b-21-00-00-30"),
            ),
            (
                "the list was cut short",
                &(ledger("0001 ip=10.1.1.1") + LOOKER + "arp 10.1.1.70 2026-11-18 truncated\n"),
            ),
            (
                "no ledger lists it",
                &("table 表 2026-11-01\n ip=10.1.1.1 host=PC-01\n ip=10.1.1.70\n".to_owned()
                    + &arp("")),
            ),
        ],
    );
}

#[test]
fn net003_finds_two_rows_with_one_address() {
    let rows = "ledger 台帳 2026-11-01
        0001 host=CT-01 ip=10.1.1.1 mac=00-1b-21-00-00-01
        0002 host=CT-02 ip=10.1.1.1 mac=00-1b-21-00-00-02\n";
    check("NET003", rows, TODAY, "address:10.1.1.1 warning title reason remedy");
    let wire = rows.to_owned() + &arp("10.1.1.1 00-1b-21-00-00-01\n 10.1.1.2 00-1b-21-00-00-02");
    check("NET003", &wire, TODAY, "address:10.1.1.1 warning title reason_elsewhere remedy");
    assert!(values("NET003", &wire, TODAY).ends_with("devices=CT-02 (0002): 10.1.1.2"));
}

#[test]
fn net003_finds_two_cards_at_one_address_in_one_list() {
    let wire = arp("10.1.1.1 00-1b-21-00-00-01\n 10.1.1.1 00-1b-21-00-00-02");
    check("NET003", &wire, TODAY, "address:10.1.1.1 warning title_wire reason_wire remedy_wire");
    let two_lists = format!(
        "arp 10.1.1.71 2026-11-10\n 10.1.1.1 00-1b-21-00-00-01\n 10.1.1.1 00-1b-21-00-00-03\n{wire}"
    );
    let said = values("NET003", &two_lists, TODAY);
    assert!(
        said.ends_with("macs=00-1b-21-00-00-01, 00-1b-21-00-00-02; date=2026-11-18"),
        "the newest list speaks: {said}"
    );
}

#[test]
fn net003_keeps_silent() {
    let two =
        |one: &str, other: &str| format!("ledger 台帳 2026-11-01\n 0001 {one}\n 0002 {other}\n");
    silent(
        "NET003",
        &[
            ("the addresses differ", &two("ip=10.1.1.1", "ip=10.1.1.2")),
            ("one was disposed of", &two("ip=10.1.1.1", "ip=10.1.1.1 status=retired")),
            ("one gets its address by DHCP", &two("ip=10.1.1.1", "ip=10.1.1.1 addressing=dynamic")),
            (
                "two ledgers list one machine",
                "ledger 台帳 2026-11-01\n 0001 host=CT-01 ip=10.1.1.1\nledger ME 2026-11-01\n M-1 host=CT-01 ip=10.1.1.1",
            ),
            (
                "only the older edition had it twice",
                &(two("ip=10.1.1.1", "ip=10.1.1.1")
                    + "ledger 台帳 2026-11-10\n 0001 ip=10.1.1.1\n 0002 ip=10.1.1.2"),
            ),
            (
                "the cards answered on different days",
                &("arp 10.1.1.70 2026-11-10\n 10.1.1.1 00-1b-21-00-00-01\n".to_owned()
                    + &arp("10.1.1.1 00-1b-21-00-00-02")),
            ),
            (
                "an address that moves between routers answers beside its holder",
                &arp("10.1.1.254 00-1b-21-00-00-01\n 10.1.1.254 00-00-5e-00-01-0a"),
            ),
            (
                "one card was listed twice",
                &arp("10.1.1.1 00-1b-21-00-00-01\n 10.1.1.1 00-1b-21-00-00-01"),
            ),
        ],
    );
}

#[test]
fn net004_finds_a_second_address() {
    let row = "0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-01";
    let both = arp("10.1.1.1 00-1b-21-00-00-01\n 10.1.9.1 00-1b-21-00-00-01");
    check("NET004", &(ledger(row) + &both), TODAY, "PC-01 (0001) warning title reason remedy");
    assert_eq!(
        values("NET004", &(ledger(row) + &both), TODAY),
        "device=PC-01 (0001); addresses=10.1.9.1; fixed=10.1.1.1"
    );
}

#[test]
fn net004_keeps_silent() {
    let row = "0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-01";
    let both = arp("10.1.1.1 00-1b-21-00-00-01\n 10.1.9.1 00-1b-21-00-00-01");
    silent(
        "NET004",
        &[
            ("a router does so by trade", &(ledger(&format!("{row} kind=network")) + &both)),
            ("the ledger gives both", &(ledger(&format!("{row} ip=10.1.9.1")) + &both)),
            (
                "an address table gives the other",
                &(ledger(row) + "table 表 2026-11-01\n host=PC-01 ip=10.1.9.1\n" + &both),
            ),
            ("it was disposed of", &(ledger(&format!("{row} status=retired")) + &both)),
            ("its address comes by DHCP", &(ledger(&format!("{row} addressing=dynamic")) + &both)),
            (
                "it was not seen at its own, which is NET006's",
                &(ledger(row) + &arp("10.1.9.1 00-1b-21-00-00-01")),
            ),
            (
                "it was elsewhere on another day",
                &(ledger(row)
                    + "arp 10.1.1.70 2026-11-10\n 10.1.9.1 00-1b-21-00-00-01\n"
                    + &arp("10.1.1.1 00-1b-21-00-00-01")),
            ),
            (
                "it gave itself an address that leads nowhere",
                &(ledger(row) + &arp("10.1.1.1 00-1b-21-00-00-01\n 169.254.1.1 00-1b-21-00-00-01")),
            ),
        ],
    );
}

#[test]
fn net005_finds_another_card_at_the_address() {
    let seen = ledger("0001 host=PC-01 ip=10.1.1.1")
        + "arp 10.1.1.70 2026-11-10\n 10.1.1.1 00-1b-21-00-00-01\n"
        + &arp("10.1.1.1 00-1b-21-00-00-02");
    check("NET005", &seen, TODAY, "PC-01 (0001) warning title reason_seen remedy");
    assert_eq!(
        values("NET005", &seen, TODAY),
        "device=PC-01 (0001); address=10.1.1.1; before=00-1b-21-00-00-01; now=00-1b-21-00-00-02; date=2026-11-18"
    );
    let declared = ledger("0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-01")
        + &arp("10.1.1.1 00-1b-21-00-00-02");
    check("NET005", &declared, TODAY, "PC-01 (0001) warning title reason remedy");
}

#[test]
fn net005_names_the_card_that_the_ledger_gives_with_that_address() {
    let two = ledger(
        "0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-05 ip=10.1.2.1 mac=00-1b-21-00-00-01",
    ) + &arp("10.1.1.1 00-1b-21-00-00-09");
    assert!(values("NET005", &two, TODAY).contains("before=00-1b-21-00-00-05"));
}

#[test]
fn net005_keeps_silent() {
    let first = |mac: &str| format!("arp 10.1.1.70 2026-11-10\n 10.1.1.1 {mac}\n");
    let row = ledger("0001 host=PC-01 ip=10.1.1.1");
    silent(
        "NET005",
        &[
            (
                "the card is the one in the ledger",
                &(ledger("0001 ip=10.1.1.1 mac=00-1b-21-00-00-01")
                    + &arp("10.1.1.1 00-1b-21-00-00-01")),
            ),
            (
                "the card is one of two in the ledger",
                &(ledger("0001 ip=10.1.1.1 mac=00-1b-21-00-00-01 mac=00-1b-21-00-00-02")
                    + &arp("10.1.1.1 00-1b-21-00-00-02")),
            ),
            (
                "it is the same as before",
                &(row.clone() + &first("00-1b-21-00-00-01") + &arp("10.1.1.1 00-1b-21-00-00-01")),
            ),
            (
                "a made-up card now",
                &(row.clone() + &first("00-1b-21-00-00-01") + &arp("10.1.1.1 7a-00-00-00-00-01")),
            ),
            (
                "a made-up card before",
                &(row.clone() + &first("7a-00-00-00-00-01") + &arp("10.1.1.1 00-1b-21-00-00-01")),
            ),
            (
                "a virtual router before",
                &(row.clone() + &first("00-00-5e-00-01-0a") + &arp("10.1.1.1 00-1b-21-00-00-01")),
            ),
            (
                "its address comes by DHCP",
                &(ledger("0001 host=PC-01 ip=10.1.1.1 addressing=dynamic")
                    + &first("00-1b-21-00-00-01")
                    + &arp("10.1.1.1 00-1b-21-00-00-02")),
            ),
            (
                "it was disposed of",
                &(ledger("0001 host=PC-01 ip=10.1.1.1 status=retired")
                    + &first("00-1b-21-00-00-01")
                    + &arp("10.1.1.1 00-1b-21-00-00-02")),
            ),
        ],
    );
}

#[test]
fn net006_finds_a_device_that_answers_elsewhere() {
    let moved = ledger("0001 host=US-03 ip=10.1.1.23 mac=00-1b-21-00-00-03")
        + &arp("10.1.1.29 00-1b-21-00-00-03");
    check("NET006", &moved, TODAY, "US-03 (0001) warning title reason remedy");
    assert_eq!(
        values("NET006", &moved, TODAY),
        "device=US-03 (0001); before=10.1.1.23; now=10.1.1.29; date=2026-11-18"
    );
    let switch = ledger("0001 host=SW-01 kind=network ip=10.1.1.23 mac=00-1b-21-00-00-03")
        + &arp("10.1.1.29 00-1b-21-00-00-03");
    check("NET006", &switch, TODAY, "SW-01 (0001) warning title reason remedy");
}

#[test]
fn net006_keeps_silent() {
    let row = "0001 host=US-03 ip=10.1.1.23 mac=00-1b-21-00-00-03";
    let elsewhere = arp("10.1.1.29 00-1b-21-00-00-03");
    silent(
        "NET006",
        &[
            ("it is at home", &(ledger(row) + &arp("10.1.1.23 00-1b-21-00-00-03"))),
            (
                "it is at home too, which is NET004's",
                &(ledger(row) + &arp("10.1.1.23 00-1b-21-00-00-03\n 10.1.1.29 00-1b-21-00-00-03")),
            ),
            ("it was not seen", &ledger(row)),
            (
                "its address comes by DHCP",
                &(ledger(&format!("{row} addressing=dynamic")) + &elsewhere),
            ),
            ("it was disposed of", &(ledger(&format!("{row} status=retired")) + &elsewhere)),
            (
                "it came home since",
                &(ledger(row)
                    + "arp 10.1.1.70 2026-11-10\n 10.1.1.29 00-1b-21-00-00-03\n"
                    + &arp("10.1.1.23 00-1b-21-00-00-03")),
            ),
            (
                "a router answers in every network it serves",
                &(ledger(&format!("{row} kind=network")) + &arp("10.1.9.1 00-1b-21-00-00-03")),
            ),
            (
                "a lease that ran out shows where it was, not where it is",
                &(ledger(row)
                    + "leases 10.1.1.1 2026-11-18\n 10.1.1.29 00-1b-21-00-00-03 lease_state=expired"),
            ),
        ],
    );
}

#[test]
fn net007_finds_what_was_disposed_of_and_is_alive() {
    let row = "0001 host=PC-01 mac=00-1b-21-00-00-01 status=retired";
    let seen = arp("10.1.1.1 00-1b-21-00-00-01");
    check("NET007", &(ledger(row) + &seen), TODAY, "PC-01 (0001) urgent title reason remedy");
    for (on, said) in [
        ("2026-11-17", "PC-01 (0001) urgent title reason_date remedy"),
        ("2026-11-18", ""),
        ("2026-11-19", ""),
        ("2026-10", "PC-01 (0001) urgent title reason_date remedy"),
        ("2026-11", ""),
        ("FY2025", "PC-01 (0001) urgent title reason_date remedy"),
        ("FY2026", ""),
    ] {
        check("NET007", &(ledger(&format!("{row} retired_on={on}")) + &seen), TODAY, said);
    }
}

#[test]
fn net007_keeps_silent() {
    let row = "0001 host=PC-01 mac=00-1b-21-00-00-01";
    let seen = arp("10.1.1.1 00-1b-21-00-00-01");
    silent(
        "NET007",
        &[
            ("it is in use", &(ledger(row) + &seen)),
            ("it is stopped, not disposed of", &(ledger(&format!("{row} status=stopped")) + &seen)),
            ("nobody saw it", &ledger(&format!("{row} status=retired"))),
            (
                "another ledger has it in use",
                &(ledger(&format!("{row} status=retired"))
                    + "ledger ME 2026-11-01\n M-1 mac=00-1b-21-00-00-01\n"
                    + &seen),
            ),
            (
                "it was seen while the ledger still had it in use",
                &(ledger(row)
                    + &seen
                    + "ledger 台帳 2026-11-19\n 0001 host=PC-01 mac=00-1b-21-00-00-01 status=retired"),
            ),
            (
                "somebody else has its address now",
                &(ledger("0001 host=PC-01 ip=10.1.1.1 status=retired") + &seen),
            ),
            (
                "only a lease that ran out remains",
                &(ledger(&format!("{row} status=retired"))
                    + "leases 10.1.1.1 2026-11-18\n 10.1.1.1 00-1b-21-00-00-01 lease_state=expired"),
            ),
        ],
    );
}

#[test]
fn net008_finds_an_address_of_the_internet() {
    for address in ["11.200.31.1", "172.32.0.1", "100.128.0.1", "8.8.8.8"] {
        check(
            "NET008",
            &ledger(&format!("0001 host=PC-01 ip={address}")),
            TODAY,
            "PC-01 (0001) warning title reason remedy",
        );
    }
    let two = ledger("0001 host=PC-01 ip=10.1.1.1 ip=11.1.1.1");
    assert_eq!(values("NET008", &two, TODAY), "device=PC-01 (0001); addresses=11.1.1.1");
}

#[test]
fn net008_keeps_silent() {
    for address in [
        "10.1.1.1",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.1.1",
        "192.0.2.1",
    ] {
        silent("NET008", &[(address, &ledger(&format!("0001 ip={address}")))]);
    }
    silent(
        "NET008",
        &[
            ("it was disposed of", &ledger("0001 ip=11.1.1.1 status=retired")),
            ("it is not fixed", &ledger("0001 ip=11.1.1.1 addressing=dynamic")),
            ("no ledger lists it", "table 表 2026-11-01\n ip=11.1.1.1"),
        ],
    );
}

#[test]
fn net009_finds_an_unlisted_router() {
    for (mac, vendor) in
        [("00-a0-de-00-00-09", "YAMAHA CORPORATION"), ("00-0d-0b-00-00-09", "BUFFALO.INC")]
    {
        let hospital = ledger(LOOKER) + &arp(&format!("10.1.1.9 {mac}"));
        check("NET009", &hospital, TODAY, "10.1.1.9 urgent title reason remedy");
        assert_eq!(
            values("NET009", &hospital, TODAY),
            format!("device=10.1.1.9; mac={mac}; vendor={vendor}")
        );
    }
    let nameless = ledger(LOOKER) + &arp("10.1.1.9 00-77-77-00-00-09");
    check("NET009", &nameless, TODAY, "10.1.1.9 urgent title reason_block remedy");
}

#[test]
fn net009_tells_the_line_that_the_configuration_shows() {
    let router = |enabled: &str| {
        format!(
            "config router 2026-11-18\n device host=RT-9 ip=10.1.254.9\n setting setting=line setting_name=pp1 enabled={enabled}"
        )
    };
    check("NET009", &router("yes"), TODAY, "RT-9 urgent title reason_line remedy");
    assert_eq!(values("NET009", &router("yes"), TODAY), "device=RT-9; lines=pp1");
    silent("NET009", &[("it is switched off, and no router's card", &router("no"))]);
    let card = router("yes").replace("ip=10.1.254.9", "ip=10.1.254.9 mac=00-a0-de-00-00-09");
    let seen = card + "\narp 10.1.1.70 2026-11-18\n 10.1.254.9 00-a0-de-00-00-09";
    check("NET009", &(ledger(LOOKER) + &seen), TODAY, "RT-9 urgent title reason_line remedy");
}

#[test]
fn what_was_seen_and_is_in_no_ledger_is_pressed_once() {
    let seen = ledger(LOOKER) + &arp("10.1.1.9 00-1b-21-00-00-09");
    let tool = "inventory tool 2026-11-18\n host=PC-09 mac=00-1b-21-00-00-09\n";
    let console = "console av 2026-11-18\n host=PC-09 mac=00-1b-21-00-00-09\n";
    for more in [tool.to_owned(), console.to_owned(), format!("{tool}{console}")] {
        let hospital = format!("{seen}\n{more}");
        check("NET001", &hospital, TODAY, "PC-09 warning title reason_vendor remedy");
        silent("LED008", &[("NET001 says it", &hospital)]);
        let pressed = found("AVP004", &hospital, TODAY);
        assert!(pressed.iter().all(|line| line.contains(" notice ")), "{pressed:?}");
    }
    let remembered = format!("{}\n{tool}{console}", ledger(LOOKER));
    check("LED008", &remembered, TODAY, "PC-09 warning title reason remedy");
    check("AVP004", &remembered, TODAY, "PC-09 notice title reason remedy");
    let console_only = format!("{}\n{console}", ledger(LOOKER));
    check("AVP004", &console_only, TODAY, "PC-09 warning title reason remedy");
    let local = ledger(LOOKER) + &arp("10.1.1.9 02-1b-21-00-00-09");
    let managed =
        format!("{local}\ninventory tool 2026-11-18\n host=VM-09 mac=02-1b-21-00-00-09\n");
    check("NET001", &managed, TODAY, "VM-09 warning title reason_random remedy");
}

#[test]
fn net009_finds_a_shared_connection() {
    let sharing = ledger("0070 host=OP-70 mac=00-1b-21-00-00-70")
        + "arp 10.1.1.71 2026-11-18\n 192.168.137.1 00-1b-21-00-00-70\n";
    check(
        "NET009",
        &sharing,
        TODAY,
        "network:192.168.137.0/24 urgent title_sharing reason_sharing remedy_sharing",
    );
    assert_eq!(
        values("NET009", &sharing, TODAY),
        "device=OP-70 (0070); network=192.168.137.0/24; date=2026-11-18"
    );
    let two = sharing
        + "ledger ME 2026-11-01\n M-1 host=OP-71 mac=00-1b-21-00-00-71\narp 10.1.1.72 2026-11-17\n 192.168.137.1 00-1b-21-00-00-71\n";
    assert_eq!(
        values("NET009", &two, TODAY),
        "device=OP-70 (0070), OP-71 (M-1); network=192.168.137.0/24; date=2026-11-18",
        "both are told"
    );
}

#[test]
fn net009_keeps_silent() {
    silent(
        "NET009",
        &[
            (
                "the router is listed",
                &(ledger("0001 host=RT-01 mac=00-a0-de-00-00-09")
                    + &arp("10.1.1.9 00-a0-de-00-00-09")),
            ),
            ("a switch leads nowhere", &(ledger(LOOKER) + &arp("10.1.1.9 00-00-0c-00-00-09"))),
            ("a small board is NET001's", &(ledger(LOOKER) + &arp("10.1.1.9 b8-27-eb-00-00-09"))),
            ("a PC is NET001's", &(ledger(LOOKER) + &arp("10.1.1.9 00-1b-21-00-00-09"))),
            (
                "a guest of the shared network shares nothing itself",
                &arp("192.168.137.20 00-1b-21-00-00-70"),
            ),
            (
                "it stopped sharing since",
                &("arp 10.1.1.71 2026-11-10\n 192.168.137.1 00-1b-21-00-00-70\n".to_owned()
                    + &arp("10.1.1.9 00-1b-21-00-00-70")),
            ),
        ],
    );
}

#[test]
fn net010_finds_an_address_that_a_server_declined() {
    let conflict = "leases 10.1.1.5 2026-11-18\n 10.1.1.31 conflict";
    check("NET010", conflict, TODAY, "address:10.1.1.31 warning title reason remedy");
    let two = format!("{conflict}\nleases 10.1.1.6 2026-11-10\n 10.1.1.31 conflict");
    assert_eq!(
        values("NET010", &two, TODAY),
        "address=10.1.1.31; source=leases/10.1.1.5; date=2026-11-18",
        "the newest list speaks"
    );
}

#[test]
fn net010_keeps_silent() {
    silent(
        "NET010",
        &[
            ("a lease that was given", "leases 10.1.1.5 2026-11-18\n 10.1.1.31 00-1b-21-00-00-31"),
            (
                "a newer list is without it",
                "leases 10.1.1.5 2026-11-10\n 10.1.1.31 conflict\nleases 10.1.1.5 2026-11-18\n 10.1.1.32 00-1b-21-00-00-31",
            ),
        ],
    );
}

#[test]
fn net011_finds_a_network_outside_every_zone() {
    let hospital = "zone 放射線 10.1.1.0/24
        ledger 台帳 2026-11-01
          0001 host=PC-01 ip=10.1.1.1
          0002 host=PC-02 ip=10.1.2.1
          0003 host=PC-03 ip=10.1.2.2
          0004 host=PC-04 ip=10.1.3.1";
    check(
        "NET011",
        hospital,
        TODAY,
        "network:10.1.2.0/24 notice title reason remedy
         network:10.1.3.0/24 notice title reason remedy",
    );
}

#[test]
fn net011_keeps_silent() {
    silent(
        "NET011",
        &[
            ("no zone was named", "ledger 台帳 2026-11-01\n 0001 ip=10.1.2.1"),
            ("it is in a zone", "zone 病棟 10.1.0.0/16\nledger 台帳 2026-11-01\n 0001 ip=10.1.2.1"),
            (
                "it is in the second range of a zone",
                "zone 病棟 10.9.0.0/16 10.1.2.0/24\nledger 台帳 2026-11-01\n 0001 ip=10.1.2.1",
            ),
            (
                "it was disposed of",
                "zone 病棟 10.9.0.0/16\nledger 台帳 2026-11-01\n 0001 ip=10.1.2.1 status=retired",
            ),
            (
                "an address it gave itself is in no network",
                "zone 病棟 10.1.0.0/16\nledger 台帳 2026-11-01\n 0001 ip=10.1.2.1 mac=00-1b-21-00-00-01\narp 10.1.1.70 2026-11-18\n 169.254.1.1 00-1b-21-00-00-01",
            ),
        ],
    );
}

#[test]
fn net003_counts_what_was_taken_into_the_ledger_by_hand() {
    let entered = "ledger 台帳 2026-11-01\n 0001 host=CT-01 ip=10.1.1.9 mac=00-1b-21-00-00-01\narp 10.1.2.70 2026-11-10\n 10.1.2.8 00-1b-21-00-00-09\n\
                   hand one 2026-11-11\n about=mac:00-1b-21-00-00-09 0099 10.1.1.9\n";
    check("NET003", entered, TODAY, "address:10.1.1.9 warning title reason_elsewhere remedy");
    silent(
        "NET003",
        &[
            ("it was disposed of", &entered.replace("0099 ", "0099 status=retired ")),
            ("the addresses differ", &entered.replace("0099 10.1.1.9", "0099 10.1.1.7")),
        ],
    );
}
