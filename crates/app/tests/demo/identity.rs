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
