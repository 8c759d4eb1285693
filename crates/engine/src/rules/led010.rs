//! LED010: a device calls itself by another serial number than its ledger says.

use domain::{Field, ObservationKind, ObservationRef, Severity, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// One finding for each device of which a report or an asset tool in force gives a number that no ledger in force does.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(Chart::is_in_a_ledger) {
        let declared: Vec<&str> =
            chart.rows().filter_map(|(_, row)| row.facts.value(Field::Serial)).collect();
        let Some((at, own)) = own(known, &chart) else { continue };
        let Some(first) = declared.first() else { continue };
        if !is_number(first) || declared.iter().any(|number| fold(number) == fold(own)) {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: msg!("LED010.title", device = chart.label()),
                reason: msg!("LED010.reason", declared = *first, observed = own),
                remedy: msg!("LED010.remedy"),
                evidence: vec![at],
                rests_on: vec![fold(first), fold(own)],
            },
        );
    }
}

fn own<'k>(known: &Known<'_>, chart: &Chart<'k>) -> Option<(ObservationRef, &'k str)> {
    let says = chart.members().filter(|(at, said)| {
        let itself =
            matches!(said.kind, ObservationKind::HostReport | ObservationKind::InventoryRow);
        itself && known.world.in_force(*at)
    });
    let numbers = says.filter_map(|(at, said)| Some((at, said.facts.value(Field::Serial)?)));
    numbers.filter(|(_, number)| is_number(number)).last()
}

fn is_number(text: &str) -> bool {
    text.chars().count() >= 4 && text.bytes().any(|byte| byte.is_ascii_digit())
}
