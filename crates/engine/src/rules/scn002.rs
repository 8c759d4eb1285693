//! SCN002: the last security diagnosis is more than a year ago.

use std::collections::BTreeSet;

use domain::{ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// A diagnosis holds for a year: networks change with every device that is bought. In days; this program's own choice.
const HOLDS_FOR: i32 = 365;

/// One finding for each source whose newest scan is older.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for host in known.of_kind(ObservationKind::ScanHost) {
        let Some(import) = known.world.import(host.at.import) else { continue };
        let source = &import.import.source;
        let day = known.captured_on(host.at);
        let days = (today - day).get_days();
        if days <= HOLDS_FOR || !told.insert(source) {
            continue;
        }
        findings.add(
            Subject::Source(source.clone()),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!("SCN002.title", source = source.as_str(), date = day, days = days),
                reason: msg!("SCN002.reason"),
                remedy: msg!("SCN002.remedy"),
                evidence: vec![host.at],
                rests_on: vec![day.to_string()],
            },
        );
    }
}
