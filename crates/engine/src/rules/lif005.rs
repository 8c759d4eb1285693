//! LIF005: the end of support that the ledger states for a device has passed.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each listed device whose own stated end of support is over.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let Some(end) = chart.stated_support().filter(|end| today >= end.last_day()) else {
            continue;
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("LIF005.title", device = chart.label(), date = end),
                reason: msg!("LIF005.reason"),
                remedy: if chart.is_medical() {
                    msg!("LIF005.remedy_medical")
                } else {
                    msg!("LIF005.remedy")
                },
                evidence: chart.listings().map(|(at, _)| at).collect(),
                rests_on: vec![end.to_string()],
            },
        );
    }
}
