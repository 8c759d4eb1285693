//! LIF003: nobody knows until when a device's operating system is supported.

use std::collections::BTreeMap;

use domain::{Field, ObservationRef, Severity, SourceId, Subject, fold, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;
use crate::lifecycle::OsMatch;

/// One finding for each ledger, over the devices of which neither a date nor "it is over in any case" can be said; and one for each
/// such system that runs on machines that no ledger lists. "－" says that there is no operating system and is an answer; a blank is
/// LED001's.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    of_ledgers(known, today, findings);
    of_unlisted(known, today, findings);
}

fn of_unlisted(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut systems: BTreeMap<String, Unlisted> = BTreeMap::new();
    for chart in known.charts() {
        let (seen, os, name) = (chart.os_seen(), chart.os(), chart.os_name());
        if seen.is_empty()
            || name.is_empty()
            || os == OsMatch::NotApplicable
            || is_known(&os, today)
        {
            continue;
        }
        let of = systems.entry(fold(&name)).or_default();
        of.name = name;
        of.devices.push((chart.label(), chart.mark()));
        of.evidence.extend(seen);
    }
    for (system, mut of) in systems {
        of.devices.sort();
        let labels: Vec<String> = of.devices.iter().map(|(label, _)| label.clone()).collect();
        findings.add(
            Subject::Product(system),
            Said {
                severity: Severity::Unknown,
                device: None,
                title: msg!("LIF003.title_seen", os = &of.name, devices = labels.len()),
                reason: msg!("LIF003.reason_seen", devices = names(&labels)),
                remedy: msg!("LIF003.remedy_seen"),
                evidence: of.evidence,
                rests_on: of.devices.into_iter().map(|(_, mark)| mark).collect(),
            },
        );
    }
}

/// Machines that no ledger lists, of one system.
#[derive(Default)]
struct Unlisted {
    name: String,
    /// What people call each, and what a decision knows it by.
    devices: Vec<(String, String)>,
    evidence: Vec<ObservationRef>,
}

fn of_ledgers(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let mut sources: BTreeMap<SourceId, BTreeMap<String, Vec<ObservationRef>>> = BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        let os = chart.os();
        let stated = !chart.os_name().is_empty();
        if !stated
            || !chart.is_in_a_ledger()
            || os == OsMatch::NotApplicable
            || is_known(&os, today)
        {
            continue;
        }
        let Some(import) = known.world.import(row.at.import) else { continue };
        let systems = sources.entry(import.import.source.clone()).or_default();
        systems.entry(chart.os_name()).or_default().push(row.at);
    }
    for (source, systems) in sources {
        let devices: usize = systems.values().map(Vec::len).sum();
        let mut told: Vec<(usize, String)> =
            systems.iter().map(|(name, rows)| (rows.len(), name.clone())).collect();
        told.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        let told: Vec<String> =
            told.into_iter().map(|(rows, name)| format!("{name} ×{rows}")).collect();
        findings.add(
            Subject::Field(source.clone(), Field::Os),
            Said {
                severity: Severity::Unknown,
                device: None,
                title: msg!("LIF003.title", source = source.as_str(), devices = devices),
                reason: msg!("LIF003.reason", systems = names(&told)),
                remedy: msg!("LIF003.remedy"),
                evidence: systems.into_values().flatten().collect(),
                rests_on: told,
            },
        );
    }
}

/// Whether there is one date, or support is over whichever release and edition it is (LIF001). While one of several editions goes
/// on, the others may long be without support: of these nobody knows.
fn is_known(os: &OsMatch<'_>, today: Date) -> bool {
    os.eos().is_some() || os.is_over(today)
}
