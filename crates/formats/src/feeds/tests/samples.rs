//! Every sample, record by record.

use domain::{AdvisoryState, FeedKind, VersionBound, VexStatus};

use super::*;

fn version(bound: Option<&VersionBound>) -> &str {
    bound.map_or("", |bound| &bound.version)
}

fn included(bound: Option<&VersionBound>) -> bool {
    bound.is_some_and(|bound| bound.included)
}

fn newest(reading: &FeedReading) -> String {
    reading.newest.map(|moment| moment.to_string()[..19].to_owned()).unwrap_or_default()
}

#[test]
fn pages_and_records_of_the_nvd_are_read_whole() {
    for (name, expected) in expected().as_object().unwrap() {
        let Some(file) = name.strip_prefix("nvd/") else { continue };
        let (reading, records) = read_sample(name);
        let read = advisories(&records);
        assert_eq!(reading.format, FeedFormat::Nvd, "{file}");
        let count = |count: usize| count as u64;
        let found = [
            ("records", reading.records),
            ("refused", reading.refused_count),
            ("claims", read.iter().map(|one| one.claims.len() as u64).sum()),
            ("ranges", read.iter().map(|one| ranges(one) as u64).sum()),
            ("ratings", read.iter().map(|one| one.ratings.len() as u64).sum()),
            (
                "conditioned",
                count(
                    read.iter()
                        .flat_map(|one| &one.claims)
                        .filter(|claim| !claim.conditions.is_empty())
                        .count(),
                ),
            ),
            (
                "rejected",
                count(read.iter().filter(|one| one.state == AdvisoryState::Rejected).count()),
            ),
        ];
        for (what, number) in found {
            assert_eq!(Some(number), expected[what].as_u64(), "{file}: {what}");
        }
        assert_eq!(newest(&reading), expected["newest"].as_str().unwrap(), "{file}");
    }
}

#[test]
fn every_range_of_the_nvd_begins_and_ends_where_it_says() {
    let names = expected();
    let names = names.as_object().unwrap().keys().filter(|name| name.starts_with("nvd/"));
    let found = names.flat_map(|name| {
        let (_, records) = read_sample(name);
        let read = advisories(&records).into_iter();
        let lines = read.flat_map(|one| {
            each_range(&one.claims).map(|(claim, from, to)| {
                let (open, close) =
                    (if included(from) { "[" } else { "(" }, if included(to) { "]" } else { ")" });
                let criteria = &claim.product.cpes[0];
                [&one.id, criteria, version(from), open, version(to), close].join("\t")
            })
        });
        lines.collect::<Vec<_>>()
    });
    assert_eq!(multiset(found), table("nvd/ranges.tsv.gz"));
}

#[test]
fn cve_records_give_a_word_of_each_party() {
    for (name, expected) in expected().as_object().unwrap() {
        let Some(file) = name.strip_prefix("cve/") else { continue };
        let (reading, records) = read_sample(name);
        let read = advisories(&records);
        let cvss = |one: &&Advisory| one.ratings.iter().filter(|r| r.vector.is_some()).count();
        let found = [
            ("records", reading.records),
            ("given", reading.given),
            ("ssvc", read.iter().filter(|one| one.ssvc.is_some()).count() as u64),
            ("kev", (records.len() - read.len()) as u64),
            ("ratings", read.iter().map(cvss).sum::<usize>() as u64),
            ("commits", reading.skipped.get("git_ranges").copied().unwrap_or(0)),
        ];
        for (what, number) in found {
            assert_eq!(Some(number), expected[what].as_u64(), "{file}: {what}");
        }
        assert_eq!(newest(&reading), expected["newest"].as_str().unwrap(), "{file}");
        assert_eq!((reading.refused_count, reading.schema.is_some()), (0, true), "{file}");
    }
}

#[test]
fn every_simple_range_of_cve_records_begins_and_ends_where_it_says() {
    let mut found = Vec::new();
    for name in ["cve/others.jsonl.gz", "cve/vulnrichment.jsonl.gz"] {
        let (_, records) = read_sample(name);
        let mut last = String::new();
        for one in advisories(&records) {
            // The authority's container stands first.
            let kind = if last == one.id { "adp" } else { "cna" };
            last.clone_from(&one.id);
            for (claim, from, to) in each_range(&one.claims) {
                let product = claim.product.name.as_deref().unwrap_or_default();
                let close = if included(to) { "]" } else { ")" };
                assert!(from.is_none() || included(from), "{}", one.id);
                let status = claim.status.key();
                found.push(
                    [&one.id, kind, product, status, version(from), version(to), close].join("\t"),
                );
            }
        }
    }
    let found = multiset(found);
    let expected = table("cve/ranges.tsv.gz");
    let missing: Vec<_> =
        expected.iter().filter(|(line, count)| found.get(*line) < Some(count)).collect();
    assert_eq!((expected.is_empty(), missing), (false, Vec::new()));
}

