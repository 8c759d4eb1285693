//! What the tests of every format share.

use std::fmt::Write as _;

use domain::Observation;

use crate::reading::{Input, Reading};
use crate::registry;

/// Reads a text as any document, and shows its observations line by line.
pub(super) fn read(text: &str) -> (Reading, Vec<String>) {
    let input = Input { name: "x.log", bytes: text.as_bytes(), mapping: None, machine: None };
    let reading = registry::read(&input).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let told = reading.observations.iter().map(shown).collect();
    (reading, told)
}

/// Why a text is refused.
pub(super) fn refusal(text: &str) -> domain::Message {
    let input = Input { name: "x.log", bytes: text.as_bytes(), mapping: None, machine: None };
    registry::read(&input).unwrap_err().message
}

fn shown(seen: &Observation) -> String {
    let mut line = format!("{} {}:", seen.place, seen.kind.key());
    for fact in seen.facts.iter() {
        let _ = write!(line, " {}={}", fact.field.key(), fact.value);
    }
    for binding in &seen.bindings {
        let mac = binding.mac.map_or_else(|| "-".to_owned(), |mac| mac.to_string());
        let address = binding.address.map_or_else(|| "-".to_owned(), |address| address.to_string());
        let prefix = binding.prefix.map_or_else(String::new, |prefix| format!("/{prefix}"));
        let _ = write!(line, " {mac}@{address}{prefix}");
    }
    line
}
