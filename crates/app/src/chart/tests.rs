//! The quick chart is the long one, for every device of the demo and of random hospitals.

use std::fmt::Write as _;

use domain::{Actor, Import, ImportId, Source};
use proptest::prelude::*;
use reference::{Catalogue, Language};
use testkit::Hospital;

use super::*;
use crate::{Act, DEMO_FILES, ImportOptions, NewFile, devices};

fn act() -> Act {
    Act { actor: Actor("test".into()), now: "2026-11-22T00:00:00Z".parse().unwrap() }
}

fn today() -> Date {
    "2026-11-22".parse().unwrap()
}

fn opened(folder: &std::path::Path) -> App {
    App::open(folder, "main", Catalogue::load(Language::Ja)).unwrap()
}

/// Compares both ways for every device and every alias, and gives how many devices there are.
fn compare(app: &App) -> usize {
    let mut ids = Vec::new();
    app.facility()
        .unwrap()
        .read(|view| {
            view.each_device(|row| {
                ids.push(row.id);
                Ok::<_, AppError>(())
            })?;
            let Some(&first) = ids.first() else { return Ok(()) };
            let ground = app.ground(view)?;
            let mut all = OneDevice::by_deriving_all(view, ground.clone(), first)?;
            for id in &ids {
                let quick = OneDevice::load(view, ground.clone(), *id)?;
                assert!(quick.derivation.devices().count() == 1, "{id} was not quick");
                all.id = *id;
                assert_eq!(quick.view(today())?, all.view(today())?);
            }
            for (alias, device) in view.aliases()? {
                if !ids.contains(&alias) {
                    assert_eq!(OneDevice::load(view, ground.clone(), alias)?.id, device);
                }
            }
            Ok::<_, AppError>(())
        })
        .unwrap();
    ids.len()
}

#[test]
fn every_device_of_the_demo_has_the_chart_that_deriving_everything_gives() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(folder.path());
    let files = DEMO_FILES.iter().map(|file| NewFile {
        path: file.name.to_owned(),
        bytes: Ok(file.bytes.into()),
        modified: None,
    });
    app.import(files, &ImportOptions::default(), &act(), &mut |_, _| {}).unwrap();
    assert!(compare(&app) > 200);
}

/// Puts a hospital of the little language into a data folder.
fn keep(app: &App, hospital: &Hospital) {
    let entry = act().entry("test", String::new(), &serde_json::json!({}));
    app.facility()
        .unwrap()
        .change(entry, |change| {
            for import in &hospital.imports {
                change.keep_evidence(import.file_name.as_bytes())?;
                change.set_source(&Source {
                    id: import.source.clone(),
                    kind: import.kind.clone(),
                    newest: None,
                    freshness_days: None,
                })?;
                let id = change.add_import(&Import { id: ImportId(0), ..import.clone() })?;
                assert_eq!(id, import.id);
                let own = hospital.observations.iter().filter(|recorded| recorded.at.import == id);
                change.add_observations(id, own.map(|recorded| &recorded.observation))?;
            }
            change.add_coverage(&hospital.coverage)?;
            for decision in &hospital.decisions {
                change.add_identity_decision(decision)?;
            }
            hospital.zones.iter().try_for_each(|zone| change.set_zone(zone))?;
            devices::derive_and_write(change)
        })
        .unwrap();
}

/// Few numbers, names, cards and addresses, so that they collide; the second network is a vendor's own at times.
fn hospital() -> impl Strategy<Value = String> {
    let row = (0..4u8, 0..4u8, 0..4u8, 0..4u8, any::<bool>());
    let import = (0..4u8, 0..2u8, 1..5u8, proptest::collection::vec(row, 0..6));
    let decision = (any::<bool>(), 1..4u8, 1..4u8);
    (proptest::collection::vec(import, 1..6), proptest::collection::vec(decision, 0..3)).prop_map(
        |(imports, decisions)| {
            let mut text = "zone z 10.1.1.0/24\n".to_owned();
            for (index, (kind, source, day, rows)) in imports.into_iter().enumerate() {
                let kind = ["ledger", "table", "leases", "arp"][usize::from(kind)];
                let name = match kind {
                    "arp" | "leases" => format!("10.1.1.{}", 70 + source),
                    _ => format!("s{source}"),
                };
                let _ = writeln!(text, "{kind} {name} 20{:02}-11-{day:02}", 20 + index);
                for (number, host, mac, ip, serial) in rows {
                    let mut row = String::new();
                    if kind == "ledger" {
                        let _ = write!(row, "000{number} name=x ");
                    }
                    if host > 0 {
                        let _ = write!(row, "host=pc-{host} ");
                    }
                    if mac > 0 {
                        let _ = write!(row, "mac=00-1b-21-00-00-0{mac} ");
                    }
                    let _ = write!(row, "ip=10.1.1.{} ", ip + 1);
                    if serial {
                        let _ = write!(row, "serial=SN-100{number}");
                    }
                    let _ = writeln!(text, "  {row}");
                }
            }
            for (same, one, other) in decisions {
                let verdict = if same { "same" } else { "not_same" };
                let _ = writeln!(text, "{verdict} host:pc-{one} mac:00-1b-21-00-00-0{other}");
            }
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_device_of_any_hospital_has_the_chart_that_deriving_everything_gives(text in hospital()) {
        let hospital = Hospital::read(&text);
        let folder = tempfile::tempdir().unwrap();
        let app = opened(folder.path());
        keep(&app, &hospital);
        compare(&app);
    }
}

#[test]
fn what_an_earlier_version_kept_is_shown_the_long_way() {
    let hospital = Hospital::read(
        "ledger 台帳 2026-11-01\n  0001 host=CT-01 ip=10.1.1.1\narp 10.1.1.70 2026-11-20\n  10.1.1.1 00-1b-21-00-00-01",
    );
    let folder = tempfile::tempdir().unwrap();
    let app = opened(folder.path());
    keep(&app, &hospital);
    let quick = app.device(app.find_device("CT-01").unwrap(), today()).unwrap();
    let entry = act().entry("test", String::new(), &serde_json::json!({}));
    let without = |change: &mut store::Change| change.set_setting(CONTEXTS, "as before");
    app.facility().unwrap().change(entry, without).unwrap();
    let long = app.device(app.find_device("CT-01").unwrap(), today()).unwrap();
    assert_eq!(quick, long);
    assert_eq!(quick.observations.len(), 2);
}
