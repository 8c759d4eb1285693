//! What scripts rely on: one document with these keys, these exit codes; and that people can read all the rest.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, list, word};
use crate::shape::check;

const DAY: &str = "2026-11-20";

fn file() -> Value {
    let told = json!([{ "place": "text", "message": "text" }]);
    json!({
        "path": "text", "kind": "text?", "encoding": "text?", "import": "number?", "source": "text?", "digest": "text?",
        "captured_at": "text?", "captured_from": "given|document|file|now?", "rows": "number", "observations": "number",
        "devices_new": "number", "devices_changed": "number", "devices_gone": "number",
        "skipped": { "*": "number" }, "counts": { "*": "number" },
        "tables": [{
            "sheet": "text?", "taken_as": "text", "header_row": "number?", "devices": "number",
            "columns": [{ "header": "text", "field": "text?" }],
        }],
        "warnings": told, "questions": told,
    })
}

fn device() -> Value {
    let layer =
        json!({ "*": { "value": "text", "source": "text", "place": "text", "import": "number" } });
    json!({
        "id": "text", "asset_number": "text?", "name": "text?", "kind": "text?", "maker": "text?", "model": "text?", "os": "text?",
        "os_version": "text?", "software": "text?", "software_version": "text?", "location": "text?", "status": "text?",
        "zone": "text?",
        "interfaces": [{
            "mac": "text?", "vendor": "text?", "addresses": ["text"], "hostnames": ["text"],
            "sightings": [{
                "address": "text", "declared": "flag", "first_seen": "text?", "last_seen": "text?", "count": "number",
            }],
        }],
        "declared": layer, "observed": layer,
        "lifecycle": {
            "stage": "supported|limited_support|end_of_support|unknown", "eol": "text?", "eos": "text?", "product": "text?",
            "source": "text?", "stated_end": "text?",
        },
    })
}

fn chart() -> Value {
    let mut shape = device();
    shape["aliases"] = json!(["text"]);
    shape["signs"] = json!(["text"]);
    shape["observations"] = json!([{
        "import": "number", "source": "text", "file": "text", "place": "text", "kind": "text", "layer": "declared|observed",
        "captured_at": "text",
    }]);
    shape["findings"] = json!([finding()]);
    shape
}

fn finding() -> Value {
    json!({
        "key": "text", "rule": "text", "severity": "urgent|warning|notice|unknown", "device_id": "text?", "subject": "text",
        "title": "text", "reason": "text", "remedy": "text",
        "evidence": [{ "import": "number", "source": "text", "place": "text" }],
        "state": "open|in_hand|accepted|mitigated|not_affected|closed", "opened": "text", "closed": "text?",
    })
}

fn decided() -> Value {
    let mut shape = finding();
    shape["decision"] = json!({
        "state": "open|in_hand|accepted|mitigated|not_affected", "until": "text?", "reason": "text", "by": "text", "at": "text",
    });
    shape
}

fn round() -> Value {
    let findings = json!([finding()]);
    json!({
        "date": "text", "devices": "number", "new": findings, "gone": findings, "standing": findings, "audit_head": "text",
    })
}

fn zones() -> Value {
    json!({ "zones": [{
        "name": "text?", "networks": ["text"], "kind": "text?", "probe": "passive|gentle|normal?", "devices": "number",
        "medical": "number", "unlisted": "number", "suggested": "flag",
    }] })
}

fn rule() -> Value {
    json!({ "code": "text", "name": "text", "why": "text", "clause": "text", "remedies": ["text"] })
}

fn changes() -> Value {
    json!({ "devices_new": "number", "devices_changed": "number", "devices_gone": "number" })
}

#[test]
fn an_import_answers_with_one_document() {
    let desk = Desk::new();
    let rehearsed = desk.json(&["import", "--demo", "--dry-run"]);
    assert_eq!((rehearsed["files"][0]["import"].clone(), desk.audit().len()), (Value::Null, 0));
    let imported = desk.json(&["import", "--demo"]);
    for view in [&rehearsed, &imported] {
        check(view, &json!({ "files": [file()] }));
        assert_eq!(list(view, "files").len(), app::DEMO_FILES.len());
    }
    let again = desk.json(&["import", "--demo"]);
    check(&again, &json!({ "files": [{ "already": "number", "import": "number" }] }));
    let import = json!({
        "id": "number", "state": "active|undone", "file": "text", "kind": "text", "source": "text", "rows": "number",
        "captured_at": "text", "imported_at": "text", "imported_by": "text", "digest": "text", "size": "number",
    });
    check(&desk.json(&["imports"]), &json!({ "imports": [import] }));
    let told = |view: &Value| -> Vec<Value> {
        list(view, "files").into_iter().map(|mut file| file["captured_at"].take()).collect()
    };
    let listed: Vec<Value> =
        desk.imports().into_iter().map(|mut import| import["captured_at"].take()).collect();
    assert_eq!((told(&imported), app::DEMO_FILES.len()), (listed.clone(), listed.len()));
    for verb in ["undo", "redo"] {
        let view = desk.json(&["imports", verb, "1"]);
        check(&view, &file());
        assert_eq!((&view["kind"], &view["import"]), (&json!("ledger-xlsx"), &json!(1)));
    }
    desk.assert_whole();
}

