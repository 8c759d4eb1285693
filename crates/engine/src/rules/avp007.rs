//! AVP007: the console of malware protection has not heard of a device for long.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::protection::Report;

/// Silent for longer than this, in days, when its console was asked. This program's own choice.
const SILENT_AFTER: i32 = 30;

/// One finding for each declared device: an agent that is silent and a pattern that is old are two facts.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let listed = known.charts().filter(|chart| chart.is_declared() && !chart.is_retired());
    for chart in listed {
        let Some(report) = Report::of(&chart).filter(Report::is_from_a_console) else { continue };
        let Some(last) = report.last_seen() else { continue };
        let days = (known.captured_on(report.at) - last).get_days();
        if days <= SILENT_AFTER {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("AVP007.title", device = chart.label(), date = last, days = days),
                reason: msg!("AVP007.reason"),
                remedy: msg!("AVP007.remedy"),
                evidence: vec![report.at],
                rests_on: vec![last.to_string()],
            },
        );
    }
}
