//! Parts lists that are kept: to which product each belongs, and what changed between two.

use std::borrow::Cow;

use app::{
    AppError, FileView, ImportOptions, NewFile, PartsChoice, PartsHeadView, PartsListView, WeakBook,
};
use domain::ImportId;

use super::vex::{LEDGER, TODAY, ledger};
use super::*;

/// What is inside FortiOS 7.0.5, as far as this test wants it.
pub(super) const LIST: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
  "metadata": {
    "timestamp": "2026-05-01T00:00:00Z",
    "component": { "type": "firmware", "name": "FortiOS", "version": "7.0.5", "supplier": { "name": "Fortinet" } }
  },
  "components": [
    { "type": "library", "name": "jackson-databind", "version": "2.9.10", "purl": "pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.9.10",
      "licenses": [{ "license": { "id": "Apache-2.0" } }] },
    { "type": "library", "name": "zlib", "version": "1.2.11", "purl": "pkg:generic/zlib@1.2.11" }
  ]
}"#;

/// A hospital with FortiOS 7.0.5 on two devices.
pub(super) fn desk() -> Desk {
    let desk = Desk::new();
    ledger(LEDGER, &desk);
    desk
}

/// Brings a file in.
pub(super) fn bring(desk: &Desk, name: &str, text: &str, dry_run: bool) -> FileView {
    let bytes = Ok(Cow::Owned(text.as_bytes().to_vec()));
    let file = NewFile { path: name.to_owned(), bytes, modified: None };
    let options = ImportOptions { dry_run, ..ImportOptions::default() };
    let mut view = desk.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    view.files.remove(0)
}

/// Brings a list in, and gives its number.
pub(super) fn list(desk: &Desk, text: &str) -> ImportId {
    let view = bring(desk, "sbom.json", text, false);
    assert_eq!(view.error, None);
    ImportId(view.import.unwrap())
}

pub(super) fn book(desk: &Desk) -> WeakBook {
    desk.app.weaknesses(TODAY).unwrap()
}

fn lists(desk: &Desk) -> Vec<PartsListView> {
    desk.app.parts_lists(&book(desk)).unwrap()
}

fn one(desk: &Desk, id: ImportId) -> PartsListView {
    desk.app.parts_list(id, &book(desk)).unwrap().list
}

pub(super) fn to(product: &str) -> PartsChoice {
    PartsChoice { product: Some(product.to_owned()), ..PartsChoice::default() }
}

pub(super) fn attach(desk: &Desk, id: ImportId, choice: &PartsChoice) {
    desk.app.attach_parts(id, choice, &act()).unwrap();
}

#[test]
fn a_list_is_brought_in_by_what_it_is_of_and_brings_no_device() {
    let desk = desk();
    for dry_run in [true, false] {
        let view = bring(&desk, "a.json", LIST, dry_run);
        let head = view.parts.unwrap();
        assert_eq!((view.kind.as_deref(), view.rows), (Some("cyclonedx-json"), 2));
        assert_eq!((head.notation(), head.full_name()), ("CycloneDX 1.5".into(), "FortiOS".into()));
        assert_eq!((head.version.as_deref(), head.components), (Some("7.0.5"), 2));
        assert_eq!(head.supplier.as_deref(), Some("Fortinet"));
        assert_eq!((view.devices_new, view.devices_changed, view.devices_gone), (0, 0, 0));
        assert_eq!(view.source.as_deref(), Some("parts/FortiOS"));
        assert_eq!(view.captured_from.as_deref(), Some("document"));
        assert_eq!(view.import.is_none(), dry_run);
    }
    assert!(bring(&desk, "b.json", LIST, false).already.is_some(), "the same bytes are one list");
    let kept = desk.app.import_evidence(ImportId(2)).unwrap();
    assert_eq!((kept.bytes.as_slice(), kept.is_masked), (LIST.as_bytes(), false));
}