#[test]
fn every_reading_command_answers_with_one_document() {
    let desk = Desk::with_demo("ja");
    let devices = desk.json(&["devices"]);
    check(&devices, &json!({ "devices": [device()] }));
    assert!(list(&devices, "devices").len() > 300);
    check(&desk.json(&["round", "--date", DAY]), &round());
    let findings = desk.json(&["findings", "--all"]);
    check(&findings, &json!({ "findings": [finding()] }));
    let with_device =
        list(&findings, "findings").into_iter().find(|finding| !finding["device_id"].is_null());
    let chart_view = desk.json(&["device", word(&with_device.unwrap()["device_id"])]);
    check(&chart_view, &chart());
    assert!(!list(&chart_view, "findings").is_empty() && !list(&chart_view, "signs").is_empty());
    check(&desk.json(&["zones"]), &zones());
    check(&desk.json(&["explain"]), &json!({ "rules": [rule()] }));
    check(&desk.json(&["explain", "net001"]), &rule());
    let entry = json!({
        "seq": "number", "at": "text", "actor": "text", "act": "text", "subject": "text", "detail": {}, "previous": "text",
        "hash": "text",
    });
    let audit = desk.json(&["audit"]);
    check(&audit, &json!({ "entries": [entry] }));
    assert!(list(&audit, "entries").iter().all(|entry| entry["actor"] == "console:test"));
    let state = json!({
        "whole": "flag", "entries": "number", "head": "text?", "broken_at": "number?", "problem": "text?",
    });
    check(&desk.json(&["audit", "verify"]), &state);
}

#[test]
fn every_changing_command_answers_with_one_document() {
    let desk = Desk::with_demo("ja");
    let first = desk.json(&["round", "--date", DAY]);
    let key = word(&first["new"][0]["key"]).to_owned();
    let decision =
        ["decide", &key, "--state", "accepted", "--until", "2999-12-31", "--reason", "更新まで"];
    let view = desk.json(&decision);
    check(&view, &decided());
    assert_eq!(
        (&view["state"], &view["decision"]["by"]),
        (&json!("accepted"), &json!("console:test"))
    );
    let second = desk.json(&["round", "--date", "2026-11-21"]);
    let standing = list(&second, "standing");
    assert!(
        standing.iter().any(|finding| finding["key"] == *key && finding["state"] == "accepted")
    );

    check(&desk.json(&["zones", "set", "放射線", "10.102.31.0/24", "--probe", "gentle"]), &zones());
    let named = list(&desk.json(&["zones"]), "zones");
    assert!(named.iter().any(|zone| zone["name"] == "放射線" && zone["suggested"] == false));
    check(&desk.json(&["zones", "remove", "放射線"]), &zones());

    let devices = desk.devices();
    let (one, other) = (word(&devices[0]["id"]), word(&devices[1]["id"]));
    let merged = desk.json(&["device", "merge", one, other]);
    check(&merged, &changes());
    assert_eq!(desk.devices().len(), devices.len() - 1);
    check(&desk.json(&["device", "undo"]), &changes());
    let signs = list(&desk.json(&["device", one]), "signs");
    let mac = signs.iter().map(word).find(|sign| sign.starts_with("mac:")).unwrap();
    check(&desk.json(&["device", "split", one, mac]), &changes());
    assert_eq!(desk.devices().len(), devices.len() + 1);
    check(&desk.json(&["device", "undo"]), &changes());
    assert_eq!(desk.devices(), devices);
    desk.assert_whole();
}

#[test]
fn a_pair_in_doubt_is_told_with_both_sides() {
    let desk = Desk::new();
    let ledgers = [("一.csv", "A-1,10.9.0.1"), ("二.csv", "B-1,10.9.0.1")];
    for (name, row) in ledgers {
        let (number, address) = row.split_once(',').unwrap();
        let text = format!(
            "管理番号,機器名,MACアドレス,IPアドレス\n{number},CT,00-22-58-43-24-c9,{address}\n"
        );
        let path = desk.write(name, text);
        desk.json(&["import", &path]);
    }
    let doubt = json!({
        "one": "text", "one_label": "text", "other": "text", "other_label": "text", "link": "text", "against": "text",
        "against_key": "text",
    });
    check(&desk.json(&["queue"]), &json!({ "queue": [doubt] }));
}

