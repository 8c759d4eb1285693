//! CSAF, OpenVEX and JVN: documents with products, statements and words for versions.

use domain::{FeedKind, Justification, RemedyKind, VexStatus};

use super::*;

fn kind_of(name: &str) -> FeedFormat {
    read_sample(name).0.format
}

#[test]
fn csaf_documents_are_read_whole() {
    for (name, expected) in expected().as_object().unwrap() {
        let Some(file) = name.strip_prefix("csaf/") else { continue };
        let (reading, records) = read_sample(name);
        let read = advisories(&records);
        let white = read.iter().filter(|one| one.tlp.as_deref() == Some("WHITE")).count();
        let found = [
            ("records", reading.records),
            ("given", reading.given),
            ("claims", read.iter().map(|one| one.claims.len() as u64).sum()),
            ("ratings", read.iter().map(|one| one.ratings.len() as u64).sum()),
            ("white", white as u64),
        ];
        for (what, number) in found {
            assert_eq!(Some(number), expected[what].as_u64(), "{file}: {what}");
        }
        assert_eq!(reading.refused_count, 0, "{file}");
    }
}

#[test]
fn every_product_of_csaf_has_the_status_it_is_given() {
    let (mut found, mut ranged) = (Vec::new(), Vec::new());
    for name in ["csaf/cisa-icsa.jsonl.gz", "csaf/cisa-icsma.jsonl.gz", "csaf/vendor.jsonl.gz"] {
        let (_, records) = read_sample(name);
        for one in advisories(&records) {
            for claim in &one.claims {
                let product = claim.product.name.as_deref().unwrap_or_default();
                let vendor = claim.product.vendor.as_deref().unwrap_or_default();
                let status = claim.status.key();
                let line = [&one.document, &one.id, status, vendor, product].join("\t");
                found.push(line.replace('\n', " "));
                for (_, from, to) in each_range(std::slice::from_ref(claim)) {
                    let (sign, end) = match (from, to) {
                        (None, Some(to)) => (if to.included { "<=" } else { "<" }, to),
                        (Some(from), None) => (if from.included { ">=" } else { ">" }, from),
                        _ => continue,
                    };
                    ranged.push(
                        [&one.document, &one.id, status, product, sign, &end.version].join("\t"),
                    );
                }
            }
        }
    }
    assert_eq!(multiset(found), table("csaf/claims.tsv.gz"));
    let (ranged, expected) = (multiset(ranged), table("csaf/ranges.tsv.gz"));
    let missing: Vec<_> =
        expected.iter().filter(|(line, count)| ranged.get(*line) < Some(count)).collect();
    assert_eq!((expected.is_empty(), missing), (false, Vec::new()));
}

#[test]
fn a_csaf_document_tells_reasons_remedies_and_ratings_of_its_products() {
    let text = r#"{"document":{"csaf_version":"2.0","lang":"en","title":"T","publisher":{"name":"Maker"},
        "distribution":{"tlp":{"label":"AMBER"}},
        "tracking":{"id":"M-1","version":"2","current_release_date":"2026-01-02T00:00:00Z","initial_release_date":"2026-01-01T00:00:00Z"}},
        "product_tree":{"full_product_names":[{"product_id":"A","name":"Pump"},{"product_id":"B","name":"Monitor"}],
        "product_groups":[{"group_id":"G","product_ids":["B"]}]},
        "vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"known_affected":["A"],"known_not_affected":["B"]},
        "flags":[{"label":"component_not_present","group_ids":["G"]}],
        "threats":[{"category":"impact","details":"not in use","product_ids":["B"]}],
        "remediations":[{"category":"vendor_fix","details":"update","date":"2026-02-01T00:00:00Z","url":"https://example.org","product_ids":["A"]},
          {"category":"no_fix_planned","details":"none","group_ids":["G"]}],
        "scores":[{"products":["A"],"cvss_v3":{"vectorString":"CVSS:3.1/AV:N","baseScore":9.8,"baseSeverity":"CRITICAL"}}]}]}"#;
    let (_, records) = read_bytes(text.as_bytes()).unwrap();
    let one = advisories(&records)[0];
    assert_eq!((one.tlp.as_deref(), one.revision.as_deref()), (Some("AMBER"), Some("2")));
    let [monitor, pump] = one.claims.as_slice() else { panic!("{:?}", one.claims) };
    assert_eq!(monitor.justification, Some(Justification::ComponentNotPresent));
    assert_eq!(monitor.note.as_deref(), Some("not in use"));
    assert_eq!((pump.status, pump.note.as_deref()), (VexStatus::Affected, None));
    let told: Vec<_> = one.remedies.iter().map(|one| (one.kind, one.claims.clone())).collect();
    assert_eq!(told, [(RemedyKind::VendorFix, vec![1]), (RemedyKind::NoFixPlanned, vec![0])]);
    assert_eq!(one.remedies[0].date.map(|day| day.to_string()).as_deref(), Some("2026-02-01"));
    assert_eq!(
        (one.ratings[0].score, one.ratings[0].claims.as_slice()),
        (Some(98), [1].as_slice())
    );
}

