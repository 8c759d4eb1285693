//! What people enter at the desk, on the devices of the demo.

use app::{AppError, Ask, DEMO_DATE, Entry, Roll, seen_mark};
use domain::{DeviceId, Field, ImportId};

use crate::{Hospital, act};

fn roll(hospital: &Hospital) -> Roll {
    let board = hospital.app.board(DEMO_DATE).unwrap();
    Roll::of(hospital.app.drawing(&[], 0, DEMO_DATE).unwrap().lines, &board)
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
fn what_is_drawn_is_marked_by_what_it_rests_on() {
    let hospital = Hospital::demo();
    let mark = || hospital.app.picture_mark().unwrap();
    let (before, empty) = (mark(), roll(&hospital));
    hospital.round();
    assert_eq!(mark(), before, "a round changes nothing that is drawn");
    let ct = hospital.id("CT-02");
    assert!(empty.device(ct).unwrap().findings().iter().all(|count| *count == 0));
    let found = roll(&hospital);
    assert!(found.device(ct).unwrap().findings().iter().any(|count| *count > 0));
    hospital.app.enter(&[ct], &[entry(Field::Remark, "x")], &act()).unwrap();
    assert_ne!(mark(), before);
}

#[test]
fn all_that_is_drawn_at_once_is_what_is_drawn_alone() {
    let hospital = Hospital::demo();
    let app = &hospital.app;
    let drawing = app.drawing(std::slice::from_ref(app), 3, DEMO_DATE).unwrap();
    assert_eq!(format!("{:?}", drawing.lists), format!("{:?}", app.lists().unwrap()));
    assert_eq!(*drawing.picture, app.picture(DEMO_DATE).unwrap());
    let queue = app.queue_in_full(0, 3, DEMO_DATE).unwrap();
    assert_eq!(format!("{:?}", drawing.queues), format!("{:?}", [queue]));
}

/// The id of a device that was seen and that nobody lists.
fn stranger(hospital: &Hospital) -> DeviceId {
    let found = hospital.found();
    let one = found.iter().find(|one| one.rule == "NET001").unwrap();
    one.device_id.as_ref().unwrap().parse().unwrap()
}

fn is_stranger(hospital: &Hospital, id: DeviceId) -> bool {
    let of = |one: &app::FindingView| {
        one.rule == "NET001" && one.device_id.as_deref() == Some(id.to_string().as_str())
    };
    hospital.round();
    hospital.found().iter().any(of)
}

#[test]
fn whoever_gives_a_number_or_a_name_takes_a_device_into_the_ledger() {
    let hospital = Hospital::demo();
    hospital.round();
    let (id, before) = (stranger(&hospital), hospital.devices());
    hospital.app.enter(&[id], &[entry(Field::Remark, "?")], &act()).unwrap();
    assert!(is_stranger(&hospital, id), "a remark registers nothing");
    assert!(!roll(&hospital).device(id).unwrap().is_in_ledger());
    for field in [Field::AssetNumber, Field::Name] {
        let view = hospital.app.enter(&[id], &[entry(field, "時計 77")], &act()).unwrap();
        assert!(!is_stranger(&hospital, id));
        assert!(roll(&hospital).device(id).unwrap().is_in_ledger());
        hospital.app.undo_import(ImportId(view.import.unwrap()), &act()).unwrap();
        assert!(is_stranger(&hospital, id), "undone is as if it had never been");
        assert!(!roll(&hospital).device(id).unwrap().is_in_ledger());
    }
    assert_eq!(hospital.devices().len(), before.len());
}

#[test]
fn a_card_that_is_entered_is_met_on_the_network_and_can_be_taken_back() {
    let hospital = Hospital::demo();
    hospital.round();
    let before = hospital.devices();
    let (ct, id) = (hospital.id("CT-01"), stranger(&hospital));
    let seen = before.iter().find(|device| device.id == id.to_string()).unwrap();
    let mac = seen.interfaces.iter().find_map(|card| card.mac.clone()).unwrap();
    let typed = mac.replace('-', ":").to_lowercase();
    let view = hospital.app.enter(&[ct], &[entry(Field::Mac, &typed)], &act()).unwrap();
    assert_eq!((view.devices_new, view.devices_gone), (0, 1), "what was seen is the CT");
    let shown = roll(&hospital);
    assert!(shown.device(ct).unwrap().declared(Field::Mac).contains(&mac));
    // What is entered later does not hang on it.
    hospital.app.enter(&[ct], &[entry(Field::Location, "倉庫 9")], &act()).unwrap();
    hospital.app.undo_import(ImportId(view.import.unwrap()), &act()).unwrap();
    assert_eq!(hospital.devices().len(), before.len());
    assert_eq!(hospital.chart("CT-01").device.location.as_deref(), Some("倉庫 9"));
}

#[test]
fn addresses_are_read_in_any_notation_and_stand_beside_those_there_are() {
    let hospital = Hospital::demo();
    let id = hospital.id("CT-01");
    let before = roll(&hospital).device(id).unwrap().declared(Field::Address).to_owned();
    for (typed, shown) in [
        ("１０．９９．１．２", "10.99.1.2"),
        ("010.099.001.003", "10.99.1.3"),
        ("10.99.1.4、10.99.1.5", "10.99.1.5"),
    ] {
        hospital.app.enter(&[id], &[entry(Field::Address, typed)], &act()).unwrap();
        let now = roll(&hospital).device(id).unwrap().declared(Field::Address).to_owned();
        let lines: Vec<&str> = now.lines().collect();
        assert!(lines.contains(&shown) && before.lines().all(|old| lines.contains(&old)), "{now}");
    }
    assert_eq!(hospital.id("CT-01"), id);
}

#[test]
fn what_is_no_address_or_is_of_another_is_refused_and_changes_nothing() {
    let hospital = Hospital::demo();
    let (ct, mr) = (hospital.id("CT-01"), hospital.id("CT-02"));
    let taken = roll(&hospital).device(mr).unwrap().declared(Field::Address).to_owned();
    let audited = hospital.audited();
    let key = |ids: &[DeviceId], field, value: &str| {
        let refused = hospital.app.enter(ids, &[entry(field, value)], &act());
        let Err(AppError::Entry(message)) = refused else { panic!("{value}: {refused:?}") };
        message.key.into_owned()
    };
    for typed in ["10.1.1.256", ".25", "DHCP", "10.1.1.1-9", "CT-01", "255.255.255.255"] {
        assert_eq!(key(&[ct], Field::Address, typed), "app.entry_address", "{typed}");
    }
    for typed in ["00-1b-21-aa-00", "ff-ff-ff-ff-ff-ff", "CT-01", "O0-1b-21-aa-00-01"] {
        assert_eq!(key(&[ct], Field::Mac, typed), "app.entry_mac", "{typed}");
    }
    assert_eq!(key(&[ct, mr], Field::Address, "10.99.1.1"), "app.entry_one");
    let taken = taken.lines().next().unwrap();
    assert_eq!(key(&[ct], Field::Address, taken), "app.entry_taken", "{taken}");
    assert_eq!(hospital.audited(), audited, "nothing was recorded");
}

#[test]
fn what_the_stock_take_did_not_find_is_told_until_it_is_found() {
    let hospital = Hospital::demo();
    let id = hospital.id("CT-01");
    let missing = |hospital: &Hospital| {
        hospital.round();
        hospital.found().iter().any(|one| one.rule == "LED013")
    };
    let day = DEMO_DATE.to_string();
    let answer = |word: &str| {
        let said = [entry(Field::ConfirmedOn, &day), entry(Field::Presence, word)];
        hospital.app.enter(&[id], &said, &act()).unwrap()
    };
    assert!(!missing(&hospital));
    let view = answer("no");
    assert!(missing(&hospital));
    answer("yes");
    assert!(!missing(&hospital), "it was found on the same day");
    hospital.app.undo_import(ImportId(view.import.unwrap() + 1), &act()).unwrap();
    assert!(missing(&hospital));
    hospital.app.undo_import(ImportId(view.import.unwrap()), &act()).unwrap();
    assert!(!missing(&hospital));
}
