//! What lets a decision stay with its finding: keys, bases, and how long a decision holds.

use domain::{Digest, FindingDecision, FindingKey, FindingState};
use jiff::Timestamp;
use testkit::Hospital;

use super::{TODAY, look};

/// Key and basis of everything found.
fn bases(hospital: &Hospital, day: &str) -> Vec<(FindingKey, Digest)> {
    look(hospital, day, |_, findings| {
        findings.into_iter().map(|finding| (finding.key, finding.basis)).collect()
    })
}

/// The basis of the only finding of `code`.
#[track_caller]
fn basis(code: &str, hospital: &str, day: &str) -> Digest {
    let all = bases(&Hospital::read(hospital), day);
    let mut of_rule = all.iter().filter(|(key, _)| key.rule == code);
    let (Some((_, basis)), None) = (of_rule.next(), of_rule.next()) else {
        panic!("{code} does not find exactly one thing in {hospital}")
    };
    *basis
}

/// Something for most rules.
const BUSY: &str = "zone 病棟 10.9.0.0/16
    ledger 台帳 2026-11-01
      0001 host=PC-01 ip=10.1.1.1 mac=00-1b-21-00-00-01 os=OldOS software=カルテ software_version=1
      0001 host=PC-02 ip=10.1.1.1 mac=00-1b-21-00-00-02 os=SomeOS software=カルテ software_version=2
      0003 host=PC-03 ip=11.1.1.3 mac=00-1b-21-00-00-03 support_end=2026-01-01
      0004 host=PC-04 mac=00-1b-21-00-00-03 status=retired
      0005 host=PC-05 ip=10.1.1.5 mac=00-1b-21-00-00-05
    table 表 2026-11-01
      ip=10.1.1.200 host=GONE
    table 表2 2026-11-02
      ip=10.1.1.200 host=OTHER
    leases 10.1.1.60 2026-11-18
      10.1.1.31 conflict
    leases 10.1.1.61 2026-11-17
      10.1.1.31 conflict
    arp 10.1.1.70 2026-11-18
      10.1.1.77 00-a0-de-00-00-09
      10.1.1.8 00-1b-21-00-00-05
      192.168.137.1 00-1b-21-00-00-02";

#[test]
fn keys_and_bases_stay_when_imports_come_in_another_order() {
    let hospital = Hospital::read(BUSY);
    let before = bases(&hospital, TODAY);
    assert!(before.len() > 15, "{before:?}");
    let mut order: Vec<usize> = (0..hospital.imports.len()).collect();
    for _ in 0..order.len() {
        order.rotate_left(1);
        assert_eq!(bases(&hospital.renumbered(&order), TODAY), before, "{order:?}");
    }
    order.reverse();
    assert_eq!(bases(&hospital.renumbered(&order), TODAY), before);
}

#[test]
fn another_day_changes_no_basis() {
    let hospital = Hospital::read(BUSY);
    let later: Vec<_> = bases(&hospital, "2026-11-30");
    assert_eq!(bases(&hospital, TODAY), later);
}

#[test]
fn a_later_look_that_shows_the_same_changes_no_basis() {
    let again = format!("{BUSY}\n{}", BUSY.split_once("arp ").unwrap().1)
        .replace("\n10.1.1.70 2026-11-18", "\narp 10.1.1.70 2026-11-19");
    let (before, after) = (Hospital::read(BUSY), Hospital::read(&again));
    assert_eq!(after.imports.len(), before.imports.len() + 1);
    assert_eq!(bases(&before, TODAY), bases(&after, TODAY));
}

