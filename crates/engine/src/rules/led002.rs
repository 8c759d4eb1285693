//! LED002: two rows of one ledger claim one asset number.

use std::collections::BTreeMap;

use domain::{Field, ObservationRef, Severity, SourceId, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// One finding for each ledger in which a number stands more than once.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut sources: BTreeMap<SourceId, BTreeMap<String, (String, Vec<ObservationRef>)>> =
        BTreeMap::new();
    for (row, _) in known.ledger_rows() {
        let Some(import) = known.world.import(row.at.import) else { continue };
        // A row that stands for several machines gives them all one number.
        if row.observation.place.part > 1 {
            continue;
        }
        if let Some(number) = row.observation.facts.get(Field::AssetNumber) {
            let numbers = sources.entry(import.import.source.clone()).or_default();
            let (_, rows) = numbers
                .entry(fold(number.value))
                .or_insert_with(|| (number.shown().to_owned(), Vec::new()));
            rows.push(row.at);
        }
    }
    for (source, numbers) in sources {
        let repeated: Vec<_> =
            numbers.into_iter().filter(|(_, (_, rows))| rows.len() > 1).collect();
        if repeated.is_empty() {
            continue;
        }
        let told: Vec<String> = repeated.iter().map(|(_, (written, _))| written.clone()).collect();
        let folded: Vec<String> = repeated.iter().map(|(number, _)| number.clone()).collect();
        findings.add(
            Subject::Field(source.clone(), Field::AssetNumber),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("LED002.title", source = source.as_str(), numbers = told.len()),
                reason: msg!("LED002.reason", numbers = names(&told)),
                remedy: msg!("LED002.remedy"),
                evidence: repeated.into_iter().flat_map(|(_, (_, rows))| rows).collect(),
                rests_on: folded,
            },
        );
    }
}
