//! The hospital's decisions as documents for others: what stands in them, what never does, and that they read back.

use std::collections::BTreeSet;
use std::io::Cursor;

use app::{VexChoice, VexDocument, VexFormat, VexOrder};
use domain::advisory::{Advisory, Justification, Versions, VexStatus};
use domain::{FeedRecord, RemedyKind, VexScope};
use jiff::civil::date;

use super::vex::{
    LEDGER, TODAY, affected, decide, demo, desk, fixed, investigated, ledger, not_affected,
};
use super::*;

fn order(format: VexFormat) -> VexOrder {
    VexOrder { format, date: TODAY, namespace: None, publisher: None }
}

fn exported(desk: &Desk, format: VexFormat) -> VexDocument {
    desk.app.export_vex(&order(format)).unwrap()
}

fn refused(desk: &Desk, order: &VexOrder) -> String {
    desk.app.export_vex(order).unwrap_err().message().key.into_owned()
}

/// A hospital that decided each of the four.
fn decided() -> Desk {
    let desk = desk();
    let more = format!("{LEDGER}4,VPN装置,VPN-04,10.1.1.4,FortiOS,7.0.4\n");
    ledger(&more, &desk);
    decide(&desk, &not_affected());
    let of = |id: &str, choice: VexChoice| {
        decide(&desk, &VexChoice { vulnerability: id.to_owned(), ..choice });
    };
    of("CVE-2022-42475", affected());
    of("CVE-2022-40684", investigated());
    of("CVE-2022-40684", VexChoice { product: "FortiOS 7.0.4".to_owned(), ..fixed() });
    desk
}

/// What our own reader makes of a document; it must find nothing wrong with it.
fn read(document: &VexDocument) -> Vec<Advisory> {
    let mut advisories = Vec::new();
    let mut sink = |record| match record {
        FeedRecord::Advisory(advisory) => advisories.push(*advisory),
        other => panic!("{other:?}"),
    };
    let reading =
        formats::feeds::read(Cursor::new(document.text().into_bytes()), "vex", &mut sink).unwrap();
    assert_eq!((reading.refused_count, reading.warnings), (0, Vec::new()));
    advisories
}

/// Each claim as vulnerability, status, CPE name, version, justification and note.
fn claims(advisories: &[Advisory]) -> BTreeSet<String> {
    let mut claims = BTreeSet::new();
    for advisory in advisories {
        for claim in &advisory.claims {
            let versions = match &claim.versions {
                Versions::All => "all".to_owned(),
                Versions::These(set) => set.listed.join(","),
                other => format!("{other:?}"),
            };
            let why = claim.justification.map(Justification::key).unwrap_or_default();
            let note = claim.note.as_deref().unwrap_or_default();
            let cpe = claim.product.cpes.join(",");
            let status = claim.status.key();
            claims.insert(format!("{} {status} {cpe} {versions} {why} {note}", advisory.id));
        }
    }
    claims
}

fn cpe(version: &str) -> String {
    format!("cpe:2.3:o:fortinet:fortios:{version}:*:*:*:*:*:*:*")
}

#[test]
fn both_documents_read_back_with_the_same_meaning() {
    let desk = decided();
    let expected = BTreeSet::from([
        format!(
            "CVE-2024-21762 not_affected {} 7.0.5 vulnerable_code_not_in_execute_path SSL-VPN is switched off.",
            cpe("7.0.5")
        ),
        format!("CVE-2022-42475 affected {} 7.0.5  ", cpe("7.0.5")),
        format!("CVE-2022-40684 under_investigation {} 7.0.5  ", cpe("7.0.5")),
        format!("CVE-2022-40684 fixed {} 7.0.4  ", cpe("7.0.4")),
    ]);
    for format in VexFormat::ALL {
        let document = exported(&desk, format);
        assert_eq!((document.statements, document.left_out), (4, 0));
        let advisories = read(&document);
        assert_eq!(claims(&advisories), expected, "{}", format.key());
        assert!(advisories.iter().all(|one| one.publisher.as_deref() == Some("みなと中央病院")));
        let remedies: Vec<_> = advisories.iter().flat_map(|one| &one.remedies).collect();
        let [remedy] = &remedies[..] else { panic!("{remedies:?}") };
        assert_eq!(remedy.kind, RemedyKind::Mitigation);
        assert!(remedy.text.starts_with("The firewall lets nobody in. (controls: "), "{remedy:?}");
    }
}

