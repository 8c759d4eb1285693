//! The suite over SQLite, and what is particular to its file.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use store::{Options, Store, StoreError};
use tempfile::TempDir;

use crate::backend::{Backend, suite};
use crate::builders::*;
use crate::suite::noise;

/// A data folder of its own.
struct Sqlite(TempDir);

impl Backend for Sqlite {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> Store {
        self.try_open(Options::default()).unwrap()
    }

    fn tamper(&self, sql: &str) {
        self.raw().execute_batch(sql).unwrap();
    }
}

impl Sqlite {
    fn try_open(&self, options: Options) -> Result<Store, StoreError> {
        Store::open(&self.0.path().join("data"), options)
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("data/mimawari.sqlite3")
    }

    fn raw(&self) -> Connection {
        Connection::open(self.file()).unwrap()
    }
}

suite! { Sqlite:
    suite {
        a_reopened_store_holds_what_was_written,
        an_observation_reads_back_as_it_was_read,
        any_of_many_observations_is_found_by_its_number,
        matters_are_kept_step_by_step_each_kind_by_itself,
        a_failed_change_leaves_nothing_not_even_an_entry,
        a_change_that_panics_leaves_nothing_and_the_next_one_works,
        the_entry_can_be_completed_inside_the_change,
        a_refusal_is_recorded_by_itself,
        an_undone_import_does_not_count_until_it_is_redone,
        an_import_that_is_not_there_is_said_by_its_number,
        reports_and_imports_are_found_by_number_and_bytes,
        evidence_comes_back_byte_for_byte,
        the_same_evidence_is_kept_once,
        a_masked_copy_stands_under_the_digest_of_the_original,
        damaged_evidence_is_noticed,
        damaged_evidence_is_mended_by_importing_the_file_again,
        a_damaged_observation_is_an_error_and_no_guess,
        coverage_counts_while_its_import_does,
        identity_decisions_are_counted_and_the_last_can_be_taken_back,
        a_new_decision_on_a_finding_replaces_the_old_one_and_keeps_it,
        decisions_about_vulnerabilities_are_only_added,
        mappings_sources_zones_and_settings_are_kept_in_place_of_the_old,
        the_chain_holds_and_is_told_by_its_head,
        a_changed_byte_in_any_column_of_the_record_is_found,
        entries_taken_out_of_the_record_are_missed,
        a_round_remembers_the_head_of_the_record,
        a_signature_is_kept_and_its_head_is_looked_for,
        one_change_can_leave_several_entries,
        facilities_do_not_see_each_other,
        a_view_belongs_to_one_moment_while_others_write,
        a_store_opens_and_reads_while_another_writes,
        changes_of_several_threads_and_stores_wait_for_their_turn,
    }
    suite_derived {
        devices_are_listed_in_their_order,
        a_device_reads_back_as_it_was_written,
        an_alias_leads_to_its_device_and_goes_with_it,
        details_are_read_in_the_order_of_the_list,
        a_search_finds_every_word_and_takes_signs_as_they_are,
        a_device_is_found_by_every_word_of_its_row,
        a_damaged_block_of_devices_is_an_error_and_no_guess,
        a_list_can_be_left_early,
        findings_open_stand_and_close_with_their_days,
        a_standing_finding_says_what_it_says_today,
        a_finding_that_comes_back_stands_a_second_time,
        a_finding_gone_and_back_on_one_day_stands_once,
    }
}

#[test]
fn the_file_is_strict_logged_ahead_and_keyed_by_facility() {
    let backend = Sqlite::new();
    drop(backend.open());
    let raw = backend.raw();
    let mode: String = raw.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let loose = "SELECT group_concat(name) FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'";
    assert_eq!(raw.query_row(loose, [], |row| row.get(0)), Ok(None::<String>));
    let unkeyed = "SELECT group_concat(t.name) FROM pragma_table_list t
                   JOIN pragma_table_info(t.name) c ON c.pk = 1 AND c.name <> 'facility'
                   WHERE t.schema = 'main' AND t.name NOT IN ('facility', 'migration') AND t.name NOT LIKE 'sqlite%'";
    assert_eq!(raw.query_row(unkeyed, [], |row| row.get(0)), Ok(None::<String>));
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let backend = Sqlite::new();
    drop(backend.open());
    backend.tamper("INSERT INTO migration VALUES (99, zeroblob(32))");
    let opened = backend.try_open(Options::default());
    assert!(matches!(opened, Err(StoreError::Newer { found: 99, .. })));
}

