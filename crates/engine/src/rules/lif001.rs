//! LIF001: the support of a device's operating system has ended.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each listed device whose operating system is past its end of support, whichever edition it is.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let os = chart.os();
        let Some(end) = os.latest_possible_end().filter(|end| today >= *end) else { continue };
        let name = chart.os_name();
        let source = os.entries().first().map(|entry| entry.source.clone()).unwrap_or_default();
        let reason = if os.entry().is_some() {
            msg!("LIF001.reason", os = &name, date = end, source = source)
        } else {
            msg!("LIF001.reason_latest", os = &name, date = end, source = source)
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("LIF001.title", device = chart.label(), os = &name, date = end),
                reason,
                remedy: if chart.is_medical() { msg!("LIF001.remedy_medical") } else { msg!("LIF001.remedy") },
                evidence: chart.rows().map(|(at, _)| at).collect(),
                rests_on: vec![name, end.to_string()],
            },
        );
    }
}
