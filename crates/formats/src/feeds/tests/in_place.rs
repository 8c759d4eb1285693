//! Data that may not be copied into the repository: OASIS' validator tests, and JVN's examples, which state no licence.
//!
//! They are read where they lie, below the folder named in `MIMAWARI_PUBLIC_DATA`; without it nothing is read, and that is said.

use super::*;

fn place(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("MIMAWARI_PUBLIC_DATA") else {
        eprintln!("NOT TESTED: {name}: MIMAWARI_PUBLIC_DATA names no folder");
        return None;
    };
    Some(Path::new(&folder).join(name))
}

fn read_file(path: &Path) -> Result<FeedReading, Refusal> {
    read_bytes(&fs::read(path).unwrap()).map(|(reading, _)| reading)
}

/// The rules of CSAF 2.0, 6.1, that are told.
const TOLD: &[&str] = &[
    "6.1.1",
    "6.1.2",
    "6.1.3",
    "6.1.4",
    "6.1.5",
    "6.1.6",
    "6.1.7",
    "6.1.23",
    "6.1.27.8",
    "6.1.27.9",
    "6.1.27.10",
    "6.1.29",
    "6.1.32",
    "6.1.33",
];

#[test]
fn documents_of_the_csaf_committee_break_the_rules_they_are_meant_to() {
    let Some(folder) = place("csaf/oasis-2.0-validator") else { return };
    let cases: Value =
        serde_json::from_slice(&fs::read(folder.join("testcases.json")).unwrap()).unwrap();
    let mut seen = 0;
    for test in cases["tests"].as_array().unwrap() {
        let rule = test["id"].as_str().unwrap();
        let files = ["failures", "valid"].iter().filter_map(|kind| test[kind].as_array()).flatten();
        for file in files {
            let name = file["name"].as_str().unwrap();
            let told = match read_file(&folder.join(name)) {
                Ok(reading) => format!("{:?}", reading.warnings),
                Err(refusal) => format!("{refusal:?}"),
            };
            let valid = file["valid"].as_bool().unwrap();
            let broken = told.contains("csaf");
            assert!(!(valid && broken), "{name} is valid: {told}");
            if TOLD.contains(&rule) && !valid {
                assert!(told.contains(&format!("\"{rule}\"")), "{name}: {told}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 25);
}

#[test]
fn the_examples_of_jvn_are_read_or_refused_with_a_reason() {
    let Some(folder) = place("jvn/examples") else { return };
    for (name, records, given) in [
        ("hnd/dataFeed_jvndb_detail_hnd.xml", 7, 11),
        ("hnd/dataFeed_jvndb_rss_hnd.xml", 4, 4),
        ("hnd/getVulnDetailInfo_hnd_JVNDB-2018-009328.xml", 1, 1),
        ("hnd/getVulnDetailInfo_hnd_JVNDB-2022-000097.xml", 1, 3),
        ("hnd/getVulnOverviewList_hnd.xml", 2, 2),
        ("oka/dataFeed_jvndb_rss_oka.json", 3, 3),
        ("oka/getVulnDetailInfo_oka_JVNDB-2021-002774.json", 1, 1),
        ("oka/getVulnDetailInfo_oka_JVNDB-2022-000097.json", 1, 4),
        ("oka/getVulnDetailInfo_oka_jvncsaf.json", 1, 1),
        ("oka/getVulnDetailInfo_oka_jvnstix.json", 1, 1),
        ("oka/getVulnOverviewList_oka.json", 3, 3),
    ] {
        let reading = read_file(&folder.join(name)).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        assert_eq!((reading.records, reading.given), (records, given), "{name}");
    }
    for (name, key) in [
        // A comma too many, as published.
        ("oka/dataFeed_jvndb_detail_oka.json", "refusal.feed_syntax"),
        ("oka/dataFeed_myjvn_product_oka.json", "refusal.feed_unknown"),
        ("oka/dataFeed_myjvn_product_version_oka.json", "refusal.feed_unknown"),
        ("hnd/getVendorList_hnd.xml", "refusal.feed_unknown"),
    ] {
        assert_eq!(read_file(&folder.join(name)).unwrap_err().message.key, key, "{name}");
    }
}
