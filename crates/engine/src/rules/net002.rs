//! NET002: a listed device was not seen where it should be. Said only inside coverage, and never as "gone".

use std::collections::HashMap;
use std::net::Ipv4Addr;

use domain::{Completeness, Coverage, MacAddress, Severity, Status, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said};
use crate::known::{Chart, Known};

/// A look older than this says nothing about today, in days.
const STALE_AFTER: i32 = 30;

/// One finding, from the newest look, for each device in use whose fixed address lies in a network that was looked at, and that was not seen anywhere that day.
pub(super) fn check(known: &Known<'_>, today: Date, findings: &mut Findings) {
    let looks: Vec<&Coverage> = known
        .looks()
        .into_iter()
        .filter(|look| matches!(look.completeness, Completeness::Neighbours | Completeness::Scan))
        .filter(|look| (today - known.day(look.at)).get_days() <= STALE_AFTER)
        .collect();
    let mut answers = None;
    for chart in known.charts().filter(|chart| chart.is_in_a_ledger() && is_expected(chart)) {
        let addresses = chart.fixed_addresses();
        let Some((look, address)) = looks.iter().find_map(|look| {
            addresses
                .iter()
                .find(|address| look.network.contains(**address))
                .map(|address| (*look, *address))
        }) else {
            continue;
        };
        let day = known.day(look.at);
        if chart.sightings().first().is_some_and(|seen| known.day(seen.time) >= day) {
            continue;
        }
        let answers = answers.get_or_insert_with(|| answering(known));
        if let Some(other) = answers.get(&(address, day)) {
            findings.add(
                Subject::Device(chart.device.id),
                Said {
                    severity: Severity::Warning,
                    device: Some(chart.device.id),
                    title: msg!(
                        "NET002.title",
                        device = chart.label(),
                        address = address,
                        date = day
                    ),
                    reason: msg!("NET002.reason_other", address = address, mac = *other),
                    remedy: msg!("NET002.remedy_other"),
                    evidence: chart.listings().map(|(at, _)| at).collect(),
                    rests_on: vec![address.to_string(), other.to_string()],
                },
            );
            continue;
        }
        let vantage = look.vantage.map_or_else(String::new, |vantage| vantage.to_string());
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Notice,
                device: Some(chart.device.id),
                title: msg!("NET002.title", device = chart.label(), address = address, date = day),
                reason: msg!("NET002.reason", network = look.network, vantage = vantage),
                remedy: msg!("NET002.remedy"),
                evidence: chart.listings().map(|(at, _)| at).collect(),
                rests_on: vec![address.to_string()],
            },
        );
    }
}

/// The card that answered at each address on each day; the smallest, where several did.
fn answering(known: &Known<'_>) -> HashMap<(Ipv4Addr, Date), MacAddress> {
    let mut answers = HashMap::new();
    for seen in known.charts().flat_map(|chart| chart.sightings()) {
        let Some(mac) = seen.mac else { continue };
        let first = answers.entry((seen.address, known.day(seen.time))).or_insert(mac);
        *first = mac.min(*first);
    }
    answers
}

/// A device that is stopped, spare or disposed of is expected to be silent.
fn is_expected(chart: &Chart<'_>) -> bool {
    !matches!(chart.status(), Some(Status::Retired | Status::Spare | Status::Stopped))
}
