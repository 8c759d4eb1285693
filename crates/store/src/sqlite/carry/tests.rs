use std::path::Path;

use domain::{Binding, FactsBuilder, Field, ObservationRef};
use rusqlite::{Connection, params};

use super::*;
use crate::sqlite::migrate;
use crate::{Options, Store};

/// A database as the first program made it: so many observations and devices in single rows, for each of two facilities.
fn of_the_first_step(folder: &Path, count: u32) {
    let db = Db::new(Connection::open(folder.join(crate::sqlite::FILE)).unwrap()).unwrap();
    migrate::migrate_to(&db, &migrate::STEPS[..1]).unwrap();
    db.begin_writing().unwrap();
    db.run("INSERT INTO facility VALUES (2, 'branch', '分院')", []).unwrap();
    for facility in [1, 2] {
        for import in [1, 2] {
            let sql = "INSERT INTO import VALUES (?1, ?2, x'00', '台帳.csv', 1, 'whole', 'ledger/台帳', 'ledger-csv', 1,
                                                  NULL, 0, 0, 'sato', 2, 'active')";
            db.run(sql, params![facility, import]).unwrap();
            (0..count).for_each(|seq| add_observation(&db, facility, import, seq));
        }
        (0..count).for_each(|number| add_device(&db, facility, number));
    }
    db.commit().unwrap();
}

fn observation_of(facility: i64, import: u32, seq: u32) -> Observation {
    let name = format!("CT-{facility}-{import}-{seq}");
    let facts = FactsBuilder::new()
        .add(Field::Name, &name)
        .add_written(Field::Registered, "2023-03-01", "令和5年3月1日")
        .finish();
    let address = "10.1.2.3".parse().ok();
    Observation {
        place: format!("機器!台帳!{}:3#1", seq + 2).parse().unwrap(),
        kind: ObservationKind::LedgerRow,
        bindings: vec![Binding {
            mac: "00:1b:21:aa:00:01".parse().ok(),
            address,
            prefix: Some(24),
        }],
        facts,
    }
}

fn add_observation(db: &Db, facility: i64, import: u32, seq: u32) {
    let observation = observation_of(facility, import, seq);
    let mut packed = Vec::new();
    bindings::encode(&observation.bindings, &mut packed);
    db.run(
        "INSERT INTO observation VALUES (?1, ?2, ?3, 'ledger_row', ?4, ?5, ?6)",
        params![
            facility,
            import,
            seq,
            observation.place.to_string(),
            packed,
            observation.facts.as_bytes()
        ],
    )
    .unwrap();
}

fn id_of(number: u32) -> DeviceId {
    DeviceId::of(domain::SignKey::of(&format!("asset:{number}")))
}

fn add_device(db: &Db, facility: i64, number: u32) {
    db.run(
        "INSERT INTO device VALUES (?1, ?2, ?3, ?4, 'CT', 'medical', '甲社', 'VX', 'Windows 11', '', '', '', '二階',
                                    'in_use', '画像診断', 'ct', '10.1.2.3', '00-1b-21-aa-00-01', 'ct', ?5, ?6)",
        params![
            facility,
            format!("0{number:010}"),
            id_of(number).bits() as i64,
            format!("A-{facility}-{number}"),
            [number as u8; 32],
            id_of(number + 1_000_000).bits().to_be_bytes()
        ],
    )
    .unwrap();
}

#[test]
fn a_database_of_single_rows_is_brought_into_blocks_without_loss() {
    const COUNT: u32 = 1500;
    let folder = tempfile::tempdir().unwrap();
    of_the_first_step(folder.path(), COUNT);
    let store = Store::open(folder.path(), Options::default()).unwrap();
    for (facility, id) in [(1, Store::MAIN), (2, "branch")] {
        let read = store.facility(id).unwrap().read(|view| {
            let mut expected = [1, 2].into_iter().flat_map(|import| {
                (0..COUNT).map(move |seq| (import, seq, observation_of(facility, import, seq)))
            });
            view.each_observation(|at, observation| {
                assert_eq!(expected.next(), Some((at.import.0, at.seq, observation)));
                Ok::<_, StoreError>(())
            })?;
            assert_eq!(expected.next(), None);
            let at = ObservationRef { import: domain::ImportId(2), seq: 700 };
            assert_eq!(view.observation(at)?, Some(observation_of(facility, 2, 700)));
            let mut number = 0;
            view.each_device(|row| {
                assert_eq!(
                    (row.id, row.asset_number),
                    (id_of(number), &*format!("A-{facility}-{number}"))
                );
                assert_eq!(
                    (row.kind, row.status),
                    (Some(DeviceKind::Medical), Some(Status::InUse))
                );
                assert_eq!((row.zone, row.macs), ("画像診断", "00-1b-21-aa-00-01"));
                number += 1;
                Ok::<_, StoreError>(())
            })?;
            assert_eq!(number, COUNT);
            assert_eq!(view.device_id(id_of(1_000_007))?, Some(id_of(7)));
            view.device(id_of(7), |row, detail| {
                assert_eq!((row.name, detail), ("CT", [7; 16].as_slice()));
                Ok::<_, StoreError>(())
            })
        });
        assert_eq!(read.unwrap(), Some(()));
    }
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    drop(store);
    assert!(Store::open(folder.path(), Options::default()).is_ok(), "and opens as one of today");
}

#[test]
fn a_row_that_cannot_be_read_stops_the_step_and_leaves_all_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    of_the_first_step(folder.path(), 3);
    let raw = || Connection::open(folder.path().join(crate::sqlite::FILE)).unwrap();
    raw().execute_batch("UPDATE observation SET facts = x'ff' WHERE seq = 2").unwrap();
    let opened = Store::open(folder.path(), Options::default());
    assert!(matches!(opened, Err(StoreError::Damaged { .. })), "{opened:?}");
    let count = |sql| raw().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM observation"), 12);
    assert_eq!(count("SELECT max(number) FROM migration"), 1);
}
