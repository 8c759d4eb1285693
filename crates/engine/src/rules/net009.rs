//! NET009: there may be a way out that nobody has listed.

use std::net::Ipv4Addr;

use domain::{DeviceId, Network, Severity, Subject, VendorRole, msg};
use jiff::civil::Date;

use super::net001::is_unlisted;
use super::{Findings, Said, names, places};
use crate::known::{Known, Seen};

/// The network that Windows makes when a PC shares its connection (Internet Connection Sharing).
fn sharing() -> Network {
    Network::of(Ipv4Addr::new(192, 168, 137, 0), 24)
}

/// One finding for the network of shared connections and one for each unlisted machine whose card is a router maker's.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    shared_connections(known, findings);
    unlisted_routers(known, findings);
}

fn shared_connections(known: &Known<'_>, findings: &mut Findings) {
    // The sharing PC gives itself the first address.
    let host = Ipv4Addr::new(192, 168, 137, 1);
    let mut hosts: Vec<(String, DeviceId, Seen)> = Vec::new();
    for chart in known.charts() {
        let now = chart.latest_sightings().into_iter().find(|seen| seen.address == host);
        hosts.extend(now.map(|seen| (chart.label(), chart.device.id, seen)));
    }
    hosts.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let (Some((_, first, _)), Some(newest)) =
        (hosts.first(), hosts.iter().map(|(.., seen)| seen.time).max())
    else {
        return;
    };
    let labels: Vec<String> = hosts.iter().map(|(label, ..)| label.clone()).collect();
    findings.add(
        Subject::Network(sharing()),
        Said {
            severity: Severity::Urgent,
            device: Some(*first),
            title: msg!("NET009.title_sharing", device = names(&labels), network = sharing()),
            reason: msg!("NET009.reason_sharing", date = known.day(newest)),
            remedy: msg!("NET009.remedy_sharing"),
            evidence: places(hosts.iter().map(|(.., seen)| seen)),
            rests_on: sorted(hosts.iter().map(|(_, id, _)| id.to_string())),
        },
    );
}

fn sorted(ids: impl Iterator<Item = String>) -> Vec<String> {
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids
}

fn unlisted_routers(known: &Known<'_>, findings: &mut Findings) {
    for chart in known.charts().filter(is_unlisted) {
        let router = chart.macs().find(|mac| {
            matches!(
                known.role(*mac),
                Some(
                    VendorRole::Router
                        | VendorRole::ConsumerRouter
                        | VendorRole::Firewall
                        | VendorRole::WirelessAccessPoint
                )
            )
        });
        let Some(mac) = router else { continue };
        let reason = match known.tables.vendors.vendor(mac) {
            Some(vendor) => msg!("NET009.reason", mac = mac, vendor = vendor),
            None => msg!("NET009.reason_block", mac = mac),
        };
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("NET009.title", device = chart.label()),
                reason,
                remedy: msg!("NET009.remedy"),
                evidence: chart.device.members.clone(),
                rests_on: vec![mac.to_string()],
            },
        );
    }
}