#[test]
fn a_changed_migration_is_refused() {
    let backend = Sqlite::new();
    drop(backend.open());
    backend.tamper("UPDATE migration SET digest = zeroblob(32) WHERE number = 1");
    let opened = backend.try_open(Options::default());
    assert!(matches!(opened, Err(StoreError::MigrationChanged { number: 1 })));
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let backend = Sqlite::new();
    fs::create_dir(backend.0.path().join("data")).unwrap();
    backend.tamper("CREATE TABLE recipe (name TEXT)");
    let before = fs::read(backend.file()).unwrap();
    let opened = backend.try_open(Options::default());
    assert!(matches!(opened, Err(StoreError::NotOurs)));
    assert!(fs::read(backend.file()).unwrap() == before);
}

#[test]
fn a_file_that_is_no_database_is_damaged() {
    let backend = Sqlite::new();
    drop(backend.open());
    fs::write(backend.file(), b"not a database, but longer than nothing".repeat(300)).unwrap();
    let opened = backend.try_open(Options::default());
    assert!(matches!(opened, Err(StoreError::Damaged { .. })), "{opened:?}");
}

#[test]
fn a_page_written_over_is_noticed() {
    let backend = Sqlite::new();
    change(&backend.open(), "import", |change| change.keep_evidence(&noise(1 << 20)));
    let mut bytes = fs::read(backend.file()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    fs::write(backend.file(), bytes).unwrap();
    // Where the page is one that opening reads, it is noticed there.
    let noticed = match backend.try_open(Options::default()).and_then(|store| store.verify()) {
        Ok(wrong) => !wrong.is_empty(),
        Err(error) => matches!(error, StoreError::Damaged { .. }),
    };
    assert!(noticed);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let backend = Sqlite::new();
    fs::write(backend.0.path().join("data"), b"a file in its place").unwrap();
    let opened = backend.try_open(Options::default());
    assert!(matches!(&opened, Err(StoreError::Folder { path, .. }) if path.ends_with("data")));
}

#[test]
fn a_file_that_may_only_be_read_is_refused() {
    let backend = Sqlite::new();
    drop(backend.open());
    let readable = |readonly| {
        for path in [backend.file(), backend.0.path().join("data")] {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(readonly);
            fs::set_permissions(&path, permissions).unwrap();
        }
    };
    readable(true);
    // The administrator may write whatever the permissions say: then there is nothing to refuse.
    let may_write = fs::OpenOptions::new().append(true).open(backend.file()).is_ok();
    let outcome = backend
        .try_open(Options::default())
        .and_then(|store| store.facility(Store::MAIN)?.record(entry("import")));
    readable(false);
    assert!(may_write || matches!(outcome, Err(StoreError::ReadOnly | StoreError::Io { .. })));
}

#[test]
fn a_full_disk_undoes_the_change_and_reading_goes_on() {
    let backend = Sqlite::new();
    import_names(&backend.open(), &["CT-01"]);
    let size = fs::metadata(backend.file()).unwrap().len();
    let options = Options { max_bytes: Some(size + (64 << 10)), ..Options::default() };
    let store = backend.try_open(options).unwrap();
    let document = noise(800_000);
    let kept = main(&store).change(entry("import"), |change| change.keep_evidence(&document));
    assert!(matches!(kept, Err(StoreError::Full)), "{kept:?}");
    assert_eq!((names(&store), acts(&store)), (vec!["1/0 CT-01".into()], vec!["import".into()]));
    main(&store).record(entry("import.refused")).unwrap();
    assert_eq!(acts(&store), ["import", "import.refused"]);
}

#[test]
fn a_lock_held_too_long_is_said() {
    let backend = Sqlite::new();
    let options = Options { busy: Duration::from_millis(50), ..Options::default() };
    let store = backend.try_open(options).unwrap();
    let other = backend.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(main(&store).record(entry("import")), Err(StoreError::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    main(&store).record(entry("import")).unwrap();
}

#[test]
fn a_new_folder_can_be_opened_by_several_at_once() {
    let backend = Sqlite::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| main(&backend.open()).record(entry("start")).unwrap());
        }
    });
    assert_eq!(acts(&backend.open()).len(), 4);
}

#[test]
fn what_belongs_to_nothing_is_found_by_verify() {
    let backend = Sqlite::new();
    let store = backend.open();
    import_names(&store, &["CT-01"]);
    backend.tamper("PRAGMA foreign_keys = OFF; DELETE FROM import");
    assert_eq!(store.verify().unwrap(), ["a row of `observation_block` belongs to nothing"]);
}
