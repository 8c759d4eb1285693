//! LED012: the newest edition of a source is older than it is expected to be.

use std::collections::BTreeMap;

use domain::{ObservationRef, Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::world::Imported;

/// One finding for each source with an expectation whose newest edition that counts is older. Of a source of which nothing counts
/// nothing is said here: there is no edition to be late.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut newest: BTreeMap<&SourceId, &Imported<'_>> = BTreeMap::new();
    for imported in known.world.imports().filter(|imported| imported.superseded_at.is_none()) {
        newest.insert(&imported.import.source, imported);
    }
    for source in known.sources {
        let (Some(expected), Some(edition)) = (source.freshness_days, newest.get(&source.id))
        else {
            continue;
        };
        let day = known.day(edition.import.captured_at);
        let age = (today - day).get_days();
        if age <= i32::from(expected) {
            continue;
        }
        let name = source.id.as_str();
        findings.add(
            Subject::Source(source.id.clone()),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("LED012.title", source = name, days = age),
                reason: msg!("LED012.reason", date = day, expected = expected),
                remedy: msg!("LED012.remedy"),
                evidence: first_row(known, edition).into_iter().collect(),
                rests_on: vec![day.to_string(), expected.to_string()],
            },
        );
    }
}

/// A row of the edition, by which the finding names its document.
fn first_row(known: &Known<'_>, edition: &Imported<'_>) -> Option<ObservationRef> {
    let import = edition.import.id;
    known.world.observations().map(|seen| seen.at).find(|at| at.import == import)
}
