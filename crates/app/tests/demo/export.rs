//! The ledger leaves as a file and comes back: nothing is lost, nothing is new.

use std::collections::BTreeMap;

use app::{App, Ask, DEMO_DATE, FileKind, ImportOptions, LEDGER_FIELDS, Roll, Sheet};
use domain::Field;

use crate::Hospital;

fn roll(app: &App) -> Roll {
    let board = app.board(DEMO_DATE).unwrap();
    Roll::of(app.drawing(&[], 0, DEMO_DATE).unwrap().lines, &board)
}

fn export(app: &App, sheet: Sheet, kind: FileKind) -> Vec<u8> {
    let roll = roll(app);
    let found = roll.find(&Ask::default());
    app.export(sheet, kind, found.rows.iter().map(|row| roll.row(*row))).unwrap()
}

fn import(hospital: &Hospital, name: &str, bytes: &[u8]) -> app::FileView {
    let options = ImportOptions {
        captured_at: Some("2026-11-22T00:00:00Z".parse().unwrap()),
        ..ImportOptions::default()
    };
    hospital.import_as(name, bytes, &options)
}

/// What is declared of every device, by its id.
fn declared(app: &App) -> BTreeMap<String, BTreeMap<&'static str, String>> {
    let roll = roll(app);
    let found = roll.find(&Ask::default());
    let mut all = BTreeMap::new();
    for row in found.rows.iter().map(|row| roll.row(*row)) {
        // How an address was written is not the address; what nobody declares is in no file.
        let kept = LEDGER_FIELDS.iter().filter(|field| {
            !matches!(field, Field::About | Field::Addressing | Field::Quantity | Field::Status)
        });
        let mut values: BTreeMap<&'static str, String> = kept
            .map(|field| (field.key(), row.declared(*field).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if let Some(status) = row.status() {
            values.insert("status", status.key().to_owned());
        }
        if !values.is_empty() {
            all.insert(row.id().to_string(), values);
        }
    }
    all
}

fn check_round_trip(kind: FileKind, name: &str) {
    let hospital = Hospital::demo();
    let before = declared(&hospital.app);
    let bytes = export(&hospital.app, Sheet::Own, kind);
    // Into a hospital that knows nothing.
    let fresh = Hospital::empty();
    let view = import(&fresh, name, &bytes);
    assert_eq!(view.error, None);
    assert_eq!(differences(&before, &declared(&fresh.app)), Vec::<String>::new());
    // And into the same one again.
    let view = import(&hospital, name, &bytes);
    assert_eq!((view.devices_new, view.devices_gone), (0, 0), "{:?}", view.warnings);
    assert_eq!(differences(&before, &declared(&hospital.app)), Vec::<String>::new());
}

fn differences(
    one: &BTreeMap<String, BTreeMap<&'static str, String>>,
    other: &BTreeMap<String, BTreeMap<&'static str, String>>,
) -> Vec<String> {
    let mut told = Vec::new();
    for (id, values) in one {
        let Some(others) = other.get(id) else {
            told.push(format!("{id} is missing: {values:?}"));
            continue;
        };
        for key in values.keys().chain(others.keys()) {
            if values.get(key) != others.get(key) {
                told.push(format!("{id} {key}: {:?} {:?}", values.get(key), others.get(key)));
            }
        }
    }
    told.extend(
        other
            .keys()
            .filter(|id| !one.contains_key(*id))
            .map(|id| format!("{id} is new: {:?}", other[id])),
    );
    told
}

#[test]
fn the_ledger_comes_back_from_csv_without_loss() {
    check_round_trip(FileKind::Csv, "書き出した台帳.csv");
}

#[test]
fn the_ledger_comes_back_from_a_workbook_without_loss() {
    check_round_trip(FileKind::Xlsx, "書き出した台帳.xlsx");
}
