//! Decisions about single vulnerabilities at the command line.

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, assert_speaks, list, ran};
use crate::shape::check;

const CVE: &str = "CVE-2024-21762";
const PRODUCT: &str = "FortiOS 7.0.5";

/// The demo hospital with its three records on FortiOS.
fn desk(language: &'static str) -> Desk {
    let desk = Desk::with_demo(language);
    let feeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/demo-feeds/");
    let of = |name: &str| format!("{feeds}{name}");
    desk.json(&["feeds", "import", &of("nvd-fortios.json"), &of("kev-fortios.json")]);
    desk
}

const NOT_AFFECTED: [&str; 11] = [
    "vex",
    "decide",
    CVE,
    PRODUCT,
    "--status",
    "not_affected",
    "--justification=vulnerable_code_not_in_execute_path",
    "--impact=SSL-VPN is switched off.",
    "--origin=vendor_answer",
    "--reason",
    "業者の回答による",
];

fn decision() -> Value {
    json!({
        "number": "number", "state": "in_force|reopened|superseded|taken_back|idle|unknown", "reopened": "text?",
        "reopened_reason": "text?", "vulnerability": "text", "product": "text", "product_name": "text", "scope": "version|product",
        "devices": [{ "id": "text", "label": "text" }], "status": "affected|fixed|not_affected|under_investigation",
        "justification": "text?", "impact": "text", "action": "text", "controls": ["text"], "review": "text?",
        "origin": "document|own_judgement|own_test|vendor_answer", "reason": "text", "by": "text", "at": "text",
    })
}

#[test]
fn a_decision_is_taken_listed_and_taken_back() {
    let desk = desk("ja");
    let view = desk.json(&NOT_AFFECTED);
    check(&view, &decision());
    assert_eq!((&view["number"], &view["state"]), (&json!(1), &json!("in_force")));
    assert_eq!(view["by"], "console:test");
    let all = desk.json(&["vex", "list"]);
    check(&all, &json!({ "decisions": [decision()] }));
    assert_eq!(all["decisions"][0], view);
    let round = desk.json(&["round"]);
    let told = list(&round, "new").into_iter().find(|one| one["rule"] == "VUL001").unwrap();
    assert!(!told["reason"].as_str().unwrap().contains(CVE), "{told}");
    let back = desk.json(&["vex", "undo", "1", "--reason", "番号を間違えた"]);
    assert_eq!(
        (&back["state"], &back["taken_back"]["reason"]),
        (&json!("taken_back"), &json!("番号を間違えた"))
    );
    let acts: Vec<Value> = desk.audit().iter().map(|entry| entry["act"].clone()).collect();
    assert!(acts.contains(&json!("vex.decide")) && acts.contains(&json!("vex.take_back")));
    desk.assert_whole();
}

#[test]
fn what_does_not_fit_is_refused_with_a_sentence() {
    let desk = desk("ja");
    for (args, code) in [
        (
            vec![
                "vex",
                "decide",
                CVE,
                PRODUCT,
                "--status",
                "not_affected",
                "--origin",
                "own_test",
                "--reason",
                "x",
            ],
            1,
        ),
        (
            vec![
                "vex", "decide", "CVE-1", PRODUCT, "--status", "fixed", "--origin", "own_test",
                "--reason", "x",
            ],
            1,
        ),
        (
            vec![
                "vex", "decide", CVE, PRODUCT, "--status", "fixed", "--origin", "own_test",
                "--reason", " ",
            ],
            1,
        ),
        (
            vec![
                "vex", "decide", CVE, PRODUCT, "--status", "maybe", "--origin", "own_test",
                "--reason", "x",
            ],
            2,
        ),
        (vec!["vex", "decide", CVE, PRODUCT, "--status", "fixed", "--reason", "x"], 2),
        (vec!["vex", "undo", "7", "--reason", "x"], 1),
        (vec!["vex", "export", "--format", "openvex"], 1),
        (vec!["vex", "export", "--format", "pdf"], 2),
        (vec!["vex"], 2),
    ] {
        let ran = desk.run(&args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{args:?}");
        if code == 1 {
            assert_speaks("ja", &ran.stderr);
        }
    }
}

#[test]
fn it_can_be_read_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = desk(language);
        assert_speaks(language, &desk.text(&["vex", "list"]));
        assert_speaks(language, &desk.text(&NOT_AFFECTED));
        assert_readable(&desk.text(&["vex", "list"]));
        let csv = desk.text(&["vex", "list", "--csv"]);
        assert!(csv.starts_with('\u{feff}') && csv.contains(CVE));
        assert_speaks(language, &desk.text(&["vex", "undo", "1", "--reason", "x"]));
    }
}

#[test]
fn a_document_goes_to_a_file_that_is_not_there_yet_and_is_a_feed() {
    let desk = desk("ja");
    desk.json(&NOT_AFFECTED);
    for format in ["openvex", "csaf"] {
        let printed = ran(&mut desk.command(&[
            "vex",
            "export",
            "--format",
            format,
            "--publisher",
            "みなと中央病院",
        ]));
        assert_eq!(printed.code, Some(0), "{printed:?}");
        let document: Value = serde_json::from_str(&printed.stdout).unwrap();
        let path = desk.path(&format!("{format}.json"));
        let args =
            ["vex", "export", "--format", format, "--publisher", "みなと中央病院", "--out", &path];
        let written = desk.run(&args);
        assert_eq!((written.code, written.stdout.as_str()), (Some(0), ""));
        assert_speaks("ja", &written.stderr);
        let kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(kept, document);
        let again = desk.run(&args);
        assert_eq!(again.code, Some(1), "it is there already");
        let taken = desk.json(&["feeds", "import", &path]);
        assert_eq!(taken["files"][0]["format"], format);
    }
}
