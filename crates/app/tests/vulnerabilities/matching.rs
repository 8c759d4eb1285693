//! What is said of parts lists.

use app::match_parts;

use super::*;

const BOM: &str = "vex/bom.json";
const DATABIND: &str = "CVE-2020-25649";

/// Against one file of a feed, without a data folder.
fn against(lists: &[PathBuf], feeds: Option<&Path>) -> MatchView {
    match_parts(lists, feeds, &Catalogue::load(Language::En), now()).unwrap()
}

#[test]
fn without_feeds_nothing_is_judged_and_nothing_is_good() {
    for view in [against(&[parts(DROPWIZARD)], None), Desk::new().matched(DROPWIZARD)] {
        assert!(view.components > 100, "{}", view.components);
        assert_eq!((view.judged, view.unjudged), (0, view.components));
        assert_eq!(view.not_judged.len() as u64, view.components);
        assert_eq!((view.matches.len(), view.cleared.len()), (0, 0));
        assert_eq!((view.feeds.sources.len(), view.feeds.age_days), (0, None));
        assert!(view.not_judged.iter().all(|one| !one.reason.is_empty()));
    }
}

#[test]
fn a_feed_an_index_of_it_and_the_hospitals_own_say_the_same() {
    let desk = Desk::with(&[OSV]);
    let lists = [parts(DROPWIZARD)];
    let own = desk.matched(DROPWIZARD);
    assert_eq!(against(&lists, Some(&feed(OSV))), own);
    assert_eq!(against(&lists, Some(&desk.index())), own);
    assert_eq!(own.judged + own.unjudged, own.components);
    assert_eq!(own.feeds.sources.len(), 1);
    assert_eq!(own.feeds.sources[0].records, 319);
    // The newest record is of 9 March 2026.
    assert_eq!(own.feeds.age_days, Some(256));
    let one = found(&own, "jackson-databind", DATABIND).unwrap();
    assert_eq!(one.component.version.as_deref(), Some("2.9.10"));
    assert_eq!(one.confidence, "exact");
    assert_eq!(one.aliases, ["GHSA-288c-cq4h-88gq"]);
    assert!(one.fixed.iter().any(|version| version == "2.9.10.7"), "{:?}", one.fixed);
    assert_eq!(one.severity, "high");
    assert!(found(&own, "logback-core", "CVE-2023-6481").is_none(), "1.2.3 is not 1.2.12");
    assert!(desk.audited().len() == 1, "nothing is kept of it");
}

#[test]
fn a_real_medical_devices_list_is_held_against_real_advisories() {
    let view = Desk::with(&[OSV]).matched("sbom/medical-device/narrow.sbom.json");
    let one = found(&view, "BouncyCastle", "CVE-2024-29857").unwrap();
    assert_eq!(one.component.version.as_deref(), Some("1.8.1"));
    assert!(view.unjudged > 0, "of most of its parts nobody speaks");
}

#[test]
fn what_is_exploited_comes_first_then_the_surer_the_graver_the_likelier() {
    let desk = Desk::with(&[OSV, KEV]);
    let forecast = "#model_version:v2023.03.01,score_date:2025-02-20T00:00:00+0000\ncve,epss,percentile\nCVE-2020-25649,0.91963,0.99214\n";
    assert_eq!(desk.import_one("epss.csv", forecast).error, None);
    let view = desk.matched(DROPWIZARD);
    assert_eq!(view.matches[0].id, "CVE-2023-44487");
    assert_eq!(view.matches[0].kev.as_ref().unwrap().added, "2023-10-10");
    let grades = ["critical", "high", "medium", "low", "none", "unknown"];
    let place = |found: &MatchedView| {
        let grade = grades.iter().position(|grade| *grade == found.severity);
        let sure =
            ["exact", "likely", "candidate"].iter().position(|sure| *sure == found.confidence);
        (found.kev.is_none(), sure.unwrap(), grade.expect(&found.severity))
    };
    assert!(view.matches.is_sorted_by_key(place));
    assert!(view.matches.len() > 20, "{}", view.matches.len());
    let likely = found(&view, "jackson-databind", DATABIND).unwrap();
    assert_eq!(likely.epss.as_ref().unwrap().probability, 0.91963);
    let first_high = view.matches.iter().find(|one| one.kev.is_none() && one.severity == "high");
    assert_eq!(first_high.unwrap().id, DATABIND, "the likeliest of the high ones");
}

/// The parts of `bom.json`, with the words of `vex.json`, which is published beside it, in the same document.
fn with_vex(state: &str) -> String {
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(parts(name)).unwrap()).unwrap()
    };
    let (mut bom, vex) = (read(BOM), read("vex/vex.json"));
    let mut said = vex["vulnerabilities"].clone();
    let databind = bom["components"][0]["bom-ref"].clone();
    assert!(databind.as_str().unwrap().contains("jackson-databind"));
    said[0]["affects"][0]["ref"] = databind;
    said[0]["analysis"]["state"] = state.into();
    bom["vulnerabilities"] = said;
    bom.to_string()
}