#[test]
fn another_hospital_judges_by_them_as_this_one_decided() {
    for format in VexFormat::ALL {
        let document = exported(&decided(), format);
        let other = desk();
        let read = other.import_one(&document.name, document.text());
        assert_eq!((read.error, read.format.as_deref()), (None, Some(format.key())));
        let book = other.app.weaknesses(TODAY).unwrap();
        let said = |id: &str| {
            let page = other.app.vulnerability(&book, id).unwrap().unwrap();
            let of = page.products.into_iter().find(|one| one.mark == "fortios 7.0.5").unwrap();
            let own = of.statements.into_iter().find(|said| said.feed == format.key()).unwrap();
            (own.status, own.confidence)
        };
        for (id, status) in [
            ("CVE-2024-21762", "not_affected"),
            ("CVE-2022-42475", "affected"),
            ("CVE-2022-40684", "under_investigation"),
        ] {
            assert_eq!(said(id), (status.to_owned(), "exact".to_owned()), "{id}");
        }
    }
}

#[test]
fn a_decision_for_all_versions_is_told_of_all_versions() {
    let of_all = VexChoice { scope: VexScope::Product, ..not_affected() };
    for format in VexFormat::ALL {
        let desk = desk();
        decide(&desk, &of_all);
        let advisories = read(&exported(&desk, format));
        let claim = &advisories[0].claims[0];
        assert_eq!((&claim.versions, claim.product.cpes.clone()), (&Versions::All, vec![cpe("*")]));
        // Where a newer word speaks of one version, each version is told by itself.
        ledger(&format!("{LEDGER}4,VPN装置,VPN-04,10.1.1.4,FortiOS,7.0.4\n"), &desk);
        decide(&desk, &VexChoice { product: "fortios 7.0.4".to_owned(), ..fixed() });
        let told = claims(&read(&exported(&desk, format)));
        let starts: Vec<String> =
            told.iter().map(|claim| claim.split(" cpe").next().unwrap().to_owned()).collect();
        assert_eq!(starts, ["CVE-2024-21762 fixed", "CVE-2024-21762 not_affected"]);
        assert!(told.iter().all(|claim| !claim.contains(" all ")), "{told:?}");
    }
}

