//! What a day brings is written over the index, and comes to the same as all taken in at once.

use super::*;

/// Records of the CVE programme, on products of which some are in the demo of [`DROPWIZARD`].
const CVES: &str = "cve/vulnrichment.jsonl.gz";
/// Small records, as many as an index must have to be written over.
fn many() -> String {
    let record = |number: u32| {
        let text = serde_json::json!({
            "dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": { "cveId": format!("CVE-2020-{}", 10_000 + number), "state": "PUBLISHED",
                "assignerOrgId": "8254265b-2729-46b6-b9e3-3dfca2d5bfca" },
            "containers": { "cna": {
                "providerMetadata": { "orgId": "8254265b-2729-46b6-b9e3-3dfca2d5bfca" },
                "descriptions": [{ "lang": "en", "value": "x" }],
                "affected": [{ "vendor": "v", "product": format!("p{number}"),
                    "versions": [{ "version": "1.0", "status": "affected" }] }],
            } },
        });
        text.to_string() + "\n"
    };
    (0..1_001).map(record).collect()
}

/// The first record of the list, as its party would change it later: it speaks of a component of the parts list now.
fn changed() -> (String, String) {
    let lines = unpacked(CVES);
    let is_published = |record: &Value| record["cveMetadata"]["state"] == "PUBLISHED";
    let mut records = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut record = records.find(is_published).unwrap();
    record["cveMetadata"]["dateUpdated"] = "2026-11-19T00:00:00.000Z".into();
    record["containers"]["cna"]["affected"] = serde_json::json!([{
        "vendor": "dropwizard", "product": "dropwizard-core", "defaultStatus": "unaffected",
        "packageURL": "pkg:maven/io.dropwizard/dropwizard-core",
        "versions": [{ "version": "0", "lessThan": "2.0.0", "status": "affected", "versionType": "maven" }],
    }]);
    let id = record["cveMetadata"]["cveId"].as_str().unwrap().to_owned();
    (id, record.to_string())
}

/// An index of more than a thousand advisories.
fn desk() -> Desk {
    let desk = Desk::new();
    let list = desk.write("many.jsonl", many());
    let view = desk.import_paths(&[list, feed(OSV)]);
    assert!(view.files.iter().all(|file| file.error.is_none()), "{view:?}");
    assert!(view.feeds.advisories > 1_000, "{}", view.feeds.advisories);
    desk
}

fn ids(desk: &Desk) -> Vec<String> {
    desk.matched(DROPWIZARD).matches.into_iter().map(|found| found.id).collect()
}

#[test]
fn a_day_stands_in_a_second_file_and_says_the_same_as_all_at_once() {
    let (desk, whole) = (desk(), desk());
    let first = desk.index();
    let (id, record) = changed();
    assert!(!ids(&desk).contains(&id));
    let read = desk.import_one("day.json", &record);
    assert_eq!((read.records, read.error), (1, None));
    assert_eq!(desk.shelf().len(), 2);
    assert!(desk.shelf().contains(&first), "the first file stays as it was");
    assert!(ids(&desk).contains(&id));

    // The same, all written anew: more than a twentieth of it is new.
    let list = whole.write("many.jsonl", many());
    let day = whole.write("day.json", &record);
    whole.import_paths(&[list, day]);
    assert_eq!(whole.shelf().len(), 1);
    assert_eq!(ids(&desk), ids(&whole));
    assert_eq!(
        serde_json::to_value(desk.matched(DROPWIZARD).matches).unwrap(),
        serde_json::to_value(whole.matched(DROPWIZARD).matches).unwrap()
    );
    let (one, other) = (desk.feeds(), whole.feeds());
    assert_eq!((one.advisories, one.sources.len()), (other.advisories, other.sources.len()));
    assert_eq!(
        one.bytes,
        desk.shelf().iter().map(|path| fs::metadata(path).unwrap().len()).sum::<u64>()
    );
}

#[test]
fn the_next_day_takes_the_place_of_the_second_file() {
    let desk = desk();
    let (_, record) = changed();
    desk.import_one("day.json", &record);
    let before = desk.shelf();
    let again = desk.import_one("day.json", &record);
    assert_eq!(again.error, None);
    assert_eq!(desk.shelf(), before, "the same day again changes nothing");
    assert_eq!(desk.import(&[KEV]).files[0].error, None);
    let newer =
        unpacked(KEV).replace("2025.08.26", "2025.09.26").replace("2025-08-26T", "2025-09-26T");
    assert_eq!(desk.import_one("newer.json.gz", packed(&newer)).error, None);
    assert_eq!(desk.shelf().len(), 2);
    assert_ne!(desk.shelf(), before);
    assert!(desk.sources().contains_key("kev newer.json.gz"), "{:?}", desk.sources());
    assert_eq!(desk.audited().len(), 5, "each import is in the record");
}

#[test]
fn a_second_file_that_is_damaged_or_gone_is_told() {
    let desk = desk();
    let first = desk.index();
    let (id, record) = changed();
    desk.import_one("day.json", &record);
    let second = desk.shelf().into_iter().find(|path| *path != first).unwrap();
    let whole = fs::read(&second).unwrap();
    let mut flipped = whole.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    fs::write(&second, &flipped).unwrap();
    assert_eq!(desk.feeds().state, "damaged");
    assert!(desk.app.match_parts(&[parts(DROPWIZARD)], now()).is_err());
    fs::remove_file(&second).unwrap();
    assert_eq!(desk.feeds().state, "lost");
    fs::write(&second, &whole).unwrap();
    assert!(ids(&desk).contains(&id));
    // The first file alone is no answer either: it knows nothing of the day.
    fs::remove_file(&first).unwrap();
    assert_eq!(desk.feeds().state, "lost");
}

#[test]
fn a_page_tells_the_words_of_the_index_it_was_judged_with() {
    let desk = round::with_ledger(Desk::with(&["nvd/configurations.jsonl.gz", OSV, KEV]));
    let book = desk.app.weaknesses(app::day_of(now())).unwrap();
    let known = book.vulnerabilities();
    assert!(!known.is_empty());
    let page = |id: &str| desk.app.vulnerability(&book, id).unwrap().unwrap();
    let before: Vec<_> = known.iter().map(|one| page(&one.id)).collect();
    // By now, the same numbers of advisories are those of others, which have words of their own; these have none.
    desk.import(&["csaf/cisa-icsma.jsonl.gz"]);
    let after: Vec<_> = known.iter().map(|one| page(&one.id)).collect();
    assert_eq!(after, before);
}
