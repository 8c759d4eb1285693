//! NET009: there may be a way out that nobody has listed.

use std::net::Ipv4Addr;

use domain::{
    DeviceId, Field, Network, ObservationRef, SettingKind, Severity, Subject, VendorRole, msg,
};
use jiff::civil::Date;

use super::net001::is_unlisted;
use super::{Findings, Said, names, places, value};
use crate::known::{Chart, Known, Seen};
use crate::world::Recorded;

/// The network that Windows makes when a PC shares its connection (Internet Connection Sharing).
fn sharing() -> Network {
    Network::of(Ipv4Addr::new(192, 168, 137, 0), 24)
}

/// One finding for the network of shared connections and one for each unlisted machine whose card is a router maker's, or whose own
/// configuration has a line to the outside.
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
        let lines = lines(known, &chart);
        let evidence = lines.iter().map(|(_, at)| *at);
        let evidence: Vec<ObservationRef> =
            chart.device.members.iter().copied().chain(evidence).collect();
        let lines: Vec<String> = lines.into_iter().map(|(name, _)| name).collect();
        let reason = match router.map(|mac| (mac, known.tables.vendors.vendor(mac))) {
            _ if !lines.is_empty() => msg!("NET009.reason_line", lines = names(&lines)),
            Some((mac, Some(vendor))) => msg!("NET009.reason", mac = mac, vendor = vendor),
            Some((mac, None)) => msg!("NET009.reason_block", mac = mac),
            None => continue,
        };
        let mac = router.map(|mac| mac.to_string());
        findings.add(
            Subject::Device(chart.device.id),
            Said {
                severity: Severity::Urgent,
                device: Some(chart.device.id),
                title: msg!("NET009.title", device = chart.label()),
                reason,
                remedy: msg!("NET009.remedy"),
                evidence,
                rests_on: mac.into_iter().chain(lines).collect(),
            },
        );
    }
}

/// The ways out and in that its own configuration sets up and does not switch off.
fn lines(known: &Known<'_>, chart: &Chart<'_>) -> Vec<(String, ObservationRef)> {
    let kinds =
        [SettingKind::Line, SettingKind::Tunnel, SettingKind::DialIn, SettingKind::RemoteAccess];
    let own = |(_, of): &(&Recorded, Chart<'_>)| of.device.id == chart.device.id;
    let all = kinds.into_iter().flat_map(|kind| known.settings(kind)).filter(own);
    let on = all.filter(|(setting, _)| value(setting, Field::Enabled) != "no");
    let mut lines: Vec<_> =
        on.map(|(said, _)| (value(said, Field::SettingName).to_owned(), said.at)).collect();
    lines.sort();
    lines
}
