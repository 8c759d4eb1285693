//! Parts lists at the command line: brought in, laid beside a product, and compared.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, assert_speaks, list};
use crate::shape::check;

const LIST: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
  "metadata": { "timestamp": "2026-05-01T00:00:00Z", "component": { "type": "firmware", "name": "FortiOS", "version": "7.0.5" } },
  "components": [
    { "type": "library", "name": "zlib", "version": "1.2.11", "purl": "pkg:generic/zlib@1.2.11" },
    { "type": "library", "name": "openssl", "version": "1.1.1k", "licenses": [{ "license": { "id": "OpenSSL" } }] }
  ]
}"#;

/// The demo hospital with two lists of FortiOS, and the numbers of these.
fn desk(language: &'static str) -> (Desk, String, String) {
    let desk = Desk::with_demo(language);
    let newer = LIST.replace("7.0.5", "7.0.6").replace("1.2.11", "1.3").replace("openssl", "bzip2");
    let [old, new] = [("old.json", LIST), ("new.json", newer.as_str())].map(|(name, text)| {
        let path = desk.path(name);
        fs::write(&path, text).unwrap();
        desk.json(&["import", &path])["files"][0]["import"].to_string()
    });
    (desk, old, new)
}

fn document() -> Value {
    json!({
        "format": "cyclonedx|spdx", "format_version": "text", "serial": "text?", "edition": "number?", "created": "text?",
        "makers": ["text"], "product": "text?", "group": "text?", "version": "text?", "supplier": "text?", "purls": ["text"],
        "cpes": ["text"], "components": "number", "services": "number", "files": "number", "statements": "number",
        "faults": "number", "incomplete": "flag",
    })
}

/// A list of which nobody said anything.
fn open() -> Value {
    let product =
        json!({ "family": "text", "name": "text", "versions": ["text"], "devices": "number" });
    json!({
        "import": "number", "file": "text", "kind": "text", "digest": "text", "captured_at": "text", "imported_at": "text",
        "imported_by": "text", "document": document(), "warnings": "number", "state": "open", "product": "text?",
        "release": "text?", "use_state": "text?", "said": "text?",
        "proposals": [{ "product": product, "reason": "text" }],
    })
}

#[test]
fn a_list_is_brought_in_listed_and_laid_beside_a_product() {
    let (desk, old, new) = desk("ja");
    let all = desk.json(&["parts", "list"]);
    check(&all, &json!({ "lists": [open()] }));
    assert_eq!(list(&all, "lists").len(), 2);
    let text = desk.text(&["parts", "list"]);
    assert!(
        text.contains("FortiOS") && text.contains(&format!("mimawari parts attach {old}")),
        "{text}"
    );
    let attached = desk.json(&["parts", "attach", &old, "FortiOS", "--reason", "保守会社から受領"]);
    assert_eq!(
        (&attached["state"], &attached["use_state"]),
        (&json!("attached"), &json!("in_use"))
    );
    let next = desk.json(&["parts", "show", &new]);
    assert_eq!(
        (&next["list"]["state"], &next["list"]["use_state"]),
        (&json!("attached"), &json!("other"))
    );
    assert_eq!(next["list"]["said"]["remembered"], true);
    assert_eq!(list(&next, "components").len(), 2);
    let apart = desk.json(&["parts", "attach", &new, "--apart"]);
    assert_eq!(apart["state"], "apart");
    desk.json(&["imports", "undo", &new]);
    assert_eq!(list(&desk.json(&["parts", "list"]), "lists").len(), 1);
    desk.assert_whole();
}

#[test]
fn two_lists_are_compared() {
    let (desk, old, new) = desk("ja");
    let view = desk.json(&["parts", "compare", &old, &new]);
    assert_eq!(view["changed"][0]["turn"], "up");
    assert_eq!(
        (&view["added"][0]["name"], &view["removed"][0]["name"]),
        (&json!("bzip2"), &json!("openssl"))
    );
    let csv = desk.text(&["parts", "compare", &new, &old, "--csv"]);
    assert!(csv.contains("古くなった") && csv.contains("1.2.11"), "{csv}");
}

#[test]
fn what_does_not_fit_is_refused_with_a_sentence() {
    let (desk, old, _) = desk("ja");
    for (args, code) in [
        (vec!["parts", "attach", &old, "PACS-X"], 1),
        (vec!["parts", "attach", "99", "FortiOS"], 1),
        (vec!["parts", "show", "1"], 1),
        (vec!["parts", "compare", &old, "1"], 1),
        (vec!["parts", "attach", &old], 2),
        (vec!["parts", "attach", &old, "FortiOS", "--apart"], 2),
        (vec!["parts", "compare", &old], 2),
        (vec!["parts"], 2),
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
        let (desk, old, new) = desk(language);
        let third = desk.path("third.json");
        fs::write(&third, LIST.replace("1.1.1k", "1.1.1w")).unwrap();
        assert_speaks(language, &desk.text(&["import", "--dry-run", &third]));
        for args in [
            vec!["parts", "list"],
            vec!["parts", "show", &old],
            vec!["parts", "compare", &old, &new],
            vec!["parts", "attach", &old, "FortiOS"],
        ] {
            assert_speaks(language, &desk.text(&args));
        }
        assert_readable(&desk.text(&["parts", "list"]));
        for args in [vec!["parts", "list", "--csv"], vec!["parts", "show", &old, "--csv"]] {
            assert!(desk.text(&args).starts_with('\u{feff}'));
        }
    }
}
