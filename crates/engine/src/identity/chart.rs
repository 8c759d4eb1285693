//! A device's chart: its layers and its cards over time, from the observations that were joined.

use std::collections::BTreeMap;
use std::net::IpAddr;

use domain::{DeviceId, Interface, Layer, MacAddress, ObservationRef, Sighting};

use super::join::{Circumstances, Cluster};
use super::{Device, Node};

/// The device that `cluster` of `nodes` is.
pub(super) fn chart(on: &Circumstances<'_>, nodes: &[Node<'_>], cluster: &Cluster) -> Device {
    let members: Vec<&Node<'_>> = cluster.nodes.iter().map(|&node| &nodes[node]).collect();
    let id = DeviceId::of(cluster.anchor.key());
    let mut aliases: Vec<DeviceId> = cluster
        .own
        .iter()
        .map(|sign| DeviceId::of(sign.key()))
        .filter(|alias| *alias != id)
        .collect();
    aliases.sort();
    aliases.dedup();
    Device {
        id,
        aliases: aliases.into(),
        anchor: cluster.anchor.clone(),
        members: members.iter().map(|node| node.recorded.at).collect(),
        declared: ranked(on, &members, Layer::Declared),
        observed: ranked(on, &members, Layer::Observed),
        interfaces: interfaces(&members),
    }
}

/// The observations that feed `layer`, the one that wins first: by rank of its kind, then the newest.
fn ranked(on: &Circumstances<'_>, members: &[&Node<'_>], layer: Layer) -> Box<[ObservationRef]> {
    let layers = on.world.layers();
    let mut ranked: Vec<(u8, usize)> = members
        .iter()
        .enumerate()
        .map(|(index, node)| (layers.feed(node.recorded.observation.kind), index))
        .filter(|(feed, _)| feed.layer == layer)
        .map(|(feed, index)| (feed.rank, index))
        .collect();
    // Members stand by precedence, so the newest is the last.
    ranked.sort_by_key(|(rank, index)| (*rank, std::cmp::Reverse(*index)));
    ranked.into_iter().map(|(_, index)| members[index].recorded.at).collect()
}

fn interfaces(members: &[&Node<'_>]) -> Vec<Interface> {
    let mut cards: BTreeMap<Option<MacAddress>, BTreeMap<IpAddr, Sighting>> = BTreeMap::new();
    let in_force = |node: &Node<'_>| node.imported.superseded_at.is_none();
    // An address of an earlier edition is history, unless the device is in no newer one.
    let restated = members.iter().any(|node| node.declared && in_force(node));
    let counting = members.iter().filter(|node| !node.declared || !restated || in_force(node));
    for node in counting {
        let at = node.time;
        for binding in &node.recorded.observation.bindings {
            let card = cards.entry(binding.mac).or_default();
            let Some(address) = binding.address else { continue };
            let sighting = card.entry(address).or_insert(Sighting {
                address,
                declared: false,
                first: None,
                last: None,
                count: 0,
            });
            if node.declared {
                sighting.declared = true;
            } else {
                sighting.first = Some(sighting.first.map_or(at, |first| first.min(at)));
                sighting.last = Some(sighting.last.map_or(at, |last| last.max(at)));
                sighting.count += 1;
            }
        }
    }
    place_bare_addresses(&mut cards);
    cards
        .into_iter()
        .filter(|(mac, addresses)| mac.is_some() || !addresses.is_empty())
        .map(|(mac, addresses)| Interface { mac, sightings: addresses.into_values().collect() })
        .collect()
}

/// An address that was stated without a card belongs to the card that holds it, where there is exactly one.
fn place_bare_addresses(cards: &mut BTreeMap<Option<MacAddress>, BTreeMap<IpAddr, Sighting>>) {
    let Some(bare) = cards.remove(&None) else { return };
    let mut homeless = BTreeMap::new();
    for (address, sighting) in bare {
        let mut holders = cards.values_mut().filter_map(|card| card.get_mut(&address));
        match (holders.next(), holders.next()) {
            (Some(holder), None) => absorb(holder, &sighting),
            _ => {
                homeless.insert(address, sighting);
            }
        }
    }
    if !homeless.is_empty() {
        cards.insert(None, homeless);
    }
}

fn absorb(holder: &mut Sighting, other: &Sighting) {
    holder.declared |= other.declared;
    holder.first = holder.first.into_iter().chain(other.first).min();
    holder.last = holder.last.into_iter().chain(other.last).max();
    holder.count += other.count;
}
