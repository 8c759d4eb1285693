//! AVP004: the console of malware protection knows a machine that no ledger lists.

use domain::{ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::net001::{is_in_a_tool, is_unlisted};
use super::{Findings, Said};
use crate::known::{FORGOTTEN_AFTER, Known};
use crate::protection::Report;

/// One finding for each device of a console in force that no ledger, table or reservation declares.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let has_ledger = known.world.ledger_rows().next().is_some();
    for row in known.of_kind(ObservationKind::ConsoleRow) {
        let Some(chart) = known.chart_of(row.at).filter(|chart| !chart.is_declared()) else {
            continue;
        };
        // One that was also seen on the network, or that an asset tool knows, is NET001's or LED008's to press.
        let is_told = is_unlisted(&chart) || has_ledger && is_in_a_tool(known, &chart);
        let asked = known.captured_on(row.at);
        let last = Report::of(&chart).and_then(|report| report.last_seen());
        let forgotten = last.is_some_and(|last| (asked - last).get_days() > FORGOTTEN_AFTER);
        let (severity, reason) = match last {
            Some(last) if forgotten => {
                (Severity::Notice, msg!("AVP004.reason_forgotten", date = last))
            }
            Some(last) => (Severity::Warning, msg!("AVP004.reason_seen", date = last)),
            None => (Severity::Warning, msg!("AVP004.reason", date = asked)),
        };
        let severity = if is_told { Severity::Notice } else { severity };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity,
                device: Some(chart.device.id),
                title: msg!("AVP004.title", device = chart.label()),
                reason,
                remedy: if forgotten {
                    msg!("AVP004.remedy_forgotten")
                } else {
                    msg!("AVP004.remedy")
                },
                evidence: vec![row.at],
                rests_on: vec![forgotten.to_string()],
            },
        );
    }
}
