//! LED006: the address of a ledger row was not entered, or cannot be read.

use std::collections::BTreeMap;

use domain::{Addressing, Field, ObservationRef, Severity, SourceId, Status, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// Rows of one ledger without an address.
#[derive(Default)]
struct Rows {
    devices: Vec<String>,
    marks: Vec<String>,
    evidence: Vec<ObservationRef>,
}

/// One finding for each ledger with such rows. "DHCP" and "未接続" are answers; a blank, a placeholder and a misprint are not.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut sources: BTreeMap<SourceId, Rows> = BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        let facts = &row.observation.facts;
        let addressing = facts.value(Field::Addressing).and_then(Addressing::from_key);
        let entered = match addressing {
            Some(Addressing::Placeholder | Addressing::Invalid | Addressing::Unknown) => false,
            Some(Addressing::Dynamic | Addressing::None | Addressing::Static) => true,
            None => row.observation.bindings.iter().any(|binding| binding.address.is_some()),
        };
        if entered || facts.value(Field::Status) == Some(Status::Retired.key()) {
            continue;
        }
        let Some(import) = known.world.import(row.at.import) else { continue };
        let entry = sources.entry(import.import.source.clone()).or_default();
        entry.devices.push(chart.label());
        entry.marks.push(chart.mark());
        entry.evidence.push(row.at);
    }
    for (source, Rows { devices, marks, evidence }) in sources {
        findings.add(
            Subject::Field(source.clone(), Field::Addressing),
            Said {
                severity: Severity::Notice,
                device: None,
                title: msg!("LED006.title", source = source.as_str(), rows = devices.len()),
                reason: msg!("LED006.reason", devices = names(&devices)),
                remedy: msg!("LED006.remedy"),
                evidence,
                rests_on: marks,
            },
        );
    }
}
