//! What any database must do with what was derived: devices and findings.

use domain::{DeviceKind, Status};
use store::{Change, DeviceRow, FindingFilter, FindingRow, KeptDevice, Store, StoreError, View};

use crate::backend::Backend;
use crate::builders::*;

const CONFLICT: &str = "NET003/address:10.102.41.1";
const EMPTY: &str = "LED001/source:ledger/台帳";

pub(crate) fn devices_are_listed_in_their_order(backend: &impl Backend) {
    let store = backend.open();
    write(&store, &[device("CT-02"), device("CT-01"), device("MR-01")]);
    assert_eq!(found(&store, &[]), ["CT-01", "CT-02", "MR-01"]);
    change(&store, "derive", |change| {
        let row = DeviceRow { sort: "ZZ", ..device("CT-01") };
        let kept = KeptDevice { row, aliases: &[], detail: b"new" };
        change.replace_devices(&[device_id("CT-02")], &[kept])
    });
    assert_eq!(found(&store, &[]), ["MR-01", "CT-01"]);
    change(&store, "derive", Change::clear_devices);
    assert!(found(&store, &[]).is_empty());
}

pub(crate) fn a_device_reads_back_as_it_was_written(backend: &impl Backend) {
    let store = backend.open();
    let row = DeviceRow {
        kind: Some(DeviceKind::Medical),
        status: Some(Status::InUse),
        ..device("CT-01")
    };
    write(&store, &[row]);
    let read = main(&store).read(|view| {
        view.device(row.id, |read, detail| {
            assert_eq!(read, row);
            Ok::<_, StoreError>(detail.to_vec())
        })
    });
    assert_eq!(read.unwrap().as_deref(), Some(b"CT-01".as_slice()));
}

pub(crate) fn an_alias_leads_to_its_device_and_goes_with_it(backend: &impl Backend) {
    let store = backend.open();
    write(&store, &[device("CT-01")]);
    let (old, id) = (device_id("old"), device_id("CT-01"));
    change(&store, "derive", |change| {
        let aliases = &[device_id("older"), old];
        let row = device("CT-01");
        change.replace_devices(&[], &[KeptDevice { row, aliases, detail: b"CT-01" }])
    });
    let leads = |from| main(&store).read(|view| view.device_id(from)).unwrap();
    assert_eq!((leads(old), leads(id), leads(device_id("other"))), (Some(id), Some(id), None));
    let name = main(&store)
        .read(|view| view.device(old, |row, _| Ok::<_, StoreError>(row.name.to_owned())));
    assert_eq!(name.unwrap().as_deref(), Some("CT-01"));
    change(&store, "derive", |change| change.replace_devices(&[id], &[]));
    assert_eq!(leads(old), None);
    assert!(main(&store).read(View::aliases).unwrap().is_empty());
}

pub(crate) fn details_are_read_in_the_order_of_the_list(backend: &impl Backend) {
    let store = backend.open();
    write(&store, &[device("CT-02"), device("CT-01")]);
    let mut details = Vec::new();
    let read = main(&store).read(|view| {
        view.each_device_detail(|id, detail| {
            details.push((id, detail.to_vec()));
            Ok::<_, StoreError>(())
        })
    });
    read.unwrap();
    let expected = ["CT-01", "CT-02"].map(|name| (device_id(name), name.as_bytes().to_vec()));
    assert_eq!(details, expected);
}

pub(crate) fn a_search_finds_every_word_and_takes_signs_as_they_are(backend: &impl Backend) {
    let store = backend.open();
    let (first, second, third) = ("CT-01 心臓 100%", "CT_01 心臓 1000", "MR\\1 検査");
    write(&store, &[device(first), device(second), device(third)]);
    for (words, expected) in [
        (&["心臓"][..], &[first, second][..]),
        (&["心臓", "100%"], &[first]),
        (&["ct_01"], &[second]),
        (&["\\"], &[third]),
        (&["' OR 1=1 --"], &[]),
        (&[""], &[first, second, third]),
        (&["1"; 40], &[first, second, third]),
    ] {
        assert_eq!(found(&store, words), expected, "{words:?}");
    }
}

