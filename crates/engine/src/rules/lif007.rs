//! LIF007: devices are past their durable years.

use std::collections::BTreeMap;

use domain::{CalendarDate, Field, Observation, ObservationRef, Severity, SourceId, Subject, msg};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// One finding for each ledger. 耐用年数 is the maker's or the tax office's figure, not the end of security support, and is told apart.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut ledgers: BTreeMap<&SourceId, Vec<(String, String, ObservationRef)>> = BTreeMap::new();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let over = end_of_durable_years(&row.observation).is_some_and(|end| end <= today);
        if let (true, Some(import)) = (over, known.world.import(row.at.import)) {
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
                title: msg!("LIF007.title", source = source.as_str(), count = rows.len()),
                reason: msg!("LIF007.reason", devices = names(&labels)),
                remedy: msg!("LIF007.remedy"),
                evidence: rows.iter().map(|(.., at)| *at).collect(),
                rests_on: rows.into_iter().map(|(_, mark, _)| mark).collect(),
            },
        );
    }
}

/// The first day after the durable years, counted from the last day that the stated date can mean.
fn end_of_durable_years(row: &Observation) -> Option<Date> {
    let years: i64 = row.facts.value(Field::DurableYears)?.parse().ok()?;
    let bought: CalendarDate = row.facts.value(Field::Registered)?.parse().ok()?;
    let years = years.clamp(0, 100);
    bought.last_day().checked_add(years.years()).ok()
}
