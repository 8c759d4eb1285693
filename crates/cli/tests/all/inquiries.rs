//! Inquiries at the command line: what scripts rely on, what people read, and what is refused.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, list};
use crate::shape::check;

const PRODUCT: &str = "fortios 7.0.5";
const CVE: &str = "CVE-2022-40684";

/// A day that is over for nobody who runs this.
const DUE: &str = "2199-12-31";

fn inquiry() -> Value {
    let items = json!([{
        "item": "resolution_schedule|resolution_method|score|exploitability_index|exploit_method|interim_mitigation",
    }]);
    json!({
        "number": "number", "steps": "number", "state": "draft|sent|answered_in_part|answered|withdrawn", "overdue": "flag",
        "vendor": "text", "contact": "text", "note": "text", "mark": "text", "product": "text", "devices": "number",
        "medical": "number", "drafted": "text", "due": "text", "withdrawn": "text?", "missing": "number", "letter": "text",
        "asked": [{ "id": "text", "severity": "text", "exploited": "text?", "ransomware": "flag", "items": items }],
        "history": [{ "step": "number", "at": "text", "by": "text", "text": "text", "file": "text?" }],
    })
}

fn draft(desk: &Desk) -> Value {
    desk.json(&[
        "inquiries",
        "draft",
        "--product",
        PRODUCT,
        "--vulnerability",
        CVE,
        "--vendor",
        "A社",
        "--contact",
        "佐藤",
        "--due",
        DUE,
    ])
}

#[test]
fn an_inquiry_is_written_sent_and_answered() {
    let desk = Desk::with_demo("ja");
    let drafted = draft(&desk);
    check(&drafted, &inquiry());
    assert_eq!((&drafted["number"], &drafted["state"]), (&json!(1), &json!("draft")));
    let letter = desk.json(&["inquiries", "letter", "1"]);
    let letter = letter["letter"].as_str().unwrap();
    assert!(letter.contains("A社 御中"), "{letter}");
    assert!(!letter.contains("\n\n\n"), "nobody has named the hospital: {letter}");
    let sheet = desk.path("answers.xlsx");
    desk.json(&["inquiries", "sheet", "1", &sheet]);
    assert!(fs::read(&sheet).unwrap().starts_with(b"PK"));
    assert_eq!(desk.run(&["inquiries", "sheet", "1", &sheet]).code, Some(1), "it is there");
    let sent = ["inquiries", "sent", "1", "--on", "2026-11-20", "--to", "山田", "--how", "mail"];
    assert_eq!(desk.json(&sent)["state"], "sent");
    let answer = |text| {
        ["inquiries", "answer", "1", "--vulnerability", CVE, "--item", "score", "--text", text]
    };
    assert_eq!(desk.json(&answer("7.5"))["missing"], 5);
    let again = desk.path("again.xlsx");
    desk.json(&["inquiries", "sheet", "1", &again]);
    desk.json(&answer("9.9"));
    let dry = desk.json(&["inquiries", "read", "1", &again, "--dry-run"]);
    assert_eq!(
        (&dry["taken"], &dry["preview"]["answers"][0]["before"]),
        (&json!(false), &json!("9.9"))
    );
    assert_eq!(desk.json(&["inquiries", "read", "1", &again])["taken"], true);
    let view = desk.json(&["inquiries", "show", "1"]);
    assert_eq!(view["asked"][0]["items"][2]["answer"]["text"], "7.5");
    assert_eq!(view["asked"][0]["items"][2]["answer"]["file"], "again.xlsx");
    assert_eq!(desk.json(&["inquiries", "due", "1", "--until", "2199-12-30"])["due"], "2199-12-30");
    let withdrawn = desk.json(&["inquiries", "withdraw", "1", "--reason", "不要"]);
    assert_eq!(withdrawn["state"], "withdrawn");
    let all = desk.json(&["inquiries"]);
    check(&all, &json!({ "inquiries": [inquiry()] }));
    assert_eq!(list(&all, "inquiries").len(), 1);
    desk.assert_whole();
    assert_eq!(desk.audit().last().unwrap()["act"], "inquiry.withdrawn");
}

#[test]
fn people_can_read_every_answer_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = Desk::with_demo(language);
        draft(&desk);
        for args in [
            &["inquiries"][..],
            &["inquiries", "--csv"],
            &["inquiries", "show", "1"],
            &["inquiries", "letter", "1"],
            &["inquiries", "sheet", "1", "s.xlsx"],
            &["inquiries", "sent", "1", "--on", "2026-11-20", "--to", "x", "--how", "y"],
            &["inquiries", "due", "1", "--until", DUE],
            &["inquiries", "read", "1", "s.xlsx"],
            &["inquiries", "withdraw", "1", "--reason", "x"],
        ] {
            let ran = desk.run(args);
            assert_eq!(ran.code, Some(0), "{args:?} {ran:?}");
            assert_readable(&ran.stdout);
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let desk = Desk::with_demo("ja");
    draft(&desk);
    let text = desk.write("answers.xlsx", "no workbook");
    let large = desk.write("large.xlsx", vec![0; (1 << 20) + 1]);
    for args in [
        &["inquiries", "show", "2"][..],
        &["inquiries", "letter", "2"],
        &["inquiries", "due", "1", "--until", DUE],
        &["inquiries", "sent", "1", "--on", DUE, "--to", "x", "--how", "y"],
        &["inquiries", "read", "1", &text],
        &["inquiries", "read", "1", &large],
        &["inquiries", "read", "1", "nowhere.xlsx"],
        &["inquiries", "withdraw", "1", "--reason", " "],
    ] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(1), "{args:?} {ran:?}");
        assert!(ran.stdout.is_empty() && ran.stderr.trim_end().ends_with('。'), "{args:?} {ran:?}");
    }
    assert_eq!(desk.json(&["inquiries", "show", "1"])["steps"], 1);
}
