//! CSAF 2.0 (OASIS *Common Security Advisory Framework*), profile 5, VEX (4.5).

use std::collections::BTreeMap;

use domain::{Justification, VexStatus, msg};
use engine::vex::told::{Named, Told};
use serde_json::{Map, Value, json};

use super::{ENGINE, Frame, action, digest};

/// A product under one of its names, with its id in the document.
type Ids<'t> = BTreeMap<&'t Named, Vec<String>>;

/// The name of the file (5.1) and the document.
pub(super) fn document(frame: &Frame<'_>, told: &[Told<'_>]) -> (String, Value) {
    let ids = ids(told);
    let branches: Value = ids.iter().map(|(product, ids)| branch(product, ids)).collect();
    let mut by_id: BTreeMap<&str, Vec<&Told<'_>>> = BTreeMap::new();
    told.iter().for_each(|told| by_id.entry(told.id).or_default().push(told));
    let vulnerabilities: Value =
        by_id.values().map(|told| vulnerability(frame, told, &ids)).collect();
    let mark = digest(frame, &json!([branches, vulnerabilities]));
    let id = format!("mimawari-vex-{}-{}", frame.date, mark.short());
    let document = json!({
        "document": meta(frame, &id),
        "product_tree": { "branches": branches },
        "vulnerabilities": vulnerabilities,
    });
    (format!("{id}.json"), document)
}

/// An id for each name of each product, in the order of products.
fn ids<'t>(told: &'t [Told<'_>]) -> Ids<'t> {
    let mut ids: Ids<'t> = told.iter().map(|told| (&told.product, Vec::new())).collect();
    let mut number = 0;
    for (product, ids) in &mut ids {
        for _ in 0..product.cpes.len().max(1) {
            number += 1;
            ids.push(format!("CSAFPID-{number:04}"));
        }
    }
    ids
}

/// 3.2.1, with all that every document must have (3.2.1.12). Whom it may be shown to is for the hospital to say: it names holes.
fn meta(frame: &Frame<'_>, id: &str) -> Value {
    let texts = frame.app.catalogue();
    let at = frame.at.to_string();
    let (program, version) = ENGINE;
    let summary = texts.say(&msg!("vex.csaf_summary", date = frame.date));
    json!({
        "category": "csaf_vex",
        "csaf_version": "2.0",
        "distribution": { "tlp": { "label": "AMBER" } },
        "lang": texts.language().code(),
        "title": texts.say(&msg!("vex.csaf_title", facility = frame.facility)),
        "publisher": {
            "category": "user",
            "name": frame.facility,
            "namespace": frame.namespace,
        },
        "tracking": {
            "id": id,
            "status": "final",
            "version": "1",
            "initial_release_date": at,
            "current_release_date": at,
            "revision_history": [{ "date": at, "number": "1", "summary": summary }],
            "generator": { "date": at, "engine": { "name": program, "version": version } },
        },
    })
}

/// The way to a product (3.1.2): vendor, name, version or all versions, and there one entry for each of its names.
fn branch(product: &Named, ids: &[String]) -> Value {
    let versions: Value = ids
        .iter()
        .enumerate()
        .map(|(place, id)| {
            let (category, version) = match &product.version {
                Some(version) => ("product_version", version.as_str()),
                None => ("product_version_range", ALL_VERSIONS),
            };
            json!({ "category": category, "name": version, "product": full_name(product, place, id) })
        })
        .collect();
    let named = json!({ "category": "product_name", "name": product.name, "branches": versions });
    match &product.vendor {
        Some(vendor) => json!({ "category": "vendor", "name": vendor, "branches": [named] }),
        None => named,
    }
}

/// All versions, as 3.1.2.3.2 asks for ranges to be written.
const ALL_VERSIONS: &str = "vers:all/*";

/// 3.1.3. One CPE name can be given for each entry.
fn full_name(product: &Named, place: usize, id: &str) -> Value {
    let version = product.version.as_deref().map(|version| format!(" {version}"));
    let mut helper = Map::new();
    if let Some(cpe) = product.cpes.get(place) {
        helper.insert("cpe".into(), cpe.clone().into());
    }
    if let Some(purl) = product.purl.as_ref().filter(|_| place == 0) {
        helper.insert("purl".into(), purl.clone().into());
    }
    json!({
        "name": format!("{}{}", product.name, version.unwrap_or_default()),
        "product_id": id,
        "product_identification_helper": helper,
    })
}

/// 3.2.3: number (6.1.27.8), note (6.1.27.5), status (6.1.27.7), and why it is not affected (6.1.27.9) or what is done (6.1.27.10).
fn vulnerability(frame: &Frame<'_>, told: &[&Told<'_>], ids: &Ids<'_>) -> Value {
    let mut vulnerability = Map::new();
    if let Some(first) = told.first() {
        numbers(first, &mut vulnerability);
        let text = frame.app.catalogue().say(&msg!("vex.csaf_note", id = first.id));
        vulnerability.insert("notes".into(), json!([{ "category": "general", "text": text }]));
    }
    let mut status: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    let (mut flags, mut threats, mut remediations) = (Vec::new(), Vec::new(), Vec::new());
    for told in told {
        let (decision, of) = (told.decision, ids.get(&told.product).into_iter().flatten());
        let of: Vec<&String> = of.collect();
        let at = decision.at.to_string();
        if let Some(why) = decision.justification.map(Justification::key) {
            flags.push(json!({ "label": why, "date": at, "product_ids": of }));
        }
        if !decision.impact.is_empty() {
            let details = &decision.impact;
            threats.push(
                json!({ "category": "impact", "date": at, "details": details, "product_ids": of }),
            );
        }
        if decision.status == VexStatus::Affected {
            let details = action(frame, told);
            remediations.push(json!({ "category": "mitigation", "date": at, "details": details, "product_ids": of }));
        }
        status.entry(group(decision.status)).or_default().extend(of);
    }
    vulnerability.insert("product_status".into(), json!(status));
    for (name, all) in [("flags", flags), ("threats", threats), ("remediations", remediations)] {
        if !all.is_empty() {
            vulnerability.insert(name.into(), all.into());
        }
    }
    vulnerability.into()
}

/// The group of products of a status (3.2.3.9).
fn group(status: VexStatus) -> &'static str {
    match status {
        VexStatus::Affected => "known_affected",
        VexStatus::Fixed => "fixed",
        VexStatus::NotAffected => "known_not_affected",
        VexStatus::UnderInvestigation => "under_investigation",
    }
}

/// The CVE number (3.2.3.2), and all others with the system they are of (3.2.3.5): what stands before their first hyphen.
fn numbers(told: &Told<'_>, into: &mut Map<String, Value>) {
    let mut others: Vec<&str> = told.aliases.clone();
    match is_cve(told.id) {
        true => {
            into.insert("cve".into(), told.id.into());
        }
        false => others.insert(0, told.id),
    }
    if !others.is_empty() {
        let system = |id: &str| {
            id.split('-').next().filter(|system| !system.is_empty()).unwrap_or(id).to_owned()
        };
        let ids = others.iter().map(|id| json!({ "system_name": system(id), "text": id }));
        into.insert("ids".into(), ids.collect());
    }
}

/// `CVE-`, a year and four digits or more.
fn is_cve(id: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| {
        year.len() == 4 && number.len() >= 4 && is_number(year) && is_number(number)
    })
}
