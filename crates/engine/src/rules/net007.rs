//! NET007: a device that the ledger says was disposed of is alive.

use domain::{Field, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// One finding for each device that every ledger lists as disposed of and that was seen afterwards.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(super::super::known::Chart::is_retired) {
        let retired_on: Option<domain::CalendarDate> =
            chart.declared(Field::RetiredOn).and_then(|fact| fact.value.parse().ok());
        let sightings = chart.sightings();
        let Some(seen) = sightings.first() else { continue };
        let day = known.day(seen.time);
        if retired_on.is_some_and(|retired| day <= retired.first_day()) {
            continue;
        }
        let reason = match retired_on {
            Some(retired) => msg!("NET007.reason_date", retired = retired, date = day),
            None => msg!("NET007.reason", date = day),
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("NET007.title", device = chart.label(), address = seen.address),
                reason,
                remedy: msg!("NET007.remedy"),
                evidence: vec![seen.at],
                rests_on: vec![seen.address.to_string()],
            },
        );
    }
}
