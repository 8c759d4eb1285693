//! Notices at the command line: what scripts rely on, what people read, and what is refused.

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable};
use crate::shape::check;

/// A day that is over for nobody who runs this.
const DUE: &str = "2199-12-31";
const TEXT: &str = "FortiOS 7.0.5 をお使いの施設は CVE-2022-40684 をご確認ください。";

fn notice() -> Value {
    json!({
        "number": "number", "steps": "number", "state": "untriaged|to_answer|answered|settled|withdrawn", "late": "flag",
        "sender": "ceptoar|ministry|authority|vendor", "name": "text", "title": "text", "sent": "text", "taken": "text",
        "way": "text", "text": "text", "file": "text?", "evidence": "text?", "to": "text?", "due": "text?",
        "tlp": "red|amber_strict|amber|green|clear?", "none_of_ours": "text?", "withdrawn": "text?",
        "meant": [{ "what": "text", "label": "text", "devices": "number", "medical": "number" }],
        "answers": [{ "on": "text", "to": "text", "done": "text", "text": "text" }],
        "history": [{ "step": "number", "at": "text", "by": "text", "text": "text", "file": "text?" }],
    })
}

fn triage() -> Value {
    json!({
        "numbers": [{ "id": "text", "state": "concerns|cleared|nothing|unknown|no_data", "products": ["text"] }],
        "things": [{
            "what": "text", "label": "text", "confidence": "exact|likely|candidate?", "reasons": ["text"], "device_count": "number",
            "medical": "number", "devices": [{ "label": "text", "id": "text", "medical": "flag" }],
            "verdict": "meant|not_meant?",
        }],
    })
}

const ADD: &[&str] = &[
    "notices",
    "add",
    "--sender",
    "ceptoar",
    "--name",
    "医療セプター事務局",
    "--title",
    "注意喚起",
    "--sent",
    "2026-11-20",
    "--way",
    "メール",
    "--to",
    "事務局",
    "--due",
    DUE,
];

/// Takes a notice in with these words beside the usual ones; gives its number as it is typed.
fn added(desk: &Desk, more: &[&str]) -> String {
    let taken = desk.json(&[ADD, &["--text", TEXT], more].concat());
    taken["number"].to_string()
}

#[test]
fn a_notice_is_taken_in_looked_through_and_answered() {
    let desk = Desk::with_demo("ja");
    let taken = desk.json(&[ADD, &["--file", &desk.write("通知.txt", TEXT)]].concat());
    let without = |mut view: Value| {
        assert_eq!(view.as_object_mut().unwrap().remove("embargo"), Some(Value::Null));
        view
    };
    let shown = without(taken);
    check(&shown, &notice());
    assert_eq!((&shown["text"], &shown["state"]), (&json!(TEXT), &json!("untriaged")));
    let number = shown["number"].to_string();
    let proposed = desk.json(&["notices", "triage", &number]);
    check(&proposed, &triage());
    let what = proposed["things"][0]["what"].as_str().unwrap();
    assert_eq!(what, "product:fortios 7.0.5");
    let answer = ["notices", "answer", &number, "--to", "B", "--on", "2026-11-21", "--text", "D"];
    assert_eq!(desk.run(&answer).code, Some(1), "nobody has said what is meant");
    let said = desk.json(&["notices", "triage", &number, "--meant", what, "--device", "CT-01"]);
    assert_eq!(said["meant"].as_array().unwrap().len(), 2);
    desk.json(&["notices", "due", &number, "--until", "2199-12-30"]);
    assert_eq!(desk.json(&answer)["state"], "answered");
    let listed = desk.json(&["notices"]);
    check(&without(listed["notices"][0].clone()), &notice());
    desk.assert_whole();
    let last = desk.audit().last().unwrap().clone();
    assert_eq!((&last["act"], last["detail"].get("title")), (&json!("notice.answered"), None));
}

