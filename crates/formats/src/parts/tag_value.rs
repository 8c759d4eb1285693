//! Tag-value (SPDX 2.3, clause 6): lines of `Tag: value`, in which a tag begins the package that the next ones speak of.

use std::borrow::Cow;

use super::Break;
use super::node::{Entry, Node, Sink};

/// The fields of JSON that stand behind a tag of a package: tag, field.
const PACKAGE: &[(&str, &str)] = &[
    ("SPDXID", "SPDXID"),
    ("PackageVersion", "versionInfo"),
    ("PackageFileName", "packageFileName"),
    ("PackageSupplier", "supplier"),
    ("PackageOriginator", "originator"),
    ("PackageDownloadLocation", "downloadLocation"),
    ("PackageLicenseConcluded", "licenseConcluded"),
    ("PackageLicenseDeclared", "licenseDeclared"),
    ("PrimaryPackagePurpose", "primaryPackagePurpose"),
    ("ValidUntilDate", "validUntilDate"),
];

/// The same of the document.
const DOCUMENT: &[(&str, &str)] = &[
    ("SPDXVersion", "spdxVersion"),
    ("DataLicense", "dataLicense"),
    ("DocumentName", "name"),
    ("DocumentNamespace", "documentNamespace"),
    ("SPDXID", "SPDXID"),
];

/// Tags that begin something, and the field of JSON it stands in; none where nothing of it is read.
const BEGINNINGS: &[(&str, Option<&str>)] = &[
    ("PackageName", Some("packages")),
    ("FileName", Some("files")),
    ("SnippetSPDXID", Some("snippets")),
    ("SnippetSPDXIdentifier", Some("snippets")),
    ("LicenseID", None),
    ("Reviewer", None),
];

/// What the next lines speak of.
#[derive(Default)]
struct Open<'t> {
    /// The field of JSON it stands in; empty for the document.
    field: Option<&'static str>,
    entries: Vec<Entry<'t>>,
    begun: bool,
}

/// Gives the document's fields, packages, files and relationships to `sink`.
pub(super) fn walk<S: Sink>(text: &str, sink: &mut S) -> Result<(), Break> {
    let mut open = Open::default();
    let mut creation: Vec<Entry<'_>> = Vec::new();
    let mut rest = text;
    while let Some((tag, value, after)) = next(rest) {
        rest = after;
        if let Some((_, field)) = BEGINNINGS.iter().find(|(beginning, _)| *beginning == tag) {
            open.give(sink);
            let name = if tag.starts_with("Snippet") { "SPDXID" } else { "name" };
            open = Open { field: *field, entries: vec![entry(name, value)], begun: true };
        } else if tag == "Relationship" {
            relationship(value, sink);
        } else if tag == "Creator" || tag == "Created" {
            creation.push(entry(if tag == "Creator" { "creators" } else { "created" }, value));
        } else {
            open.take(tag, value, sink);
        }
        if sink.is_full() {
            return Err(Break::Large);
        }
    }
    open.give(sink);
    sink.take("creationInfo", &Node::Map(creation));
    Ok(())
}

impl<'t> Open<'t> {
    fn take<S: Sink>(&mut self, tag: &str, value: &'t str, sink: &mut S) {
        let of = |table: &[(&str, &'static str)]| {
            table.iter().find(|(known, _)| *known == tag).map(|(_, field)| *field)
        };
        if !self.begun {
            if let Some(field) = of(DOCUMENT) {
                sink.take(field, &Node::Text(Cow::Borrowed(value)));
            }
            return;
        }
        match tag {
            "PackageChecksum" => self.entries.extend(checksum(value)),
            "ExternalRef" => self.entries.extend(reference(value)),
            _ => self.entries.extend(of(PACKAGE).map(|field| entry(field, value))),
        }
    }

    fn give<S: Sink>(&mut self, sink: &mut S) {
        if let Some(field) = self.field.take() {
            sink.take(field, &Node::Map(std::mem::take(&mut self.entries)));
        }
    }
}

fn entry<'t>(field: &'static str, value: &'t str) -> Entry<'t> {
    (Cow::Borrowed(field), Node::Text(Cow::Borrowed(value)))
}

/// `SHA1: 85ed…` (7.10).
fn checksum(value: &str) -> Option<Entry<'_>> {
    let (algorithm, digest) = value.split_once(':')?;
    let parts = vec![entry("algorithm", algorithm.trim()), entry("checksumValue", digest.trim())];
    Some((Cow::Borrowed("checksums"), Node::Map(parts)))
}

/// `PACKAGE-MANAGER purl pkg:…` (7.21).
fn reference(value: &str) -> Option<Entry<'_>> {
    let (_, rest) = value.split_once(char::is_whitespace)?;
    let (kind, locator) = rest.trim_start().split_once(char::is_whitespace)?;
    let parts = vec![entry("referenceType", kind), entry("referenceLocator", locator.trim())];
    Some((Cow::Borrowed("externalRefs"), Node::Map(parts)))
}

/// `SPDXRef-A DEPENDS_ON SPDXRef-B` (11.1).
fn relationship<S: Sink>(value: &str, sink: &mut S) {
    let mut words = value.split_whitespace();
    let mut word = || words.next().unwrap_or_default();
    let parts = vec![
        entry("spdxElementId", word()),
        entry("relationshipType", word()),
        entry("relatedSpdxElement", word()),
    ];
    sink.take("relationships", &Node::Map(parts));
}

/// The next tag, its value, and what follows. A value in `<text>` may have many lines (6.1); comments begin with `#`.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let after = after.get(1..).unwrap_or_default();
        let found = line.split_once(':').filter(|(tag, _)| is_tag(tag.trim()));
        let Some((tag, value)) = found else {
            rest = after;
            continue;
        };
        if !value.trim_start().starts_with("<text>") {
            return Some((tag.trim(), value.trim(), after));
        }
        let from = rest.split_once("<text>").map_or("", |(_, from)| from);
        let (value, after) = from.split_once("</text>").unwrap_or((from, ""));
        return Some((tag.trim(), value.trim(), after));
    }
    None
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