#[test]
fn nothing_of_people_reasons_and_devices_goes_out() {
    let desk = decided();
    for format in VexFormat::ALL {
        let text = exported(&desk, format).text();
        for secret in ["佐藤", "The vendor answered", "VPN-0", "10.1.1.", "vendor_answer"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn the_same_decisions_on_the_same_day_give_the_same_bytes() {
    let desk = decided();
    for format in VexFormat::ALL {
        let one = exported(&desk, format);
        assert_eq!(one, exported(&desk, format));
        let later = VexOrder { date: date(2026, 11, 21), ..order(format) };
        let later = desk.app.export_vex(&later).unwrap();
        assert_ne!((&one.name, one.text()), (&later.name, later.text()), "it says another day");
    }
}

#[test]
fn what_does_not_hold_or_holds_in_part_is_left_out() {
    let desk = desk();
    for (choice, date, expected) in [
        (VexChoice { devices: vec!["VPN-01".to_owned()], ..fixed() }, TODAY, "1"),
        (affected(), date(2026, 12, 2), "0"),
    ] {
        decide(&desk, &choice);
        for format in VexFormat::ALL {
            let error = desk.app.export_vex(&VexOrder { date, ..order(format) }).unwrap_err();
            let message = error.message();
            assert_eq!(message.key, "app.vex_nothing");
            assert!(format!("{:?}", message.args).contains(expected), "{message:?}");
        }
        // Taken back, it leaves nothing either.
        let last = desk.app.vex_decisions(TODAY).unwrap().iter().map(|one| one.number).max();
        desk.app.take_back_vex(last.unwrap(), "no", &act()).unwrap();
        assert_eq!(refused(&desk, &order(VexFormat::Csaf)), "app.vex_nothing");
    }
}

#[test]
fn who_publishes_must_be_known() {
    let desk = Desk::new();
    ledger(LEDGER, &desk);
    desk.import_paths(&[demo("nvd-fortios.json")]);
    decide(&desk, &fixed());
    assert_eq!(refused(&desk, &order(VexFormat::OpenVex)), "app.vex_no_publisher");
    desk.app.set_facility_name("みなと中央病院", &act()).unwrap();
    for wrong in ["hospital", "https://", "ftp://a", "https://a b", "javascript:x"] {
        let order = VexOrder { namespace: Some(wrong.to_owned()), ..order(VexFormat::Csaf) };
        assert_eq!(refused(&desk, &order), "app.vex_namespace", "{wrong}");
    }
    let own = "https://www.example-hospital.jp";
    let order = VexOrder { namespace: Some(own.to_owned()), ..order(VexFormat::Csaf) };
    let document = desk.app.export_vex(&order).unwrap().document;
    assert_eq!(document["document"]["publisher"]["namespace"], own);
}

/// The keys of OpenVEX 0.2.0 (`OPENVEX-SPEC.md` of openvex/spec), and no others. Its JSON schema asks for the same but in two places, where
/// it contradicts the text: `docs/model/vex-decision.md`.
#[test]
fn an_openvex_document_has_what_its_schema_asks_for() {
    let document = exported(&decided(), VexFormat::OpenVex).document;
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let all = ["@context", "@id", "author", "statements", "timestamp", "tooling", "version"];
    assert_eq!(keys(&document), all);
    assert_eq!(document["@context"], "https://openvex.dev/ns/v0.2.0");
    assert!(document["@id"].as_str().unwrap().starts_with("urn:uuid:"));
    assert!(document["version"].as_u64() >= Some(1));
    let known = BTreeSet::from([
        "action_statement",
        "action_statement_timestamp",
        "impact_statement",
        "justification",
        "products",
        "status",
        "timestamp",
        "vulnerability",
    ]);
    for statement in document["statements"].as_array().unwrap() {
        assert!(keys(statement).iter().all(|key| known.contains(key.as_str())), "{statement}");
        assert!(statement["vulnerability"]["name"].is_string());
        let status = VexStatus::from_key(statement["status"].as_str().unwrap()).unwrap();
        assert_eq!(statement["justification"].is_string(), status == VexStatus::NotAffected);
        assert_eq!(statement["action_statement"].is_string(), status == VexStatus::Affected);
        for product in statement["products"].as_array().unwrap() {
            assert_eq!(keys(product), ["identifiers"]);
            let of = &product["identifiers"];
            assert!(of["purl"].is_string() || of["cpe23"].is_string(), "{product}");
        }
    }
}

/// What CSAF 2.0 asks of every document (3.2.1.12, 3.2.2) and of those of the profile VEX (4.5, 6.1.27.4 to 6.1.27.11). That ids are
/// defined and statuses do not contradict one another is what our own reader looks at.
#[test]
fn a_csaf_document_has_what_its_profile_asks_for() {
    let VexDocument { document, name, .. } = exported(&decided(), VexFormat::Csaf);
    let meta = &document["document"];
    assert_eq!((&meta["category"], &meta["csaf_version"]), (&"csaf_vex".into(), &"2.0".into()));
    assert!(["title", "lang"].iter().all(|key| meta[key].is_string()), "{meta}");
    let publisher = &meta["publisher"];
    assert_eq!(publisher["category"], "user");
    assert!(publisher["namespace"].as_str().unwrap().starts_with("urn:uuid:"));
    let tracking = &meta["tracking"];
    let id = tracking["id"].as_str().unwrap();
    assert_eq!(name, format!("{id}.json"), "5.1");
    assert!(
        id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    );
    assert_eq!((&tracking["status"], &tracking["version"]), (&"final".into(), &"1".into()));
    let revision = &tracking["revision_history"][0];
    assert_eq!(revision["number"], tracking["version"], "6.1.16");
    for date in ["initial_release_date", "current_release_date"] {
        assert_eq!(revision["date"], tracking[date], "6.2.5, 6.2.6");
        assert!(tracking[date].as_str().unwrap().parse::<Timestamp>().is_ok());
    }
    assert!(!document["product_tree"]["branches"].as_array().unwrap().is_empty(), "6.1.27.4");
    let vulnerabilities = document["vulnerabilities"].as_array().unwrap();
    assert_eq!(vulnerabilities.len(), 3, "6.1.27.11, 6.1.23: one for each number");
    for vulnerability in vulnerabilities {
        assert!(!vulnerability["notes"].as_array().unwrap().is_empty(), "6.1.27.5");
        assert!(vulnerability["cve"].is_string(), "6.1.27.8");
        let status = vulnerability["product_status"].as_object().unwrap();
        assert!(!status.is_empty(), "6.1.27.7");
        assert!(status.values().all(|ids| !ids.as_array().unwrap().is_empty()));
        let needs = |group: &str, key: &str| {
            assert_eq!(status.contains_key(group), vulnerability[key].is_array(), "{key}");
        };
        needs("known_not_affected", "flags");
        needs("known_affected", "remediations");
    }
}
