//! NET008: an address inside the hospital belongs to somebody on the internet.

use std::net::Ipv4Addr;

use domain::{AddressKind, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, names};
use crate::known::Known;

/// One finding for each listed device with a fixed address outside the private ranges (RFC 1918, RFC 6598).
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for chart in known.charts().filter(super::super::known::Chart::is_in_a_ledger) {
        let fixed = chart.fixed_addresses();
        let public = |address: &&Ipv4Addr| AddressKind::of(**address) == AddressKind::Public;
        let public: Vec<String> = fixed.iter().filter(public).map(ToString::to_string).collect();
        if public.is_empty() {
            continue;
        }
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Warning,
                device: Some(chart.device.id),
                title: msg!("NET008.title", device = chart.label(), addresses = names(&public)),
                reason: msg!("NET008.reason"),
                remedy: msg!("NET008.remedy"),
                evidence: chart.listings().map(|(at, _)| at).collect(),
                rests_on: public,
            },
        );
    }
}
