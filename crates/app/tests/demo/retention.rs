//! Documents whose time is over, on the imports of the demo.

use app::{Act, AppError, DEMO_DATE};
use domain::{Actor, ImportId};

use crate::{Hospital, act};

fn on(day: &str) -> Act {
    Act {
        actor: Actor("program:round".into()),
        now: format!("{day}T06:00:00+09:00").parse().unwrap(),
    }
}

#[test]
fn an_undone_import_loses_its_bytes_after_its_years_and_nothing_else() {
    let hospital = Hospital::demo();
    let app = &hospital.app;
    let gone = ImportId(3);
    app.undo_import(gone, &act()).unwrap();
    let devices = || app.devices_after("", None, 1000, DEMO_DATE).unwrap();
    let before = devices();
    app.set_retention(Some(2), &act()).unwrap();
    for day in 10..=18 {
        let day = format!("2028-11-{day}");
        app.round(day.parse().unwrap(), &on(&day)).unwrap();
    }
    assert_eq!(app.let_go(&on("2028-11-19")).unwrap(), 0, "a day too early");
    let over = app.retention(on("2028-11-20").now).unwrap();
    assert_eq!((over.years, over.documents), (Some(2), 1));
    assert!(over.bytes > 0);
    assert_eq!(app.let_go(&on("2036-11-20")).unwrap(), 0, "the clock jumped ahead");
    assert_eq!(app.let_go(&on("2028-11-20")).unwrap(), 1);
    assert_eq!(app.let_go(&on("2028-11-20")).unwrap(), 0, "once");
    assert!(matches!(app.import_evidence(gone), Err(AppError::NoImport(_))));
    assert_eq!(app.import_detail(gone).unwrap().keeping, "let_go");
    assert_eq!(app.import_detail(ImportId(2)).unwrap().keeping, "whole");
    assert_eq!(devices(), before);
    // What was read is still there, and counts again.
    app.redo_import(gone, &on("2028-11-20")).unwrap();
    assert!(app.verify_audit(&[]).unwrap().whole);
}

#[test]
fn years_that_do_not_fit_are_refused() {
    let hospital = Hospital::empty();
    for years in [-1, 0, 1, 31] {
        let refused = hospital.app.set_retention(Some(years), &act());
        assert!(matches!(refused, Err(AppError::Setting(_))), "{years}");
    }
    hospital.app.set_retention(Some(5), &act()).unwrap();
    hospital.app.set_retention(None, &act()).unwrap();
    assert_eq!(hospital.app.retention(act().now).unwrap().years, None);
}
