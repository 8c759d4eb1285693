//! FWU003: a machine has run for more than a year without a restart, so nothing that needs one was put in.

use domain::{Field, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;
use crate::protection::day;

/// Longer than this when the machine was asked, in days. This program's own choice.
const LONG_AFTER: i32 = 365;

/// One finding for each device that reports when it was started, by its newest report.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (report, chart, booted) in known.last_reports(Field::Booted) {
        let Some(booted) = day(booted) else { continue };
        let days = (known.captured_on(report.at) - booted).get_days();
        if days <= LONG_AFTER {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: msg!("FWU003.title", device = chart.label(), date = booted, days = days),
                reason: msg!("FWU003.reason"),
                remedy: match chart.is_medical() {
                    true => msg!("FWU003.remedy_medical"),
                    false => msg!("FWU003.remedy"),
                },
                evidence: vec![report.at],
                rests_on: vec![booted.to_string()],
            },
        );
    }
}