#[test]
fn the_documents_own_word_clears_a_component_that_lists_name() {
    let desk = Desk::with(&[OSV]);
    let before = desk.matched(BOM);
    assert_eq!(found(&before, "jackson-databind", DATABIND).unwrap().confidence, "exact");
    let cleared = desk.write("cleared.json", with_vex("not_affected"));
    let view = desk.app.match_parts(&[cleared], now()).unwrap();
    assert!(found(&view, "jackson-databind", DATABIND).is_none());
    assert_eq!(view.matches.len(), before.matches.len() - 1, "the others stay");
    let [one] = &view.cleared[..] else { panic!("{:?}", view.cleared) };
    assert_eq!((one.id.as_str(), one.vex[0].feed.as_str()), (DATABIND, "cyclonedx"));
    assert_eq!(one.vex[0].status, "not_affected");
    assert!(one.vex[0].justification.is_some());
    assert!(one.vex.iter().any(|said| said.feed == "ghsa" && said.status == "affected"));
}

#[test]
fn a_document_that_still_looks_into_it_clears_nothing() {
    let desk = Desk::with(&[OSV]);
    let looks = desk.write("looks.json", with_vex("in_triage"));
    let view = desk.app.match_parts(&[looks], now()).unwrap();
    let one = found(&view, "jackson-databind", DATABIND).unwrap();
    assert_eq!(one.vex[0].status, "under_investigation");
}

#[test]
fn the_documents_own_word_is_heard_without_any_feed() {
    let desk = Desk::new();
    let affected = desk.write("affected.json", with_vex("exploitable"));
    let view = desk.app.match_parts(&[affected], now()).unwrap();
    let one = found(&view, "jackson-databind", DATABIND).unwrap();
    assert_eq!((one.confidence.as_str(), one.vex.len()), ("exact", 1));
    assert_eq!(one.severity, "high", "as the document rates it");
    assert!(one.cvss.iter().all(|rated| rated.version.as_deref() == Some("3.1")), "{:?}", one.cvss);
    assert_eq!(view.unjudged, view.components, "of all else nothing is known");
}

#[test]
fn a_document_that_cannot_be_read_does_not_keep_the_others_from_being_judged() {
    let desk = Desk::with(&[OSV]);
    let good = parts(BOM);
    let bad = desk.write("bad.json", &fs::read(&good).unwrap()[..500]);
    let absent = desk.beside.path().join("absent.json");
    let lists = [bad, good, absent, desk.beside.path().to_owned()];
    let view = desk.app.match_parts(&lists, now()).unwrap();
    let refused: Vec<bool> = view.documents.iter().map(|list| list.error.is_some()).collect();
    assert_eq!(refused, [true, false, true, true]);
    let alone = desk.matched(BOM);
    assert_eq!((view.components, view.matches), (alone.components, alone.matches));
    assert_eq!(view.documents[1].kind.as_deref(), Some("cyclonedx-json"));
}

#[test]
fn equal_components_count_each() {
    let desk = Desk::with(&[OSV]);
    let mut bom: Value = serde_json::from_str(&fs::read_to_string(parts(BOM)).unwrap()).unwrap();
    let mut again = bom["components"][0].clone();
    again["bom-ref"] = "the same once more".into();
    bom["components"].as_array_mut().unwrap().push(again);
    let twice = desk.write("twice.json", bom.to_string());
    let (once, twice) = (desk.matched(BOM), desk.app.match_parts(&[twice], now()).unwrap());
    assert_eq!(twice.components, once.components + 1);
    let of_databind = |view: &MatchView| {
        view.matches.iter().filter(|one| one.component.name.contains("databind")).count()
    };
    assert!(of_databind(&once) > 1);
    assert_eq!(of_databind(&twice), 2 * of_databind(&once));
    let same_list = desk.app.match_parts(&[parts(BOM), parts(BOM)], now()).unwrap();
    assert_eq!(same_list.components, 2 * once.components);
    assert_eq!(same_list.matches.len(), 2 * once.matches.len());
}

#[test]
fn advisories_that_cannot_be_read_are_an_error_and_never_nothing_found() {
    let desk = Desk::with(&[EPSS_2022]);
    let texts = Catalogue::load(Language::En);
    let index = fs::read(desk.index()).unwrap();
    let cut = desk.write("cut", &index[..index.len() - 1]);
    let half = fs::read(feed(OSV)).unwrap();
    let half = desk.write("half.gz", &half[..half.len() / 2]);
    let other = desk.write("other.csv", "a,b\n1,2\n");
    let absent = desk.beside.path().join("absent");
    for path in [cut, half, other, absent, desk.beside.path().to_owned()] {
        let answer = match_parts(&[parts(BOM)], Some(&path), &texts, now());
        assert!(matches!(answer, Err(app::AppError::Feeds(_))), "{}: {answer:?}", path.display());
    }
}
