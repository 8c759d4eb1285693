//! Parts lists (部品表, SBOM): CycloneDX 1.0 to 1.7 in JSON and XML; SPDX 2.0 to 2.3 in JSON, XML, YAML and tag-value; SPDX 3.0 in
//! JSON-LD.
//!
//! A notation gives pieces (`json`, `xml`, `yaml`, `tag_value`), a reader makes components of them (`cyclonedx`, `spdx`), and what the
//! document does wrong is told, never a reason to lose what it does right.

mod bounds;
mod cyclonedx;
mod document;
mod graph;
mod json;
mod names;
mod node;
mod recognise;
mod spdx;
mod tag_value;
mod told;
mod xml;
mod yaml;

use domain::{Advisory, PartsFormat, PartsList, Place, Warning, msg};

pub use self::document::{PartsHead, reading_of};
pub use self::recognise::recognise;

use self::node::Shape;
use self::recognise::Kind;
use crate::reading::{Input, Refusal};
use crate::text::{self, Text, excerpt};

/// The largest document that is read, in bytes: 128 MiB are half a million components.
pub const MAX_BYTES: usize = 128 << 20;

/// How many components of a document are read.
pub const MAX_COMPONENTS: u32 = 500_000;

/// What a parts list may be read as.
pub const KINDS: [&str; 7] = [
    "cyclonedx-json",
    "cyclonedx-xml",
    "spdx-json",
    "spdx-tag-value",
    "spdx-yaml",
    "spdx-xml",
    "spdx3-json",
];

/// Everything that was found in one parts list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsReading {
    /// What it was read as: `cyclonedx-json`, `cyclonedx-xml`, `spdx-json`, `spdx-tag-value`, `spdx-yaml`, `spdx-xml`, `spdx3-json`.
    pub kind: &'static str,
    /// The list.
    pub list: PartsList,
    /// What it says of vulnerabilities: the VEX inside a CycloneDX document. It holds for the product of this list, and is no word
    /// on the same component elsewhere.
    pub advisories: Vec<Advisory>,
    /// Services that the product calls (CycloneDX), which are no components.
    pub services: u32,
    /// Files and snippets (SPDX), which are no components.
    pub files: u32,
    /// What a person should know, in the order of reading. The place is the number of the component, or of the entry of a named list;
    /// what the text itself is wrong in has its line.
    pub warnings: Vec<Warning>,
}

impl PartsReading {
    /// Where the document does not keep to its specification.
    pub fn faults(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.iter().filter(|warning| warning.message.key.starts_with(told::FAULT))
    }

    /// Whether the document keeps to its specification, as far as this reader looks: not at every field of the published schemas,
    /// but at those it reads.
    pub fn conforms(&self) -> bool {
        self.faults().next().is_none()
    }
}

/// Why a notation could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    /// The text is cut short, or broken.
    Syntax { line: u32 },
    /// It declares entities.
    Entities,
    /// Too many things stand in one another.
    Deep,
    /// It holds more than is kept.
    Large,
    /// It uses a part of YAML that is not read.
    Yaml { line: u32, what: &'static str },
}

/// Reads a parts list.
///
/// # Errors
///
/// A refusal where it is none that is known, is hostile or too large, or breaks off before its first component.
pub fn read(input: &Input<'_>) -> Result<PartsReading, Refusal> {
    if input.bytes.len() > MAX_BYTES {
        return Err(too_large(excerpt(input.name)));
    }
    read_text(input, &text::decode(input.bytes)?)
}

/// Whether `text` is a parts list of a notation that is known, be it one that is refused.
pub fn is_parts_list(text: &Text<'_>) -> bool {
    recognise::kind(&text.body).is_some()
}

/// Reads a parts list that is decoded already.
///
/// # Errors
///
/// As [`read`].
pub fn read_text(input: &Input<'_>, text: &Text<'_>) -> Result<PartsReading, Refusal> {
    let file = || excerpt(input.name);
    if input.bytes.len() > MAX_BYTES {
        return Err(too_large(file()));
    }
    let Some(kind) = recognise::kind(&text.body) else {
        return Err(Refusal { message: msg!("parts.refused_unknown", file = file()) });
    };
    if kind == Kind::SpdxRdf {
        return Err(Refusal { message: msg!("parts.refused_rdf", file = file()) });
    }
    let (mut reading, walked) = read_as(kind, &text.body);
    if let Err(fault) = walked {
        judge(fault, &mut reading, file())?;
    }
    reading.warnings.splice(0..0, text.warnings.iter().cloned());
    Ok(reading)
}

