//! Support dates that lie over the shipped table: those that came as a feed, and over them the hospital's own.
//!
//! The hospital's own come in like any other file and are taken back like any other; they bring no device, and count as long as their import does.

use std::collections::BTreeMap;

use domain::{Import, ImportState, LifecycleTable, Place, SourceId, msg};
use formats::container;
use formats::reading::{Reading, Refusal};
use formats::text::{self, Text};
use reference::lifecycle;
use store::View;

use crate::AppError;
use crate::feeds::Dates;

/// The kind of such an import.
pub(crate) const KIND: &str = "support-table";

/// Raised whenever the same bytes would read differently.
const VERSION: u16 = 1;

/// Reads `bytes` as a table of support dates; `None` where they are something else.
pub(crate) fn read(bytes: &[u8]) -> Option<Result<Reading, Refusal>> {
    let text = text_of(bytes)?;
    lifecycle::is_table(&text.body).then(|| read_text(&text))
}

fn read_text(text: &Text<'_>) -> Result<Reading, Refusal> {
    let imported = lifecycle::read(&text.body);
    if imported.table.entries.is_empty() {
        let said = imported.warnings.into_iter().next().map(|warning| warning.message);
        return Err(Refusal { message: said.unwrap_or_else(|| msg!("refusal.support_empty")) });
    }
    let mut reading = Reading::new(KIND, VERSION);
    reading.encoding = Some(text.encoding);
    reading.newline = text.newline;
    reading.rows = imported.table.entries.len() as u64;
    reading.warnings.extend(text.warnings.iter().cloned());
    reading.warnings.extend(imported.warnings);
    for entry in imported.table.entries.iter().filter(|entry| entry.eos.is_none()) {
        reading.warn(Place::DOCUMENT, msg!("warning.support_no_date", release = entry.label()));
    }
    Ok(reading)
}

/// The shipped table under what was delivered and the hospital's own rows; `None` where there are neither.
///
/// Of a series the newest edition counts. Where two series speak of one release, the newer one wins.
pub(crate) fn table(view: &View, imports: &[Import]) -> Result<Option<LifecycleTable>, AppError> {
    let counting = |import: &&Import| import.kind == KIND && import.state == ImportState::Active;
    let mut newest: BTreeMap<&SourceId, &Import> = BTreeMap::new();
    for import in imports.iter().filter(counting) {
        let known = newest.entry(&import.source).or_insert(import);
        if order(import) > order(known) {
            *known = import;
        }
    }
    let mut tables: Vec<&Import> = newest.into_values().collect();
    tables.sort_by_key(|import| order(import));
    let delivered = Dates::read(view)?;
    let mut merged = (!delivered.is_empty()).then(|| delivered.over(lifecycle::shipped().clone()));
    for import in tables {
        let bytes = view.evidence(import.evidence)?.unwrap_or_default();
        let Some(text) = text_of(&bytes) else { continue };
        let shipped = || lifecycle::shipped().clone();
        merged = Some(merged.unwrap_or_else(shipped).merge(lifecycle::read(&text.body).table));
    }
    Ok(merged)
}

/// Capture time decides, then the digest; never when something was imported.
fn order(import: &Import) -> (jiff::Timestamp, domain::Digest) {
    (import.captured_at, import.evidence)
}

fn text_of(bytes: &[u8]) -> Option<Text<'_>> {
    // Anything larger is no table that a hospital keeps by hand.
    const MOST_BYTES: usize = 16 << 20;
    let may_be = bytes.len() <= MOST_BYTES && begins_with_its_words(bytes);
    let is_text = may_be && container::sniff(bytes).refusal().is_none();
    is_text.then(|| text::decode(bytes).ok()).flatten()
}

/// Whether the header's words stand at the beginning, in whatever encoding: a glance that spares decoding every other file.
fn begins_with_its_words(bytes: &[u8]) -> bool {
    let head = bytes.iter().take(1024).filter(|byte| **byte != 0);
    let head: Vec<u8> = head.map(u8::to_ascii_lowercase).collect();
    let holds = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    holds(b"product") && holds(b"eos")
}
