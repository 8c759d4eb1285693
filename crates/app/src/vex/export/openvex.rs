//! OpenVEX 0.2.0 (<https://github.com/openvex/spec>, `OPENVEX-SPEC.md`).

use domain::{Justification, VexStatus};
use engine::vex::told::{Named, Told};
use serde_json::{Map, Value, json};

use super::{ENGINE, Frame, action, digest, uuid};

/// The name of the file and the document ("Document Struct").
pub(super) fn document(frame: &Frame<'_>, told: &[Told<'_>]) -> (String, Value) {
    let statements: Value = told.iter().map(|told| statement(frame, told)).collect();
    let id = uuid(&digest(frame, &statements));
    let short = id.rsplit('-').next().unwrap_or_default();
    let name = format!("mimawari-vex-{}-{short}.openvex.json", frame.date);
    let (program, version) = ENGINE;
    let document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": id,
        "author": frame.facility,
        "timestamp": frame.at.to_string(),
        "version": 1,
        "tooling": format!("{program} {version}"),
        "statements": statements,
    });
    (name, document)
}

/// A statement ("Statement Fields"): a reason or an impact with `not_affected`, an action with `affected`.
fn statement(frame: &Frame<'_>, told: &Told<'_>) -> Value {
    let decision = told.decision;
    let mut vulnerability = Map::new();
    vulnerability.insert("name".into(), told.id.into());
    if !told.aliases.is_empty() {
        vulnerability.insert("aliases".into(), told.aliases.clone().into());
    }
    let mut statement = Map::new();
    statement.insert("vulnerability".into(), vulnerability.into());
    statement.insert("timestamp".into(), decision.at.to_string().into());
    statement.insert("products".into(), products(&told.product));
    statement.insert("status".into(), decision.status.key().into());
    if let Some(why) = decision.justification.map(Justification::key) {
        statement.insert("justification".into(), why.into());
    }
    if !decision.impact.is_empty() {
        statement.insert("impact_statement".into(), decision.impact.clone().into());
    }
    if decision.status == VexStatus::Affected {
        statement.insert("action_statement".into(), action(frame, told).into());
        statement.insert("action_statement_timestamp".into(), decision.at.to_string().into());
    }
    statement.into()
}

/// The product under each of its names: an identifier of each kind can be given once.
fn products(product: &Named) -> Value {
    let purl = product.purl.as_ref().map(|purl| json!({ "identifiers": { "purl": purl } }));
    let cpes = product.cpes.iter().map(|cpe| json!({ "identifiers": { "cpe23": cpe } }));
    purl.into_iter().chain(cpes).collect()
}
