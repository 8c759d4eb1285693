//! LED011: a device in the ledger is switched off in the directory, or no tool has heard of it for long.

use domain::{Field, ObservationKind, Severity, Status, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};
use crate::protection::day;

/// Silent for longer than this when the list was made, in days (a candidate to retire, not a proof). This program's own choice.
const SILENT_AFTER: i32 = 90;

/// One finding for each device in use that was seen nowhere since.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for row in known.of_kind(ObservationKind::InventoryRow) {
        let Some(chart) = known.chart_of(row.at).filter(Chart::is_in_a_ledger) else { continue };
        let idle =
            matches!(chart.status(), Some(Status::Retired | Status::Spare | Status::Stopped));
        let facts = &row.observation.facts;
        let last = facts.value(Field::LastSeen).and_then(day);
        let asked = known.captured_on(row.at);
        let silent = last.is_some_and(|last| (asked - last).get_days() > SILENT_AFTER);
        let disabled = facts.value(Field::Enabled) == Some("no");
        let seen_since = chart
            .sightings()
            .iter()
            .any(|seen| last.is_none_or(|last| known.day(seen.time) > last) && seen.at != row.at);
        if idle || seen_since || !(silent || disabled) {
            continue;
        }
        let reason = match last {
            Some(last) if silent => msg!("LED011.reason", date = last),
            _ => msg!("LED011.reason_disabled", date = asked),
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: msg!("LED011.title", device = chart.label()),
                reason,
                remedy: msg!("LED011.remedy"),
                evidence: vec![row.at],
                rests_on: vec![disabled.to_string()],
            },
        );
    }
}
