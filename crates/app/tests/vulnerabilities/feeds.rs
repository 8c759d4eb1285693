//! What comes of files of feeds, good and bad.

use serde_json::json;

use super::*;

#[test]
fn every_file_is_counted_as_it_was_published() {
    let expected = fs::read_to_string(feed("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let mut files: Vec<(String, u64)> = expected
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.contains('/'))
        .map(|(name, counts)| (name.clone(), counts["records"].as_u64().unwrap()))
        .collect();
    files.push((KEV.to_owned(), expected["kev"]["records"].as_u64().unwrap()));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let desk = Desk::new();
    let view = desk.import(&names);
    assert_eq!(files.len(), view.files.len());
    for ((name, records), view) in files.iter().zip(&view.files) {
        assert_eq!((view.records + view.refused, &view.error), (*records, &None), "{name}");
        assert!(view.path.ends_with(name), "{name}");
        assert!(view.format.is_some(), "{name}");
    }
    let mut counted = BTreeMap::new();
    for ((name, _), view) in files.iter().zip(&view.files) {
        counted.insert(name.split('/').next_back().unwrap().to_owned(), view.records);
    }
    let held: BTreeMap<String, u64> = desk
        .sources()
        .into_iter()
        .map(|(name, records)| (name.split_once(' ').unwrap().1.to_owned(), records))
        .collect();
    assert_eq!(held, counted);
    let feeds = desk.feeds();
    assert_eq!(view.feeds, feeds);
    assert_eq!(feeds.state, "ready");
    assert!(feeds.advisories > 2000 && feeds.vulnerabilities > 2000, "{feeds:?}");
    assert_eq!(feeds.imported_at.as_deref(), Some("2026-11-20T03:00:00Z"));
    assert_eq!(feeds.bytes, fs::metadata(desk.index()).unwrap().len());
}

#[test]
fn the_record_tells_what_was_taken_in() {
    let desk = Desk::new();
    let half = desk
        .write("half.json", &unpacked("nvd/cve-osv.dev-nvdcve-2.0-CVE-2024-3094.json.gz")[..900]);
    desk.import_paths(&[half, feed(EPSS_2022)]);
    let index = desk.index();
    let digest = index.file_stem().unwrap().to_str().unwrap();
    let [(subject, detail)] = &desk.audited()[..] else { panic!() };
    assert!(digest.starts_with(subject.as_str()) && !subject.is_empty(), "{subject} {digest}");
    let told = json!({ "files": [
        { "file": "epss_scores-2022-02-04.csv.gz", "format": "epss", "records": 2 },
    ] });
    assert_eq!(detail, &told, "what was refused is not in it");
    assert!(desk.app.verify_audit(&[]).unwrap().whole);
}

#[test]
fn the_same_again_changes_nothing() {
    let desk = Desk::with(&[OSV, KEV]);
    let (feeds, index) = (desk.feeds(), desk.index());
    let again = desk.import(&[KEV, OSV]);
    assert_eq!((desk.feeds(), desk.index()), (feeds.clone(), index.clone()));
    assert_eq!((again.feeds, again.warnings), (feeds, Vec::<String>::new()));
    let by_another_way = Desk::with(&[KEV]);
    by_another_way.import(&[OSV]);
    assert_eq!(by_another_way.index().file_name(), index.file_name(), "one after the other");
}

#[test]
fn an_index_that_counts_no_more_is_cleared_away() {
    let desk = Desk::with(&[KEV]);
    let first = desk.index();
    desk.import(&[OSV]);
    assert_ne!(desk.index(), first);
    assert_eq!(desk.audited().len(), 2);
    assert_eq!(
        desk.sources().into_keys().collect::<Vec<_>>(),
        ["kev known_exploited_vulnerabilities.json.gz", "osv records.jsonl.gz"].map(str::to_owned)
    );
}

/// A real advisory of CISA, and the same as a later edition.
fn editions() -> (String, String) {
    let text = unpacked("csaf/cisa-icsma.jsonl.gz");
    let first = text.lines().next().unwrap().to_owned();
    let mut later: Value = serde_json::from_str(&first).unwrap();
    let tracking = &mut later["document"]["tracking"];
    tracking["version"] = "3".into();
    tracking["current_release_date"] = "2017-03-06T00:00:00.000000Z".into();
    let revision = json!({ "date": "2017-03-06T00:00:00.000000Z", "number": "3", "summary": "x" });
    tracking["revision_history"].as_array_mut().unwrap().push(revision);
    (first, later.to_string())
}

#[test]
fn the_later_edition_of_a_document_counts_whichever_came_first() {
    let (earlier, later) = editions();
    let (one, other) = (Desk::new(), Desk::new());
    assert_eq!(one.import_one("icsma.json", &earlier).records, 1);
    let before = one.feeds();
    let path = one.write("icsma.json", &later);
    let view = one.import_paths(&[path]);
    assert!(view.replaced > 0, "{view:?}");
    assert_eq!(one.feeds().advisories, before.advisories);
    let newest = one.feeds().sources[0].newest.clone();
    assert_eq!(newest.as_deref(), Some("2017-03-06T00:00:00Z"));

    other.import_one("icsma.json", &later);
    let index = other.index();
    let view = other.import_paths(&[other.write("earlier.json", &earlier)]);
    assert!(view.replaced > 0 && view.files[0].error.is_none(), "{view:?}");
    assert_eq!(other.feeds().advisories, before.advisories);
    assert_ne!(other.index(), index, "the feed is another one");
}

/// The catalogue as it was on this day, without the entry that `drop` names.
fn catalogue(released: &str, drop: &str) -> Vec<u8> {
    let mut whole: Value = serde_json::from_str(&unpacked(KEV)).unwrap();
    let entries = whole["vulnerabilities"].as_array_mut().unwrap();
    entries.retain(|entry| entry["cveID"] != drop && entry["dateAdded"].as_str() < Some(released));
    let count = entries.len();
    whole["count"] = count.into();
    whole["dateReleased"] = released.into();
    packed(&whole.to_string())
}

#[test]
fn an_older_catalogue_is_refused_and_a_newer_one_replaces_it_whole() {
    let desk = Desk::with(&[OSV, KEV]);
    assert!(is_exploited(&desk));
    let index = desk.index();
    let older = catalogue("2025-08-01T17:00:00Z", "CVE-2023-44487");
    let view = desk.import_one("older.json.gz", older);
    let error = view.error.unwrap();
    assert!(error.contains("2025-08-02") && error.contains("2025-08-26"), "{error}");
    assert!(view.format.is_none() && view.records == 0);
    assert_eq!(desk.index(), index);

    let newer = catalogue("2025-09-01T17:00:00Z", "CVE-2023-44487");
    assert_eq!(desk.import_one("newer.json.gz", newer).records, 1403);
    assert!(!is_exploited(&desk), "what is not on the new list is on none");
    let sources = desk.sources();
    assert_eq!(sources.get("kev newer.json.gz"), Some(&1403));
    assert_eq!(sources.len(), 2, "the old list is gone: {sources:?}");
}

#[test]
fn an_older_forecast_is_refused_and_a_newer_one_replaces_it_whole() {
    let desk = Desk::with(&[EPSS_2022]);
    let older = desk.import(&["epss/epss_scores-2021-09-01.csv.gz"]).files.remove(0);
    let error = older.error.expect("a file without a day replaces none that has one");
    assert!(error.contains("2022-02-04"), "{error}");
    let newer = desk.import(&["epss/vunnel-example-1.csv"]);
    assert_eq!(newer.files[0].error, None);
    assert_eq!(desk.feeds().vulnerabilities, newer.files[0].records, "the two of before are gone");
    let back = desk.import(&[EPSS_2022]).files.remove(0).error.unwrap();
    assert!(back.contains("2022-02-04") && back.contains("2025-02-20"), "{back}");
    assert_eq!(desk.sources().len(), 1);
    let undated = Desk::with(&["epss/epss_scores-2021-09-01.csv.gz"]);
    assert_eq!(undated.import(&[EPSS_2022]).files[0].error, None, "a day replaces none");
}

#[test]
fn a_file_cut_in_half_costs_itself_alone() {
    let desk = Desk::with(&[EPSS_2022]);
    for name in
        [OSV, KEV, "nvd/page-vunnel-test-fixtures-full-page.json.gz", "csaf/vendor.jsonl.gz"]
    {
        let bytes = fs::read(feed(name)).unwrap();
        let half = desk.write("half.gz", &bytes[..bytes.len() / 2]);
        let (index, audited) = (desk.index(), desk.audited().len());
        let alone = desk.import_paths(std::slice::from_ref(&half));
        assert!(alone.files[0].error.is_some(), "{name}");
        assert_eq!((desk.index(), desk.audited().len()), (index, audited), "{name}");
        let view = desk.import_paths(&[half, feed("openvex/vex-v0.2.0.json")]);
        let errors: Vec<bool> = view.files.iter().map(|file| file.error.is_some()).collect();
        assert_eq!(errors, [true, false], "{name}");
        let names: Vec<String> = desk.sources().into_keys().collect();
        assert_eq!(names, ["epss epss_scores-2022-02-04.csv.gz", "openvex vex-v0.2.0.json"]);
    }
    assert_eq!(desk.feeds().state, "ready");
}

/// Larger than what is held back until a file has been read to its end: its records went in before it was known to be damaged.
#[test]
fn a_large_file_that_is_cut_near_its_end_leaves_nothing_of_itself() {
    let mut page: Value =
        serde_json::from_str(&unpacked("nvd/page-vunnel-test-fixtures-full-page.json.gz")).unwrap();
    // The room that a real file of many records would take.
    page["vulnerabilities"][0]["cve"]["descriptions"][0]["value"] = "x".repeat(17 << 20).into();
    let text = page.to_string();
    let desk = Desk::new();
    let cut = desk.write("large.json", &text[..text.len() - 3]);
    assert!(fs::metadata(&cut).unwrap().len() > 16 << 20);
    let view = desk.import_paths(&[feed(EPSS_2022), cut]);
    let errors: Vec<bool> = view.files.iter().map(|file| file.error.is_some()).collect();
    assert_eq!(errors, [false, true], "{:?}", view.files);
    assert_eq!((view.feeds.advisories, view.feeds.vulnerabilities), (0, 2));
    let whole = desk.import_one("large.json", &text);
    assert_eq!((whole.error, whole.records), (None, 38));
}

#[test]
fn where_nothing_can_be_used_nothing_changes() {
    let desk = Desk::new();
    let one = desk.write("one.json", "{}");
    let other = desk.write("other.csv", "管理番号,機器名\n1,CT\n");
    let view = desk.import_paths(&[one.clone(), other.clone()]);
    assert!(view.files.iter().all(|file| file.error.is_some()));
    assert_eq!(view.feeds.state, "none");
    assert!(desk.shelf().is_empty() && desk.audited().is_empty());
    desk.import(&[KEV]);
    let (feeds, index) = (desk.feeds(), desk.index());
    let view = desk.import_paths(&[one, other]);
    assert_eq!((view.feeds, desk.index()), (feeds, index));
    assert_eq!(desk.audited().len(), 1);
    let none = desk.app.import_feeds(&[], &mut |_| {}, &act()).unwrap();
    assert_eq!((none.feeds.state.as_str(), desk.audited().len()), ("ready", 1));
}

#[test]
fn the_files_of_a_folder_are_one_feed() {
    let desk = Desk::new();
    let text = unpacked("csaf/cisa-icsma.jsonl.gz");
    let files: Vec<FeedFile> = text
        .lines()
        .take(3)
        .enumerate()
        .map(|(at, line)| {
            let path = desk.write(&format!("icsma-{at}.json"), line);
            FeedFile::at(path, "csaf_files".to_owned())
        })
        .collect();
    let view = desk.app.import_feeds(&files, &mut |_| {}, &act()).unwrap();
    assert_eq!(view.files.len(), 3);
    assert_eq!(desk.sources(), BTreeMap::from([("csaf csaf_files".to_owned(), 3)]));
}

#[test]
fn what_is_no_file_is_told() {
    let desk = Desk::new();
    let link = FeedFile {
        refused: Some(domain::msg!("refusal.feed_not_there", file = "a link")),
        ..given(&feed(KEV))
    };
    let view = desk.app.import_feeds(&[link], &mut |_| {}, &act()).unwrap();
    assert_eq!(view.files[0].error.as_deref(), Some("There is no file a link."));
    let absent = desk.beside.path().join("absent.json");
    let view = desk.import_paths(&[absent, desk.beside.path().to_owned()]);
    let errors: Vec<&str> = view.files.iter().map(|file| file.error.as_deref().unwrap()).collect();
    assert_eq!(errors[0], "There is no file absent.json.");
    assert!(errors[1].contains("is no file, so it was not read"), "{errors:?}");
    #[cfg(unix)]
    {
        let pipe = desk.beside.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        // Nobody ever writes to it: whoever opened it would wait for ever.
        let view = desk.import_paths(std::slice::from_ref(&pipe));
        assert!(view.files[0].error.as_deref().unwrap().contains("is no file, so it was not read"));
        let view = desk.app.match_parts(&[pipe], now()).unwrap();
        assert!(view.documents[0].error.is_some());
    }
    assert!(desk.shelf().is_empty());
}

#[test]
fn a_cyclonedx_document_is_a_feed_where_it_speaks_of_vulnerabilities() {
    let desk = Desk::new();
    let view = desk.import_paths(&[
        parts("vex/CISA-Use-Cases_Case-3_vex.json"),
        parts("vex/CISA-Use-Cases_Case-7_bom-1.json"),
    ]);
    assert_eq!(view.files[0].format.as_deref(), Some("cyclonedx"));
    assert!(view.files[0].records > 10);
    assert!(view.files[1].error.is_some(), "a list of parts alone says nothing of vulnerabilities");
}
