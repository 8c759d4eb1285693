//! Merging, splitting, and taking that back.

use super::*;

/// The unlisted machine of the HIS segment.
const STRANGER: &str = "10.100.10.199";

#[test]
fn a_merge_makes_one_device_of_two_until_it_is_taken_back() {
    let hospital = Hospital::demo();
    let before = hospital.picture();
    let (stranger, listed) = (hospital.id(STRANGER), hospital.id("RCP-02"));
    assert!(
        hospital.finding("NET001", STRANGER).is_some()
            && hospital.finding("NET002", "RCP-02").is_some()
    );
    hospital.app.merge(listed, stranger, &act()).unwrap();
    hospital.round();
    assert_eq!(hospital.id(STRANGER), listed);
    assert_eq!(
        hospital.app.device(stranger, DEMO_DATE).unwrap().device.id,
        listed.to_string(),
        "the old id leads on"
    );
    assert!(hospital.finding("NET001", "RCP-02").is_none(), "it is listed now");
    assert!(hospital.finding("NET002", "RCP-02").is_none(), "it was seen");
    assert!(hospital.finding("NET006", "RCP-02").is_some(), "and not where the ledger says");
    assert!(matches!(hospital.app.merge(listed, stranger, &act()), Err(AppError::OneDevice(_))));
    hospital.app.undo_identity(&act()).unwrap();
    assert_eq!(hospital.picture(), before);
    assert!(matches!(hospital.app.undo_identity(&act()), Err(AppError::NoIdentityDecision)));
}

#[test]
fn a_split_takes_a_card_away_until_it_is_taken_back() {
    let hospital = Hospital::demo();
    let before = hospital.picture();
    let moved = hospital.id("US-03");
    let card = "mac:00-22-58-0c-ea-49".to_owned();
    assert!(hospital.chart("US-03").signs.contains(&card));
    hospital.app.split(moved, std::slice::from_ref(&card), &act()).unwrap();
    hospital.round();
    assert_eq!(hospital.id("US-03"), moved);
    assert_ne!(hospital.id("10.102.41.29"), moved, "who answers there is another machine now");
    assert!(hospital.finding("NET001", "10.102.41.29").is_some());
    assert!(hospital.finding("NET006", "US-03").is_none());
    assert!(hospital.finding("NET002", "US-03").is_some());
    hospital.app.undo_identity(&act()).unwrap();
    assert_eq!(hospital.picture(), before);
}

#[test]
fn a_sign_the_device_does_not_carry_cannot_be_split_off() {
    let hospital = Hospital::demo();
    let audited = hospital.audited();
    let refused = hospital.app.split(hospital.id("US-03"), &["host:ct-01".to_owned()], &act());
    assert!(matches!(refused, Err(AppError::NotASignOf { .. })));
    assert_eq!(hospital.audited(), audited);
}

#[test]
fn a_merge_outlives_the_import_it_was_said_of() {
    let hospital = Hospital::demo();
    let (stranger, listed) = (hospital.id(STRANGER), hospital.id("HIS-05"));
    hospital.app.merge(listed, stranger, &act()).unwrap();
    let merged = hospital.picture();
    let list = domain::ImportId(3);
    hospital.app.undo_import(list, &act()).unwrap();
    assert!(hospital.app.find_device(STRANGER).is_err(), "nobody has seen it now");
    hospital.app.redo_import(list, &act()).unwrap();
    assert_eq!(hospital.picture(), merged);
}

/// Two registers that call one computer name their own, with different serial numbers.
fn in_doubt() -> Hospital {
    let hospital = Hospital::empty();
    hospital
        .import("a.csv", "管理番号,機器名,製造番号,コンピュータ名\n1,a,SN-1001,US-91\n".as_bytes());
    hospital.import(
        "b.csv",
        "管理番号,機器名,製造番号,コンピュータ名\nK1,b,SN-2002,US-91\n".as_bytes(),
    );
    hospital
}

#[test]
fn a_pair_told_apart_leaves_the_queue_until_that_is_taken_back() {
    let hospital = in_doubt();
    let before = hospital.app.queue().unwrap();
    let [doubt] = before.as_slice() else { panic!("{before:?}") };
    let (one, other) = (doubt.one.parse().unwrap(), doubt.other.parse().unwrap());
    assert!(hospital.app.last_identity_decision().unwrap().is_none());
    hospital.app.keep_apart(one, other, &act()).unwrap();
    assert_eq!(hospital.app.queue().unwrap(), []);
    assert_eq!(hospital.count(), 2);
    let said = hospital.app.last_identity_decision().unwrap().unwrap();
    assert_eq!((said.verdict.as_str(), said.by.as_str()), ("not_same", "佐藤"));
    assert_eq!(BTreeSet::from([said.one, said.other]).len(), 2);
    assert!(matches!(hospital.app.keep_apart(one, one, &act()), Err(AppError::OneDevice(_))));
    hospital.app.undo_identity(&act()).unwrap();
    assert_eq!(hospital.app.queue().unwrap(), before);
}

#[test]
fn the_queue_tells_both_sides_and_why() {
    let hospital = in_doubt();
    let queue = hospital.app.queue_in_full(0, 10, DEMO_DATE).unwrap();
    assert_eq!(queue.total, 1);
    let pair = &queue.pairs[0];
    assert_eq!(pair.shared, ["computer name us-91"]);
    assert_eq!(pair.against.len(), 1);
    let numbers = [&pair.one, &pair.other].map(|side| side.device.asset_number.clone().unwrap());
    assert_eq!(BTreeSet::from(numbers), BTreeSet::from(["1".to_owned(), "K1".to_owned()]));
    assert!(hospital.app.queue_in_full(1, 10, DEMO_DATE).unwrap().pairs.is_empty());
}

#[test]
fn devices_that_share_every_sign_are_merged_and_kept_apart_by_their_rows() {
    let hospital = Hospital::empty();
    let table = "管理番号,機器名,IPアドレス\n,表示器,10.1.1.1\n,計算機,10.1.1.1\n".as_bytes();
    hospital.import("台帳.csv", table);
    let mut ids = Vec::new();
    let take = |device: &app::DeviceSummary<'_>| {
        ids.push(device.row.id);
        Ok::<_, AppError>(())
    };
    hospital.app.each_device("", DEMO_DATE, take).unwrap();
    let [one, other] = ids.as_slice() else { panic!("{ids:?}") };
    hospital.app.merge(*one, *other, &act()).unwrap();
    assert_eq!(hospital.count(), 1);
    hospital.app.undo_identity(&act()).unwrap();
    assert_eq!(hospital.count(), 2);
}