pub(crate) fn a_device_is_found_by_every_word_of_its_row(backend: &impl Backend) {
    let store = backend.open();
    let row = DeviceRow {
        asset_number: "Ａ－０１",
        name: "ひゃく",
        model: "vx-200",
        software: "ﾋﾞｭｰｱ",
        software_version: "5.0.2",
        location: "二階 読影室",
        hostnames: "RAD-01\nRAD-02",
        macs: "00-1b-21-aa-00-01",
        ..device("x")
    };
    write(&store, &[row]);
    for word in [
        "a-01",
        "ヒャク",
        "甲社",
        "VX-200",
        "windows11",
        "23h2",
        "ビューア",
        "5.0.2",
        "二階読影室",
        "画像診断",
        "rad-02",
        "10.102.41.2",
        "00-1b-21",
        "001b21aa",
    ] {
        assert_eq!(found(&store, &[&domain::fold(word)]), ["ひゃく"], "{word}");
    }
    assert!(found(&store, &["rad-03"]).is_empty());
}

pub(crate) fn a_damaged_block_of_devices_is_an_error_and_no_guess(backend: &impl Backend) {
    let store = backend.open();
    write(&store, &[device("CT-01"), device("CT-02")]);
    backend.tamper("CREATE TABLE sound AS SELECT * FROM device_block");
    for harm in ["size = size - 1", "rows = X'00'", "ids = zeroblob(15)", "ids = zeroblob(24)"] {
        backend.tamper(
            "UPDATE device_block SET size = s.size, rows = s.rows, ids = s.ids FROM sound s",
        );
        assert_eq!(found(&store, &[]), ["CT-01", "CT-02"]);
        backend.tamper(&format!("UPDATE device_block SET {harm}"));
        let read = main(&store).read(|view| view.each_device(|_| Ok::<_, StoreError>(())));
        assert!(matches!(read, Err(StoreError::Damaged { .. })), "{harm}");
    }
    backend.tamper("DROP TABLE sound");
}

pub(crate) fn a_list_can_be_left_early(backend: &impl Backend) {
    let store = backend.open();
    write(&store, &[device("CT-01"), device("CT-02")]);
    let mut seen = 0;
    let left: Result<(), StoreError> = main(&store).read(|view| {
        view.each_device(|_| {
            seen += 1;
            Err(StoreError::Busy)
        })
    });
    assert!(left.is_err() && seen == 1);
}

pub(crate) fn findings_open_stand_and_close_with_their_days(backend: &impl Backend) {
    let store = backend.open();
    let first = settle(&store, 18, &[finding(CONFLICT, "a")]);
    assert_eq!(first, [vec![CONFLICT.to_owned()], vec![], vec![]]);
    let second = settle(&store, 19, &[finding(CONFLICT, "b"), finding(EMPTY, "a")]);
    assert_eq!(second, [vec![EMPTY.to_owned()], vec![], vec![CONFLICT.to_owned()]]);
    let third = settle(&store, 20, &[finding(EMPTY, "a")]);
    assert_eq!(third, [vec![], vec![CONFLICT.to_owned()], vec![EMPTY.to_owned()]]);
    let closed = read(&store, FindingFilter::Closed);
    assert_eq!(closed, ["NET003/address:10.102.41.1 2026-11-18 to 2026-11-20"]);
    assert_eq!(read(&store, FindingFilter::Open), ["LED001/source:ledger/台帳 2026-11-19"]);
    assert_eq!(read(&store, FindingFilter::All).len(), 2);
    let gone = |on, most| main(&store).read(|view| view.closed_on(day(on), most)).unwrap();
    let (count, first) = gone(20, 10);
    assert_eq!(
        (count, first.len(), first[0].finding.key.to_string().as_str()),
        (1, 1, "NET003/address:10.102.41.1")
    );
    assert_eq!((gone(20, 0), gone(19, 10)), ((1, Vec::new()), (0, Vec::new())));
    let severity = finding(EMPTY, "a").severity;
    let stood = |on| read(&store, FindingFilter::StoodOn(severity, day(on))).len();
    assert_eq!([17, 18, 19, 20].map(stood), [0, 1, 2, 1]);
    let spans = main(&store).read(|view| view.spans(severity)).unwrap();
    assert_eq!(spans, [(day(18), Some(day(20))), (day(19), None)]);
}

