//! Feeds and parts lists at the command line: what scripts rely on, and what people read.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::desk::{Desk, assert_readable, assert_speaks, list, ran};
use crate::shape::check;

const OSV: &str = "feeds/osv/records.jsonl.gz";
const KEV: &str = "feeds/kev/known_exploited_vulnerabilities.json.gz";
const EPSS: &str = "feeds/epss/epss_scores-2022-02-04.csv.gz";
const DROPWIZARD: &str = "parts/sbom/cyclonedx-bom-examples/SBOM_dropwizard-1.3.15_bom.json";
const BOM: &str = "parts/vex/bom.json";

/// A file of `testdata`, as one would type it.
fn sample(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name);
    path.to_str().unwrap().to_owned()
}

fn feeds() -> Value {
    json!({
        "state": "ready|none|lost|damaged", "imported_at": "text?", "age_days": "number?", "advisories": "number",
        "vulnerabilities": "number", "bytes": "number",
        "sources": [{
            "feed": "text", "name": "text", "records": "number", "newest": "text?", "age_days": "number?", "refused": "number",
            "taken_at": "text?",
        }],
    })
}

fn import() -> Value {
    json!({
        "files": [{
            "path": "text", "format": "text?", "error": "text?", "records": "number", "newest": "text?", "refused": "number",
            "refusals": ["text"], "warnings": ["text"], "skipped": { "*": "number" },
        }],
        "replaced": "number", "warnings": ["text"], "feeds": feeds(),
    })
}

fn component() -> Value {
    json!({ "name": "text", "version": "text?", "purl": "text?", "cpe": "text?" })
}

/// The keys that stand in the contract of `match`. Scores are fractions, which shapes do not know: see [`assert_scores`].
fn matched() -> Value {
    let said = json!([{
        "feed": "text", "publisher": "text?", "document": "text", "status": "affected|fixed|not_affected|under_investigation",
        "justification": "text?", "note": "text?", "confidence": "exact|likely|candidate", "reason": "text",
    }]);
    json!({
        "components": "number", "judged": "number", "unjudged": "number",
        "feeds": {
            "sources": [{ "name": "text", "records": "number", "newest": "text?" }], "age_days": "number?",
        },
        "matches": [{
            "component": component(), "id": "text", "aliases": ["text"],
            "severity": "critical|high|medium|low|none|unknown",
            "cvss": [{ "version": "text?", "vector": "text?", "source": "text?" }],
            "fixed": ["text"], "confidence": "exact|likely|candidate", "reason": "text", "vex": said,
        }],
        "cleared": [{ "component": component(), "id": "text", "vex": said }],
        "not_judged": [{ "component": component(), "reason": "text" }],
        "open": [{ "component": component(), "id": "text", "reason": "text" }],
        "documents": [{
            "path": "text", "kind": "text?", "error": "text?", "components": "number", "incomplete": "flag", "warnings": ["text"],
        }],
    })
}

/// Each key is there, with a score or without.
fn assert_scored(rated: &Value, keys: &[&str]) {
    for key in keys {
        let score = rated.get(key).expect("a score, be it null");
        assert!(score.is_null() || (0.0..=10.0).contains(&score.as_f64().unwrap()), "{rated}");
    }
}

/// Scores from 0 to 10, probabilities from 0 to 1, and entries of the catalogue of what is exploited.
fn assert_scores(view: &Value) {
    for found in list(view, "matches") {
        for rated in list(&found, "cvss") {
            assert_scored(
                &rated,
                &["score", "score_temporal", "score_environmental", "score_published"],
            );
        }
        assert_scored(&found, &["score", "score_temporal", "score_environmental"]);
        let epss = found.get("epss").expect("a forecast, be it null");
        for part in ["probability", "percentile"] {
            let share = epss.get(part).and_then(Value::as_f64);
            assert!(epss.is_null() || share.is_some_and(|share| (0.0..=1.0).contains(&share)));
        }
        let kev = found.get("kev").expect("an entry, be it null");
        if !kev.is_null() {
            check(kev, &json!({ "added": "text", "due": "text?", "ransomware": "flag" }));
        }
    }
}

fn with_feeds(language: &'static str) -> Desk {
    let desk = Desk::speaking(language);
    desk.json(&["feeds", "import", &sample(OSV), &sample(KEV), &sample(EPSS)]);
    desk
}

#[test]
fn feeds_answer_with_one_document() {
    let desk = Desk::new();
    let nothing = desk.json(&["feeds", "status"]);
    check(&nothing, &feeds());
    assert_eq!(nothing["state"], "none");
    let view = desk.json(&["feeds", "import", &sample(OSV), &sample(EPSS)]);
    check(&view, &import());
    assert_eq!(view["files"][0]["records"], 319);
    let status = desk.json(&["feeds", "status"]);
    check(&status, &feeds());
    assert_eq!((&status["state"], list(&status, "sources").len()), (&json!("ready"), 2));
    assert_eq!(status["sources"], view["feeds"]["sources"]);
    desk.assert_whole();
    assert_eq!(desk.audit().last().unwrap()["act"], "feeds.import");
}

