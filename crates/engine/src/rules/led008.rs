//! LED008: an asset tool, a directory or another register knows a machine that no ledger lists.

use domain::{ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::net001::is_unlisted;
use super::{Findings, Said};
use crate::known::Known;

/// One finding for each device of such a list in force. Says nothing while no ledger was brought in.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    if known.world.ledger_rows().next().is_none() {
        return;
    }
    let lists = [ObservationKind::InventoryRow, ObservationKind::RegisterRow];
    for row in lists.into_iter().flat_map(|kind| known.of_kind(kind)) {
        let Some(chart) = known.chart_of(row.at) else { continue };
        let Some(import) = known.world.import(row.at.import) else { continue };
        // One that was also seen on the network is NET001's.
        if chart.is_listed() || is_unlisted(&chart) {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("LED008.title", device = chart.label()),
                reason: msg!(
                    "LED008.reason",
                    source = import.import.source.as_str(),
                    place = row.observation.place.clone()
                ),
                remedy: msg!("LED008.remedy"),
                evidence: vec![row.at],
                rests_on: vec![import.import.source.to_string()],
            },
        );
    }
}
