//! NET009: there may be a way out that nobody has listed.

use std::net::Ipv4Addr;

use domain::{Network, Severity, Subject, VendorRole, msg};
use jiff::civil::Date;

use super::net001::is_unlisted;
use super::{Findings, Said};
use crate::known::Known;

/// The network that Windows makes when a PC shares its connection (Internet Connection Sharing).
fn sharing() -> Network {
    Network::of(Ipv4Addr::new(192, 168, 137, 0), 24)
}

/// One finding for each shared connection and for each unlisted machine whose card is a router maker's.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    shared_connections(known, findings);
    unlisted_routers(known, findings);
}

fn shared_connections(known: &Known<'_>, findings: &mut Findings) {
    for chart in known.charts() {
        let seen = chart.sightings();
        // The sharing PC gives itself the first address.
        let Some(host) = seen.iter().find(|seen| seen.address == Ipv4Addr::new(192, 168, 137, 1)) else { continue };
        findings.add(
            Subject::Network(sharing()),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("NET009.title_sharing", device = chart.label(), network = sharing()),
                reason: msg!("NET009.reason_sharing", date = known.day(host.time)),
                remedy: msg!("NET009.remedy_sharing"),
                evidence: vec![host.at],
                rests_on: vec![chart.device.id.to_string()],
            },
        );
    }
}

fn unlisted_routers(known: &Known<'_>, findings: &mut Findings) {
    for chart in known.charts().filter(is_unlisted) {
        let router = chart.macs().find(|mac| {
            matches!(
                known.role(*mac),
                Some(VendorRole::Router | VendorRole::ConsumerRouter | VendorRole::Firewall | VendorRole::WirelessAccessPoint)
            )
        });
        let Some(mac) = router else { continue };
        let vendor = known.tables.vendors.vendor(mac).unwrap_or_default();
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("NET009.title", device = chart.label()),
                reason: msg!("NET009.reason", mac = mac, vendor = vendor),
                remedy: msg!("NET009.remedy"),
                evidence: chart.device.members.to_vec(),
                rests_on: vec![mac.to_string()],
            },
        );
    }
}
