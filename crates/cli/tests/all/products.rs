//! Which products what is written means, at the command line: listed, confirmed, refused and opened again.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, assert_speaks, list};
use crate::shape::check;

const LEDGER: &str = "管理番号,機器名,コンピュータ名,ソフトウェア名,OS,OSバージョン
1,受付,PC-01,〇〇電子カルテ 2.0,FortiOS 遠隔読影,7.0.5
";

fn desk(language: &'static str) -> Desk {
    let desk = Desk::speaking(language);
    let path = desk.path("台帳.csv");
    fs::write(&path, LEDGER).unwrap();
    desk.json(&["import", &path]);
    desk
}

fn product() -> Value {
    json!({
        "mark": "text", "name": "text", "version": "text?", "cpes": ["text"], "purl": "text?", "listed": "flag",
        "confidence": "text", "reason": "text",
    })
}

fn step() -> Value {
    json!({ "at": "text", "by": "text", "word": "text", "products": ["text"], "names": ["text"], "reason": "text" })
}

fn writing(said: Value) -> Value {
    json!({
        "what": "text", "text": "text", "shown": "text", "devices": "number", "state": "text", "meant": [product()],
        "candidates": [product()], "said": said, "history": [step()],
    })
}

#[test]
fn what_is_written_is_listed_confirmed_refused_and_opened_again() {
    let desk = desk("ja");
    let all = desk.json(&["products", "list", "--open"]);
    assert_eq!(list(&all, "writings").len(), 2);
    let text = desk.text(&["products", "list"]);
    assert!(text.contains("〇〇電子カルテ") && text.contains("製品名の表にありません"), "{text}");
    let cpe = "cpe:2.3:a:maker:emr:*:*:*:*:*:*:*:*";
    let confirmed =
        desk.json(&["products", "confirm", "〇〇電子カルテ", cpe, "--reason", "製造元に確認"]);
    check(&confirmed, &writing(step()));
    assert_eq!(confirmed["meant"][0]["cpes"][0], "cpe:2.3:a:maker:emr:2.0:*:*:*:*:*:*:*");
    assert_eq!(confirmed["said"]["reason"], "製造元に確認");
    let refused = desk.json(&["products", "refuse", "FortiOS 遠隔読影", "--what", "os"]);
    assert_eq!((&refused["state"], &refused["said"]["word"]), (&json!("refused"), &json!("not")));
    assert_eq!(list(&desk.json(&["products", "list", "--open"]), "writings").len(), 0);
    assert_eq!(desk.json(&["products", "reopen", "FortiOS 遠隔読影"])["state"], "open");
    let confirmed = desk.json(&["products", "confirm", "FortiOS 遠隔読影"]);
    assert_eq!(confirmed["meant"][0]["name"], "FortiOS");
    desk.assert_whole();
}

#[test]
fn what_does_not_fit_is_refused_with_a_sentence() {
    let desk = desk("ja");
    for (args, code) in [
        (vec!["products", "confirm", "〇〇電子カルテ"], 1),
        (vec!["products", "confirm", "〇〇電子カルテ", "cpe:x"], 1),
        (vec!["products", "refuse", "PACS"], 1),
        (vec!["products", "reopen", "〇〇電子カルテ"], 1),
        (vec!["products", "refuse", "〇〇電子カルテ", "--what", "door"], 2),
        (vec!["products", "confirm"], 2),
        (vec!["products"], 2),
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
        for args in [
            vec!["products", "list"],
            vec!["products", "confirm", "FortiOS 遠隔読影"],
            vec!["products", "refuse", "〇〇電子カルテ"],
            vec!["products", "reopen", "〇〇電子カルテ"],
        ] {
            assert_speaks(language, &desk.text(&args));
        }
        assert_readable(&desk.text(&["products", "list"]));
        assert!(desk.text(&["products", "list", "--csv"]).starts_with('\u{feff}'));
    }
}
