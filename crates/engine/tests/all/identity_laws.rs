//! Laws of identity: what must hold for any hospital whatever.

use std::collections::BTreeMap;

use domain::ImportId;
use engine::{Derivation, Growing, derive};
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::Hospital;

use crate::hospitals::hospital;

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
    fn what_grew_import_by_import_equals_what_is_derived_at_once(text in hospital(), seed in any::<[Index; 6]>()) {
        let hospital = Hospital::read(&text);
        let mut order: Vec<usize> = (0..hospital.imports.len()).collect();
        for (index, other) in seed.iter().enumerate().take(order.len()) {
            let other = other.index(order.len());
            order.swap(index, other);
        }
        let mut steps = vec![hospital.renumbered(&order)];
        for last in (2..=order.len() as u32).rev() {
            steps.extend(steps.last().map(|hospital| hospital.without(ImportId(last))));
        }
        let mut growing = Growing::default();
        let mut kept = BTreeMap::new();
        for (step, hospital) in steps.iter().rev().enumerate() {
            let world = hospital.world();
            let growth = growing.grow(&world);
            let whole = derive(&world, None);
            prop_assert_eq!(growing.derivation(), &whole);
            // The same evidence twice in one source counts once, and which of the two may change.
            let counted = world.imports().count();
            prop_assert!(growth.is_some() || step == 0 || counted <= step, "all was looked at anew");
            if let Some(growth) = &growth {
                growth.before().for_each(|device| { kept.remove(&device.id); });
                kept.extend(growing.fresh(growth).map(|device| (device.id, device.clone())));
            } else {
                kept = whole.devices().map(|device| (device.id, device.clone())).collect();
            }
            let full: BTreeMap<_, _> = whole.devices().map(|device| (device.id, device.clone())).collect();
            prop_assert_eq!(&kept, &full);
        }
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
        let mut patched: BTreeMap<_, _> = earlier.devices().map(|device| (device.id, device)).collect();
        gone.iter().for_each(|id| { patched.remove(id); });
        patched.extend(changed.into_iter().map(|device| (device.id, device)));
        let full: BTreeMap<_, _> = now.devices().map(|device| (device.id, device)).collect();
        prop_assert_eq!(patched, full);
    }
}
