//! A database of an earlier step: kept first, then brought up; and not touched where it cannot be kept.

use std::fs;
use std::path::{Path, PathBuf};

use domain::Digest;
use rusqlite::Connection;
use store::{Options, RestoreOptions, Store, StoreError, restore_backup, verify_backup};

use crate::builders::*;

const FIRST: &str = include_str!("../../migrations/sqlite/0001_first_tables.sql");

/// A data folder as the first program left it, with an entry in its record.
fn of_the_first_step(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let raw = Connection::open(folder.join("mimawari.sqlite3")).unwrap();
    raw.execute_batch(
        "PRAGMA application_id = 1296914258;
         CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, digest BLOB NOT NULL) STRICT;",
    )
    .unwrap();
    raw.execute_batch(FIRST).unwrap();
    raw.execute("INSERT INTO migration VALUES (1, ?1)", [Digest::of(FIRST.as_bytes()).0]).unwrap();
    raw.execute_batch(
        "INSERT INTO facility (number, id, name) VALUES (1, 'main', 'みなと');
         INSERT INTO setting (facility, name, value) VALUES (1, 'a', 'kept');",
    )
    .unwrap();
}

fn steps(folder: &Path) -> i64 {
    let raw = Connection::open(folder.join("mimawari.sqlite3")).unwrap();
    raw.query_row("SELECT count(*) FROM migration", [], |row| row.get(0)).unwrap()
}

fn backups(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("backups")).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn it_is_kept_proven_and_can_be_brought_back() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    of_the_first_step(&data);
    let store = Store::open(&data, Options::default()).unwrap();
    let setting = store.facility("main").unwrap().read(|view| view.setting("a"));
    assert_eq!(setting.unwrap().as_deref(), Some("kept"));
    drop(store);
    let kept = backups(&data);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].file_name().unwrap(), "before-upgrade-STEP-1.mimawari-backup");
    let proven = verify_backup(&kept[0], None).unwrap();
    assert_eq!(proven.manifest.step, 1);
    drop(Store::open(&data, Options::default()).unwrap());
    assert_eq!(backups(&data).len(), 1, "what is up to date is kept no second time");
    let elsewhere = place.path().join("elsewhere");
    let options = RestoreOptions { passphrase: None, force: false, stamp: "x".to_owned() };
    restore_backup(&kept[0], &elsewhere, &options, &|_, _, _| entry("restored")).unwrap();
    let store = Store::open(&elsewhere, Options::default()).unwrap();
    let setting = store.facility("main").unwrap().read(|view| view.setting("a"));
    assert_eq!(setting.unwrap().as_deref(), Some("kept"));
}

#[test]
fn where_it_cannot_be_kept_it_is_not_touched() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    of_the_first_step(&data);
    fs::write(data.join("backups"), "no folder").unwrap();
    let opened = Store::open(&data, Options::default());
    assert!(matches!(opened, Err(StoreError::NotKept { .. })), "{opened:?}");
    assert_eq!(steps(&data), 1);
    fs::remove_file(data.join("backups")).unwrap();
    drop(Store::open(&data, Options::default()).unwrap());
    assert!(steps(&data) > 1);
}

#[test]
fn a_start_that_was_stopped_halfway_keeps_no_second_copy_and_another_state_gets_its_own() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    of_the_first_step(&data);
    drop(Store::open(&data, Options::default()).unwrap());
    let again = |setting: &str| {
        for file in store::files(&data) {
            let _ = fs::remove_file(file);
        }
        of_the_first_step(&data);
        let raw = Connection::open(data.join("mimawari.sqlite3")).unwrap();
        raw.execute("UPDATE setting SET value = ?1", [setting]).unwrap();
        drop(raw);
        drop(Store::open(&data, Options::default()).unwrap());
    };
    again("kept");
    assert_eq!(backups(&data).len(), 1);
    again("other");
    assert_eq!(backups(&data).len(), 2);
}
