//! The vulnerabilities of what runs, at the command line: by vulnerability, product, device and vendor, one of each, and what cannot be
//! judged.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, assert_speaks, list};
use crate::shape::check;

const LEDGER: &str =
    "管理番号,機器名,コンピュータ名,IPアドレス,保守業者,ソフトウェア名,ソフトウェアバージョン
1,VPN装置,VPN-01,10.1.1.1,みなとサービス,FortiOS,7.0.5
2,端末,PC-02,10.1.1.2,,自作ソフト,3
";

/// Microsoft's record: 7.0 HIGH, with a vector that ends in E:F/RL:O/RC:C.
const MICROSOFT: &str = "cve/CVE-2025-62215";

fn desk(language: &'static str) -> Desk {
    let desk = Desk::speaking(language);
    let path = desk.path("台帳.csv");
    fs::write(&path, LEDGER).unwrap();
    desk.json(&["import", &path]);
    desk
}

fn with_feeds(language: &'static str) -> Desk {
    let desk = desk(language);
    let feed =
        |name: &str| format!("{}/../../testdata/demo-feeds/{name}", env!("CARGO_MANIFEST_DIR"));
    desk.json(&["feeds", "import", &feed("nvd-fortios.json"), &feed("kev-fortios.json")]);
    desk
}

fn counted(own: Value) -> Value {
    let mut shape = json!({
        "products": ["text"], "exploited": "number", "critical": "number", "other": "number", "doubtful": "number",
        "unjudged": "number", "first": "text?",
    });
    shape.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    shape
}

#[test]
fn they_are_listed_by_what_is_asked_for() {
    let desk = with_feeds("ja");
    let all = desk.json(&["weaknesses", "list"]);
    assert_eq!(all["state"], "ready");
    let found = list(&all, "vulnerabilities");
    assert_eq!(found.len(), 3, "{found:?}");
    let by = |word: &str, key: &str| -> Vec<Value> {
        list(&desk.json(&["weaknesses", "list", "--by", word]), key).to_vec()
    };
    assert_eq!(by("product", "products").len(), 2);
    let devices = by("device", "devices");
    let device = counted(json!({ "label": "text", "id": "text", "medical": "flag" }));
    devices.iter().for_each(|one| check(one, &device));
    assert_eq!((&devices[0]["exploited"], &devices[1]["unjudged"]), (&json!(3), &json!(1)));
    let vendors = by("vendor", "vendors");
    let vendor = counted(json!({ "vendor": "text?", "devices": "number", "medical": "number" }));
    vendors.iter().for_each(|one| check(one, &vendor));
    assert_eq!(
        (&vendors[0]["vendor"], &vendors[1]["vendor"]),
        (&json!("みなとサービス"), &Value::Null)
    );
    for by in ["vulnerability", "product", "device", "vendor"] {
        let text = desk.text(&["weaknesses", "list", "--by", by]);
        assert!(text.contains("FortiOS 7.0.5"), "{by}: {text}");
        assert_readable(&text);
        let table = desk.text(&["weaknesses", "list", "--by", by, "--csv"]);
        assert!(table.lines().count() >= 2 && table.contains(','), "{by}: {table}");
    }
    assert!(desk.text(&["weaknesses", "list", "--by", "vendor"]).contains("台帳に業者がない"));
}

#[test]
fn one_vulnerability_and_one_product_are_shown_in_full() {
    let desk = with_feeds("ja");
    let page = &desk.json(&["weaknesses", "show", "CVE-2022-42475"])["vulnerability"];
    assert_eq!(page["weakness"]["id"], "CVE-2022-42475");
    assert_eq!(
        page["products"][0]["holders"][0]["label"].as_str().map(|it| it.contains("VPN-01")),
        Some(true)
    );
    let text = desk.text(&["weaknesses", "show", "CVE-2022-42475"]);
    for word in ["CVE-2022-42475", "FortiOS 7.0.5", "VPN-01", "影響を受ける"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert_eq!(
        desk.json(&["weaknesses", "show", "FortiOS 7.0.5"])["product"]["matches"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert!(desk.text(&["weaknesses", "show", "fortios 7.0.5"]).contains("CVE-2022-42475"));
}

#[test]
fn the_published_score_is_told_with_what_its_publisher_adds() {
    let desk = Desk::speaking("ja");
    let path = desk.path("台帳.csv");
    let ledger = "管理番号,機器名,コンピュータ名,IPアドレス,OS,OSバージョン
1,端末,PC-A,10.1.1.1,Windows 11 Pro 24H2,10.0.26100.7170
";
    fs::write(&path, ledger).unwrap();
    desk.json(&["import", &path]);
    let feed = format!("{}/../../testdata/feeds/{MICROSOFT}.json", env!("CARGO_MANIFEST_DIR"));
    desk.json(&["feeds", "import", &feed]);
    let id = MICROSOFT.trim_start_matches("cve/");
    let page = &desk.json(&["weaknesses", "show", id])["vulnerability"];
    let of = |score: &str| (page["weakness"][score].as_f64(), page["cvss"][0][score].as_f64());
    assert_eq!(of("score"), (Some(7.0), Some(7.0)));
    assert_eq!(of("score_temporal"), (Some(6.5), Some(6.5)));
    assert_eq!(of("score_environmental"), (None, None));
    assert_eq!(page["cvss"][0]["score_published"], Value::Null);
    let text = desk.text(&["weaknesses", "show", id]);
    let (head, rest) = text.split_once('\n').unwrap();
    assert!(head.contains("重要 7.0"), "{text}");
    assert!(rest.starts_with("  公表した人が述べる悪用の状況も加えると、6.5 です。"), "{text}");
    assert_readable(&text);
}

#[test]
fn what_cannot_be_judged_is_told_with_the_reason() {
    let desk = with_feeds("ja");
    let products = desk.json(&["weaknesses", "unjudged"]);
    assert_eq!(list(&products, "products").len(), 1);
    assert!(desk.text(&["weaknesses", "unjudged"]).contains("自作ソフト"));
    let bare = self::desk("ja");
    assert_eq!(bare.json(&["weaknesses", "list"])["state"], "none");
    let text = bare.text(&["weaknesses", "list"]);
    assert!(text.contains("判断できません"), "{text}");
    assert!(!text.contains("ありません"), "no data is never none: {text}");
    let table = bare.run(&["weaknesses", "list", "--csv"]);
    assert!(table.stderr.contains("判断できません") && table.stdout.lines().count() == 1);
    assert_eq!(list(&bare.json(&["weaknesses", "unjudged"]), "products").len(), 2);
}

#[test]
fn what_is_asked_for_and_not_there_is_refused_with_a_sentence() {
    for language in ["ja", "en"] {
        let desk = with_feeds(language);
        for (args, code) in [
            (vec!["weaknesses", "show", "CVE-1999-0001"], 1),
            (vec!["weaknesses", "show", "PACS"], 1),
            (vec!["weaknesses", "list", "--by", "colour"], 2),
            (vec!["weaknesses", "show"], 2),
        ] {
            let ran = desk.run(&args);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{args:?}");
            if code == 1 {
                assert_speaks(language, &ran.stderr);
            }
        }
    }
}