#[test]
fn a_file_that_was_refused_shows_in_the_exit_code() {
    let desk = Desk::new();
    let bytes = fs::read(sample(KEV)).unwrap();
    let half = desk.write("half.json.gz", &bytes[..bytes.len() / 2]);
    let view = desk.document(&["feeds", "import", &half, &sample(EPSS)], 1);
    check(&view, &import());
    assert!(view["files"][0]["error"].is_string() && view["files"][1]["error"].is_null());
    assert_eq!(view["feeds"]["state"], "ready", "the other one was used");
    let ran = desk.run(&["feeds", "import", &desk.path("absent.json")]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_readable(&ran.stdout);
    assert_eq!(desk.run(&["feeds", "import"]).code, Some(2));
    assert_eq!(desk.run(&["match"]).code, Some(2));
}

#[test]
fn a_folder_is_one_feed_under_its_name() {
    let desk = Desk::new();
    let folder = desk.path("openvex");
    fs::create_dir(&folder).unwrap();
    for name in ["vex-v0.2.0.json", "vex-v020-1.vex.json"] {
        fs::copy(sample(&format!("feeds/openvex/{name}")), Path::new(&folder).join(name)).unwrap();
    }
    let view = desk.json(&["feeds", "import", &folder]);
    assert_eq!(list(&view, "files").len(), 2);
    let sources = list(&view["feeds"], "sources");
    assert_eq!((sources.len(), &sources[0]["name"]), (1, &json!("openvex")));
}

#[test]
fn a_match_answers_with_one_document() {
    let desk = with_feeds("ja");
    let view = desk.json(&["match", &sample(DROPWIZARD)]);
    check(&view, &matched());
    assert_scores(&view);
    let count = |key: &str| view[key].as_u64().unwrap();
    assert_eq!(count("judged") + count("unjudged"), count("components"));
    assert!(list(&view, "matches").len() > 20);
    assert!(!view["matches"][0]["kev"].is_null(), "what is exploited comes first");
    let two = desk.json(&["match", &sample(DROPWIZARD), &sample(BOM)]);
    assert_eq!(list(&two, "documents").len(), 2);
    let broken = desk.write("broken.json", "{");
    let view = desk.document(&["match", &broken, &sample(BOM)], 1);
    check(&view, &matched());
    assert!(view["documents"][0]["error"].is_string());
    assert!(!list(&view, "matches").is_empty(), "the other one was judged");
}

#[test]
fn a_match_makes_no_data_folder() {
    let desk = Desk::new();
    let without = desk.json(&["match", &sample(BOM)]);
    check(&without, &matched());
    assert_eq!((&without["judged"], &without["feeds"]["age_days"]), (&json!(0), &Value::Null));
    let view = desk.json(&["match", &sample(BOM), "--feeds", &sample(OSV)]);
    check(&view, &matched());
    assert!(!list(&view, "matches").is_empty());
    let refused = desk.run(&["match", &sample(BOM), "--feeds", &desk.path("absent")]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert_speaks("ja", &refused.stderr);
    assert!(!desk.data().exists(), "nothing is kept of what is asked");
}

#[test]
fn a_match_without_feeds_never_reads_as_all_is_well() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        let text = desk.text(&["match", &sample(BOM)]);
        assert_readable(&text);
        let (said, unsaid) = match language {
            "ja" => ("「脆弱性がない」という意味ではありません", "見つかりませんでした"),
            _ => ("does not mean that there is no vulnerability", "No vulnerability was found"),
        };
        assert!(text.contains(said) && !text.contains(unsaid), "{text}");
    }
}

#[test]
fn feeds_and_matches_can_be_read_in_both_languages() {
    for language in ["ja", "en"] {
        let desk = Desk::speaking(language);
        assert_speaks(language, &desk.text(&["feeds", "status"]));
        assert_speaks(language, &desk.text(&["feeds", "import", &sample(OSV), &sample(KEV)]));
        assert_speaks(language, &desk.text(&["feeds", "status"]));
        assert_speaks(language, &desk.text(&["match", &sample(DROPWIZARD)]));
        for table in [&["feeds", "status", "--csv"][..], &["match", &sample(BOM), "--csv"]] {
            let text = desk.text(table);
            assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"), "{table:?}");
            assert_readable(&text.replace('\r', ""));
        }
    }
}

#[test]
fn a_damaged_index_is_told_at_every_command() {
    let desk = with_feeds("ja");
    for entry in fs::read_dir(desk.data().join("advisories")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(desk.json(&["feeds", "status"])["state"], "damaged");
    let ran = ran(&mut desk.command(&["match", &sample(BOM), "--json"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert_speaks("ja", &ran.stderr);
    let mended = desk.json(&["feeds", "import", &sample(OSV)]);
    assert_eq!(list(&mended, "warnings").len(), 1);
    assert_eq!(desk.json(&["feeds", "status"])["state"], "ready");
}
