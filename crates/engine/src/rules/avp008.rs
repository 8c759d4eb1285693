//! AVP008: a device has no protection against malware.

use std::collections::BTreeSet;

use domain::{Field, ImportId, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Rows, Said};
use crate::known::Known;
use crate::protection::{Report, Stated, stated};

/// One finding for each device whose console says that no agent is there, or has no pattern for it while it has for others; and one
/// for each ledger: the devices of which it says so. A manufacturer's "not permitted" is an answer and no finding.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut without = Rows::default();
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
            rows.for_each(|(at, _)| without.add(known, &chart, at));
        }
    }
    without.tell(findings, Severity::Warning, |source, count, devices| {
        [
            msg!("AVP008.title_ledger", source = source.as_str(), count = count),
            msg!("AVP008.reason_ledger", devices = devices),
            msg!("AVP008.remedy_ledger"),
        ]
    });
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
