//! What CycloneDX documents say of vulnerabilities.

use domain::{
    AdvisoryState, FeedKind, Justification, RemedyKind, VersionBound, Versions, VexStatus,
};

use super::*;

#[test]
fn the_states_of_cyclonedx_are_those_of_vex() {
    for (name, status) in [
        ("affected", VexStatus::Affected),
        ("fixed", VexStatus::Fixed),
        ("not_affected", VexStatus::NotAffected),
        ("under_investigation", VexStatus::UnderInvestigation),
    ] {
        let reading = read_file(&format!("vex/CISA-Use-Cases_Case-1_vex-{name}.json"));
        let [advisory] = &*reading.advisories else { panic!("{name}") };
        assert_eq!((&*advisory.id, advisory.feed), ("CVE-2021-44228", FeedKind::CycloneDx));
        let [claim] = &*advisory.claims else { panic!("{name}") };
        assert_eq!(claim.status, status, "{name}");
        assert_eq!(claim.product.name, reading.list.subject.map(|subject| subject.name));
    }
}

#[test]
fn versions_are_listed_and_in_ranges() {
    let reading = read_file("vex/CISA-Use-Cases_Case-7_vex.json");
    let claims = &reading.advisories[0].claims;
    let linked = "urn:cdx:cbb2cd68-2857-43b8-a10b-e8c03d277d18/1#product-ABC";
    assert_eq!(claims[0].product.name.as_deref(), Some(linked));
    let Versions::These(one) = &claims[0].versions else { panic!() };
    assert_eq!(one.listed, ["2.4"]);
    let Versions::These(range) = &claims[2].versions else { panic!() };
    assert_eq!(range.scheme.as_deref(), Some("vers:generic"));
    let bound = |version: &str| Some(VersionBound { version: version.to_owned(), included: true });
    assert_eq!((&range.ranges[0].from, &range.ranges[0].to), (&bound("2.9"), &bound("4.1")));
    let unaffected = &reading.advisories[1].claims;
    assert!(unaffected.iter().all(|claim| claim.status == VexStatus::NotAffected));
    assert_eq!(unaffected[0].justification, Some(Justification::VulnerableCodeNotPresent));
}

#[test]
fn everything_that_is_said_of_a_vulnerability_is_kept() {
    let [json, xml] = ["json", "xml"]
        .map(|end| read_file(&format!("conformance/1.6/valid-vulnerability-1.6.{end}")));
    assert_eq!(json.advisories, xml.advisories);
    let advisory = &json.advisories[0];
    assert_eq!(advisory.id, "CVE-2018-7489");
    assert_eq!(advisory.aliases, ["SNYK-JAVA-COMFASTERXMLJACKSONCORE-32111"]);
    assert_eq!(advisory.weaknesses, ["CWE-184", "CWE-502"]);
    let rating = &advisory.ratings[0];
    assert_eq!(rating.vector.as_deref(), Some("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
    assert_eq!((rating.score, rating.by.as_deref()), (Some(98), Some("NVD")));
    assert_eq!(advisory.state, AdvisoryState::Rejected);
    let claim = &advisory.claims[0];
    assert_eq!(claim.status, VexStatus::NotAffected);
    assert_eq!(claim.justification, Some(Justification::VulnerableCodeNotInExecutePath));
    assert_eq!(
        claim.product.purls,
        ["pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.9.4"]
    );
    let kinds: Vec<_> = advisory.remedies.iter().map(|remedy| remedy.kind).collect();
    assert!(kinds.contains(&RemedyKind::NoFixPlanned) && kinds.contains(&RemedyKind::VendorFix));
    assert!(kinds.contains(&RemedyKind::Workaround));
    assert!(advisory.published.is_some() && advisory.modified.is_some());
    assert_eq!(advisory.document, "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79");
}

#[test]
fn a_link_into_this_document_finds_its_component() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "vulnerabilities":[{"id":"GHSA-1","affects":[{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a%40b"},{"ref":"urn:cdx:00000000-395b-41f5-a30f-a58921a69b79/1#a%40b"}]}],
        "components":[{"type":"library","name":"a","version":"2","bom-ref":"a@b","cpe":"cpe:2.3:a:x:a:2:*:*:*:*:*:*:*"}]}"#;
    let reading = read_bytes(text.as_bytes()).unwrap();
    let [here, elsewhere] = &*reading.advisories[0].claims else { panic!() };
    assert_eq!((here.product.name.as_deref(), here.product.cpes.len()), (Some("a"), 1));
    let Versions::These(versions) = &here.versions else { panic!() };
    assert_eq!(
        (versions.listed.as_slice(), here.status),
        (["2".to_owned()].as_slice(), VexStatus::Affected)
    );
    assert!(elsewhere.product.name.as_deref().unwrap().starts_with("urn:cdx:0000"));
    assert_eq!(elsewhere.versions, Versions::Unstated);
    assert!(here.conditions.is_empty(), "the document does not say what it is of");
}

#[test]
fn what_is_said_of_a_part_holds_in_its_product() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
        "metadata":{"component":{"type":"device","name":"ポンプ","version":"2.1","bom-ref":"p"}},
        "components":[{"type":"library","name":"zlib","version":"1.2","bom-ref":"z"}],
        "vulnerabilities":[{"id":"CVE-2024-1","analysis":{"state":"not_affected"},"affects":[{"ref":"z"},{"ref":"p"}]}]}"#;
    let reading = read_bytes(text.as_bytes()).unwrap();
    let [part, product] = &*reading.advisories[0].claims else { panic!() };
    assert_eq!(part.product.name.as_deref(), Some("zlib"));
    let [condition] = &*part.conditions else { panic!() };
    assert_eq!(condition.any[0].product.name.as_deref(), Some("ポンプ"));
    assert_eq!(condition.any[0].versions, part_version("2.1"));
    assert_eq!((product.product.name.as_deref(), product.conditions.len()), (Some("ポンプ"), 0));
}

fn part_version(version: &str) -> Versions {
    let listed = vec![version.to_owned()];
    Versions::These(domain::VersionSet { listed, ..domain::VersionSet::default() })
}

#[test]
fn a_word_that_names_no_product_is_on_what_the_document_is_of() {
    let reading = read_file("vex/Use-Cases_Case-7_vex.json");
    assert_eq!(told(&reading), BTreeMap::from([("parts.no_product", 1)]));
    assert_eq!(reading.warnings[0].place, Place::row(Some("vulnerabilities".into()), 1));
    assert!(reading.advisories[0].claims.is_empty());
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":3,
        "metadata":{"component":{"type":"device","name":"ポンプ","version":"2.1","bom-ref":"p"}},
        "vulnerabilities":[{"id":"CVE-2024-1","analysis":{"state":"not_affected","justification":"requires_environment","detail":"なし"}}]}"#;
    let reading = read_bytes(text.as_bytes()).unwrap();
    let advisory = &reading.advisories[0];
    assert_eq!(advisory.revision.as_deref(), Some("3"));
    let [claim] = &*advisory.claims else { panic!() };
    assert_eq!(claim.product.name.as_deref(), Some("ポンプ"));
    assert_eq!((claim.status, claim.justification), (VexStatus::NotAffected, None));
    assert_eq!(claim.note.as_deref(), Some("requires_environment: なし"));
}
