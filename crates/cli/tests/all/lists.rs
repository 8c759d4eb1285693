//! The lists beside the devices, as the whole demo hospital fills them.

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, list, word};
use crate::shape::check;

/// Each list with the shape of a row.
fn shapes() -> [(&'static str, Value); 6] {
    [
        (
            "systems",
            json!({ "name": "text", "devices": "number", "versions": ["text"], "departments": ["text"], "contractors": ["text"], "jobs": ["text"] }),
        ),
        (
            "departments",
            json!({ "name": "text", "devices": "number", "medical": "number", "persons": ["text"] }),
        ),
        (
            "lines",
            json!({
                "device_id": "text", "device": "text", "kind": "line|tunnel|dial_in|remote_access|remote_maintenance", "name": "text",
                "description": "text", "peer": "text", "algorithms": ["text"], "enabled": "flag?", "contractor": "text?",
                "remote_maintenance": "text?",
            }),
        ),
        (
            "ports",
            json!({
                "switch_id": "text", "switch": "text", "port": "text", "vlans": ["text"], "device_ids": ["text"], "devices": ["text"],
                "neighbours": ["text"],
            }),
        ),
        (
            "jobs",
            json!({
                "group": "text", "job": "text", "runs": "number", "failed": "number",
                "last_result": "success|warning|failed|unfinished|unrecognised?", "last_run": "text?", "last_success": "text?",
                "generations": "number?", "medium": "text?", "off_the_network": "flag", "last_restore": "text?",
            }),
        ),
        (
            "scans",
            json!({ "source": "text", "kind": "text", "date": "text", "hosts": "number", "items": { "*": "number" }, "due": "text" }),
        ),
    ]
}

/// The row of `name` whose `key` is `value`.
fn row(desk: &Desk, name: &str, key: &str, value: &str) -> Value {
    let rows = list(&desk.json(&[name]), name);
    let found = rows.iter().find(|row| row[key] == value);
    found.unwrap_or_else(|| panic!("{name} has no {value}: {rows:?}")).clone()
}

#[test]
fn every_list_answers_with_its_shape_and_people_can_read_it() {
    let desk = Desk::with_demo("ja");
    for (name, shape) in shapes() {
        let view = desk.json(&[name]);
        check(&view, &json!({ name: [shape] }));
        assert!(!list(&view, name).is_empty(), "{name}");
        assert_readable(&desk.text(&[name]));
        let csv = desk.text(&[name, "--csv"]);
        assert_eq!(csv.trim_end().lines().count(), list(&view, name).len() + 1, "{name}: {csv}");
    }
}

#[test]
fn an_empty_hospital_says_which_file_is_wanted() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        for (name, _) in shapes() {
            assert_eq!(list(&desk.json(&[name]), name), Vec::<Value>::new());
            assert_readable(&desk.text(&[name]));
        }
    }
}

#[test]
fn the_demo_hospital_fills_the_lists() {
    let desk = Desk::with_demo("en");
    let record = row(&desk, "systems", "name", "〇〇電子カルテ");
    assert_eq!((&record["devices"], &record["versions"]), (&json!(94), &json!(["1.2", "2.0"])));
    let lines = list(&desk.json(&["lines"]), "lines");
    let mut listed: Vec<&str> = lines
        .iter()
        .filter(|line| line["kind"] == "remote_maintenance")
        .map(|line| word(&line["device"]))
        .collect();
    listed.sort_unstable();
    // With VPN-01, whose configuration tells of its ways in itself, these are the recorded maintenance routes.
    assert_eq!(listed, ["MNT-CT (0257)", "MNT-DX (0259)", "MNT-LAB (0258)", "RT-RENKEI (0253)"]);
    assert_eq!(row(&desk, "lines", "name", "ssl-vpn wan1")["device"], "VPN-01 (0256)");
    assert_eq!(row(&desk, "lines", "description", "地域連携ネットワーク")["peer"], "203.0.113.10");
    assert_eq!(list(&row(&desk, "ports", "port", "Gi1/0/9"), "devices").len(), 4);
    let job = row(&desk, "jobs", "job", "EHR-DB");
    assert_eq!((&job["failed"], &job["generations"]), (&json!(2), &json!(14)));
    assert_eq!(job["last_restore"], "2025-09-30");
    assert_eq!(row(&desk, "jobs", "job", "PACS")["last_success"], Value::Null);
    assert_eq!(row(&desk, "scans", "kind", "nmap-xml")["hosts"], 5);
}

#[test]
fn a_device_tells_what_a_scan_heard_it_say() {
    let desk = Desk::speaking("ja");
    let scan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/scanners/nmap-banners.xml");
    desk.json(&["import", scan]);
    let device = desk.json(&["device", "10.1.2.10"]);
    check(
        &device["heard"][0],
        &json!({
            "said": "text", "kind": "text", "program": "text?", "system": "text?", "machine": "text?", "import": "number",
            "place": "text",
        }),
    );
    assert_eq!(device["heard"][1]["program"], "Apache HTTPD 2.4.49");
    assert_eq!(device["heard"][1]["kind"], "http_header.server");
    let told = desk.text(&["device", "10.1.2.10"]);
    assert!(
        told.contains("名乗りから分かること") && told.contains("OpenBSD OpenSSH 7.4"),
        "{told}"
    );
}
