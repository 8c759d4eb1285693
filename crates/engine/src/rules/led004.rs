//! LED004: an address table lists what no ledger lists.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{Field, ObservationKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known, fixed_addresses};

/// One finding for each address that only a table knows; of two tables the newer speaks. Says nothing while there is no ledger.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    if known.ledger_rows().next().is_none() {
        return;
    }
    let listed: BTreeSet<Ipv4Addr> =
        known.charts().filter(Chart::is_listed).flat_map(|chart| chart.fixed_addresses()).collect();
    for row in known.of_kind(ObservationKind::AddressRow) {
        let Some(address) = fixed_addresses(&row.observation).next() else { continue };
        let named = row.observation.facts.get(Field::Hostname);
        let chart = known.chart_of(row.at);
        let known_by_name = named.is_some() && chart.is_some_and(|chart| chart.is_listed());
        if listed.contains(&address) || known_by_name {
            continue;
        }
        let (title, name) = match named.or_else(|| row.observation.facts.get(Field::Remark)) {
            Some(name) => (
                msg!("LED004.title", name = name.shown(), address = address),
                name.shown().to_owned(),
            ),
            None => (msg!("LED004.title_nameless", address = address), String::new()),
        };
        findings.add(
            Subject::Address(address),
            Said {
                severity: Severity::Warning,
                device: chart.map(|chart| chart.device.id),
                title,
                reason: msg!("LED004.reason", place = row.observation.place.clone()),
                remedy: msg!("LED004.remedy"),
                evidence: vec![row.at],
                rests_on: vec![name],
            },
        );
    }
}
