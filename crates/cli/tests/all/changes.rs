//! Planned changes at the command line.

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable};
use crate::shape::check;

fn change() -> Value {
    json!({
        "number": "number", "steps": "number", "state": "planned|agreed|done|failed|cancelled", "kind": "update|setting",
        "what": "text", "mark": "text", "product": "text", "vulnerabilities": ["text"], "performer": "text",
        "instruction": "text", "inquiry": "number?", "medical": "flag", "waiting": "number", "cancelled": "text?",
        "devices": [{
            "sign": "text", "id": "text?", "label": "text", "medical": "flag", "outcome": "done|failed|not_needed?",
            "on": "text?", "note": "text", "evidence": "shown|waiting|unknown?", "files": ["text"],
        }],
        "told": [{ "on": "text", "to": "text", "text": "text" }],
        "history": [{ "step": "number", "at": "text", "by": "text", "text": "text", "file": "text?" }],
    })
}

const PLAN: &[&str] = &[
    "changes",
    "plan",
    "--what",
    "FortiOS 7.0.7",
    "--product",
    "fortios 7.0.5",
    "--vulnerability",
    "CVE-2022-40684",
    "--device",
    "VPN-01",
    "--performer",
    "A社",
];
const AGREE: &[&str] = &[
    "changes",
    "agree",
    "1",
    "--from",
    "2026-11-20T19:00",
    "--to",
    "2026-11-20T21:00",
    "--with",
    "B",
];
const RECORD: &[&str] =
    &["changes", "record", "1", "--device", "VPN-01", "--outcome", "done", "--on", "2026-11-20"];
const TELL: &[&str] =
    &["changes", "tell", "1", "--to", "A社", "--text", "済み", "--on", "2026-11-20"];

#[test]
fn a_change_is_planned_agreed_on_recorded_and_told() {
    let desk = Desk::with_demo("ja");
    let planned = desk.json(PLAN);
    check(&planned, &change());
    assert_eq!(planned["state"], "planned");
    assert_eq!(desk.run(RECORD).code, Some(1), "the time is not agreed on");
    assert_eq!(desk.json(AGREE)["state"], "agreed");
    let done = desk.json(RECORD);
    assert_eq!((&done["state"], &done["waiting"]), (&json!("done"), &json!(1)));
    assert_eq!(desk.json(TELL)["told"][0]["to"], "A社");
    check(&desk.json(&["changes"]), &json!({ "changes": [change()] }));
    desk.assert_whole();
    assert_eq!(desk.audit().last().unwrap()["act"], "change.told");
}

#[test]
fn people_can_read_every_answer_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = Desk::with_demo(language);
        let list = &["changes"][..];
        for args in
            [PLAN, AGREE, RECORD, TELL, list, &["changes", "--csv"], &["changes", "show", "1"]]
        {
            let ran = desk.run(args);
            assert_eq!(ran.code, Some(0), "{args:?} {ran:?}");
            assert_readable(&ran.stdout);
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let desk = Desk::with_demo("ja");
    desk.json(PLAN);
    desk.json(&["changes", "cancel", "1", "--reason", "入れ替える"]);
    let nowhere = PLAN.iter().map(|word| if *word == "VPN-01" { "nowhere" } else { word });
    let nowhere: Vec<&str> = nowhere.collect();
    let other: Vec<&str> =
        RECORD.iter().map(|word| if *word == "VPN-01" { "CT-01" } else { word }).collect();
    for args in [&nowhere[..], AGREE, TELL, &other, &["changes", "show", "2"]] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(1), "{args:?} {ran:?}");
        assert!(ran.stdout.is_empty() && ran.stderr.trim_end().ends_with('。'), "{args:?} {ran:?}");
    }
}
