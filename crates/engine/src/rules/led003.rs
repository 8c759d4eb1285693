//! LED003: a row of an earlier edition of a ledger is not in the newer one.

use domain::{Field, ObservationKind, Severity, Status, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// A row that vanished proposes retirement; it deletes nothing.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts() {
        let last = chart
            .members()
            .filter(|(_, observation)| observation.kind == ObservationKind::LedgerRow)
            .max_by_key(|(at, _)| known.world.time(*at));
        let Some((at, row)) = last else { continue };
        if known.world.in_force(at) || row.facts.value(Field::Status) == Some(Status::Retired.key())
        {
            continue;
        }
        let Some(import) = known.world.import(at.import) else { continue };
        let source = import.import.source.as_str();
        let date = known.day(import.import.captured_at);
        let place = row.place.clone();
        let left_out = import.superseded_at.unwrap_or(import.import.captured_at);
        // A device that answers on the day of the newer edition or later was not disposed of.
        let alive = chart
            .sightings()
            .first()
            .map(|seen| known.day(seen.time))
            .filter(|day| *day >= known.day(left_out));
        let (severity, reason, remedy) = match alive {
            Some(seen) => (
                Severity::Urgent,
                msg!("LED003.reason_seen", date = date, place = place, seen = seen),
                msg!("LED003.remedy_seen"),
            ),
            None => (
                Severity::Warning,
                msg!("LED003.reason", date = date, place = place),
                msg!("LED003.remedy"),
            ),
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity,
                device: Some(chart.device.id),
                title: msg!("LED003.title", device = chart.label(), source = source),
                reason,
                remedy,
                evidence: vec![at],
                rests_on: vec![import.import.evidence.to_string(), alive.is_some().to_string()],
            },
        );
    }
}
