//! AVP002: real-time protection is switched off.

use domain::{Field, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::protection::Report;

/// One finding for each device whose last report says so.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let Some(report) = Report::of(&chart) else { continue };
        if report.is_absent() || report.value(Field::RealtimeProtection) != Some("off") {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("AVP002.title", device = chart.label()),
                reason: msg!("AVP002.reason", date = known.captured_on(report.at)),
                remedy: match chart.is_medical() {
                    true => msg!("AVP002.remedy_medical"),
                    false => msg!("AVP002.remedy"),
                },
                evidence: vec![report.at],
                rests_on: vec!["off".to_owned()],
            },
        );
    }
}