#[test]
fn records_of_osv_are_read_whole() {
    for (name, expected) in expected().as_object().unwrap() {
        let Some(file) = name.strip_prefix("osv/") else { continue };
        let (reading, records) = read_sample(name);
        let read = advisories(&records);
        let listed = |one: &&Advisory| -> u64 {
            let sets = one.claims.iter().map(|claim| match &claim.versions {
                Versions::These(set) => set.listed.len() as u64,
                _ => 0,
            });
            sets.sum()
        };
        let found = [
            ("records", reading.records),
            ("given", reading.given),
            ("ghsa", read.iter().filter(|one| one.feed == FeedKind::Ghsa).count() as u64),
            (
                "withdrawn",
                read.iter().filter(|one| one.state == AdvisoryState::Withdrawn).count() as u64,
            ),
            ("cve", read.iter().filter(|one| json::is_cve(&one.id)).count() as u64),
            ("git", reading.skipped.get("git_ranges").copied().unwrap_or(0)),
            ("listed", read.iter().map(listed).sum()),
            ("ratings", read.iter().map(|one| one.ratings.len() as u64).sum()),
            ("ranges", read.iter().map(|one| ranges(one) as u64).sum()),
        ];
        for (what, number) in found {
            assert_eq!(Some(number), expected[what].as_u64(), "{file}: {what}");
        }
        assert_eq!(newest(&reading), expected["newest"].as_str().unwrap(), "{file}");
        assert_eq!(reading.refused_count, 0, "{file}");
    }
}

#[test]
fn the_catalogue_of_exploited_vulnerabilities_is_the_same_in_json_and_csv() {
    let expected = &expected()["kev"];
    let (json, from_json) = read_sample("kev/known_exploited_vulnerabilities.json.gz");
    let (csv, from_csv) = read_sample("kev/known_exploited_vulnerabilities.csv.gz");
    assert_eq!(Some(json.records), expected["records"].as_u64());
    assert_eq!(json.schema.as_deref(), expected["schema"].as_str());
    assert_eq!(newest(&json), expected["released"].as_str().unwrap());
    assert_eq!(newest(&csv)[..10], *expected["newest_added"].as_str().unwrap());
    assert_eq!((json.warnings, json.refused_count, csv.refused_count), (Vec::new(), 0, 0));
    let told = |record: &FeedRecord| match record {
        FeedRecord::Exploited(one) => Some((one.id.clone(), one.due, one.ransomware)),
        _ => None,
    };
    let (first, second): (Vec<_>, Vec<_>) =
        (from_json.iter().map(told).collect(), from_csv.iter().map(told).collect());
    assert_eq!(first, second);
    let ransomware = first.iter().flatten().filter(|(.., ransomware)| *ransomware).count() as u64;
    assert_eq!(Some(ransomware), expected["ransomware"].as_u64());
}

#[test]
fn forecasts_of_every_year_are_read() {
    for (name, records, day, percentile) in [
        ("epss/epss_scores-2021-04-14.csv.gz", 2, "", None),
        ("epss/epss_scores-2021-09-01.csv.gz", 2, "", Some(99_811)),
        ("epss/epss_scores-2022-02-04.csv.gz", 2, "2022-02-04T00:00:00", Some(99_999)),
        ("epss/vunnel-example-1.csv", 5, "2025-02-20T00:00:00", Some(73_075)),
    ] {
        let (reading, found) = read_sample(name);
        assert_eq!((reading.records, newest(&reading).as_str()), (records, day), "{name}");
        let FeedRecord::Forecast(_, forecast) = &found[0] else { panic!("{name}") };
        assert_eq!(forecast.percentile, percentile, "{name}");
        assert_eq!(reading.warnings, [], "{name}");
    }
}

#[test]
fn cisa_and_the_authority_speak_apart() {
    let (_, records) = read_sample("cve/others.jsonl.gz");
    let of = |feed| {
        advisories(&records)
            .into_iter()
            .find(move |one| one.id == "CVE-2024-3094" && one.feed == feed)
    };
    let (cna, adp) = (of(FeedKind::Cve).unwrap(), of(FeedKind::CisaAdp).unwrap());
    assert_eq!(cna.publisher.as_deref(), Some("redhat"));
    assert_eq!(adp.publisher.as_deref(), Some("CISA-ADP"));
    assert!(cna.ssvc.is_none() && adp.ssvc.as_ref().unwrap().automatable.is_some());
    assert!(cna.claims.iter().any(|claim| claim.status == VexStatus::Affected));
}

#[test]
fn a_range_of_github_without_a_fix_ends_where_github_says() {
    let (_, records) = read_sample("osv/records.jsonl.gz");
    let mut found = 0;
    for one in advisories(&records).into_iter().filter(|one| one.feed == FeedKind::Ghsa) {
        for (claim, _, to) in each_range(&one.claims) {
            found += usize::from(claim.fixed.is_empty() && to.is_some_and(|to| !to.included));
        }
    }
    assert_eq!(found, 20);
}
