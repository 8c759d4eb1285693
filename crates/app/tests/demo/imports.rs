//! Importing twice, in another order, for a try, and taking back.

use super::*;

#[test]
fn the_same_files_again_change_nothing() {
    let hospital = Hospital::demo();
    let (before, audited) = (hospital.picture(), hospital.audited());
    for (file, number) in DEMO_FILES.iter().zip(1..) {
        let view = hospital.import(file.name, file.bytes);
        assert_eq!((view.already, view.import), (Some(number), Some(number)), "{}", file.name);
        assert_eq!((view.devices_new, view.devices_changed, view.devices_gone), (0, 0, 0));
    }
    assert_eq!(hospital.audited(), audited, "nothing was done, so nothing is recorded");
    assert_eq!(hospital.app.imports().unwrap().len(), DEMO_FILES.len());
    assert_eq!(hospital.picture(), before);
}

#[test]
fn the_order_of_importing_does_not_matter() {
    let forwards = Hospital::demo();
    let backwards = Hospital::with(DEMO_FILES.iter().rev());
    // Five has no divisor in common with the number of files, so every file comes once.
    assert_ne!(DEMO_FILES.len() % 5, 0);
    let steps = (0..DEMO_FILES.len()).map(|step| &DEMO_FILES[(step * 5 + 3) % DEMO_FILES.len()]);
    let across = Hospital::with(steps);
    let picture = forwards.picture();
    assert_same(&backwards.picture(), &picture, "backwards");
    assert_same(&across.picture(), &picture, "across");
}

#[test]
fn files_that_come_together_are_told_and_kept_as_if_each_had_come_alone() {
    let (alone, together) = (Hospital::empty(), Hospital::empty());
    // What is refused is recorded between the others.
    let refused = ("notes.txt", &b"Nothing of interest stands here.\r\n"[..]);
    let demo = DEMO_FILES.iter().map(|file| (file.name, file.bytes));
    let files: Vec<(&str, &[u8])> =
        demo.clone().take(3).chain([refused]).chain(demo.skip(3)).collect();
    let options = ImportOptions { captured_at: Some(captured_at()), ..ImportOptions::default() };
    let told: Vec<FileView> =
        files.iter().map(|(name, bytes)| alone.import_as(name, bytes, &options)).collect();
    let arriving = files.iter().map(|(name, bytes)| NewFile {
        path: (*name).to_owned(),
        bytes: Ok(Cow::Owned(bytes.to_vec())),
        modified: None,
    });
    let view = together.app.import(arriving, &options, &act(), &mut |_, _| {}).unwrap();
    for (one, other) in view.files.iter().zip(&told) {
        assert_eq!(one, other);
    }
    assert_eq!(view.files.len(), told.len());
    assert_same(&together.picture(), &alone.picture(), "together");
}

/// A parts list, of which no device is seen.
const PARTS: &[u8] = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
  {"type":"library","name":"zlib","version":"1.2.11","purl":"pkg:generic/zlib@1.2.11"}]}"#;

#[test]
fn documents_without_devices_among_others_change_nothing_for_these() {
    let (plain, mixed) = (Hospital::demo(), Hospital::empty());
    let options = ImportOptions { captured_at: Some(captured_at()), ..ImportOptions::default() };
    let file = |file: &DemoFile| NewFile {
        path: file.name.to_owned(),
        bytes: Ok(Cow::Borrowed(file.bytes)),
        modified: None,
    };
    let parts = |name: &str, bytes: Vec<u8>| NewFile {
        path: name.to_owned(),
        bytes: Ok(Cow::Owned(bytes)),
        modified: None,
    };
    let (first, others) = DEMO_FILES.split_first().unwrap();
    let (one, other) = (parts("1.json", PARTS.to_vec()), parts("2.json", [PARTS, b"\n"].concat()));
    let files = [one, file(first), other].into_iter().chain(others.iter().map(file));
    let view = mixed.app.import(files, &options, &act(), &mut |_, _| {}).unwrap();
    assert!(view.files.iter().all(|file| file.error.is_none()));
    assert_eq!(mixed.app.imports().unwrap().len(), DEMO_FILES.len() + 2);
    assert_same(&mixed.picture(), &plain.picture(), "with parts lists between");
}