#[test]
fn every_command_can_be_read_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        assert_readable(&desk.text(&["imports"]));
        assert_readable(&desk.text(&["findings"]));
        assert_readable(&desk.text(&["import", "--demo", "--dry-run"]));
        assert_readable(&desk.text(&["import", "--demo"]));
        let finding = word(&desk.json(&["findings"])["findings"][0]["key"]).to_owned();
        let device = word(&desk.devices()[0]["id"]).to_owned();
        let other = word(&desk.devices()[1]["id"]).to_owned();
        let commands: &[&[&str]] = &[
            &["import", "--demo"],
            &["imports"],
            &["imports", "undo", "6"],
            &["imports", "redo", "6"],
            &["devices"],
            &["devices", "HIS"],
            &["device", &device],
            &["device", "merge", &device, &other],
            &["device", "undo"],
            &["queue"],
            &["round", "--date", "2026-11-21"],
            &["findings", "--all"],
            &["decide", &finding, "--state", "in_hand", "--reason", "x"],
            &["findings", "--severity", "urgent"],
            &["zones"],
            &["zones", "set", "A", "10.100.1.0/24"],
            &["zones"],
            &["zones", "remove", "A"],
            &["explain"],
            &["audit"],
            &["audit", "verify"],
            &["help"],
        ];
        for command in commands {
            assert_readable(&desk.text(command));
        }
        for rule in list(&desk.json(&["explain"]), "rules") {
            assert_readable(&desk.text(&["explain", word(&rule["code"])]));
        }
        for device in desk.devices().iter().step_by(100) {
            assert_readable(&desk.text(&["device", word(&device["id"])]));
        }
    }
}

#[test]
fn a_table_opens_right_in_excel() {
    let desk = Desk::with_demo("ja");
    let ledger = "管理番号,機器名,コンピュータ名,IPアドレス,設置場所\n=1+1,\"@SUM(A1)\",+cmd,10.77.0.1,\"-2+3,\"\"x\"\"\"\n";
    let path = desk.write("式.csv", ledger);
    desk.json(&["import", &path]);
    desk.json(&["round", "--date", DAY]);
    desk.json(&["zones", "set", "=HYPERLINK(1)", "10.77.0.0/24"]);
    for (command, heading) in [
        ("devices", "管理番号,"),
        ("findings", "急ぎ具合,"),
        ("queue", "機器,"),
        ("zones", "区画,"),
    ] {
        let table = desk.text(&[command, "--csv"]);
        let body =
            table.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("{command} has no mark"));
        assert!(body.starts_with(heading), "{command}: {:?}", body.lines().next());
        assert_eq!(body.matches('\n').count(), body.matches("\r\n").count(), "{command}");
        assert!(body.ends_with("\r\n"), "{command}");
        let formula = |cell: &str| {
            cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']) && cell.len() > 1
        };
        let found = body.lines().flat_map(|line| line.split(',')).find(|cell| formula(cell));
        assert_eq!(found, None, "{command}");
        assert_readable(body.replace('\r', "").as_str());
    }
    let devices = desk.text(&["devices", "--csv"]);
    assert!(devices.contains("'=1+1,'+CMD") || devices.contains("'=1+1,'+cmd"), "{devices}");
    assert!(desk.text(&["zones", "--csv"]).contains("'=HYPERLINK(1)"));
}

#[test]
fn nobody_reading_on_is_no_error() {
    let desk = Desk::with_demo("ja");
    desk.json(&["round", "--date", DAY]);
    let commands: &[&[&str]] = &[
        &["devices"],
        &["devices", "--json"],
        &["devices", "--csv"],
        &["findings"],
        &["findings", "--json"],
        &["findings", "--csv"],
        &["round", "--json"],
        &["help"],
        &["import", "--help"],
        &["--version"],
    ];
    for command in commands {
        let mut child =
            desk.command(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{command:?}");
    }
}

#[test]
fn what_is_printed_does_not_hang_on_the_language() {
    let (ja, en) = (Desk::with_demo("ja"), Desk::with_demo("en"));
    let ids = |desk: &Desk| -> Vec<Value> {
        desk.devices().into_iter().map(|mut device| device["id"].take()).collect()
    };
    assert_eq!(ids(&ja), ids(&en));
    let keys = |desk: &Desk| -> Vec<Value> {
        let round = desk.json(&["round", "--date", DAY]);
        let mut keys: Vec<Value> =
            list(&round, "new").into_iter().map(|mut finding| finding["key"].take()).collect();
        keys.sort_by_key(Value::to_string);
        keys
    };
    assert_eq!(keys(&ja), keys(&en));
}
