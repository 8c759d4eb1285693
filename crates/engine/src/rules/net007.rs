//! NET007: a device that the ledger says was disposed of is alive.

use domain::{Field, Observation, ObservationKind, Severity, Status, Subject, msg};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each device that every ledger lists as disposed of and that was seen after the last day this can mean; without
/// such a day, after the edition that first said so, where an earlier one had it in use.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_retired) {
        let retired_on: Option<domain::CalendarDate> =
            chart.declared(Field::RetiredOn).and_then(|fact| fact.value.parse().ok());
        let sightings = chart.sightings();
        let Some(seen) = sightings.first() else { continue };
        let day = known.day(seen.time);
        let may_be_earlier = match retired_on {
            Some(retired) => day <= retired.last_day(),
            None => disposed_of_between(known, &chart).is_some_and(|said| seen.time <= said),
        };
        if may_be_earlier {
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

/// When the edition was written that first said so of a device that an earlier one had in use; `None` where none had.
fn disposed_of_between(known: &Known<'_>, chart: &Chart<'_>) -> Option<Timestamp> {
    let is_retired =
        |row: &Observation| row.facts.value(Field::Status) == Some(Status::Retired.key());
    let rows: Vec<(Timestamp, bool)> = chart
        .members()
        .filter(|(_, row)| row.kind == ObservationKind::LedgerRow)
        .map(|(at, row)| (known.world.time(at), is_retired(row)))
        .collect();
    let in_use = rows.iter().filter(|(_, retired)| !retired).map(|(time, _)| *time).max()?;
    rows.iter().filter(|(time, retired)| *retired && *time >= in_use).map(|(time, _)| *time).min()
}
