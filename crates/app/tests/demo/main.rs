//! The invented hospital, from its files to its findings: what must be found, and nothing else.

mod answers;
mod decisions;
mod desk;
mod export;
mod findings;
mod hand;
mod identity;
mod imports;
mod moment;
mod retention;
mod support;
mod weaknesses;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use app::{
    Act, App, AppError, ChartView, DEMO_DATE, DEMO_FILES, DemoFile, DeviceView, FileView,
    FindingView, ImportOptions, NewFile, RoundView,
};
use domain::{Actor, DeviceId};
use jiff::Timestamp;
use reference::Catalogue;
use reference::texts::Language;
use serde_json::{Value, json};
use tempfile::TempDir;

/// An act at noon of the day of the round.
fn act() -> Act {
    Act { actor: Actor("佐藤".to_owned()), now: "2026-11-20T12:00:00+09:00".parse().unwrap() }
}

/// Nine in the morning, when the files were taken.
fn captured_at() -> Timestamp {
    "2026-11-20T09:00:00+09:00".parse().unwrap()
}

/// The hospital in a folder of its own.
struct Hospital {
    app: App,
    folder: TempDir,
}

impl Hospital {
    fn empty() -> Self {
        Self::open(tempfile::tempdir().unwrap())
    }

    fn open(folder: TempDir) -> Self {
        let app = App::open(folder.path(), "main", Catalogue::load(Language::En)).unwrap();
        Self { app, folder }
    }

    /// With these files of the demo, in this order.
    fn with<'a>(files: impl IntoIterator<Item = &'a DemoFile>) -> Self {
        let hospital = Self::empty();
        for file in files {
            hospital.import(file.name, file.bytes);
        }
        hospital
    }

    /// With all files, as the demo brings them in. They are read once; every test has its own copy of the folder.
    fn demo() -> Self {
        static FULL: LazyLock<TempDir> = LazyLock::new(|| {
            let Hospital { app, folder } = Hospital::with(DEMO_FILES);
            drop(app);
            folder
        });
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(FULL.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        Self::open(folder)
    }

    fn import(&self, name: &str, bytes: &'static [u8]) -> FileView {
        self.import_as(name, bytes, &ImportOptions::default())
    }

    fn import_as(&self, name: &str, bytes: &[u8], options: &ImportOptions) -> FileView {
        let file = NewFile {
            path: name.to_owned(),
            bytes: Ok(Cow::Owned(bytes.to_vec())),
            modified: None,
        };
        let captured_at = options.captured_at.or(Some(captured_at()));
        let options = ImportOptions { captured_at, ..options.clone() };
        let view = self.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
        view.files.into_iter().next().unwrap()
    }

    /// How many devices there are.
    fn count(&self) -> usize {
        let mut count = 0;
        let take = |_: &app::DeviceSummary<'_>| {
            count += 1;
            Ok::<_, AppError>(())
        };
        self.app.each_device("", DEMO_DATE, take).unwrap();
        count
    }

    fn round(&self) -> RoundView {
        self.app.round(DEMO_DATE, &act()).unwrap()
    }

    /// What stands after a round of today.
    fn found(&self) -> Vec<FindingView> {
        self.round();
        self.standing()
    }

    fn standing(&self) -> Vec<FindingView> {
        self.app.findings(false, DEMO_DATE).unwrap()
    }

    fn finding(&self, rule: &str, device: &str) -> Option<FindingView> {
        let id = self.id(device).to_string();
        let of =
            |finding: &FindingView| finding.rule == rule && finding.device_id.as_ref() == Some(&id);
        self.standing().into_iter().find(of)
    }

    fn id(&self, name: &str) -> DeviceId {
        self.app.find_device(name).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn chart(&self, name: &str) -> ChartView {
        self.app.device(self.id(name), DEMO_DATE).unwrap()
    }

    fn devices(&self) -> Vec<DeviceView> {
        let mut devices = Vec::new();
        let take = |device| {
            devices.push(device);
            Ok::<_, AppError>(())
        };
        self.app.each_device_in_full("", DEMO_DATE, take).unwrap();
        devices
    }

    /// What each device is called, by id.
    fn names(&self) -> BTreeMap<String, String> {
        self.devices().iter().map(|device| (device.id.clone(), name(device))).collect()
    }

    fn audited(&self) -> u64 {
        self.app.verify_audit(&[]).unwrap().entries
    }

    /// All that is known and found, without the numbers of imports, which depend on their order.
    fn picture(&self) -> Value {
        let mut picture = json!({ "findings": self.found(), "devices": self.devices() });
        forget_numbers(&mut picture);
        picture
    }
}

/// What a person would call a device: its computer name, its name, or its addresses.
fn name(device: &DeviceView) -> String {
    let said = |layer: &BTreeMap<&str, app::StatedView>, field: &str| {
        layer.get(field).map(|stated| stated.written.clone().unwrap_or(stated.value.clone()))
    };
    let named = ["hostname", "name"]
        .iter()
        .find_map(|field| said(&device.declared, field).or_else(|| said(&device.observed, field)));
    named.unwrap_or_else(|| {
        let addresses: Vec<&str> =
            device.interfaces.iter().flat_map(|card| &card.addresses).map(String::as_str).collect();
        addresses.join(" ")
    })
}

/// Takes out what depends on which import came first.
fn forget_numbers(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("import");
            object.remove("opened");
            object.values_mut().for_each(forget_numbers);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_numbers),
        _ => {}
    }
}

fn demo_file(name: &str) -> &'static DemoFile {
    DEMO_FILES.iter().find(|file| file.name == name).unwrap()
}

fn expected() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/expected.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}
