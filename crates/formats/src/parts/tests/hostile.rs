//! Documents that are cut, broken, or made to do harm.

use super::*;

fn key(bytes: &[u8]) -> String {
    match read_bytes(bytes) {
        Ok(reading) => panic!("was read: {:?}", told(&reading)),
        Err(message) => message.key.into_owned(),
    }
}

#[test]
fn a_document_cut_anywhere_is_refused_or_says_so() {
    for name in [
        "sbom/trustify/cyclonedx_loop.json",
        "conformance/1.6/valid-compositions-1.6.xml",
        "sbom/trustify/spdx_broken-refs.json",
    ] {
        let bytes = bytes_of(name);
        let whole = read_bytes(&bytes).unwrap();
        let end = bytes.trim_ascii_end().len();
        for cut in 0..end {
            let Ok(reading) = read_bytes(&bytes[..cut]) else { continue };
            assert!(!reading.conforms() && reading.list.incomplete, "{name} at {cut}");
            assert!(reading.list.components.len() <= whole.list.components.len());
        }
    }
}

#[test]
fn a_cut_document_keeps_what_stood_before() {
    let bytes = bytes_of("sbom/medical-device/narrow.sbom.json");
    // The mark stands at the end of this one.
    assert_eq!(key(&bytes[..bytes.len() / 2]), "parts.refused_unknown");
    let bytes = bytes_of("sbom/sbomqs/sbom_cdx.json");
    let reading = read_bytes(&bytes[..bytes.len() / 2]).unwrap();
    assert!(reading.list.components.len() > 10 && reading.list.incomplete);
    assert_eq!(reading.warnings[0].message.key, "parts.fault_cut");
}

#[test]
fn what_is_no_parts_list_is_not_recognised() {
    for text in [
        "",
        "{}",
        "[]",
        "<bom/>",
        "<Document/>",
        "hello: world",
        "{\"a\": \"\\\"bomFormat\\\"\"}",
        "# SPDXVersion: 2\nx: SPDXVersion:\n",
    ] {
        assert_eq!(recognise(text.as_bytes()), Score::No, "{text}");
    }
    assert_eq!(key(b"hello"), "parts.refused_unknown");
}

#[test]
fn rules_are_those_of_the_version_wherever_it_stands() {
    let components = r#""components":[{"type":"cryptographic-asset","name":"specVersion"}]"#;
    let faults = |version: &str| {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","version":1,{components},"specVersion": "{version}"}}"#
        );
        let reading = read_bytes(text.as_bytes()).unwrap();
        reading.faults().map(|fault| fault.message.clone()).collect::<Vec<_>>()
    };
    let kind = msg!("parts.fault_value", field = "type", text = "cryptographic-asset");
    let version = msg!("parts.fault_missing", field = "version");
    assert_eq!(faults("1.3"), [kind.clone(), version]);
    assert_eq!(faults("1.5"), [kind]);
    assert_eq!(faults("1.6"), []);
}

#[test]
fn a_list_is_known_by_its_own_mark_and_not_by_what_it_speaks_of() {
    let spdx = r#"{"comment":"made from http://cyclonedx.org/schema/bom-1.6.schema.json, specVersion","spdxVersion":"SPDX-2.3"}"#;
    assert_eq!(read_bytes(spdx.as_bytes()).unwrap().kind, "spdx-json");
    let forgetful =
        r#"{"$schema":"http://cyclonedx.org/schema/bom-1.4.schema.json","specVersion":"1.4"}"#;
    let reading = read_bytes(forgetful.as_bytes()).unwrap();
    assert_eq!(reading.kind, "cyclonedx-json");
    let missing: Vec<_> = reading.faults().map(|fault| fault.message.clone()).collect();
    let expected = ["bomFormat", "version"].map(|field| msg!("parts.fault_missing", field = field));
    assert_eq!(missing, expected);
}

#[test]
fn rdf_is_known_and_refused() {
    let text = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:spdx=\"http://spdx.org/rdf/terms#\"/>";
    assert_eq!(recognise(text.as_bytes()), Score::Certain);
    assert_eq!(key(text.as_bytes()), "parts.refused_rdf");
}

#[test]
fn depth_entities_and_anchors_are_refused() {
    let open = "{\"type\":\"library\",\"name\":\"a\",\"components\":[".repeat(200);
    let deep = format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{open}");
    assert_eq!(key(deep.as_bytes()), "parts.refused_deep");
    let root = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components>";
    let deep = format!("{root}{}", "<component><components>".repeat(200));
    assert_eq!(key(deep.as_bytes()), "parts.refused_deep");
    let entities = format!("<!DOCTYPE bom [<!ENTITY a \"b\">]>{root}</components></bom>");
    assert_eq!(key(entities.as_bytes()), "parts.refused_entities");
    for (yaml, mark) in
        [("a: &x 1", "&"), ("a: *x", "*"), ("a: !!str 1", "!"), ("a: [1, &x 2]", "&")]
    {
        let text = format!("spdxVersion: SPDX-2.3\npackages:\n- name: a\n{yaml}\n");
        let expected = msg!("parts.refused_yaml", file = "sbom", line = 4, text = mark);
        assert_eq!(read_bytes(text.as_bytes()).unwrap_err(), expected, "{yaml}");
    }
    let nested = format!("spdxVersion: SPDX-2.3\npackages:\n{}x\n", "- ".repeat(200));
    assert_eq!(key(nested.as_bytes()), "parts.refused_deep");
}

