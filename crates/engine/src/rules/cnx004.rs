//! CNX004: remote maintenance without a contractor.

use domain::{Field, ObservationRef, Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::{Known, stated};

/// One finding for each ledger: the rows in force that have remote maintenance and name no contractor.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut of_source = std::collections::BTreeMap::new();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let remote = row.observation.facts.get(Field::RemoteMaintenance);
        let has = remote.is_some_and(|said| says_yes(said.shown()));
        if has && stated(&row.observation, Field::Contractor).known().is_none() {
            let Some(import) = known.world.import(row.at.import) else { continue };
            let rows: &mut Vec<(String, String, ObservationRef)> =
                of_source.entry(&import.import.source).or_default();
            rows.push((chart.label(), chart.mark(), row.at));
        }
    }
    for (source, mut rows) in of_source {
        rows.sort();
        let labels: Vec<String> = rows.iter().map(|(label, ..)| label.clone()).collect();
        findings.add(
            Subject::Source(source.clone()),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("CNX004.title", source = source.as_str(), count = rows.len()),
                reason: msg!("CNX004.reason", devices = names(&labels)),
                remedy: msg!("CNX004.remedy"),
                evidence: rows.iter().map(|(.., at)| *at).collect(),
                rests_on: rows.into_iter().map(|(_, mark, _)| mark).collect(),
            },
        );
    }
}

/// Whether a ledger's word for remote maintenance says that there is some: anything but no, none and not known.
pub fn says_yes(text: &str) -> bool {
    const NO: [&str; 12] =
        ["", "なし", "無", "無し", "×", "否", "不可", "－", "-", "対象外", "不明", "no"];
    let word = fold(text);
    !NO.iter().any(|no| fold(no) == word)
}
