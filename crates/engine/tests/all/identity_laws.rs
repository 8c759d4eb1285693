//! Laws of identity: what must hold for any hospital whatever.

use std::fmt::Write as _;

use domain::ImportId;
use engine::{Derivation, derive};
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::Hospital;

/// A hospital of few numbers, names, cards and addresses, so that they collide all the time.
fn hospital() -> impl Strategy<Value = String> {
    let import = (0..5u8, 0..2u8, 1..5u8, proptest::collection::vec(row(), 0..5));
    let decision = (any::<bool>(), sign(), sign());
    (proptest::collection::vec(import, 1..6), proptest::collection::vec(decision, 0..3)).prop_map(
        |(imports, decisions)| {
            let mut text = String::new();
            for (index, (kind, source, day, rows)) in imports.into_iter().enumerate() {
                let kind = ["ledger", "table", "leases", "reservations", "arp"][usize::from(kind)];
                let name = if kind == "arp" {
                    format!("10.1.1.{}", 70 + source)
                } else {
                    format!("s{source}")
                };
                // The day carries the index, so that no two documents are the same to the byte.
                let _ = writeln!(text, "{kind} {name} 20{:02}-11-{:02}", 20 + index, day);
                for row in rows {
                    let row = if kind == "ledger" {
                        row
                    } else {
                        row.split_once(' ').unwrap().1.to_owned()
                    };
                    let _ = writeln!(text, "  {row}");
                }
            }
            for (same, one, other) in decisions {
                let _ = writeln!(text, "{} {one} {other}", if same { "same" } else { "not_same" });
            }
            text
        },
    )
}

fn row() -> impl Strategy<Value = String> {
    let some = |words: Vec<String>| proptest::option::of(proptest::sample::select(words));
    (
        0..4u8,
        some((1..4).map(|n| format!("host=pc-{n}")).collect()),
        some(
            (1..4)
                .map(|n| format!("mac=00-1b-21-00-00-0{n}"))
                .chain(["mac=7a-00-00-00-00-01".into()])
                .collect(),
        ),
        some((1..4).map(|n| format!("ip=10.1.1.{n}")).chain(["ip=10.1.1.70".into()]).collect()),
        some(vec!["serial=SN-1001".into(), "serial=SN-1002".into()]),
        some(vec!["status=retired".into(), "name=CT".into(), "name=MR".into()]),
    )
        .prop_map(|(number, host, mac, ip, serial, more)| {
            let words: Vec<String> = [host, mac, ip, serial, more].into_iter().flatten().collect();
            format!("000{number} name=x {}", words.join(" "))
        })
}

fn sign() -> impl Strategy<Value = String> {
    let mut signs = Vec::new();
    for n in 1..4 {
        signs.push(format!("host:pc-{n}"));
        signs.push(format!("mac:00-1b-21-00-00-0{n}"));
        signs.push(format!("address:0/10.1.1.{n}"));
        signs.push(format!("asset:ledger/s0/000{n}"));
    }
    proptest::sample::select(signs)
}

/// All devices and doubts, by what does not depend on the numbers of imports.
fn describe(hospital: &Hospital, derivation: &Derivation) -> Vec<String> {
    let mut lines: Vec<String> =
        derivation.devices().map(|device| hospital.describe(device)).collect();
    lines.extend(derivation.doubts().map(|doubt| format!("{doubt:?}")));
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_import_does_not_matter(text in hospital(), seed in any::<[Index; 6]>()) {
        let hospital = Hospital::read(&text);
        let mut order: Vec<usize> = (0..hospital.imports.len()).collect();
        for (index, other) in seed.iter().enumerate().take(order.len()) {
            let other = other.index(order.len());
            order.swap(index, other);
        }
        let shuffled = hospital.renumbered(&order);
        let (one, other) = (derive(&hospital.world(), None), derive(&shuffled.world(), None));
        prop_assert_eq!(describe(&hospital, &one), describe(&shuffled, &other));
    }

    #[test]
    fn an_incremental_derivation_equals_a_full_one(text in hospital(), last in any::<Index>()) {
        let hospital = Hospital::read(&text);
        let last = ImportId(last.index(hospital.imports.len()) as u32 + 1);
        let before = hospital.without(last);
        let earlier = derive(&before.world(), None);
        let world = hospital.world();
        prop_assert_eq!(derive(&world, Some(&earlier)), derive(&world, None));
    }

    #[test]
    fn the_undo_of_any_import_equals_never_having_imported_it(text in hospital(), undone in any::<Index>()) {
        let hospital = Hospital::read(&text);
        let undone = ImportId(undone.index(hospital.imports.len()) as u32 + 1);
        let with = derive(&hospital.world(), None);
        let without = hospital.without(undone);
        let world = without.world();
        prop_assert_eq!(derive(&world, Some(&with)), derive(&world, None));
    }

    #[test]
    fn the_same_evidence_twice_changes_nothing(text in hospital(), again in any::<Index>()) {
        let hospital = Hospital::read(&text);
        let again = ImportId(again.index(hospital.imports.len()) as u32 + 1);
        let twice = hospital.with_again(again);
        let (once_derived, twice_derived) = (derive(&hospital.world(), None), derive(&twice.world(), None));
        prop_assert_eq!(describe(&hospital, &once_derived), describe(&twice, &twice_derived));
    }

    #[test]
    fn every_observation_is_in_one_device_and_no_two_devices_share_an_id(text in hospital()) {
        let hospital = Hospital::read(&text);
        let world = hospital.world();
        let derivation = derive(&world, None);
        let mut members: Vec<_> = derivation.devices().flat_map(|device| device.members.clone()).collect();
        members.sort();
        let all: Vec<_> = world.observations().map(|recorded| recorded.at).collect();
        prop_assert_eq!(members, all);
        let mut ids: Vec<_> = derivation.devices().map(|device| device.id).collect();
        let devices = ids.len();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), devices);
    }

    #[test]
    fn changes_tell_everything_that_changed(text in hospital(), last in any::<Index>()) {
        let hospital = Hospital::read(&text);
        let last = ImportId(last.index(hospital.imports.len()) as u32 + 1);
        let before = hospital.without(last);
        let earlier = derive(&before.world(), None);
        let now = derive(&hospital.world(), Some(&earlier));
        let (changed, gone) = now.changes_since(&earlier);
        let mut patched: std::collections::BTreeMap<_, _> = earlier.devices().map(|device| (device.id, device)).collect();
        gone.iter().for_each(|id| { patched.remove(id); });
        patched.extend(changed.into_iter().map(|device| (device.id, device)));
        let full: std::collections::BTreeMap<_, _> = now.devices().map(|device| (device.id, device)).collect();
        prop_assert_eq!(patched, full);
    }
}
