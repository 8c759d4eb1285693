//! Short ways to say what a test is about.

use domain::{
    Actor, AuditEntry, Binding, CheckCounts, DailyCheck, DeviceId, Digest, FactsBuilder, Field,
    FindingDecision, FindingKey, FindingState, Import, ImportId, ImportState, Keeping, Observation,
    ObservationKind, Place, Severity, SignKey, SourceId, VexDecision, VexOrigin, VexProduct,
    VexScope, VexStatus,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use store::{Change, DeviceRow, Facility, FindingRow, Store, StoreError};

pub(crate) fn entry(act: &str) -> AuditEntry {
    AuditEntry {
        at: moment(),
        actor: Actor("sato".into()),
        act: act.into(),
        subject: "import:1".into(),
        detail: "{}".into(),
    }
}

pub(crate) fn moment() -> Timestamp {
    "2026-11-20T09:00:00.250Z".parse().unwrap()
}

pub(crate) fn day(day: i8) -> Date {
    date(2026, 11, day)
}

pub(crate) fn main(store: &Store) -> Facility<'_> {
    store.facility(Store::MAIN).unwrap()
}

pub(crate) fn check(day: Date) -> DailyCheck {
    DailyCheck {
        day,
        number: 0,
        by: "user:sato".into(),
        name: "佐藤".into(),
        at: moment(),
        counts: CheckCounts { devices: 312, open: [1, 2, 3, 4], decided: 5, new: 6, gone: 7 },
        note: "異常なし".into(),
        audit_head: Digest::of(b"not looked at"),
    }
}

pub(crate) fn import() -> Import {
    Import {
        id: ImportId(0),
        evidence: Digest::of(b"ledger"),
        file_name: "台帳.xlsx".into(),
        size: 6,
        keeping: Keeping::Whole,
        source: SourceId::new("ledger/台帳"),
        kind: "ledger-xlsx".into(),
        reader_version: 3,
        encoding: Some("cp932".into()),
        captured_at: moment(),
        imported_at: moment(),
        imported_by: "sato".into(),
        rows: 2,
        state: ImportState::Active,
    }
}

pub(crate) fn observation(row: u32, name: &str) -> Observation {
    Observation {
        place: Place::row(Some("機器!台帳".into()), row),
        kind: ObservationKind::LedgerRow,
        bindings: vec![Binding {
            mac: "00:1b:21:aa:00:01".parse().ok(),
            address: "10.102.41.1".parse().ok(),
            prefix: Some(24),
        }],
        facts: FactsBuilder::new().add(Field::Name, name).finish(),
    }
}

/// Imports one document with these names in one change.
pub(crate) fn import_names(store: &Store, names: &[&str]) -> ImportId {
    let observations: Vec<_> =
        names.iter().zip(1..).map(|(name, row)| observation(row, name)).collect();
    change(store, "import", |change| {
        let id = change.add_import(&import())?;
        change.add_observations(id, &observations)?;
        Ok(id)
    })
}

/// Does a change that succeeds.
pub(crate) fn change<T>(
    store: &Store,
    act: &str,
    run: impl FnOnce(&mut Change) -> Result<T, StoreError>,
) -> T {
    main(store).change(entry(act), run).unwrap()
}

/// The names of all observations that count, with their references.
pub(crate) fn names(store: &Store) -> Vec<String> {
    let mut names = Vec::new();
    let read = main(store).read(|view| {
        view.each_observation(|from, observation| {
            let name = observation.facts.value(Field::Name).unwrap_or_default().to_owned();
            names.push(format!("{}/{} {name}", from.import, from.seq));
            Ok::<_, StoreError>(())
        })
    });
    read.unwrap();
    names
}

/// The acts on record.
pub(crate) fn acts(store: &Store) -> Vec<String> {
    let links = main(store).read(|view| view.audit_entries(1..=u64::MAX)).unwrap();
    links.into_iter().map(|link| link.entry.act).collect()
}

pub(crate) fn device_id(name: &str) -> DeviceId {
    DeviceId::of(SignKey::of(name))
}

pub(crate) fn device(name: &str) -> DeviceRow<'_> {
    DeviceRow {
        id: device_id(name),
        sort: name,
        asset_number: "",
        name,
        kind: None,
        maker: "甲社",
        model: "",
        os: "Windows 11",
        os_version: "23H2",
        software: "",
        software_version: "",
        location: "",
        status: None,
        zone: "画像診断",
        hostnames: name,
        addresses: "10.102.41.1\n10.102.41.2",
        macs: "",
    }
}

pub(crate) fn finding(key: &str, basis: &str) -> FindingRow {
    FindingRow {
        key: key.parse().unwrap(),
        severity: Severity::Warning,
        device: None,
        basis: Digest::of(basis.as_bytes()),
        messages: r#"{"title":"…"}"#.into(),
    }
}

pub(crate) fn keys(keys: &[FindingKey]) -> Vec<String> {
    keys.iter().map(FindingKey::to_string).collect()
}

pub(crate) fn decision(key: &str, state: FindingState) -> FindingDecision {
    FindingDecision {
        key: key.parse().unwrap(),
        state,
        until: Some(day(30)),
        reason: "業者の回答待ち".into(),
        by: "sato".into(),
        at: moment(),
        basis: Digest::of(b"basis"),
    }
}

pub(crate) fn vex_decision(id: &str) -> VexDecision {
    VexDecision {
        number: 0,
        vulnerability: id.into(),
        product: VexProduct {
            mark: "電子カルテ 2.0".into(),
            family: "電子カルテ".into(),
            name: "電子カルテ 2.0".into(),
        },
        scope: VexScope::Version,
        devices: [].into(),
        status: VexStatus::NotAffected,
        justification: Some(domain::Justification::ComponentNotPresent),
        impact: "部品は入っていません".into(),
        action: String::new(),
        controls: [].into(),
        review: None,
        origin: VexOrigin::VendorAnswer,
        reason: "回答による".into(),
        by: "user:sato".into(),
        at: moment(),
        basis: [].into(),
        taken_back: None,
    }
}
