//! What people enter at the desk, on the devices of the demo.

use app::{AppError, Ask, DEMO_DATE, Entry, Roll, seen_mark};
use domain::{DeviceId, Field, ImportId};

use crate::{Hospital, act};

fn roll(hospital: &Hospital) -> Roll {
    let board = hospital.app.board(DEMO_DATE).unwrap();
    hospital.app.roll(DEMO_DATE, &board, None).unwrap()
}

fn entry(field: Field, value: &str) -> Entry {
    Entry { field, value: value.to_owned(), seen: None }
}

#[test]
fn every_device_takes_an_entry_and_stays_itself() {
    let hospital = Hospital::demo();
    let before = hospital.devices();
    let ids: Vec<DeviceId> = before.iter().map(|device| device.id.parse().unwrap()).collect();
    let view = hospital.app.enter(&ids, &[entry(Field::Location, "倉庫 9")], &act()).unwrap();
    assert_eq!((view.devices_new, view.devices_gone), (0, 0));
    for (was, is) in before.iter().zip(hospital.devices()) {
        assert_eq!((&was.id, is.location.as_deref()), (&is.id, Some("倉庫 9")));
        assert_eq!(was.observed, is.observed, "{}", was.id);
        assert_eq!(was.interfaces, is.interfaces, "{}", was.id);
        let others = |device: &app::DeviceView| {
            let mut values = device.declared.clone();
            values.remove("location");
            values.remove("about");
            values
        };
        assert_eq!(others(was), others(&is), "{}", was.id);
    }
    hospital.app.undo_import(ImportId(view.import.unwrap()), &act()).unwrap();
    assert_eq!(hospital.devices(), before, "undone is as if it had never been");
}

#[test]
fn of_two_entries_the_later_one_counts_whatever_the_clock_says() {
    let hospital = Hospital::demo();
    let id = hospital.id("CT-01");
    for place in ["一", "二", "三"] {
        hospital.app.enter(&[id], &[entry(Field::Location, place)], &act()).unwrap();
    }
    assert_eq!(hospital.chart("CT-01").device.location.as_deref(), Some("三"));
}

#[test]
fn who_saw_something_else_changes_nothing() {
    let hospital = Hospital::demo();
    let id = hospital.id("CT-01");
    let seen = seen_mark([(id, roll(&hospital).device(id).unwrap().declared(Field::Location))]);
    let asked = Entry { seen: Some(seen), ..entry(Field::Location, "一") };
    hospital.app.enter(&[id], std::slice::from_ref(&asked), &act()).unwrap();
    let audited = hospital.audited();
    let Err(AppError::Clash(clashes)) = hospital.app.enter(&[id], &[asked], &act()) else {
        panic!("the second must be asked again")
    };
    assert_eq!((clashes[0].now.as_str(), clashes[0].by.as_str()), ("一", "佐藤"));
    assert_eq!(hospital.audited(), audited, "nothing was recorded");
}

#[test]
fn what_was_entered_fills_the_gap_that_the_ledger_has() {
    let hospital = Hospital::demo();
    let missing = |hospital: &Hospital| -> usize {
        let of = |one: &app::FindingView| one.rule == "LED001" && one.key.ends_with("/maker");
        let found = hospital.found().into_iter().find(of);
        found.map_or(0, |finding| finding.evidence.len())
    };
    assert_eq!(missing(&hospital), 1);
    let picture = roll(&hospital);
    let found = picture.find(&Ask::default());
    let empty: Vec<DeviceId> = found
        .rows
        .iter()
        .map(|row| picture.row(*row))
        .filter(app::RollRow::is_in_ledger)
        .map(|row| row.id())
        .collect();
    hospital.app.enter(&empty, &[entry(Field::Maker, "A社")], &act()).unwrap();
    assert_eq!(missing(&hospital), 0);
}

#[test]
fn the_picture_is_taken_over_while_what_it_rests_on_is_the_same() {
    let hospital = Hospital::demo();
    let first = roll(&hospital);
    hospital.round();
    let board = hospital.app.board(DEMO_DATE).unwrap();
    let second = hospital.app.roll(DEMO_DATE, &board, Some(&first.lines())).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first.lines(), &second.lines()));
    let ct = second.device(hospital.id("CT-02")).unwrap();
    assert!(ct.findings().iter().any(|count| *count > 0), "the findings are the new ones");
    hospital.app.enter(&[ct.id()], &[entry(Field::Remark, "x")], &act()).unwrap();
    let third = hospital.app.roll(DEMO_DATE, &board, Some(&second.lines())).unwrap();
    assert!(!std::sync::Arc::ptr_eq(&second.lines(), &third.lines()));
}