pub(crate) fn a_standing_finding_says_what_it_says_today(backend: &impl Backend) {
    let store = backend.open();
    settle(&store, 18, &[finding(CONFLICT, "a")]);
    let today = FindingRow { device: Some(device_id("CT-01")), ..finding(CONFLICT, "b") };
    settle(&store, 19, std::slice::from_ref(&today));
    let kept = main(&store).read(|view| view.findings(FindingFilter::Open)).unwrap();
    assert_eq!((&kept[0].finding, kept[0].opened), (&today, day(18)));
    assert_eq!(read(&store, FindingFilter::OfDevice(device_id("CT-01"))).len(), 1);
    assert!(read(&store, FindingFilter::OfDevice(device_id("CT-02"))).is_empty());
}

pub(crate) fn a_finding_that_comes_back_stands_a_second_time(backend: &impl Backend) {
    let store = backend.open();
    for (on, found) in [(18, true), (19, false), (20, true)] {
        let found: &[FindingRow] = if found { &[finding(CONFLICT, "a")] } else { &[] };
        settle(&store, on, found);
    }
    let times = main(&store).read(|view| view.finding(&CONFLICT.parse().unwrap())).unwrap();
    let days: Vec<_> = times.iter().map(|stored| (stored.opened, stored.closed)).collect();
    assert_eq!(days, [(day(18), Some(day(19))), (day(20), None)]);
}

pub(crate) fn a_finding_gone_and_back_on_one_day_stands_once(backend: &impl Backend) {
    let store = backend.open();
    settle(&store, 18, &[finding(CONFLICT, "a")]);
    settle(&store, 18, &[]);
    settle(&store, 18, &[finding(CONFLICT, "b")]);
    assert_eq!(read(&store, FindingFilter::All), ["NET003/address:10.102.41.1 2026-11-18"]);
}

fn write(store: &Store, rows: &[DeviceRow<'_>]) {
    let detail = |row: &DeviceRow<'_>| row.name.as_bytes().to_vec();
    let details: Vec<_> = rows.iter().map(detail).collect();
    let kept = rows.iter().zip(&details);
    let devices: Vec<_> =
        kept.map(|(row, detail)| KeptDevice { row: *row, aliases: &[], detail }).collect();
    change(store, "derive", |change| change.replace_devices(&[], &devices));
}

fn found(store: &Store, words: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    let read = main(store).read(|view| {
        view.each_device_with(words, |row| {
            names.push(row.name.to_owned());
            Ok::<_, StoreError>(())
        })
    });
    read.unwrap();
    names
}

/// New, gone and standing.
fn settle(store: &Store, on: i8, found: &[FindingRow]) -> [Vec<String>; 3] {
    let settled = change(store, "round", |change| change.settle_findings(day(on), found));
    [keys(&settled.new), keys(&settled.gone), keys(&settled.standing)]
}

fn read(store: &Store, filter: FindingFilter) -> Vec<String> {
    let findings = main(store).read(|view| view.findings(filter)).unwrap();
    let line = |stored: store::StoredFinding| {
        let closed = stored.closed.map_or_else(String::new, |day| format!(" to {day}"));
        format!("{} {}{closed}", stored.finding.key, stored.opened)
    };
    findings.into_iter().map(line).collect()
}
