//! AVP003: the ledger says that a device is protected, and its console does not know it.

use domain::{Field, ObservationKind, Severity, Status, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};
use crate::protection::{Report, Stated, stated};

/// One finding for each device in use. Says nothing while no console's list was brought in.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let consoles = known.of_kind(ObservationKind::ConsoleRow);
    let Some(newest) = consoles.first().map(|row| known.captured_on(row.at)) else { return };
    for chart in known.charts().filter(|chart| chart.is_in_a_ledger() && is_in_use(chart)) {
        let Some(word) = chart.declared(Field::Antivirus) else { continue };
        if stated(word.shown()) != Stated::Yes || Report::of(&chart).is_some() {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("AVP003.title", device = chart.label()),
                reason: msg!("AVP003.reason", word = word.shown(), date = newest),
                remedy: match chart.is_medical() {
                    true => msg!("AVP003.remedy_medical"),
                    false => msg!("AVP003.remedy"),
                },
                evidence: chart.listings().map(|(at, _)| at).collect(),
                rests_on: vec![word.value.to_owned()],
            },
        );
    }
}

fn is_in_use(chart: &Chart<'_>) -> bool {
    !matches!(chart.status(), Some(Status::Retired | Status::Spare | Status::Stopped))
}
