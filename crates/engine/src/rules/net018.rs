//! NET018: machines of one network leave it by different gateways.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use domain::{Field, Network, ObservationKind, ObservationRef, Severity, Subject, msg};
use jiff::civil::Date;

use super::{Findings, Said, all, names};
use crate::known::Known;
use crate::world::Recorded;

/// Machines by the gateway they use.
type ByGateway = BTreeMap<Ipv4Addr, Vec<(String, ObservationRef)>>;

/// One finding for each network whose machines report two or more default gateways in it.
pub(super) fn check(known: &Known<'_>, _: Date, findings: &mut Findings) {
    for (network, gateways) in gateways(known).into_iter().filter(|(_, by)| by.len() > 1) {
        let fewest = gateways.iter().min_by_key(|(gateway, users)| (users.len(), **gateway));
        let Some((odd, users)) = fewest else { continue };
        let mut labels: Vec<String> = users.iter().map(|(label, _)| label.clone()).collect();
        labels.sort();
        let all: Vec<String> = gateways.keys().map(ToString::to_string).collect();
        findings.add(
            Subject::Network(network),
            Said {
                severity: Severity::Warning,
                device: None,
                title: msg!("NET018.title", network = network, gateways = names(&all)),
                reason: msg!("NET018.reason", gateway = *odd, devices = names(&labels)),
                remedy: msg!("NET018.remedy"),
                evidence: users.iter().map(|(_, at)| *at).collect(),
                rests_on: all,
            },
        );
    }
}

/// The network in which `report` reaches `gateway`: as its own address and prefix say, else the /24.
fn network_of(report: &Recorded, gateway: Ipv4Addr) -> Network {
    let own = report.observation.bindings.iter().filter_map(|binding| {
        Some(Network::of(binding.ipv4()?, binding.prefix?)).filter(|own| own.contains(gateway))
    });
    own.max_by_key(|network| network.prefix()).unwrap_or_else(|| Network::of(gateway, 24))
}

fn gateways(known: &Known<'_>) -> BTreeMap<Network, ByGateway> {
    let mut networks: BTreeMap<Network, ByGateway> = BTreeMap::new();
    for report in known.of_kind(ObservationKind::HostReport) {
        let Some(chart) = known.chart_of(report.at) else { continue };
        for gateway in all(report, Field::Gateway) {
            let Ok(gateway) = gateway.parse::<Ipv4Addr>() else { continue };
            let users = networks.entry(network_of(report, gateway)).or_default();
            users.entry(gateway).or_default().push((chart.label(), report.at));
        }
    }
    networks
}