#[test]
fn a_csaf_document_that_breaks_rules_is_told_by_their_number() {
    let read_tree = |tree: &str, status: &str| {
        let text = format!(
            "{{\"document\":{{\"csaf_version\":\"2.0\",\"tracking\":{{\"id\":\"M-1\"}}}},\"product_tree\":{tree},
            \"vulnerabilities\":[{{\"cve\":\"CVE-2026-0001\",\"product_status\":{status}}}]}}"
        );
        read_bytes(text.as_bytes())
    };
    let one = r#"{"full_product_names":[{"product_id":"A","name":"a"}]}"#;
    let rule = |tree, status| {
        let (reading, _) = read_tree(tree, status).unwrap();
        reading.warnings.iter().map(|one| format!("{:?}", one.message.args)).collect::<Vec<_>>()
    };
    assert_eq!(rule(one, r#"{"fixed":["A"]}"#), [""; 0]);
    assert!(rule(one, r#"{"fixed":["B"]}"#)[0].contains("6.1.1"));
    assert!(rule(one, r#"{"fixed":["A"],"known_affected":["A"]}"#)[0].contains("6.1.6"));
    let (_, records) = read_tree(one, r#"{"fixed":["A"],"known_affected":["A"]}"#).unwrap();
    let claims = &advisories(&records)[0].claims;
    assert_eq!((claims.len(), claims[0].status), (1, VexStatus::Affected));
    let twice =
        r#"{"full_product_names":[{"product_id":"A","name":"a"},{"product_id":"A","name":"b"}]}"#;
    let circle = r#"{"relationships":[{"product_reference":"A","relates_to_product_reference":"A","full_product_name":{"product_id":"A","name":"a"}}]}"#;
    for tree in [twice, circle] {
        assert_eq!(read_tree(tree, "{}").unwrap_err().message.key, "feed.refused_csaf");
    }
}

#[test]
fn openvex_statements_are_claims_on_components_within_products() {
    for name in
        ["openvex/vex-v0.0.1.json", "openvex/csaf-openvex.json", "openvex/vex-v020-1.vex.json"]
    {
        assert_eq!(kind_of(name), FeedFormat::OpenVex, "{name}");
    }
    let (reading, records) = read_sample("openvex/vex-v0.2.0.json");
    assert_eq!((reading.records, reading.given, reading.schema.as_deref()), (1, 5, Some("0.2.0")));
    let read = advisories(&records);
    let told: Vec<_> = read.iter().map(|one| (one.id.as_str(), one.claims[0].status)).collect();
    assert_eq!(told[0], ("CVE-2023-1255", VexStatus::Fixed));
    assert_eq!(told[4], ("CVE-2023-3817", VexStatus::NotAffected));
    let claim = &read[4].claims[1];
    assert_eq!(claim.product.purls, ["pkg:apk/alpine/libcrypto3@3.0.8-r3"]);
    assert!(claim.conditions[0].any[0].product.purls[0].starts_with("pkg:oci/alpine@sha256"));
    assert_eq!(claim.justification, Some(Justification::VulnerableCodeNotPresent));
    assert!(claim.note.as_deref().unwrap().starts_with("affected functions"));
    assert_eq!(read[4].modified.unwrap().to_string(), "2023-07-18T00:28:47.696004345Z");
}

#[test]
fn jvn_says_the_same_in_xml_and_in_json() {
    let (xml, from_xml) = read_sample("jvn/detail.xml");
    let (json, from_json) = read_sample("jvn/detail.json");
    assert_eq!((xml.format, json.format), (FeedFormat::JvnXml, FeedFormat::JvnJson));
    assert_eq!((xml.records, xml.warnings, json.warnings), (2, vec![], vec![]));
    let told = |records: &[FeedRecord], id: &str| {
        let one = advisories(records).into_iter().find(|one| one.id == id).unwrap();
        assert_eq!((one.feed, one.titles[0].lang.as_str()), (FeedKind::Jvn, "ja"));
        let claims: Vec<_> = one
            .claims
            .iter()
            .map(|claim| {
                (claim.product.vendor.clone(), claim.product.name.clone(), claim.versions.clone())
            })
            .collect();
        (one.titles[0].text.clone(), one.aliases.clone(), one.modified, claims)
    };
    for id in ["CVE-2026-10001", "CVE-2026-10002"] {
        assert_eq!(told(&from_xml, id), told(&from_json, id), "{id}");
    }
    let (_, aliases, _, claims) = told(&from_xml, "CVE-2026-10001");
    assert_eq!(aliases, ["JVN#00000001", "JVNDB-2026-000001"]);
    let ends: Vec<_> = claims
        .iter()
        .map(|(_, name, versions)| {
            (name.as_deref().unwrap(), format!("{versions:?}").contains("included: true"))
        })
        .collect();
    assert_eq!(ends, [("みまもりモニタ", true), ("みまもりゲートウェイ", false)]);
    let other =
        advisories(&from_xml).into_iter().find(|one| one.id == "JVNDB-2026-000002").unwrap();
    assert_eq!(
        other.claims[0].versions,
        Versions::Text("for Windows 5.8 (Build 1575) 未満".into())
    );
    assert_eq!(
        (other.ratings[0].score, other.weaknesses.as_slice()),
        (Some(61), ["CWE-79".to_owned()].as_slice())
    );
}

#[test]
fn lists_of_jvn_have_products_without_versions() {
    let (reading, records) = read_sample("jvn/overview.xml");
    assert_eq!((reading.records, reading.warnings.len()), (1, 1));
    assert_eq!(reading.warnings[0].message.key, "feed.count");
    let one = advisories(&records)[0];
    assert_eq!((one.id.as_str(), one.document.as_str()), ("CVE-2026-10001", "JVNDB-2026-000001"));
    assert_eq!(one.claims[0].versions, Versions::Unstated);
    assert_eq!(one.ratings[0].score, Some(98));
}