fn read_as(kind: Kind, text: &str) -> (PartsReading, Result<(), Break>) {
    let name = kind.name();
    match kind {
        Kind::CycloneDxJson | Kind::CycloneDxXml => {
            let version = recognise::cyclonedx_version(kind, text);
            let shape = if kind == Kind::CycloneDxJson { Shape::Typed } else { Shape::Textual };
            let mut document = cyclonedx::Document::new(shape, version.as_deref());
            let walked = match shape {
                Shape::Typed => json::walk(text, &mut document),
                _ => xml::walk(text, cyclonedx::XML, &mut document),
            };
            let settled = document.settle();
            (document.finish(name), settled.and(walked))
        }
        Kind::Spdx3Json => {
            let mut graph = spdx::three::Graph::new();
            let walked = json::walk(text, &mut graph);
            let settled = graph.settle();
            (graph.finish(name), settled.and(walked))
        }
        _ => {
            let shape = match kind {
                Kind::SpdxJson => Shape::Typed,
                Kind::SpdxYaml => Shape::Textual,
                _ => Shape::Repeating,
            };
            let mut document = spdx::Document::new(shape);
            let walked = match kind {
                Kind::SpdxJson => json::walk(text, &mut document),
                Kind::SpdxYaml => yaml::walk(text, &mut document),
                Kind::SpdxTagValue => tag_value::walk(text, &mut document),
                _ => xml::walk(text, spdx::XML, &mut document),
            };
            document.settle();
            (document.finish(name), walked)
        }
    }
}

/// What it means that a document was not read to its end: what breaks off keeps what stood before, and says so.
fn judge(fault: Break, reading: &mut PartsReading, file: String) -> Result<(), Refusal> {
    let message = match fault {
        Break::Syntax { line } => {
            let list = &mut reading.list;
            if !list.components.is_empty() || !reading.advisories.is_empty() {
                list.incomplete = true;
                let message = msg!("parts.fault_cut", line = line);
                reading.warnings.insert(0, Warning { place: Place::DOCUMENT, message });
                return Ok(());
            }
            msg!("parts.refused_syntax", file = file, line = line)
        }
        Break::Entities => msg!("parts.refused_entities", file = file),
        Break::Deep => msg!("parts.refused_deep", file = file),
        Break::Large => return Err(too_large(file)),
        Break::Yaml { line, what } => {
            msg!("parts.refused_yaml", file = file, line = line, text = what)
        }
    };
    Err(Refusal { message })
}

fn too_large(file: String) -> Refusal {
    let (limit, size) = (MAX_COMPONENTS, MAX_BYTES >> 20);
    Refusal { message: msg!("parts.refused_large", file = file, limit = limit, size = size) }
}

/// A list of which nothing is known yet.
fn empty_list(format: PartsFormat) -> PartsList {
    PartsList {
        format,
        format_version: String::new(),
        serial: None,
        edition: None,
        created: None,
        makers: Vec::new(),
        subject: None,
        components: Vec::new(),
        needs: Vec::new(),
        incomplete: false,
    }
}

/// Reads any bytes as a parts list of every kind, whether they are one or not, and checks what must hold of every reading.
pub fn fuzz(bytes: &[u8]) {
    let _ = recognise(bytes);
    let _ = read(&Input { name: "fuzz", bytes, mapping: None, machine: None });
    let Ok(text) = text::decode(bytes) else { return };
    for kind in Kind::ALL {
        let (reading, _) = read_as(kind, &text.body);
        let places = || reading.list.components.iter().map(|component| component.place.row);
        assert!(places().is_sorted(), "components stand in the order of reading");
        assert!(places().all(|row| row > 0), "every component has its number");
        assert!(reading.warnings.len() < 10_000, "warnings are bounded");
    }
}

#[cfg(test)]
mod tests;
