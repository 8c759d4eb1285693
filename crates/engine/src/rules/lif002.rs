//! LIF002: the support of a device's operating system ends within twelve months.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::lif001::said_by;
use super::{Findings, Said};
use crate::known::{Chart, Known};

/// Within how many days the plan is due. 手引書 4.5 asks for it before the day itself; twelve months is our own lead time.
pub(super) const LEAD_DAYS: i32 = 365;

/// One finding for each listed device whose operating system's only possible end lies ahead, but not far.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let os = chart.os();
        let Some(end) = os.eos().filter(|end| is_near(today, *end)) else { continue };
        let name = chart.os_name();
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: msg!("LIF002.title", device = chart.label(), os = &name, date = end),
                reason: msg!("LIF002.reason", source = said_by(&os, end)),
                remedy: if chart.is_medical() {
                    msg!("LIF002.remedy_medical")
                } else {
                    msg!("LIF002.remedy")
                },
                evidence: chart.rows().map(|(at, _)| at).collect(),
                rests_on: vec![name, end.to_string()],
            },
        );
    }
}

/// Whether `end` is still to come, within the lead time.
pub(super) fn is_near(today: Date, end: Date) -> bool {
    today < end && (end - today).get_days() <= LEAD_DAYS
}
