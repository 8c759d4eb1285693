//! LED007: two rows of one ledger claim one network card.

use std::collections::BTreeMap;

use domain::{MacAddress, ObservationRef, Place, Severity, SourceId, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// The rows that claim one card: label, mark and name of the first machine of each.
type Rows = BTreeMap<Place, (String, String, ObservationRef)>;

/// One finding for each ledger in which a MAC stands on several rows. An address that moves between routers belongs to several.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    let mut sources: BTreeMap<SourceId, BTreeMap<MacAddress, Rows>> = BTreeMap::new();
    for (row, chart) in known.ledger_rows() {
        let Some(import) = known.world.import(row.at.import) else { continue };
        // The machines of one row such as `10.1.1.21～24` count once.
        let place = row.observation.place.clone().part(0);
        let cards = row.observation.bindings.iter().filter_map(|binding| binding.mac);
        for mac in cards.filter(|mac| names_a_card(*mac)) {
            let rows = sources.entry(import.import.source.clone()).or_default();
            let machine = || (chart.label(), chart.mark(), row.at);
            rows.entry(mac).or_default().entry(place.clone()).or_insert_with(machine);
        }
    }
    for (source, mut cards) in sources {
        cards.retain(|_, rows| rows.len() > 1);
        if cards.is_empty() {
            continue;
        }
        findings.add(Subject::Source(source.clone()), said(&source, &cards));
    }
}

fn names_a_card(mac: MacAddress) -> bool {
    mac.is_stable() || (mac.is_local() && !mac.is_group())
}

fn said(source: &SourceId, cards: &BTreeMap<MacAddress, Rows>) -> Said {
    let told = cards.iter().map(|(mac, rows)| {
        let labels: Vec<&str> = rows.values().map(|(label, ..)| label.as_str()).collect();
        format!("{mac} ({})", labels.join(", "))
    });
    let facts = cards.iter().flat_map(|(mac, rows)| {
        let marks = rows.values().map(|(_, mark, _)| mark.clone());
        std::iter::once(mac.to_string()).chain(marks)
    });
    let mut evidence: Vec<ObservationRef> =
        cards.values().flat_map(|rows| rows.values().map(|(.., at)| *at)).collect();
    evidence.sort();
    evidence.dedup();
    Said {
        severity: Severity::Warning,
        device: None,
        title: msg!("LED007.title", source = source.as_str(), cards = cards.len()),
        reason: msg!("LED007.reason", cards = names(&told.collect::<Vec<_>>())),
        remedy: msg!("LED007.remedy"),
        evidence,
        rests_on: facts.collect(),
    }
}
