//! LIF006: the end of support that the ledger states for a device comes within twelve months.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::lif002::is_near;
use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each listed device whose own stated end of support is near.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let Some(end) = chart.stated_support().filter(|end| is_near(today, end.last_day())) else {
            continue;
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("LIF006.title", device = chart.label(), date = end),
                reason: msg!("LIF006.reason"),
                remedy: if chart.is_medical() {
                    msg!("LIF006.remedy_medical")
                } else {
                    msg!("LIF006.remedy")
                },
                evidence: chart.listings().map(|(at, _)| at).collect(),
                rests_on: vec![end.to_string()],
            },
        );
    }
}