#[test]
fn every_real_list_is_kept_whole_and_read_again_as_it_was() {
    let desk = desk();
    let mut count = 0;
    for (name, kind) in [
        (DROPWIZARD, "cyclonedx-json"),
        ("sbom/cyclonedx-bom-examples/SBOM_laravel-7.12.0_bom.1.3.xml", "cyclonedx-xml"),
        ("sbom/medical-device/narrow.sbom.json", "cyclonedx-json"),
        ("sbom/osv-scanner/bad-purls.cdx.xml", "cyclonedx-xml"),
        ("sbom/trustify/spdx_openssl-3.0.7-18.el9_2.spdx.json", "spdx-json"),
        ("sbom/spdx-tools/SPDXTagExample-v2.3.spdx", "spdx-tag-value"),
        ("sbom/spdx-tools/SPDXXMLExample-v2.3.spdx.xml", "spdx-xml"),
        ("sbom/spdx-tools/SPDXYAMLExample-2.3.spdx.yaml", "spdx-yaml"),
        ("sbom/spdx-tools/SPDXJsonLDExample-v3.0.1.json", "spdx3-json"),
    ] {
        let bytes = fs::read(parts(name)).unwrap();
        let file = NewFile { path: name.to_owned(), bytes: Ok(bytes.into()), modified: None };
        let options = ImportOptions::default();
        let view = desk.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
        let file = &view.files[0];
        assert_eq!((file.error.as_deref(), file.kind.as_deref()), (None, Some(kind)), "{name}");
        let id = ImportId(file.import.unwrap());
        let page = desk.app.parts_list(id, &book(&desk)).unwrap();
        assert_eq!(page.components.len() as u64, file.rows, "{name}");
        assert_eq!(page.warnings.len(), file.warnings.len(), "{name}");
        assert_eq!(Some(&page.list.document), file.parts.as_ref(), "{name}");
        count += 1;
    }
    assert_eq!(lists(&desk).len(), count);
    assert!(lists(&desk).iter().all(|list| list.state == "open"), "nothing is guessed");
}

#[test]
fn a_list_that_cannot_be_read_is_refused_and_leaves_nothing() {
    let desk = desk();
    for text in [
        r#"{"bomFormat": "CycloneDX", "components": ["#,
        r#"<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component><name>&a;</name></component></components></bom>"#,
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#"/>"#,
    ] {
        let view = bring(&desk, "x", text, false);
        assert!(view.error.is_some() && view.import.is_none(), "{view:?}");
    }
    assert!(lists(&desk).is_empty());
}

#[test]
fn a_product_is_proposed_and_taken_by_a_person_alone() {
    let desk = desk();
    let id = list(&desk, LIST);
    let open = one(&desk, id);
    assert_eq!((open.state.as_str(), open.product, open.use_state), ("open", None, None));
    let proposed: Vec<_> = open.proposals.iter().map(|one| one.product.family.as_str()).collect();
    assert_eq!(proposed, ["fortios"]);
    assert!(!open.proposals[0].reason.is_empty());
    assert_eq!(open.proposals[0].product.devices, 2);
    attach(&desk, id, &PartsChoice { reason: "保守会社から".into(), ..to("fortios") });
    let attached = one(&desk, id);
    let product = attached.product.unwrap();
    assert_eq!((product.name.as_str(), product.versions), ("FortiOS", vec!["7.0.5".to_owned()]));
    assert_eq!(
        (attached.state.as_str(), attached.use_state.as_deref()),
        ("attached", Some("in_use"))
    );
    let said = attached.said.unwrap();
    assert_eq!(
        (said.by.as_str(), said.reason.as_str(), said.remembered),
        ("佐藤", "保守会社から", false)
    );
    assert!(attached.proposals.is_empty());
    let of: Vec<u32> = desk
        .app
        .parts_lists_of("fortios", &book(&desk))
        .unwrap()
        .iter()
        .map(|list| list.import)
        .collect();
    assert_eq!(of, [id.0]);
    let entry = desk.app.audit(1).unwrap().remove(0);
    assert_eq!((entry.act.as_str(), entry.subject), ("parts.attach", format!("import:{id}")));
    assert_eq!(entry.detail["family"], "fortios");
}

#[test]
fn the_next_list_of_the_same_name_and_supplier_goes_to_the_same_product() {
    let desk = desk();
    let first = list(&desk, LIST);
    attach(&desk, first, &PartsChoice { release: "7.0.5 GA".into(), ..to("FortiOS") });
    assert_eq!(one(&desk, first).release.as_deref(), Some("7.0.5 GA"));
    let next = list(&desk, &LIST.replace("\"7.0.5\"", "\"7.0.6\""));
    let view = one(&desk, next);
    assert_eq!((view.state.as_str(), view.release.as_deref()), ("attached", Some("7.0.6")));
    assert!(view.said.unwrap().remembered);
    assert_eq!(view.use_state.as_deref(), Some("other"));
    let other = list(&desk, &LIST.replace("\"Fortinet\"", "\"A社\""));
    assert_eq!(one(&desk, other).state, "open", "another supplier is another product");
    // The newest word counts for all that nobody spoke of, and the word on a list itself before it.
    attach(&desk, next, &PartsChoice::default());
    assert_eq!(one(&desk, next).state, "apart");
    assert_eq!(one(&desk, first).state, "attached");
    let third = list(&desk, &LIST.replace("\"7.0.5\"", "\"7.0.7\""));
    assert_eq!(one(&desk, third).state, "apart");
    let history = desk.app.parts_list(third, &book(&desk)).unwrap().history;
    let products: Vec<_> = history.iter().map(|one| one.product.as_deref()).collect();
    assert_eq!(products, [None, Some("FortiOS")], "the newest first");
}

