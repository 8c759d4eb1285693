//! Real parts lists, the conformance files of CycloneDX, and what hostile documents must not do.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{Component, Message, Place};
use serde_json::Value;

use super::*;
use crate::fuzzing::tests::for_a_while;
use crate::reading::Score;

mod hostile;
mod vex;

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/parts")
}

/// A file of the test data, decompressed.
pub(in crate::parts) fn bytes_of(name: &str) -> Vec<u8> {
    let bytes = fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    if !name.ends_with(".gz") {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&*bytes).read_to_end(&mut plain).unwrap();
    plain
}

pub(super) fn read_bytes(bytes: &[u8]) -> Result<PartsReading, Message> {
    let input = Input { name: "sbom", bytes, mapping: None, machine: None };
    read(&input).map_err(|refusal| refusal.message)
}

pub(in crate::parts) fn read_file(name: &str) -> PartsReading {
    read_bytes(&bytes_of(name)).unwrap_or_else(|message| panic!("{name}: {message:?}"))
}

/// The keys of everything that was told, each with how often.
pub(super) fn told(reading: &PartsReading) -> BTreeMap<&str, usize> {
    let mut told = BTreeMap::new();
    for warning in &reading.warnings {
        *told.entry(&*warning.message.key).or_default() += 1;
    }
    told
}

/// What `expected.py` counts, counted in a reading.
fn counts(reading: &PartsReading) -> BTreeMap<&'static str, Value> {
    let list = &reading.list;
    let all = || list.components.iter().chain(&list.subject);
    let sum = |count: fn(&Component) -> usize| Value::from(all().map(count).sum::<usize>());
    BTreeMap::from([
        ("kind", reading.kind.into()),
        ("version", list.format_version.as_str().into()),
        ("components", list.components.len().into()),
        ("subject", list.subject.as_ref().map(|subject| subject.name.as_str()).into()),
        ("purls", sum(|component| component.purls.len())),
        ("cpes", sum(|component| component.cpes.len())),
        ("versions", sum(|component| usize::from(component.version.is_some()))),
        ("licences", sum(|component| component.licences.len())),
        ("hashes", sum(|component| component.hashes.len())),
        ("advisories", reading.advisories.len().into()),
        ("needs", list.needs.iter().map(|needs| needs.on.len()).sum::<usize>().into()),
    ])
}

#[test]
fn every_file_holds_what_was_counted_without_the_reader() {
    let expected: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_slice(&bytes_of("expected.json")).unwrap();
    assert_eq!(expected.len(), 76);
    for (name, expected) in expected {
        let bytes = bytes_of(&name);
        assert_eq!(recognise(&bytes), Score::Certain, "{name}");
        let reading = read_bytes(&bytes).unwrap_or_else(|message| panic!("{name}: {message:?}"));
        let counted = counts(&reading);
        for (what, number) in expected {
            assert_eq!(counted[what.as_str()], number, "{what} of {name}");
        }
    }
}

#[test]
fn conformance_files_are_accepted_or_refused_as_they_are_named() {
    let mut wrong = Vec::new();
    let mut files = 0;
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6"] {
        for entry in fs::read_dir(folder().join("conformance").join(version)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let reading = read_bytes(&bytes_of(&format!("conformance/{version}/{name}")));
            let conforms = reading.as_ref().is_ok_and(PartsReading::conforms);
            if conforms != name.starts_with("valid-") {
                let told = reading.map(|reading| reading.faults().cloned().collect::<Vec<_>>());
                wrong.push(format!("{name}: {told:?}"));
            }
            files += 1;
        }
    }
    assert_eq!(files, 269);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn xml_and_json_of_one_list_say_the_same() {
    for name in [
        "SBOM_cern-lhc-vdm-editor-e564943_bom",
        "SBOM_laravel-7.12.0_bom.1.2",
        "SBOM_proton-bridge_proton-bridge-v1.8.0.bom",
    ] {
        let path = format!("sbom/cyclonedx-bom-examples/{name}");
        let [json, xml] = ["json", "xml"].map(|end| read_file(&format!("{path}.{end}")));
        assert_eq!(json.list.components, xml.list.components, "{name}");
        assert_eq!(json.list.subject, xml.list.subject, "{name}");
        let sorted = |list: &PartsList| {
            let mut needs: Vec<_> = list.needs.iter().map(|n| (&n.reference, &n.on)).collect();
            needs.sort();
            format!("{needs:?}")
        };
        assert_eq!(sorted(&json.list), sorted(&xml.list), "{name}");
    }
}

#[test]
fn the_four_notations_of_spdx_say_the_same() {
    let one = |name: &str| {
        let list = read_file(&format!("sbom/spdx-tools/{name}")).list;
        let mut packages: Vec<_> = list.components.into_iter().chain(list.subject).collect();
        packages.sort_by(|a, b| a.reference.cmp(&b.reference));
        packages.iter_mut().for_each(|package| package.place = Place::DOCUMENT);
        (packages, list.makers, list.created, list.needs, list.format_version)
    };
    let json = one("SPDXJSONExample-v2.3.spdx.json");
    for name in [
        "SPDXYAMLExample-2.3.spdx.yaml",
        "SPDXXMLExample-v2.3.spdx.xml",
        "SPDXTagExample-v2.3.spdx",
    ] {
        assert_eq!(one(name), json, "{name}");
    }
    assert_eq!(json.0[0].end_of_support.as_deref(), Some("2014-01-29T18:30:22Z"));
    assert_eq!(json.0[0].supplier.as_deref(), Some("Jane Doe"));
}