#[test]
fn a_wrong_type_costs_the_field_and_not_the_document() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":"1","metadata":7,"dependencies":{},
        "components":[7,{"type":"library","name":3,"version":2.4,"purl":["pkg:npm/a"],"hashes":{},"licenses":"MIT"},
        {"type":"library","name":"b","name":"c"},null]}"#;
    let reading = read_bytes(text.as_bytes()).unwrap();
    let names: Vec<_> = reading.list.components.iter().map(|c| (&*c.name, c.place.row)).collect();
    assert_eq!(names, [("3", 2), ("b", 3)]);
    assert_eq!(reading.list.components[0].version.as_deref(), Some("2.4"));
    let told = told(&reading);
    assert_eq!((told["parts.fault_component"], told["parts.fault_field_twice"]), (2, 1));
    assert!(told["parts.fault_type"] >= 6, "{told:?}");
}

#[test]
fn what_stands_in_place_of_a_list_is_told() {
    for (value, components) in [("null", 0), ("7", 0), (r#"{"type":"library","name":"a"}"#, 1)] {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":{value}}}"#
        );
        let reading = read_bytes(text.as_bytes()).unwrap();
        assert_eq!(reading.list.components.len(), components, "{value}");
        let keys: Vec<_> = reading.faults().map(|fault| &*fault.message.key).collect();
        assert_eq!(keys, ["parts.fault_type"], "{value}");
    }
}

/// A name that is written once and holds for many would be kept as often.
#[test]
fn a_long_text_for_many_is_refused() {
    let long = "x".repeat(1 << 20);
    let mark = r#""bomFormat":"CycloneDX","specVersion":"1.6","version":1"#;
    let inner = vec![r#"{"type":"library","name":"a"}"#; 300].join(",");
    let inside = format!(
        r#"{{{mark},"components":[{{"type":"library","name":"a","bom-ref":"{long}","components":[{inner}]}}]}}"#
    );
    let versions = vec![r#"{"version":"1"}"#; 300].join(",");
    let note = format!(
        r#"{{{mark},"vulnerabilities":[{{"id":"CVE-1","analysis":{{"state":"exploitable","detail":"{long}"}},"affects":[{{"ref":"a","versions":[{versions}]}}]}}]}}"#
    );
    let product = format!(
        r#"{{{mark},"components":[{{"type":"library","name":"{long}","bom-ref":"a"}}],"vulnerabilities":[{{"id":"CVE-1","affects":[{{"ref":"a","versions":[{versions}]}}]}}]}}"#
    );
    let packages: String = (0..300)
        .map(|n| {
            format!(r#",{{"type":"software_Package","spdxId":"p{n}","name":"p","suppliedBy":"s"}}"#)
        })
        .collect();
    let supplier = format!(
        r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{{"type":"Organization","spdxId":"s","name":"{long}"}}{packages}]}}"#
    );
    for text in [inside, note, product, supplier] {
        assert_eq!(key(text.as_bytes()), "parts.refused_large", "{}", &text[..80]);
    }
}

#[test]
fn a_list_without_end_is_refused() {
    let head = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":["#;
    assert_eq!(key(format!("{head}{}", "0,".repeat(600_000)).as_bytes()), "parts.refused_large");
    let zeros = "0,".repeat(2_100_000);
    assert_eq!(key(format!("{head}{{\"a\":[{zeros}").as_bytes()), "parts.refused_large");
    let root = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components>";
    let many = format!("{root}{}", "<component/>".repeat(510_000));
    assert_eq!(key(many.as_bytes()), "parts.refused_large");
    let flow = format!("spdxVersion: SPDX-2.3\na: [{zeros}]\n");
    assert_eq!(key(flow.as_bytes()), "parts.refused_large");
}

#[test]
fn a_fault_in_every_component_is_told_a_bounded_number_of_times() {
    let one = r#"{"type":"foo","name":"a"}"#;
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}]}}"#,
        vec![one; 1000].join(",")
    );
    let reading = read_bytes(text.as_bytes()).unwrap();
    assert_eq!(reading.list.components.len(), 1000);
    let told = told(&reading);
    assert_eq!((told["parts.fault_value"], told["parts.more"]), (200, 1));
    assert_eq!(reading.warnings[200].message, msg!("parts.more", count = 800));
}

#[test]
fn new_fields_of_1_7_are_no_faults() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.7","version":1,"citations":[{"timestamp":"x"}],
        "metadata":{"distributionConstraints":{"tlp":"AMBER"}},
        "components":[{"type":"library","name":"a","isExternal":true,"versionRange":"vers:npm/>=1","patentAssertions":[],
        "licenses":[{"license":{"id":"MIT"}},{"expression":"MIT OR ISC"}],
        "hashes":[{"alg":"Streebog-256","content":"e6b1000b94e835ffd37f4c6dcbdad43fe6b1000b94e835ffd37f4c6dcbdad43f"}]}]}"#;
    let reading = read_bytes(text.as_bytes()).unwrap();
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
    assert_eq!(reading.list.components[0].licences, ["MIT", "MIT OR ISC"]);
}