#[test]
fn whether_the_release_is_in_use_is_told() {
    let desk = desk();
    let nameless = LIST.replace(", \"version\": \"7.0.5\"", "");
    for (text, choice, release, expected) in [
        (LIST.to_owned(), to("FortiOS"), Some("7.0.5"), "in_use"),
        (LIST.replace("\"7.0.5\"", "\"v7.0.5\""), to("FortiOS"), Some("v7.0.5"), "in_use"),
        (LIST.replace("\"7.0.5\"", "\"7.2.0\""), to("FortiOS"), Some("7.2.0"), "other"),
        (nameless.clone(), to("FortiOS"), None, "unknown"),
    ] {
        let id = list(&desk, &text);
        if one(&desk, id).said.is_none_or(|said| said.remembered) {
            attach(&desk, id, &choice);
        }
        let view = one(&desk, id);
        assert_eq!((view.release.as_deref(), view.use_state.as_deref()), (release, Some(expected)));
    }
    let id = list(&desk, &format!("{nameless} "));
    attach(&desk, id, &PartsChoice { release: "7.0.5".into(), ..to("FortiOS") });
    assert_eq!(one(&desk, id).use_state.as_deref(), Some("in_use"), "a person named the release");
}

#[test]
fn taking_a_list_back_is_taking_its_import_back() {
    let desk = desk();
    let id = list(&desk, LIST);
    attach(&desk, id, &to("FortiOS"));
    desk.app.undo_import(id, &act()).unwrap();
    assert!(lists(&desk).is_empty());
    assert!(matches!(desk.app.parts_list(id, &book(&desk)), Err(AppError::NoPartsList(_))));
    desk.app.redo_import(id, &act()).unwrap();
    assert_eq!(one(&desk, id).state, "attached", "what was said of it stayed");
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let desk = desk();
    let id = list(&desk, LIST);
    let refused = |id, choice: &PartsChoice| desk.app.attach_parts(id, choice, &act()).unwrap_err();
    let key = |error: AppError| error.message().key.to_string();
    assert_eq!(key(refused(id, &to("PACS"))), "parts.no_own_product");
    assert_eq!(key(refused(id, &to(""))), "parts.no_own_product");
    let long = PartsChoice { reason: "あ".repeat(501), ..to("FortiOS") };
    assert_eq!(key(refused(id, &long)), "parts.text_long");
    assert_eq!(key(refused(ImportId(1), &to("FortiOS"))), "app.no_parts_list", "it is the ledger");
    assert_eq!(key(refused(ImportId(99), &to("FortiOS"))), "app.no_parts_list");
    assert_eq!(one(&desk, id).state, "open");
    attach(&desk, id, &to("FortiOS"));
    assert_eq!(key(refused(id, &to("fortios"))), "parts.said_already");
    let compared = desk.app.compare_parts(id, ImportId(1), &book(&desk));
    assert_eq!(key(compared.unwrap_err()), "app.no_parts_list");
}

#[test]
fn two_lists_are_compared_component_by_component() {
    let desk = desk();
    let old = list(&desk, LIST);
    let text = LIST
        .replace("\"version\": \"7.0.5\"", "\"version\": \"7.0.6\"")
        .replace("2.9.10", "2.9.10.7")
        .replace("Apache-2.0", "MIT")
        .replace("zlib", "zlib-ng");
    let new = list(&desk, &text);
    let view = desk.app.compare_parts(old, new, &book(&desk)).unwrap();
    assert_eq!((view.old.import, view.new.import, view.same), (old.0, new.0, 0));
    let names = |parts: &[app::PartView]| -> Vec<String> {
        parts.iter().map(|part| part.name.clone()).collect()
    };
    assert_eq!(
        (names(&view.added), names(&view.removed)),
        (vec!["zlib-ng".into()], vec!["zlib".into()])
    );
    let [change] = &view.changed[..] else { panic!("{:?}", view.changed) };
    assert_eq!((change.turn.as_deref(), change.licence_changed), (Some("up"), true));
    assert_eq!(change.old.licences, ["Apache-2.0"]);
    let same = desk.app.compare_parts(new, new, &book(&desk)).unwrap();
    assert_eq!((same.added.len(), same.removed.len(), same.changed.len(), same.same), (0, 0, 0, 2));
}

#[test]
fn a_list_that_does_not_say_what_it_is_of_is_attached_alone() {
    let desk = desk();
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [{"type": "library", "name": "zlib"}]}"#;
    let id = list(&desk, text);
    let view = one(&desk, id);
    assert_eq!((view.state.as_str(), view.proposals.len()), ("open", 0));
    assert_eq!(view.document.full_name(), "");
    assert_eq!(view.document, PartsHeadView { product: None, ..view.document.clone() });
    attach(&desk, id, &to("FortiOS"));
    let next = list(&desk, &text.replace("zlib", "bzip2"));
    assert_eq!(one(&desk, next).state, "open", "of what has no name nothing is remembered");
}