#[test]
fn a_mail_is_shown_first_and_taken_in_with_what_a_person_adds() {
    let mail = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/mails/shift-jis.eml");
    for language in ["ja", "en"] {
        let desk = Desk::with_demo(language);
        let shown = desk.json(&["notices", "mail", mail]);
        let shape = json!({
            "name": "text", "title": "text", "sent": "text?", "way": "text", "text": "text",
            "tlp": "red|amber_strict|amber|green|clear?", "embargo": "flag", "due": "text?", "due_words": "text?",
            "attachments": ["text"],
            "warnings": ["text"],
        });
        check(&shown, &shape);
        let told = desk.text(&["notices", "mail", mail]);
        assert!(told.contains("CVE-2022-40684") && told.contains("2026-11-20"), "{told}");
        assert_eq!((&shown["due"], shown["due_words"].is_string()), (&json!("2026-11-27"), true));
        assert!(told.contains("2026-11-27") && told.contains("--due"), "{told}");
        assert_eq!(desk.json(&["notices"])["notices"].as_array().unwrap().len(), 0);
        let add = ["notices", "add", "--sender", "ceptoar", "--mail", mail, "--title", "別の題"];
        let taken = desk.json(&add);
        assert_eq!((&taken["title"], &taken["sent"]), (&json!("別の題"), &json!("2026-11-20")));
        assert_eq!((&taken["text"], &taken["tlp"]), (&shown["text"], &json!("amber")));
        assert_eq!(taken["file"], Value::Null, "the mail itself is not kept");
        assert_eq!(taken["due"], Value::Null, "a day that was read is no day that was given");
        let proposed = desk.run(&add);
        assert!(
            proposed.stderr.contains("--due") && proposed.stderr.contains("2026"),
            "{proposed:?}"
        );
        let given = desk.run(&[&add[..], &["--due", "2026-11-27", "--to", "事務局"]].concat());
        assert!(given.code == Some(0) && !given.stderr.contains("--due"), "{given:?}");
        let undated = desk.write("undated.eml", "From: a@example.jp\nTo: b@example.jp\n\nwords");
        let refused =
            desk.run(&["notices", "add", "--sender", "vendor", "--mail", &undated, "--title", "t"]);
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains("--sent"), "{refused:?}");
        let other = desk.run(&["notices", "mail", &desk.write("a.txt", TEXT)]);
        assert_eq!(other.code, Some(1));
        assert!(other.stderr.contains(".msg"), "{other:?}");
        desk.assert_whole();
    }
}

#[test]
fn who_works_here_sees_what_is_under_embargo_and_is_told_so_and_no_table_holds_it() {
    let desk = Desk::with_demo("ja");
    let number = added(&desk, &["--embargo", "--until", DUE, "--tlp", "red"]);
    for args in [&["notices"][..], &["notices", "show", &number], &["notices", "triage", &number]] {
        let ran = desk.run(args);
        assert!(ran.stderr.contains("公開前のお知らせが含まれています"), "{args:?} {ran:?}");
    }
    let shown = desk.json(&["notices", "show", &number]);
    let embargo = json!({ "until": DUE, "roles": ["administrator"] });
    assert_eq!(shown["notice"]["embargo"], embargo);
    let table = desk.run(&["notices", "--csv"]);
    assert!(!table.stdout.contains("注意喚起"), "{table:?}");
    assert!(table.stderr.contains("表に入れていません"), "{table:?}");
    desk.json(&["notices", "lift", &number, "--reason", "公表された"]);
    let table = desk.run(&["notices", "--csv"]);
    assert!(table.stdout.contains("注意喚起") && table.stderr.is_empty(), "{table:?}");
}

#[test]
fn people_can_read_every_answer_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = Desk::with_demo(language);
        let number = added(&desk, &[]);
        let none = ["notices", "triage", &number, "--none", "--reason", "ない"];
        let answer =
            ["notices", "answer", &number, "--to", "B", "--on", "2026-11-21", "--text", "D"];
        let withdrawn = ["notices", "withdraw", &number, "--reason", "重複"];
        for args in [
            &["notices", "triage", &number][..],
            &none,
            &answer,
            &["notices"],
            &["notices", "--csv"],
            &["notices", "show", &number],
            &withdrawn,
        ] {
            let ran = desk.run(args);
            assert_eq!(ran.code, Some(0), "{args:?} {ran:?}");
            assert_readable(&ran.stdout);
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let desk = Desk::with_demo("ja");
    let number = added(&desk, &[]);
    for args in [
        &["notices", "show", "1"][..],
        &["notices", "triage", &number, "--meant", "colour:red"],
        &["notices", "triage", &number, "--meant", "product:nothing"],
        &["notices", "triage", &number, "--device", "nowhere"],
        &["notices", "lift", &number, "--reason", "x"],
        &[ADD, &["--file", "nowhere.txt"]].concat(),
        &[ADD, &["--text", TEXT, "--tlp", "red"]].concat(),
    ] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(1), "{args:?} {ran:?}");
        assert!(
            ran.stdout.is_empty() && ran.stderr.trim_end().ends_with(['。', '、', ')']),
            "{args:?} {ran:?}"
        );
    }
    for args in [
        ADD,
        &["notices", "triage", &number, "--none"],
        &[ADD, &["--text", TEXT, "--until", DUE]].concat(),
        &[ADD, &["--text", TEXT, "--embargo", "--reader", "king"]].concat(),
    ] {
        assert_eq!(desk.run(args).code, Some(2), "{args:?}");
    }
}