#[test]
fn a_document_without_devices_takes_the_place_of_an_edition_with_devices() {
    let hospital = Hospital::empty();
    let bring = |name: &str, bytes: &[u8], day: &str, source: Option<&str>| {
        let options = ImportOptions {
            captured_at: Some(format!("{day}T09:00:00+09:00").parse().unwrap()),
            source: source.map(str::to_owned),
            ..ImportOptions::default()
        };
        let view = hospital.import_as(name, bytes, &options);
        assert_eq!(view.error, None, "{name}");
        view
    };
    let ledger = "コンピュータ名,IPアドレス\nPC-1,192.0.2.1\nPC-2,192.0.2.2\n";
    bring("a.csv", ledger.as_bytes(), "2026-11-01", Some("一覧"));
    let neighbours = b"192.0.2.1 dev eth0 lladdr 00:1b:21:01:02:03 REACHABLE\n";
    let seen = bring("neighbours.txt", neighbours, "2026-11-19", None);
    assert_eq!((seen.devices_new, seen.devices_changed), (0, 1), "it is PC-1");
    // From the tenth on nothing says any more that PC-1 has that address.
    let after = bring("b.json", PARTS, "2026-11-10", Some("一覧"));
    assert_eq!((after.devices_new, after.devices_changed), (1, 1));
}

#[test]
fn an_import_taken_back_leaves_what_was_there_without_it() {
    let hospital = Hospital::demo();
    let whole = hospital.picture();
    for (file, number) in DEMO_FILES.iter().zip(1..) {
        let id = domain::ImportId(number);
        hospital.app.undo_import(id, &act()).unwrap();
        let others = DEMO_FILES.iter().filter(|other| other.name != file.name);
        assert_same(&hospital.picture(), &Hospital::with(others).picture(), file.name);
        hospital.app.redo_import(id, &act()).unwrap();
        assert_same(&hospital.picture(), &whole, file.name);
    }
}

#[test]
fn taking_back_twice_is_refused_and_changes_nothing() {
    let hospital = Hospital::demo();
    let audited = hospital.audited();
    let id = domain::ImportId(4);
    assert!(matches!(hospital.app.redo_import(id, &act()), Err(AppError::ImportState(..))));
    hospital.app.undo_import(id, &act()).unwrap();
    assert!(matches!(hospital.app.undo_import(id, &act()), Err(AppError::ImportState(..))));
    assert_eq!(hospital.audited(), audited + 1);
}

#[test]
fn a_rehearsal_stores_nothing() {
    let hospital = Hospital::empty();
    let audited = hospital.audited();
    let rehearsal = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let ledger = demo_file("ledger.xlsx");
    let view = hospital.import_as(ledger.name, ledger.bytes, &rehearsal);
    assert_eq!((view.import, view.devices_new), (None, 312));
    let refused = hospital.import_as("unknown.bin", b"\x00\x01\x02", &rehearsal);
    assert!(refused.error.is_some() && refused.kind.is_none());
    assert!(hospital.devices().is_empty() && hospital.app.imports().unwrap().is_empty());
    assert_eq!(hospital.audited(), audited);
    let view = hospital.import(ledger.name, ledger.bytes);
    assert_eq!((view.import, view.devices_new), (Some(1), 312), "it came to pass as it was told");
}

#[test]
fn a_refused_file_is_recorded_and_changes_nothing_else() {
    let hospital = Hospital::demo();
    let (before, audited) = (hospital.picture(), hospital.audited());
    let view = hospital.import("notes.txt", b"Nothing of interest stands here.\r\n");
    assert!(view.error.is_some() && view.kind.is_none());
    assert_eq!(hospital.audited(), audited + 1);
    assert_same(&hospital.picture(), &before, "refused");
}

#[test]
fn the_record_holds_through_all_this() {
    let hospital = Hospital::demo();
    let head = hospital.round().audit_head.parse().unwrap();
    hospital.app.undo_import(domain::ImportId(2), &act()).unwrap();
    let state = hospital.app.verify_audit(&[head]).unwrap();
    assert!(state.whole, "{:?}", state.problem);
}

/// Compares part by part, so that a difference is told and not the whole hospital.
fn assert_same(actual: &Value, expected: &Value, what: &str) {
    for part in ["devices", "findings"] {
        let (actual, expected) =
            (actual[part].as_array().unwrap(), expected[part].as_array().unwrap());
        for (one, other) in actual.iter().zip(expected) {
            assert_eq!(one, other, "{what} {part}");
        }
        assert_eq!(actual.len(), expected.len(), "{what} {part}");
    }
}
