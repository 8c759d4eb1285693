use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::{Options, Store};

/// Records held in memory.
struct Held(VecDeque<u8>, Vec<u8>);

impl Pull for Held {
    fn take(&mut self, count: usize) -> Result<&[u8], BackupError> {
        if self.0.len() < count {
            return Err(self.damaged());
        }
        self.1 = self.0.drain(..count).collect();
        Ok(&self.1)
    }

    fn damaged(&self) -> BackupError {
        BackupError::Damaged { chunk: 1, offset: 0 }
    }
}

fn filled(records: &[u8], steps: &[&str]) -> Result<Snapshot, BackupError> {
    let empty = Snapshot::private()?;
    empty.fill_knowing(&mut Held(records.iter().copied().collect(), Vec::new()), steps)?;
    Ok(empty)
}

fn written(snapshot: &Snapshot) -> (Vec<u8>, Tally) {
    let mut records = Vec::new();
    let tally = snapshot.write(&mut records).unwrap();
    (records, tally)
}

/// A database with some records, made by the steps of this program.
fn some() -> Snapshot {
    let snapshot = Snapshot::private().unwrap();
    migrate::migrate(&snapshot.0).unwrap();
    snapshot
        .0
        .batch(
            "INSERT INTO setting VALUES (1, 'b', '値'), (1, 'a', ''), (1, 'long', hex(zeroblob(40000)));
             INSERT INTO source VALUES (1, 'ledger/台帳', 'ledger', NULL, 90), (1, 'arp', 'arp', '2026-11-20', NULL);
             INSERT INTO evidence VALUES (1, x'00ff', x'', 3)",
        )
        .unwrap();
    snapshot
}

#[test]
fn records_filled_into_another_database_are_the_same_records() {
    let (records, tally) = written(&some());
    assert_eq!((tally.tables["setting"], tally.tables["facility"]), (3, 1));
    assert_eq!(tally.bytes, records.len() as u64);
    let copy = filled(&records, migrate::STEPS).unwrap();
    assert_eq!(written(&copy), (records, tally));
    assert_eq!(copy.faults().unwrap(), Vec::<String>::new());
}

#[test]
fn the_digest_does_not_depend_on_pages_or_on_the_order_of_writing() {
    let (records, tally) = written(&some());
    let other = Snapshot::private().unwrap();
    other.0.batch("PRAGMA page_size = 1024; VACUUM").unwrap();
    migrate::migrate(&other.0).unwrap();
    other
        .0
        .batch(
            "INSERT INTO evidence VALUES (1, x'00ff', x'', 3);
             INSERT INTO source VALUES (1, 'arp', 'arp', '2026-11-20', NULL), (1, 'ledger/台帳', 'ledger', NULL, 90);
             INSERT INTO setting VALUES (1, 'z', 'gone'), (1, 'long', hex(zeroblob(40000))), (1, 'b', '値'), (1, 'a', '');
             DELETE FROM setting WHERE name = 'z'",
        )
        .unwrap();
    assert_eq!(written(&other), (records.clone(), tally.clone()));
    other.0.batch("UPDATE setting SET value = '値 ' WHERE name = 'b'").unwrap();
    assert_ne!(written(&other).1.digest, tally.digest);
}

