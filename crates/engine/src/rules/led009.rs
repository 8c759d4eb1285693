//! LED009: the inspection of devices is overdue.

use std::collections::BTreeMap;

use domain::{CalendarDate, Field, ObservationRef, Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// One finding for each ledger: the devices in use whose next inspection was due on a day that is over.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut ledgers: BTreeMap<&SourceId, Vec<(String, String, ObservationRef)>> = BTreeMap::new();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let due = row.observation.facts.value(Field::InspectionDue);
        let due = due.and_then(|due| due.parse::<CalendarDate>().ok());
        let overdue = due.is_some_and(|due| due.last_day() < today);
        if let (true, Some(import)) = (overdue, known.world.import(row.at.import)) {
            let of = ledgers.entry(&import.import.source).or_default();
            of.push((chart.label(), chart.mark(), row.at));
        }
    }
    for (source, mut rows) in ledgers {
        rows.sort();
        let labels: Vec<String> = rows.iter().map(|(label, ..)| label.clone()).collect();
        findings.add(
            Subject::Source(source.clone()),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!("LED009.title", source = source.as_str(), count = rows.len()),
                reason: msg!("LED009.reason", devices = names(&labels)),
                remedy: msg!("LED009.remedy"),
                evidence: rows.iter().map(|(.., at)| *at).collect(),
                rests_on: rows.into_iter().map(|(_, mark, _)| mark).collect(),
            },
        );
    }
}
