//! The network devices of the invented hospital: each of them one device, whatever file speaks of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use app::{Act, App, AppError, DeviceView, ImportOptions, NewFile};
use domain::Actor;
use jiff::Timestamp;
use jiff::civil::date;
use reference::Catalogue;
use reference::texts::Language;

const FILES: [(&str, &[u8]); 5] = [
    ("ledger.xlsx", include_bytes!("../../../testdata/demo-hospital/ledger.xlsx")),
    (
        "core-switch-session.log",
        include_bytes!("../../../testdata/demo-hospital/core-switch-session.log"),
    ),
    (
        "router-yamaha-session.log",
        include_bytes!("../../../testdata/demo-hospital/router-yamaha-session.log"),
    ),
    ("vpn-fortigate.conf", include_bytes!("../../../testdata/demo-hospital/vpn-fortigate.conf")),
    (
        "vpn-fortigate-status.log",
        include_bytes!("../../../testdata/demo-hospital/vpn-fortigate-status.log"),
    ),
];

fn act() -> Act {
    let now: Timestamp = "2026-11-20T12:00:00+09:00".parse().unwrap();
    Act { actor: Actor("佐藤".to_owned()), now }
}

fn import(app: &App, files: &[(&str, &'static [u8])]) {
    let files = files.iter().map(|(name, bytes)| NewFile {
        path: (*name).to_owned(),
        bytes: Ok(Cow::Borrowed(*bytes)),
        modified: None,
    });
    let captured_at = "2026-11-20T10:00:00+09:00".parse().ok();
    let options = ImportOptions { captured_at, ..ImportOptions::default() };
    for view in app.import(files, &options, &act(), &mut |_, _| {}).unwrap().files {
        assert!(view.error.is_none(), "{view:?}");
    }
}

fn devices(app: &App) -> Vec<DeviceView> {
    let mut devices = Vec::new();
    let take = |device| {
        devices.push(device);
        Ok::<_, AppError>(())
    };
    app.each_device_in_full("", date(2026, 11, 20), take).unwrap();
    devices
}

/// What was seen of the devices that have a declared computer name.
fn seen(app: &App) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut seen = BTreeMap::new();
    for device in devices(app) {
        let Some(name) = device.declared.get("hostname") else { continue };
        let facts =
            device.observed.iter().map(|(key, stated)| ((*key).to_owned(), stated.value.clone()));
        seen.insert(name.value.clone(), facts.collect());
    }
    seen
}

#[test]
fn every_document_of_a_device_joins_its_row_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(folder.path(), "main", Catalogue::load(Language::En)).unwrap();
    import(&app, &FILES);
    let seen = seen(&app);
    let said =
        |device: &str, field: &str| seen[device].get(field).map_or("", String::as_str).to_owned();
    assert_eq!(said("CORE-SW1", "os_version"), "17.9.4");
    assert_eq!(said("CORE-SW1", "serial"), "FJC00000AAA");
    assert_eq!(said("CORE-SW2", "capabilities"), "Router Switch IGMP");
    assert_eq!(said("Router", "os_version"), "Rev.14.01.38");
    assert_eq!(said("Router", "booted"), "2025-02-11T03:12:44");
    // One device from two documents, neither of which has a card.
    assert_eq!(said("VPN-01", "os_version"), "v7.0.5");
    assert_eq!(said("VPN-01", "serial"), "FGT60E0000000000");
    let in_ledger = 312;
    let strangers: Vec<String> = devices(&app)
        .iter()
        .filter(|device| device.declared.is_empty())
        .map(|device| device.observed.keys().copied().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(devices(&app).len(), in_ledger + strangers.len());
    assert!(
        !strangers.iter().any(|facts| facts.contains("serial") || facts.contains("hostname")),
        "{strangers:?}"
    );
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let mut pictures = Vec::new();
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]] {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), "main", Catalogue::load(Language::En)).unwrap();
        import(&app, &order.map(|index: usize| FILES[index]));
        pictures.push(seen(&app));
    }
    assert!(pictures.windows(2).all(|pair| pair[0] == pair[1]));
}