#[test]
fn every_value_of_every_type_comes_back() {
    let step = "CREATE TABLE thing (n INTEGER NOT NULL PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB) STRICT;
                CREATE TABLE keyless (\"a b\" TEXT) STRICT;";
    let snapshot = Snapshot::private().unwrap();
    snapshot.0.begin_writing().unwrap();
    migrate::lay_out(&snapshot.0, &[step]).unwrap();
    snapshot
        .0
        .batch(
            "INSERT INTO thing VALUES (-9223372036854775808, 9223372036854775807, 1e300, '', x''),
             (0, NULL, NULL, NULL, NULL), (7, -1, -0.0, 'あ' || char(0) || '\"', x'00');
             INSERT INTO keyless VALUES ('b'), ('a'), ('a'); COMMIT",
        )
        .unwrap();
    let (records, tally) = written(&snapshot);
    assert_eq!(written(&filled(&records, &[step]).unwrap()), (records, tally));
}

#[test]
fn records_of_an_older_step_are_filled_in_and_brought_forward() {
    let (records, tally) = written(&some());
    let steps: Vec<&str> = migrate::STEPS
        .iter()
        .copied()
        .chain(["ALTER TABLE setting ADD COLUMN note TEXT NOT NULL DEFAULT 'なし'"])
        .collect();
    let copy = filled(&records, &steps).unwrap();
    assert_eq!(written(&copy).1, tally, "as it was, before it is brought forward");
    migrate::migrate_to(&copy.0, &steps).unwrap();
    let after = written(&copy).1;
    assert_eq!((after.step, after.tables["setting"]), (tally.step + 1, 3));
    let note =
        copy.0.one::<_, StoreError>("SELECT note FROM setting LIMIT 1", [], |mut row| row.string());
    assert_eq!(note.unwrap().as_deref(), Some("なし"));
    // And the other way round: what a newer program wrote is told to be so.
    let (newer, _) = written(&copy);
    assert!(matches!(filled(&newer, migrate::STEPS), Err(BackupError::Newer)));
}

/// A setting's name and value, and the bytes of some evidence.
type Row = (String, String, Vec<u8>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    proptest::collection::vec((".{0,12}", ".{0,40}", bytes), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_in_a_database_comes_back_and_in_whatever_order_it_was_written(rows in rows()) {
        let insert = |snapshot: &Snapshot, rows: &mut dyn Iterator<Item = &Row>| {
            for (name, value, bytes) in rows {
                snapshot
                    .0
                    .run(
                        "INSERT OR IGNORE INTO setting VALUES (1, ?1, ?2)",
                        rusqlite::params![format!("{name}/{value}"), value],
                    )
                    .unwrap();
                let digest = Digest::of(bytes).0;
                for (table, sql) in [
                    ("evidence", "INSERT OR IGNORE INTO evidence VALUES (1, ?1, ?1, length(?2))"),
                    ("chunk", "INSERT OR IGNORE INTO evidence_chunk VALUES (1, ?1, 0, 0, ?2)"),
                ] {
                    let done = snapshot.0.run(sql, rusqlite::params![digest, bytes]);
                    prop_assert!(done.is_ok(), "{table}: {done:?}");
                }
            }
            Ok(())
        };
        let (one, other) = (some(), some());
        insert(&one, &mut rows.iter())?;
        insert(&other, &mut rows.iter().rev())?;
        let (records, tally) = written(&one);
        prop_assert_eq!(&written(&other).1, &tally);
        let copy = filled(&records, migrate::STEPS).unwrap();
        prop_assert_eq!(&written(&copy), &(records, tally));
        prop_assert!(copy.faults().unwrap().is_empty());
    }
}

#[test]
fn a_step_that_is_not_the_one_we_know_is_refused() {
    let (records, _) = written(&some());
    let mut other = migrate::STEPS.to_vec();
    other[0] = "CREATE TABLE setting (facility INTEGER NOT NULL PRIMARY KEY) STRICT";
    assert!(matches!(
        filled(&records, &other),
        Err(BackupError::Store(StoreError::MigrationChanged { number: 1 }))
    ));
}

#[test]
fn bytes_that_are_no_records_are_damage_and_never_a_panic() {
    let (records, _) = written(&some());
    for length in (0..records.len()).step_by(records.len() / 40) {
        let found = filled(&records[..length], migrate::STEPS);
        assert!(matches!(found, Err(BackupError::Damaged { .. })), "{length}");
    }
    for at in (0..records.len()).step_by(records.len() / 60) {
        let mut other = records.clone();
        other[at] ^= 0x55;
        // Where a value was hit, the records are others, and the digest tells.
        if let Ok(copy) = filled(&other, migrate::STEPS) {
            assert_ne!(written(&copy).0, records, "{at}");
        }
    }
}

#[test]
fn a_database_in_use_cannot_be_retired_and_one_that_rests_is_in_one_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join(super::super::FILE);
    let store = Store::open(folder.path(), Options::default()).unwrap();
    assert!(matches!(Snapshot::retire(&path), Err(StoreError::Busy)));
    drop(store);
    assert_eq!(Snapshot::retire(&path).unwrap(), Retired::AtRest);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    std::fs::write(&path, "no database at all").unwrap();
    assert_eq!(Snapshot::retire(&path).unwrap(), Retired::Unopened);
}