#[test]
fn a_medical_device_says_until_when_its_parts_are_supported() {
    let reading = read_file("sbom/medical-device/narrow.sbom.json");
    assert!(reading.conforms(), "{:?}", told(&reading));
    let list = &reading.list;
    assert_eq!(list.subject.as_ref().unwrap().kind, domain::ComponentKind::Device);
    assert!(list.components.iter().all(|component| component.end_of_support.is_some()));
    let first = &list.components[0];
    assert_eq!(first.end_of_support.as_deref(), Some("Until hardware support ends"));
    assert_eq!(first.version, None, "an empty version is none");
    assert_eq!(first.place, Place::line(1));
    assert_eq!(list.components[54].place, Place::line(55));
}

#[test]
fn what_is_wrong_with_a_document_is_told_and_nothing_is_lost() {
    let cases: &[(&str, &[(&str, usize)])] = &[
        ("trustify/cyclonedx_loop.json", &[("parts.circle", 1), ("parts.reference_unknown", 3)]),
        ("trustify/cyclonedx_broken-refs.json", &[("parts.reference_unknown", 1)]),
        ("trustify/cyclonedx_invalid-purl.json", &[("parts.purl_unread", 1)]),
        ("trustify/spdx_broken-refs.json", &[("parts.reference_unknown", 1)]),
        ("spdx-tools/SPDXWrongVersion.spdx.json", &[("parts.fault_value", 1)]),
    ];
    for (name, expected) in cases {
        let reading = read_file(&format!("sbom/{name}"));
        assert_eq!(told(&reading), expected.iter().copied().collect(), "{name}");
    }
    let invalid = read_file("sbom/trustify/cyclonedx_invalid-purl.json");
    assert_eq!(invalid.warnings[0].place, Place::line(1));
    assert_eq!(invalid.list.components[0].purls, ["invalid purl"]);
}

#[test]
fn a_component_inside_another_names_it() {
    let list = read_file("conformance/1.6/valid-compositions-1.6.json").list;
    let inside: Vec<_> = list.components.iter().map(|c| c.inside.as_deref()).collect();
    assert_eq!(inside, [None, Some("pkg:maven/partner/shaded-library@1.0"), None]);
    assert!(list.incomplete);
    let xml = read_file("conformance/1.6/valid-compositions-1.6.xml").list;
    assert_eq!((xml.components, xml.needs, xml.incomplete), (list.components, list.needs, true));
}

#[test]
fn a_byte_order_mark_and_utf_16_change_nothing() {
    for name in [
        "sbom/trustify/cyclonedx_application.cdx.json",
        "sbom/osv-scanner/alpine.cdx.xml",
        "sbom/spdx-tools/SPDXTagExample-v2.3.spdx",
    ] {
        let plain = bytes_of(name);
        let expected = read_bytes(&plain).unwrap();
        let text = String::from_utf8(plain.clone()).unwrap();
        let wide = |units: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(text.encode_utf16().flat_map(units)).collect()
        };
        let forms = [
            [b"\xef\xbb\xbf".as_slice(), &plain].concat(),
            wide(u16::to_le_bytes, [0xff, 0xfe]),
            wide(u16::to_be_bytes, [0xfe, 0xff]),
        ];
        for bytes in forms {
            assert_eq!(recognise(&bytes), Score::Certain, "{name}");
            assert_eq!(read_bytes(&bytes).unwrap(), expected, "{name}");
        }
    }
}

#[test]
fn an_export_or_an_attestation_around_a_list_changes_nothing() {
    for (name, field) in [
        ("sbom/trustify/spdx_broken-refs.json", "sbom"),
        ("sbom/trustify/spdx_broken-refs.json", "predicate"),
        ("sbom/trustify/cyclonedx_loop.json", "predicate"),
    ] {
        let plain = String::from_utf8(bytes_of(name)).unwrap();
        let wrapped =
            format!("{{\"_type\":\"https://in-toto.io/Statement/v1\",\"{field}\":{plain}}}");
        assert_eq!(read_bytes(wrapped.as_bytes()), read_bytes(plain.as_bytes()), "{name}");
    }
}

#[test]
fn no_changed_document_breaks_a_promise() {
    let names = [
        "sbom/trustify/cyclonedx_loop.json",
        "conformance/1.6/valid-compositions-1.6.xml",
        "conformance/1.4/valid-license-id-1.4.json",
        "sbom/spdx-tools/SPDXTagExample-v2.3.spdx",
        "sbom/spdx-tools/SPDXYAMLExample-2.3.spdx.yaml",
        "sbom/spdx-examples/software_example13_spdx3.0_example13.spdx3.json",
        "vex/CISA-Use-Cases_Case-7_vex.json",
    ];
    let seeds: Vec<_> = names.into_iter().map(bytes_of).collect();
    for_a_while(&seeds, Duration::from_secs(1), fuzz);
}
