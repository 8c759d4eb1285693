//! FWU002: a machine has not been given updates for long.

use domain::{Field, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::protection::day;

/// Longer than this when the machine was asked, in days: makers of operating systems give out updates every month, so three were
/// missed. This program's own choice.
const LATE_AFTER: i32 = 90;

/// One finding for each device that reports when it was given its newest update, by its newest report.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (report, chart, updated) in known.last_reports(Field::UpdatedOn) {
        let Some(updated) = day(updated) else { continue };
        let days = (known.captured_on(report.at) - updated).get_days();
        if days <= LATE_AFTER {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("FWU002.title", device = chart.label(), date = updated, days = days),
                reason: msg!("FWU002.reason", asked = known.captured_on(report.at)),
                remedy: match chart.is_medical() {
                    true => msg!("FWU002.remedy_medical"),
                    false => msg!("FWU002.remedy"),
                },
                evidence: vec![report.at],
                rests_on: vec![updated.to_string()],
            },
        );
    }
}
