//! LED007: two rows of one ledger claim one network card.

use std::collections::BTreeMap;

use domain::{MacAddress, ObservationRef, Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// One finding for each ledger in which a MAC stands on several rows.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut sources: BTreeMap<SourceId, BTreeMap<MacAddress, BTreeMap<ObservationRef, String>>> = BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        let Some(import) = known.world.import(row.at.import) else { continue };
        for mac in row.observation.bindings.iter().filter_map(|binding| binding.mac) {
            let cards = sources.entry(import.import.source.clone()).or_default();
            cards.entry(mac).or_default().insert(row.at, chart.label());
        }
    }
    for (source, cards) in sources {
        let repeated: Vec<_> = cards.into_iter().filter(|(_, rows)| rows.len() > 1).collect();
        if repeated.is_empty() {
            continue;
        }
        let told: Vec<String> = repeated
            .iter()
            .map(|(mac, rows)| format!("{mac} ({})", rows.values().cloned().collect::<Vec<_>>().join(", ")))
            .collect();
        findings.add(
            Subject::Source(source.clone()),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("LED007.title", source = source.as_str(), cards = told.len()),
                reason: msg!("LED007.reason", cards = names(&told)),
                remedy: msg!("LED007.remedy"),
                evidence: repeated.into_iter().flat_map(|(_, rows)| rows.into_keys()).collect(),
                rests_on: told,
            },
        );
    }
}
