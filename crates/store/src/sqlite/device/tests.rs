use std::collections::BTreeMap;

use domain::{Actor, AuditEntry};
use proptest::prelude::*;

use super::*;
use crate::{Options, Store};

fn entry() -> AuditEntry {
    AuditEntry {
        at: jiff::Timestamp::UNIX_EPOCH,
        actor: Actor("sato".into()),
        act: "derive".into(),
        subject: String::new(),
        detail: "{}".into(),
    }
}

fn row(id: DeviceId, sort: &str) -> DeviceRow<'_> {
    DeviceRow {
        id,
        sort,
        asset_number: "",
        name: sort,
        kind: None,
        maker: "甲社",
        model: "",
        os: "",
        os_version: "",
        software: "",
        software_version: "",
        location: "",
        status: None,
        zone: "",
        hostnames: "",
        addresses: "",
        macs: "",
    }
}

/// The devices that should be kept: what each is listed by.
type Kept = BTreeMap<DeviceId, String>;

/// Takes out `gone` and puts in `fresh`.
fn replace(store: &Store, gone: &[DeviceId], fresh: &Kept) {
    let details: Vec<[u8; 8]> = fresh.keys().map(|id| id.bits().to_be_bytes()).collect();
    let aliases: Vec<[DeviceId; 1]> =
        fresh.keys().map(|id| [DeviceId::from_bits(id.bits() + 1_000_000)]).collect();
    let devices: Vec<_> = fresh
        .iter()
        .zip(details.iter().zip(&aliases))
        .map(|((id, sort), (detail, aliases))| KeptDevice { row: row(*id, sort), aliases, detail })
        .collect();
    let main = store.facility(Store::MAIN).unwrap();
    main.change(entry(), |change| change.replace_devices(gone, &devices)).unwrap();
}

/// Every byte of the table.
fn table(store: &Store) -> Vec<(String, i64, Vec<Vec<u8>>)> {
    let sql = "SELECT sort, id, ids, details, aliases, rows FROM device_block ORDER BY sort, id";
    let read = store.facility(Store::MAIN).unwrap().read(|view| {
        view.db.all(sql, [], |mut row| {
            let key = (row.string()?, row.integer()?);
            let parts: Result<_, StoreError> = (0..4).map(|_| Ok(row.bytes()?.to_vec())).collect();
            Ok((key.0, key.1, parts?))
        })
    });
    read.unwrap()
}

fn listed(store: &Store) -> Vec<(String, DeviceId)> {
    let mut found = Vec::new();
    let read = store.facility(Store::MAIN).unwrap().read(|view| {
        view.each_device(|row| {
            found.push((row.sort.to_owned(), row.id));
            Ok::<_, StoreError>(())
        })
    });
    read.unwrap();
    found
}

/// An id of few: every third begins a block.
fn id() -> impl Strategy<Value = DeviceId> {
    (0u64..40, 0u64..3).prop_map(|(number, low)| DeviceId::from_bits(number << 8 | low))
}

/// What comes and goes in one change: ids with what they are listed by from now on, or nothing.
fn step() -> impl Strategy<Value = BTreeMap<DeviceId, Option<String>>> {
    proptest::collection::btree_map(id(), proptest::option::weighted(0.7, "[a-d]{1,2}"), 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn blocks_follow_from_the_devices_and_not_from_the_order_in_which_they_came(
        steps in proptest::collection::vec(step(), 1..8)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let open = |name| Store::open(&folder.path().join(name), Options::default()).unwrap();
        let store = open("bit by bit");
        let mut expected = Kept::new();
        for step in steps {
            let gone: Vec<_> = step.iter().filter(|(_, sort)| sort.is_none()).map(|(id, _)| *id).collect();
            let fresh: Kept = step.into_iter().filter_map(|(id, sort)| Some((id, sort?))).collect();
            replace(&store, &gone, &fresh);
            expected.retain(|id, _| !gone.contains(id));
            expected.extend(fresh);
        }
        let mut order: Vec<_> = expected.iter().map(|(id, sort)| (sort.clone(), *id)).collect();
        order.sort();
        prop_assert_eq!(listed(&store), order);
        let other = open("at once");
        replace(&other, &[], &expected);
        prop_assert!(table(&store) == table(&other));
        for id in expected.keys() {
            let detail = store.facility(Store::MAIN).unwrap().read(|view| {
                view.device(*id, |row, detail| {
                    assert_eq!(row.id, *id);
                    Ok::<_, StoreError>(detail.to_vec())
                })
            });
            prop_assert_eq!(detail.unwrap(), Some(id.bits().to_be_bytes().to_vec()));
        }
    }
}

#[test]
fn a_change_of_few_devices_leaves_the_other_blocks_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Options::default()).unwrap();
    let id = |n: u64| DeviceId::of(domain::SignKey::of(&format!("asset:{n}")));
    let all: Kept = (0..8000).map(|n| (id(n), format!("{n:05}"))).collect();
    replace(&store, &[], &all);
    let before = table(&store);
    assert!(before.len() > 12, "{}", before.len());
    replace(&store, &[], &Kept::from([(id(4000), "04000b".to_owned())]));
    let after = table(&store);
    let same = after.iter().filter(|block| before.contains(block)).count();
    assert!(same + 1 >= before.len(), "{same} of {}", before.len());
    assert_eq!(listed(&store).len(), 8000);
}
