//! LED013: at the last stock-take somebody looked for a listed device, and it was not there.

use domain::{CalendarDate, Field, Observation, ObservationRef, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each listed device in use of which the newest answer of a stock-take is that it is not there, and that was not
/// seen on the network on a later day.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let Some((day, at, answer)) = last_answer(known, &chart) else { continue };
        if answer != "no" || chart.sightings().iter().any(|seen| known.day(seen.time) > day) {
            continue;
        }
        let place = chart.declared(Field::Location);
        let reason = match &place {
            Some(place) => msg!("LED013.reason", date = day, place = place.shown()),
            None => msg!("LED013.reason_nowhere", date = day),
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("LED013.title", device = chart.label()),
                reason,
                remedy: msg!("LED013.remedy"),
                evidence: vec![at],
                rests_on: vec![day.to_string()],
            },
        );
    }
}

/// What the newest stock-take says, by the day it gives; of one day the statement that counts more.
fn last_answer<'k>(
    known: &'k Known<'_>,
    chart: &Chart<'k>,
) -> Option<(Date, ObservationRef, &'k str)> {
    let mut last: Option<(Date, ObservationRef, &str)> = None;
    let declared = chart.device.declared.iter().filter(|at| known.world.in_force(**at));
    for at in declared {
        let Some(said) = known.world.observation(*at) else { continue };
        let Some(answer) = said.facts.value(Field::Presence) else { continue };
        let day = day_of(said).unwrap_or_else(|| known.captured_on(*at));
        if last.is_none_or(|(newest, ..)| day > newest) {
            last = Some((day, *at, answer));
        }
    }
    last
}

fn day_of(said: &Observation) -> Option<Date> {
    let day: CalendarDate = said.facts.value(Field::ConfirmedOn)?.parse().ok()?;
    Some(day.last_day())
}
