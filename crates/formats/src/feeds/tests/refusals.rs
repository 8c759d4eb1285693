//! What cannot be read, and how that is told.

use super::*;

fn refused(bytes: &[u8]) -> String {
    match read_bytes(bytes) {
        Ok((reading, _)) => panic!("read: {reading:?}"),
        Err(refusal) => refusal.message.key.into_owned(),
    }
}

#[test]
fn a_feed_that_is_cut_is_refused_wherever_that_is() {
    let page = plain("nvd/page-vunnel-test-fixtures-full-page.json.gz");
    let kev = plain("kev/known_exploited_vulnerabilities.json.gz");
    for whole in [&page, &kev] {
        for part in 1..12 {
            let end = whole.len() / 12 * part;
            let key = refused(&whole[..end]);
            assert!(matches!(&*key, "refusal.feed_cut" | "refusal.feed_unknown"), "{end}: {key}");
        }
    }
    let gzip = gzipped(&page);
    assert_eq!(refused(&gzip[..gzip.len() - 4]), "refusal.feed_cut");
    let mut damaged = gzip.clone();
    let at = damaged.len() - 6;
    damaged[at] ^= 1;
    assert_eq!(refused(&damaged), "refusal.feed_damaged");
    let zip = zipped(&[("page.json", &page)]);
    assert_eq!(refused(&zip[..zip.len() / 2]), "refusal.feed_damaged");
    let csv = plain("kev/known_exploited_vulnerabilities.csv.gz");
    let row = csv.windows(8).rposition(|part| part == b"Unknown,").unwrap();
    assert_eq!(refused(&csv[..row]), "refusal.feed_cut");
    assert_eq!(refused(b"cve,epss,percentile\nCVE-2020-5902,0.6"), "refusal.feed_cut");
}

#[test]
fn a_broken_record_is_named_and_the_others_are_used() {
    let line = |id: &str| {
        format!("{{\"id\":\"{id}\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":[]}}\n")
    };
    let text = [
        &line("GHSA-1"),
        "{\"id\":\"GHSA-2\",\"modified\":7}\n",
        &line("GHSA-3"),
        "{\"id\":\"GHSA-4\",\"mod",
    ]
    .concat();
    let (reading, records) = read_bytes(text.as_bytes()).unwrap();
    assert_eq!((reading.records, reading.refused_count, records.len()), (2, 2, 2));
    let told: Vec<_> = reading
        .refused
        .iter()
        .map(|one| (one.place.row, format!("{:?}", one.message.args)))
        .collect();
    assert_eq!((told[0].0, told[0].1.contains("GHSA-2")), (2, true));
    assert_eq!(told[1].0, 4);
    // In a page, what is not well-formed makes the whole one untrustworthy.
    let page = "{\"format\":\"NVD_CVE\",\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2024-0001\"}},\n{\"cve\":{\"id\":\"CVE-2024-0002\",}}]}";
    assert_eq!(refused(page.as_bytes()), "refusal.feed_syntax");
    let page = page.replace("\"CVE-2024-0002\",", "\"CVE-2024-0002\",\"metrics\":7");
    let (reading, _) = read_bytes(page.as_bytes()).unwrap();
    assert_eq!((reading.records, reading.refused_count), (1, 1));
    assert!(format!("{:?}", reading.refused[0]).contains("CVE-2024-0002"));
}

#[test]
fn other_editions_are_refused_by_name() {
    for (text, key) in [
        ("{\"CVE_data_type\":\"CVE\",\"CVE_Items\":[]}", "refusal.feed_edition"),
        (
            "{\"data_type\":\"CVE\",\"data_format\":\"MITRE\",\"data_version\":\"4.0\"}",
            "refusal.feed_edition",
        ),
        (
            "{\"dataType\":\"CVE_RECORD\",\"dataVersion\":\"6.0\",\"cveMetadata\":{\"cveId\":\"CVE-2024-0001\"},\"containers\":{\"cna\":{}}}",
            "feed.refused_edition",
        ),
        (
            "{\"document\":{\"csaf_version\":\"2.1\",\"tracking\":{\"id\":\"A\"}}}",
            "feed.refused_edition",
        ),
        (
            "{\"@context\":\"https://openvex.dev/ns/v1.0.0\",\"statements\":[]}",
            "feed.refused_edition",
        ),
        ("{\"a\":1}", "refusal.feed_unknown"),
        ("name,address\n", "refusal.feed_unknown"),
        ("", "refusal.empty_file"),
    ] {
        assert_eq!(refused(text.as_bytes()), key, "{text}");
    }
}

#[test]
fn archives_are_opened_once_and_within_bounds() {
    let record = b"{\"id\":\"GHSA-1\",\"modified\":\"2024-01-01T00:00:00Z\"}".as_slice();
    let zip = zipped(&[
        ("README.md", b"read me"),
        ("a.json", record),
        ("b.json.gz", &gzipped(record)),
        ("cve.csv", b"cve,epss\n"),
    ]);
    let (reading, records) = read_bytes(&zip).unwrap();
    assert_eq!((reading.records, records.len(), reading.skipped["feed_files"]), (2, 2, 1));
    assert_eq!(reading.warnings[0].message.key, "feed.other_format");
    let some = zipped(&[
        ("a.json", record),
        ("b.json", &record[..30]),
        ("c.json", b"{\"id\":\"GHSA-3\",\"modified\":7}"),
    ]);
    let (reading, _) = read_bytes(&some).unwrap();
    assert_eq!((reading.records, reading.refused_count), (1, 2));
    let told: Vec<_> = reading.refused.iter().map(|one| one.message.key.as_ref()).collect();
    assert_eq!(told, ["refusal.feed_cut", "feed.refused_form"]);
    assert!(format!("{:?}", reading.refused[1].message.args).contains("c.json GHSA-3"));
    let page =
        b"{\"format\":\"NVD_CVE\",\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2024-0001\"}},";
    assert_eq!(refused(&zipped(&[("page.json", page.as_slice())])), "refusal.feed_cut");
    assert_eq!(refused(&gzipped(&zip)), "refusal.feed_nested");
    assert_eq!(refused(&zipped(&[("a.zip", &zip)])), "refusal.feed_nested");
    let mut bomb = b"{\"format\":\"NVD_CVE\",\"vulnerabilities\":[".to_vec();
    bomb.resize(24 << 20, b' ');
    assert_eq!(refused(&gzipped(&bomb)), "refusal.feed_swells");
}