/// A rule, a hospital, the same facts told otherwise, and other facts.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "LED006",
        "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01",
        "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01\nleases 10.1.1.5 2026-11-18\n 10.1.1.9 00-1b-21-00-00-01 host=NB-01",
        "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01\n 0002 name=CT",
    ),
    (
        "LED002",
        "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0001 host=PC-02",
        "ledger 台帳 2026-11-10\n 0001 host=PC-01\n 0001 host=PC-02",
        "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0001 host=PC-02\n 0002 host=PC-03\n 0002 host=PC-04",
    ),
    (
        "LED007",
        "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01\n 0002 mac=00-1b-21-00-00-01",
        "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01 name=CT\n 0002 mac=00-1b-21-00-00-01 name=MR",
        "ledger 台帳 2026-11-01\n 0001 mac=00-1b-21-00-00-01\n 0003 mac=00-1b-21-00-00-01",
    ),
    (
        "LIF001",
        "ledger 台帳 2026-11-01\n 0001 host=PC-01 os=OldOS",
        "ledger 台帳 2026-11-10\n 0001 host=PC-09 os=OldOS",
        "ledger 台帳 2026-11-01\n 0001 host=PC-01 os=OldOS os_version=7",
    ),
    (
        "LIF004",
        "ledger 台帳 2026-11-01\n 0001 software=x software_version=1\n 0002 software=x software_version=2",
        "ledger 台帳 2026-11-01\n 0001 host=PC-01 software=x software_version=1\n 0002 software=x software_version=2",
        "ledger 台帳 2026-11-01\n 0001 software=x software_version=1\n 0002 software=x software_version=3",
    ),
    (
        "LIF005",
        "ledger 台帳 2026-11-01\n 0001 support_end=2026-01-01",
        "ledger 台帳 2026-11-10\n 0001 support_end=2026-01-01 host=PC-01",
        "ledger 台帳 2026-11-01\n 0001 support_end=2026-02-01",
    ),
    (
        "NET002",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1\n 0070 ip=10.1.1.70\narp 10.1.1.70 2026-11-18",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1\n 0070 ip=10.1.1.70\narp 10.1.1.70 2026-11-19",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.2\n 0070 ip=10.1.1.70\narp 10.1.1.70 2026-11-18",
    ),
    (
        "NET003",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1\n 0002 ip=10.1.1.1",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1 name=CT\n 0002 ip=10.1.1.1 name=MR",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1\n 0002 ip=10.1.1.1\n 0003 ip=10.1.1.1",
    ),
    (
        "NET006",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1 mac=00-1b-21-00-00-01\narp 10.1.1.70 2026-11-18\n 10.1.1.9 00-1b-21-00-00-01",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1 mac=00-1b-21-00-00-01\narp 10.1.1.70 2026-11-19\n 10.1.1.9 00-1b-21-00-00-01",
        "ledger 台帳 2026-11-01\n 0001 ip=10.1.1.1 mac=00-1b-21-00-00-01\narp 10.1.1.70 2026-11-18\n 10.1.1.8 00-1b-21-00-00-01",
    ),
    (
        "NET011",
        "zone 病棟 10.9.0.0/16\nledger 台帳 2026-11-01\n 0001 ip=10.1.1.1",
        "zone 病棟 10.8.0.0/16\nledger 台帳 2026-11-01\n 0001 ip=10.1.1.1 name=CT",
        "zone 病棟 10.9.0.0/16\nledger 台帳 2026-11-01\n 0001 ip=10.1.1.1\n 0002 ip=10.1.1.2",
    ),
];

#[test]
fn a_basis_changes_when_the_facts_do_and_only_then() {
    for (code, facts, same, other) in CASES {
        assert_eq!(basis(code, facts, TODAY), basis(code, same, TODAY), "{code}: the same facts");
        assert_ne!(basis(code, facts, TODAY), basis(code, other, TODAY), "{code}: other facts");
    }
}

#[test]
fn a_decision_holds_until_its_day_and_while_the_basis_is_the_same() {
    let (key, basis) = bases(&Hospital::read(BUSY), TODAY).swap_remove(0);
    let decision = |until: Option<&str>| FindingDecision {
        key: key.clone(),
        state: FindingState::Accepted,
        until: until.map(|day| day.parse().unwrap()),
        reason: "test".into(),
        by: "test".into(),
        at: Timestamp::UNIX_EPOCH,
        basis,
    };
    let other = Digest::of(b"other facts");
    for (until, basis, day, holds) in [
        (Some("2026-11-20"), basis, "2026-11-19", true),
        (Some("2026-11-20"), basis, "2026-11-20", true),
        (Some("2026-11-20"), basis, "2026-11-21", false),
        (None, basis, "2099-01-01", true),
        (Some("2026-11-20"), other, "2026-11-19", false),
        (None, other, "2026-11-19", false),
    ] {
        assert_eq!(decision(until).holds(basis, day.parse().unwrap()), holds, "{until:?} {day}");
    }
}
