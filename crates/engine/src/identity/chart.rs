//! A device's chart: its layers and its cards over time, from the observations that were joined.

use std::net::IpAddr;

use domain::{DeviceId, Interface, Layer, MacAddress, ObservationRef, Sighting};

use super::join::{Circumstances, Cluster};
use super::{Device, Node};

/// The device that `cluster` of `nodes` is.
pub(super) fn chart(on: &Circumstances<'_>, nodes: &[Node<'_>], cluster: Cluster) -> Device {
    let members: Vec<&Node<'_>> = cluster.nodes.iter().map(|&node| &nodes[node]).collect();
    let id = DeviceId::of(cluster.anchor.key());
    let mut aliases: Vec<DeviceId> = cluster
        .others
        .iter()
        .map(|sign| DeviceId::of(sign.key()))
        .filter(|alias| *alias != id)
        .collect();
    aliases.sort_unstable();
    aliases.dedup();
    Device {
        id,
        aliases: aliases.into(),
        anchor: cluster.anchor,
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
    let in_force = |node: &Node<'_>| node.imported.superseded_at.is_none();
    // An address of an earlier edition is history, unless the device is in no newer one.
    let restated = members.iter().any(|node| node.declared && in_force(node));
    let counting = members.iter().filter(|node| !node.declared || !restated || in_force(node));
    let mut seen: Vec<(Option<MacAddress>, Option<Sighting>)> = counting
        .flat_map(|node| {
            let bindings = node.recorded.observation.bindings.iter();
            bindings.map(|binding| (binding.mac, binding.address.map(|at| sighting(node, at))))
        })
        .collect();
    seen.sort_by_key(|(mac, sighting)| (*mac, sighting.as_ref().map(|sighting| sighting.address)));
    let mut cards: Vec<Interface> = Vec::with_capacity(1);
    for (mac, sighting) in seen {
        add(&mut cards, mac, sighting);
    }
    place_bare_addresses(&mut cards);
    cards
}

/// That `node` says of `address`.
fn sighting(node: &Node<'_>, address: IpAddr) -> Sighting {
    let at = Some(node.time).filter(|_| !node.declared);
    Sighting {
        address,
        declared: node.declared,
        first: at,
        last: at,
        count: u32::from(!node.declared),
    }
}

/// Adds what stands behind all there is in the order of cards and addresses.
fn add(cards: &mut Vec<Interface>, mac: Option<MacAddress>, sighting: Option<Sighting>) {
    if mac.is_none() && sighting.is_none() {
        return;
    }
    if cards.last().is_none_or(|card| card.mac != mac) {
        cards.push(Interface { mac, sightings: Vec::new() });
    }
    let (Some(card), Some(sighting)) = (cards.last_mut(), sighting) else { return };
    match card.sightings.last_mut() {
        Some(last) if last.address == sighting.address => absorb(last, &sighting),
        _ => {
            card.sightings.reserve_exact(usize::from(card.sightings.is_empty()));
            card.sightings.push(sighting);
        }
    }
}

/// An address that was stated without a card belongs to the card that holds it, where there is exactly one.
fn place_bare_addresses(cards: &mut Vec<Interface>) {
    let Some((bare, others)) = cards.split_first_mut() else { return };
    if bare.mac.is_some() {
        return;
    }
    bare.sightings.retain(|sighting| {
        let mut holders = others.iter_mut().filter_map(|card| held(card, sighting.address));
        match (holders.next(), holders.next()) {
            (Some(holder), None) => absorb(holder, sighting),
            _ => return true,
        }
        false
    });
    if bare.sightings.is_empty() {
        cards.remove(0);
    }
}

/// The address as `card` holds it.
fn held(card: &mut Interface, address: IpAddr) -> Option<&mut Sighting> {
    let index = card.sightings.binary_search_by_key(&address, |sighting| sighting.address).ok()?;
    card.sightings.get_mut(index)
}

fn absorb(holder: &mut Sighting, other: &Sighting) {
    holder.declared |= other.declared;
    holder.first = holder.first.into_iter().chain(other.first).min();
    holder.last = holder.last.into_iter().chain(other.last).max();
    holder.count += other.count;
}
