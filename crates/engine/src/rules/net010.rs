//! NET010: the DHCP server found an address taken by somebody it does not know.

use domain::{ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::Known;

/// One finding for each address that a server declined to give; of two servers the newer list speaks.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for row in known.of_kind(ObservationKind::AddressConflict) {
        let Some(address) = row.observation.bindings.iter().find_map(domain::Binding::ipv4) else {
            continue;
        };
        let Some(import) = known.world.import(row.at.import) else { continue };
        findings.add(
            Subject::Address(address),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("NET010.title", address = address),
                reason: msg!(
                    "NET010.reason",
                    source = import.import.source.as_str(),
                    date = known.day(import.import.captured_at)
                ),
                remedy: msg!("NET010.remedy"),
                evidence: vec![row.at],
                rests_on: vec![import.import.source.to_string()],
            },
        );
    }
}
