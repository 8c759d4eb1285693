//! AVP001: the pattern file of a device is stale.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::protection::Report;

/// A pattern older than this, on the day its console was asked, is stale, in days. This program's own choice: makers give out new
/// ones every day, and closed networks carry them in by hand once a week.
pub(super) const STALE_AFTER: i32 = 7;

/// One finding for each device, by the last report on it. Says nothing of a list that is itself old: that is AVP006's.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let Some(report) = Report::of(&chart).filter(|report| !report.is_absent()) else {
            continue;
        };
        let Some(pattern) = report.pattern_day() else { continue };
        let asked = known.captured_on(report.at);
        let days = (asked - pattern).get_days();
        if days <= STALE_AFTER {
            continue;
        }
        let (reason, remedy) = match chart.is_medical() {
            true => (msg!("AVP001.reason", asked = asked), msg!("AVP001.remedy_medical")),
            false => (msg!("AVP001.reason", asked = asked), msg!("AVP001.remedy")),
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("AVP001.title", device = chart.label(), date = pattern, days = days),
                reason,
                remedy,
                evidence: vec![report.at],
                rests_on: vec![pattern.to_string()],
            },
        );
    }
}
