//! AVP006: the list of the protection console is too old to judge by.

use std::collections::BTreeSet;

use domain::{ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// A list older than this says nothing of today, in days. This program's own choice.
const TOO_OLD_AFTER: i32 = 30;

/// One finding for each console whose newest list is older. What cannot be judged is not fine.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for row in known.of_kind(ObservationKind::ConsoleRow) {
        let Some(import) = known.world.import(row.at.import) else { continue };
        let source = &import.import.source;
        let asked = known.captured_on(row.at);
        let days = (today - asked).get_days();
        if days <= TOO_OLD_AFTER || !told.insert(source) {
            continue;
        }
        findings.add(
            Subject::Source(source.clone()),
            Said {
                severity: Severity::Unknown,
                device: None,
                title: msg!("AVP006.title", source = source.as_str(), date = asked, days = days),
                reason: msg!("AVP006.reason"),
                remedy: msg!("AVP006.remedy"),
                evidence: vec![row.at],
                rests_on: vec![asked.to_string()],
            },
        );
    }
}
