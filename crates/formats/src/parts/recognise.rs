//! Which notation and format a document is, by its content alone.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};
use memchr::memmem;

use super::xml;
use crate::reading::Score;
use crate::text::HEAD_BYTES;

/// Notations of parts lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    CycloneDxJson,
    CycloneDxXml,
    SpdxJson,
    SpdxTagValue,
    SpdxYaml,
    SpdxXml,
    /// RDF/XML, which is known and refused.
    SpdxRdf,
    Spdx3Json,
}

impl Kind {
    /// Those that are read.
    pub(super) const ALL: [Self; 7] = [
        Self::CycloneDxJson,
        Self::CycloneDxXml,
        Self::SpdxJson,
        Self::SpdxTagValue,
        Self::SpdxYaml,
        Self::SpdxXml,
        Self::Spdx3Json,
    ];

    /// What a reading of it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CycloneDxJson => "cyclonedx-json",
            Self::CycloneDxXml => "cyclonedx-xml",
            Self::SpdxJson => "spdx-json",
            Self::SpdxTagValue => "spdx-tag-value",
            Self::SpdxYaml => "spdx-yaml",
            Self::SpdxXml => "spdx-xml",
            Self::SpdxRdf => "spdx-rdf",
            Self::Spdx3Json => "spdx3-json",
        }
    }
}

/// How sure it is that the bytes are a parts list.
pub fn recognise(bytes: &[u8]) -> Score {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let text: Cow<'_, str> = match head {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        // Some tools sort the fields: the one that tells may stand at the end.
        _ => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    if kind(&text).is_some() { Score::Certain } else { Score::No }
}

/// Which kind a text is, where it is one.
pub(super) fn kind(text: &str) -> Option<Kind> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    match start.as_bytes().first()? {
        b'{' => json_kind(text),
        b'<' => xml_kind(text),
        _ => line_kind(start),
    }
}

fn has(text: &str, needle: &str) -> bool {
    memmem::find(text.as_bytes(), needle.as_bytes()).is_some()
}

fn json_kind(text: &str) -> Option<Kind> {
    if has(text, "\"bomFormat\"") {
        return Some(Kind::CycloneDxJson);
    }
    if has(text, "\"spdxVersion\"") {
        return Some(Kind::SpdxJson);
    }
    let is_graph = has(text, "\"@graph\"") && has(text, "spdx.org/rdf/3.");
    if is_graph {
        return Some(Kind::Spdx3Json);
    }
    // A list that forgot its mark; others may speak of the schema too.
    let is_schema = has(text, "cyclonedx.org/schema/bom-") && has(text, "\"specVersion\"");
    is_schema.then_some(Kind::CycloneDxJson)
}

fn xml_kind(text: &str) -> Option<Kind> {
    let head = text.get(..text.floor_char_boundary(HEAD_BYTES)).unwrap_or(text);
    let root = xml::root(head)?;
    match root.name.as_str() {
        "bom" if root.namespace.contains("cyclonedx.org/schema/bom") => Some(Kind::CycloneDxXml),
        "Document" if has(text, "<spdxVersion>") => Some(Kind::SpdxXml),
        "RDF" if has(text, "spdx.org/rdf/terms") => Some(Kind::SpdxRdf),
        _ => None,
    }
}

/// A line that begins with the tag of the version, at the beginning of the text or after the end of another line.
fn line_kind(start: &str) -> Option<Kind> {
    let has_line = |tag: &str| {
        start.starts_with(tag)
            || memmem::find_iter(start.as_bytes(), tag.as_bytes())
                .filter_map(|at| start.as_bytes().get(at.checked_sub(1)?))
                .take(64)
                .any(|before| matches!(before, b'\n' | b'\r'))
    };
    if has_line("SPDXVersion:") {
        return Some(Kind::SpdxTagValue);
    }
    let yaml = ["spdxVersion:", "\"spdxVersion\":", "'spdxVersion':"];
    yaml.into_iter().any(has_line).then_some(Kind::SpdxYaml)
}

/// The version of CycloneDX that a document says it keeps to: rules differ, and `specVersion` may stand behind what they are for.
pub(super) fn cyclonedx_version(kind: Kind, text: &str) -> Option<String> {
    if kind == Kind::CycloneDxXml {
        let head = text.get(..text.floor_char_boundary(HEAD_BYTES)).unwrap_or(text);
        return Some(xml::root(head)?.namespace.rsplit('/').next()?.to_owned());
    }
    let field = "\"specVersion\"";
    // The word may stand as a value before it stands as a field.
    let mut found = memmem::find_iter(text.as_bytes(), field.as_bytes()).take(64);
    found.find_map(|at| {
        let rest = text.get(at + field.len()..)?.trim_start().strip_prefix(':')?;
        let value = rest.trim_start().strip_prefix('"')?;
        let end = value.bytes().take(8).position(|byte| byte == b'"')?;
        Some(value.get(..end)?.to_owned())
    })
}
