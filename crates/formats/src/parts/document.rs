//! A parts list as an import takes it in: it names no device and states no fact of one, and is told by what it is of.

use domain::{Component, PartsFormat};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::PartsReading;
use crate::reading::{Dated, Reading};
use crate::text::{Text, excerpt};

/// Raised whenever the same bytes would read differently.
const VERSION: u16 = 1;

/// Dates of documents are told in the time of Japan.
const JAPAN: Offset = Offset::constant(9);

/// What a parts list says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsHead {
    /// The family of its format.
    pub format: PartsFormat,
    /// The version of the format, such as `1.6`, `SPDX-2.3`.
    pub format_version: String,
    /// What names the document everywhere.
    pub serial: Option<String>,
    /// The edition of the same list.
    pub edition: Option<u32>,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who made it, as written.
    pub makers: Vec<String>,
    /// What it is of.
    pub subject: Option<Component>,
    /// How many components it holds.
    pub components: u64,
    /// Services (CycloneDX), which are no components.
    pub services: u64,
    /// Files and snippets (SPDX), which are no components.
    pub files: u64,
    /// What it says of vulnerabilities: the VEX inside.
    pub statements: u64,
    /// How often it does not keep to its specification.
    pub faults: u64,
    /// Whether it says itself that it is not complete, or breaks off.
    pub incomplete: bool,
}

impl PartsHead {
    /// What `reading` says of itself.
    pub fn of(reading: &PartsReading) -> Self {
        let list = &reading.list;
        Self {
            format: list.format,
            format_version: list.format_version.clone(),
            serial: list.serial.clone(),
            edition: list.edition,
            created: list.created.clone(),
            makers: list.makers.clone(),
            subject: list.subject.clone(),
            components: list.components.len() as u64,
            services: u64::from(reading.services),
            files: u64::from(reading.files),
            statements: reading.advisories.len() as u64,
            faults: reading.faults().count() as u64,
            incomplete: list.incomplete,
        }
    }
}

/// The reading of `parts`, of `text`, as every import gives one.
pub fn reading_of(parts: PartsReading, text: &Text<'_>) -> Reading {
    let head = PartsHead::of(&parts);
    let mut reading = Reading::new(parts.kind, VERSION);
    reading.encoding = Some(text.encoding);
    reading.newline = text.newline;
    reading.rows = head.components;
    reading.dated = head.created.as_deref().and_then(dated);
    // The lists of one product are one series, whoever sends them and whatever the file is called.
    let product = head.subject.as_ref().map(|subject| excerpt(&subject.name));
    let product = product.filter(|name| !name.is_empty());
    reading.source_hint = product.map(|name| format!("parts/{name}"));
    reading.warnings = parts.warnings;
    reading.parts = Some(Box::new(head));
    reading
}

/// When the document was made: CycloneDX and SPDX write RFC 3339.
fn dated(created: &str) -> Option<Dated> {
    let at: Timestamp = created.trim().parse().ok()?;
    Some(Dated::Local(JAPAN.to_datetime(at)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::tests::{bytes_of, read_file};
    use super::*;
    use crate::reading::Input;
    use crate::registry;

    /// A list as every file comes in.
    fn taken_in(bytes: &[u8]) -> Reading {
        let input = Input { name: "sbom", bytes, mapping: None, machine: None };
        registry::read(&input).unwrap()
    }

    #[test]
    fn every_list_is_taken_in_by_what_it_is_of_and_brings_no_device() {
        let expected: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&bytes_of("expected.json")).unwrap();
        for name in expected.keys() {
            let reading = taken_in(&bytes_of(name));
            let head = reading.parts.as_deref().unwrap();
            let read = read_file(name);
            assert_eq!((reading.kind, reading.rows), (read.kind, head.components), "{name}");
            assert_eq!(
                (head, &reading.warnings),
                (&PartsHead::of(&read), &read.warnings),
                "{name}"
            );
            assert!(reading.observations.is_empty() && reading.coverage.is_empty(), "{name}");
            assert!(super::super::KINDS.contains(&reading.kind), "{name}");
            let subject = head.subject.as_ref().map(|subject| excerpt(&subject.name));
            let hint = subject.filter(|name| !name.is_empty()).map(|name| format!("parts/{name}"));
            assert_eq!(reading.source_hint, hint, "{name}");
        }
    }

    #[test]
    fn a_list_that_is_refused_is_refused_as_one() {
        let rdf = br#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#"></rdf:RDF>"#;
        for (bytes, key) in [
            (rdf.as_slice(), "parts.refused_rdf"),
            (b"{\"bomFormat\": \"CycloneDX\", \"components\": [", "parts.refused_syntax"),
        ] {
            let input = Input { name: "sbom", bytes, mapping: None, machine: None };
            assert_eq!(registry::read(&input).unwrap_err().message.key, key);
        }
    }

    #[test]
    fn when_a_list_was_made_is_when_it_was_so() {
        assert_eq!(
            dated("2024-01-01T00:00:00Z"),
            Some(Dated::Local(jiff::civil::date(2024, 1, 1).at(9, 0, 0, 0)))
        );
        for text in ["", "2024", "yesterday", "2024-13-01T00:00:00Z"] {
            assert_eq!(dated(text), None, "{text}");
        }
    }
}
