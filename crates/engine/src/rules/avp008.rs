//! AVP008: a device has no protection against malware.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Field, ImportId, ObservationRef, Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;
use crate::protection::{Report, Stated, stated};

/// One finding for each device whose console says that no agent is there, or has no pattern for it while it has for others; and one
/// for each ledger: the devices of which it says so. A manufacturer's "not permitted" is an answer and no finding.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut ledgers: BTreeMap<&SourceId, Vec<(String, String, ObservationRef)>> = BTreeMap::new();
    let with_patterns = lists_with_patterns(known);
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let report = Report::of(&chart);
        let is_blank =
            |report: &Report<'_>| !has_pattern(report) && with_patterns.contains(&report.at.import);
        if let Some(report) = report.filter(|report| report.is_absent() || is_blank(report)) {
            findings.add(
                Subject::Device(chart.device.id),
                Said {
                    severity: Severity::Warning,
                    device: Some(chart.device.id),
                    title: msg!("AVP008.title", device = chart.label()),
                    reason: match report.is_absent() {
                        true => msg!("AVP008.reason", date = known.captured_on(report.at)),
                        false => msg!("AVP008.reason_blank", date = known.captured_on(report.at)),
                    },
                    remedy: match chart.is_medical() {
                        true => msg!("AVP008.remedy_medical"),
                        false => msg!("AVP008.remedy"),
                    },
                    evidence: vec![report.at],
                    rests_on: vec!["absent".to_owned()],
                },
            );
        } else if report.is_none() {
            let rows = chart.rows().filter(|(_, row)| {
                row.facts.get(Field::Antivirus).is_some_and(|f| stated(f.shown()) == Stated::No)
            });
            for (at, _) in rows {
                let Some(import) = known.world.import(at.import) else { continue };
                let of = ledgers.entry(&import.import.source).or_default();
                of.push((chart.label(), chart.mark(), at));
            }
        }
    }
    ledgers.into_iter().for_each(|(source, rows)| ledger(source, rows, findings));
}

fn has_pattern(report: &Report<'_>) -> bool {
    [Field::PatternVersion, Field::PatternDate].iter().any(|field| report.value(*field).is_some())
}

/// The lists of consoles that tell patterns at all.
fn lists_with_patterns(known: &Known<'_>) -> BTreeSet<ImportId> {
    let reports = known.charts().filter_map(|chart| Report::of(&chart));
    reports
        .filter(|report| report.is_from_a_console() && has_pattern(report))
        .map(|report| report.at.import)
        .collect()
}

fn ledger(
    source: &SourceId,
    mut rows: Vec<(String, String, ObservationRef)>,
    findings: &mut Findings,
) {
    rows.sort();
    let labels: Vec<String> = rows.iter().map(|(label, ..)| label.clone()).collect();
    findings.add(
        Subject::Source(source.clone()),
        Said {
            severity: Severity::Warning,
            device: None,
            title: msg!("AVP008.title_ledger", source = source.as_str(), count = rows.len()),
            reason: msg!("AVP008.reason_ledger", devices = names(&labels)),
            remedy: msg!("AVP008.remedy_ledger"),
            evidence: rows.iter().map(|(.., at)| *at).collect(),
            rests_on: rows.into_iter().map(|(_, mark, _)| mark).collect(),
        },
    );
}
