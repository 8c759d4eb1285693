//! LIF002: the support of a device's operating system ends within twelve months.

use domain::{Severity, Subject, msg};
use jiff::civil::Date;

use super::lif001::{said_by, with_os};
use super::{Findings, Said};
use crate::known::Known;

/// Within how many days the plan is due. 手引書 4.5 asks for it before the day itself; twelve months is our own lead time.
pub(super) const LEAD_DAYS: i32 = 365;

/// One finding for each device, listed or only seen, whose operating system's only possible end lies ahead, but not far.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    for (chart, evidence) in with_os(known) {
        let os = chart.os();
        let Some(end) = os.eos().filter(|end| is_near(today, *end)) else { continue };
        let name = chart.os_name();
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: if chart.is_in_a_ledger() {
                    msg!("LIF002.title", device = chart.label(), os = &name, date = end)
                } else {
                    msg!("LIF002.title_seen", device = chart.label(), os = &name, date = end)
                },
                reason: msg!("LIF002.reason", source = said_by(&os, end)),
                remedy: if chart.is_medical() {
                    msg!("LIF002.remedy_medical")
                } else {
                    msg!("LIF002.remedy")
                },
                evidence,
                rests_on: vec![name, end.to_string()],
            },
        );
    }
}

/// Whether `end` is still to come, within the lead time.
pub(super) fn is_near(today: Date, end: Date) -> bool {
    today < end && (end - today).get_days() <= LEAD_DAYS
}
