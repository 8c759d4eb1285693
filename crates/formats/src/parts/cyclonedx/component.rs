//! `component` (ECMA-424): its fields, and what the specification asks of them.

use domain::{Component, ComponentKind, msg};

use super::licence;
use crate::parts::names::{is_cpe, is_purl};
use crate::parts::node::Fields;
use crate::parts::told::Told;

/// Kinds of components: the word, since which version it is known (the number behind `1.`), and ours.
const KINDS: &[(&str, u8, ComponentKind)] = &[
    ("application", 0, ComponentKind::Application),
    ("container", 2, ComponentKind::Container),
    ("cryptographic-asset", 6, ComponentKind::Other),
    ("data", 5, ComponentKind::Other),
    ("device", 0, ComponentKind::Device),
    ("device-driver", 5, ComponentKind::DeviceDriver),
    ("file", 1, ComponentKind::File),
    ("firmware", 2, ComponentKind::Firmware),
    ("framework", 0, ComponentKind::Framework),
    ("library", 0, ComponentKind::Library),
    ("machine-learning-model", 5, ComponentKind::Other),
    ("operating-system", 0, ComponentKind::OperatingSystem),
    ("platform", 5, ComponentKind::Platform),
];

/// Algorithms of digests (`hash-alg`).
const ALGORITHMS: &[&str] = &[
    "BLAKE2b-256",
    "BLAKE2b-384",
    "BLAKE2b-512",
    "BLAKE3",
    "MD5",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "Streebog-256",
    "Streebog-512",
];

/// Reads a component. `minor` is the version of the specification.
pub(super) fn read(
    fields: Fields<'_>,
    inside: Option<&str>,
    minor: u8,
    told: &mut Told,
) -> Component {
    fields.check_twice(told);
    let name = fields.required("name", told).unwrap_or_default();
    let mut component = Component::new(told.place(), name);
    if name.is_empty() {
        told.say(msg!("parts.no_name"));
    }
    component.kind = kind(fields, minor, told);
    component.reference = fields.owned("bom-ref", told);
    if component.reference.is_none() && fields.has("bom-ref") {
        told.wrong_value("bom-ref", "");
    }
    component.version = fields.owned("version", told);
    // A version may be left out since 1.4.
    if minor < 4 && !fields.has("version") {
        told.missing("version");
    }
    component.group = fields.owned("group", told);
    component.supplier = supplier(fields, told);
    component.purls = named(fields, "purl", told);
    component.cpes = named(fields, "cpe", told);
    component.swid = swid(fields, told);
    component.licences = licence::read(fields, minor, told);
    component.hashes = hashes(fields, told);
    component.end_of_support = end_of_support(fields, told);
    component.inside = inside.map(str::to_owned);
    scope(fields, told);
    component
}

fn kind(fields: Fields<'_>, minor: u8, told: &mut Told) -> ComponentKind {
    let Some(word) = fields.required("type", told) else { return ComponentKind::Library };
    let known = KINDS.iter().find(|(known, _, _)| *known == word);
    if known.is_none_or(|(_, since, _)| *since > minor) {
        told.wrong_value("type", word);
    }
    known.map_or(ComponentKind::Library, |(_, _, kind)| *kind)
}

fn supplier(fields: Fields<'_>, told: &mut Told) -> Option<String> {
    for field in ["supplier", "manufacturer"] {
        let organisation = fields.map(field, told);
        if let Some(name) = organisation.and_then(|one| one.owned("name", told)) {
            return Some(name);
        }
    }
    let text = fields.owned("publisher", told).or_else(|| fields.owned("author", told));
    if text.is_some() {
        return text;
    }
    let authors = fields.maps("authors", told);
    authors.into_iter().find_map(|author| author.owned("name", told))
}

/// The package URL or the CPE name. One that is none is told, and kept as it is written.
fn named(fields: Fields<'_>, field: &'static str, told: &mut Told) -> Vec<String> {
    let name = fields.owned(field, told);
    match &name {
        Some(purl) if field == "purl" && !is_purl(purl) => told.no_purl(purl),
        Some(cpe) if field == "cpe" && !is_cpe(cpe) => told.no_cpe(cpe),
        _ => {}
    }
    name.into_iter().collect()
}

fn swid(fields: Fields<'_>, told: &mut Told) -> Option<String> {
    let swid = fields.map("swid", told)?;
    swid.required("name", told);
    swid.required("tagId", told).map(str::to_owned)
}

fn hashes(fields: Fields<'_>, told: &mut Told) -> Vec<(String, String)> {
    let mut hashes = Vec::new();
    for hash in fields.maps("hashes", told) {
        let algorithm = hash.required("alg", told).unwrap_or_default();
        let digest = hash.text("content", told).unwrap_or_default();
        if !ALGORITHMS.contains(&algorithm) {
            told.wrong_value("alg", algorithm);
        }
        if !is_digest(digest) {
            told.wrong_value("hashes", digest);
        }
        hashes.push((algorithm.to_owned(), digest.to_owned()));
    }
    hashes
}

/// 32, 40, 64, 96 or 128 hexadecimal digits (`hash-content`).
fn is_digest(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 64 | 96 | 128) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn scope(fields: Fields<'_>, told: &mut Told) {
    if let Some(scope) = fields.text("scope", told)
        && !matches!(scope, "required" | "optional" | "excluded")
    {
        told.wrong_value("scope", scope);
    }
}

/// The property that says when support ends. CycloneDX has no field for it: makers write `End-of-Support`, as the FDA asks of them
/// (*Cybersecurity in Medical Devices*, 2023, V.A.4), or the taxonomy's `cdx:lifecycle:milestone:endOfSupport`.
fn end_of_support(fields: Fields<'_>, told: &mut Told) -> Option<String> {
    if !fields.has("properties") {
        return None;
    }
    let properties = fields.maps("properties", told);
    let ends = |name: &str| {
        let last = name.rsplit(':').next().unwrap_or_default();
        let letters = last.chars().filter(char::is_ascii_alphanumeric);
        let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).take(32).collect();
        matches!(plain.as_str(), "endofsupport" | "endofsupportdate" | "eos" | "eosdate")
    };
    let found = properties.into_iter().find(|one| one.text("name", told).is_some_and(ends))?;
    found.owned("value", told).or_else(|| found.owned("content", told))
}
