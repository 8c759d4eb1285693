//! Joining the observations of one component into devices.
//!
//! Links are followed from the strongest sign to the weakest, and within a sign by precedence. A link that would bring conflicting
//! strong signs, or a person's "not the same", into one device is not followed; where a person could help it becomes a doubt.

mod address;
mod finish;
mod sets;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use domain::{Digest, Field, ObservationKind, Sign, SignKey, Strength, Verdict};
use jiff::Timestamp;

pub(super) use finish::{anchor_of, row_sign};
use sets::Sets;

use super::contexts::Contexts;
use super::{Against, Decisions, Doubt, Mark, Node, signs};
use crate::world::World;

/// What the derivation of a component depends on besides its observations.
pub(super) struct Circumstances<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) contexts: &'a Contexts,
    pub(super) decisions: &'a Decisions,
}

/// The nodes of one device, by precedence, and the signs that are its alone: the strongest, and the others.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) nodes: Vec<usize>,
    pub(super) anchor: Sign,
    pub(super) others: Vec<Sign>,
}

/// The key by which a sign is compared. An address is compared without its context, so that a declaration meets every network that
/// uses its address, and ambiguity is seen.
pub(super) fn comparable(sign: &Sign) -> SignKey {
    match sign {
        Sign::Address { address, .. } => address_key(*address),
        other => other.key(),
    }
}

/// Marks an address among the keys; no digest begins with twelve bytes like these but by a chance of 2^-96.
const ADDRESS_KEY: [u8; 12] = *b"\xffipv4address";

fn address_key(address: Ipv4Addr) -> SignKey {
    let mut key = [0; 16];
    key[..12].copy_from_slice(&ADDRESS_KEY);
    key[12..].copy_from_slice(&address.octets());
    SignKey(key)
}

fn address_of(key: SignKey) -> Ipv4Addr {
    let [.., a, b, c, d] = key.0;
    Ipv4Addr::new(a, b, c, d)
}

impl Circumstances<'_> {
    /// Digest of all that the derivation of a component depends on.
    pub(super) fn digest(&self, nodes: &[Node<'_>], members: &[u32]) -> Digest {
        let mut text = Vec::with_capacity(members.len() * 24);
        for &member in members {
            let node = &nodes[member as usize];
            let import = node.imported.import;
            text.extend(node.recorded.at.import.0.to_be_bytes());
            text.extend(node.recorded.at.seq.to_be_bytes());
            text.extend(import.captured_at.as_millisecond().to_be_bytes());
            text.extend(
                node.imported
                    .superseded_at
                    .map_or(i64::MAX, Timestamp::as_millisecond)
                    .to_be_bytes(),
            );
            text.push(u8::from(node.imported.has_older));
            for binding in &node.recorded.observation.bindings {
                let context = binding.ipv4().map_or(0, |address| self.contexts.of(import, address));
                text.extend(context.to_be_bytes());
            }
        }
        let spoken = self.spoken(nodes, members);
        Digest::of_parts([text.as_slice(), spoken.as_slice()])
    }

    /// The decisions that touch these nodes.
    fn spoken(&self, nodes: &[Node<'_>], members: &[u32]) -> Vec<u8> {
        if self.decisions.pairs.is_empty() {
            return Vec::new();
        }
        let keys: BTreeSet<SignKey> = members
            .iter()
            .flat_map(|&member| self.signs(&nodes[member as usize]))
            .map(|sign| comparable(&sign))
            .collect();
        let mut spoken = Vec::new();
        for (one, other, verdict) in &self.decisions.pairs {
            if keys.contains(one) && keys.contains(other) {
                spoken.extend(one.0);
                spoken.extend(other.0);
                spoken.push(u8::from(*verdict == Verdict::Same));
            }
        }
        spoken
    }

    /// The signs of `node`, strongest first; with its row, where a person spoke of that.
    pub(super) fn signs(&self, node: &Node<'_>) -> Vec<Sign> {
        let mut signs =
            signs::signs(&node.recorded.observation, node.imported.import, self.contexts);
        if !self.decisions.rows.is_empty() {
            let row = finish::row_sign(node);
            if self.decisions.rows.contains(&row.key()) && !signs.contains(&row) {
                signs.push(row);
            }
        }
        signs
    }
}

/// The devices of one component, and the doubts between them.
pub(super) fn join(
    on: &Circumstances<'_>,
    nodes: &[Node<'_>],
    marks: &[Mark],
) -> (Vec<Cluster>, Vec<Doubt>) {
    if let [node] = nodes {
        return (vec![finish::alone(on, node, marks)], Vec::new());
    }
    let mut joiner = Joiner::new(on, nodes, marks);
    joiner.follow_people();
    joiner.follow_hands();
    for group in joiner.groups(|strength| strength > Strength::Address) {
        joiner.follow_sign(&group);
    }
    let addresses = joiner.groups(|strength| strength == Strength::Address);
    for group in &addresses {
        joiner.join_declarations(group);
    }
    joiner.join_observed(&addresses);
    joiner.join_bare_addresses(&addresses);
    for group in joiner.groups(|strength| strength == Strength::Row) {
        joiner.follow_sign(&group);
    }
    joiner.finish()
}

/// All nodes that carry one sign, by precedence.
#[derive(Debug, Clone)]
struct Group {
    strength: Strength,
    key: SignKey,
    nodes: Vec<usize>,
}

/// What is known of a set of nodes while it grows.
#[derive(Debug, Clone, Default)]
struct Traits {
    /// Ledger rows, as (import, node).
    rows: BTreeSet<(u32, usize)>,
    /// Asset numbers, as (source, number).
    assets: BTreeSet<(String, SignKey)>,
    /// Serial numbers that people wrote down, without their makers: two documents spell a maker differently.
    declared_serials: BTreeSet<String>,
    /// Serial numbers that machines told.
    observed_serials: BTreeSet<String>,
    macs: BTreeSet<SignKey>,
    declared_names: BTreeSet<SignKey>,
    observed_names: BTreeSet<SignKey>,
    /// Which side of a person's "not the same" it is on: decision and side.
    sides: BTreeSet<(usize, bool)>,
}

struct Joiner<'a> {
    on: &'a Circumstances<'a>,
    nodes: &'a [Node<'a>],
    marks: Vec<Mark>,
    withheld: Withheld,
    sets: Sets,
    /// By representative of a set.
    traits: Vec<Traits>,
    /// Nodes that carry nothing but addresses.
    bare: Vec<bool>,
    /// The computer name each node carries.
    names: Vec<Option<SignKey>>,
    doubts: Vec<(usize, usize, SignKey, Against)>,
}

impl<'a> Joiner<'a> {
    fn new(on: &'a Circumstances<'a>, nodes: &'a [Node<'a>], marks: &[Mark]) -> Self {
        let mut marks = marks.to_vec();
        let withheld = withhold_split_signs(&mut marks, on.decisions);
        let mut joiner = Self {
            on,
            nodes,
            sets: Sets::new(nodes.len()),
            traits: vec![Traits::default(); nodes.len()],
            bare: bare(nodes.len(), &marks),
            names: names(nodes.len(), &marks),
            marks,
            withheld,
            doubts: Vec::new(),
        };
        joiner.collect_traits();
        joiner
    }

    fn collect_traits(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            let traits = &mut self.traits[index];
            let import = node.imported.import;
            if node.recorded.observation.kind == ObservationKind::LedgerRow {
                traits.rows.insert((import.id.0, index));
            }
            if let Some(serial) = node.recorded.observation.facts.value(Field::Serial) {
                let serials = match node.declared {
                    true => &mut traits.declared_serials,
                    false => &mut traits.observed_serials,
                };
                serials.insert(domain::fold(serial));
            }
        }
        for mark in &self.marks {
            let node = mark.node as usize;
            let traits = &mut self.traits[node];
            let about = signs::about(&self.nodes[node].recorded.observation);
            let told = about.is_some_and(|sign| comparable(&sign) == mark.key);
            match mark.strength.0 {
                // The number of another source, repeated here, is no number that this source gives.
                Strength::AssetNumber if told => {}
                Strength::AssetNumber => {
                    traits
                        .assets
                        .insert((self.nodes[node].imported.import.source.to_string(), mark.key));
                }
                Strength::Mac => {
                    traits.macs.insert(mark.key);
                }
                Strength::HostName if self.nodes[node].declared => {
                    traits.declared_names.insert(mark.key);
                }
                Strength::HostName => {
                    traits.observed_names.insert(mark.key);
                }
                _ => {}
            }
            for (decision, (one, other, verdict)) in self.on.decisions.pairs.iter().enumerate() {
                if *verdict == Verdict::NotSame && (*one == mark.key || *other == mark.key) {
                    traits.sides.insert((decision, *one == mark.key));
                }
            }
        }
        for traits in &mut self.traits {
            // A serial number that is no sign (「－」, too short) is no ground for a refusal either.
            let is_sign =
                |serial: &String| serial.len() >= 4 && serial.bytes().any(|b| b.is_ascii_digit());
            traits.declared_serials.retain(is_sign);
            traits.observed_serials.retain(is_sign);
        }
    }

    /// The groups of the strengths asked for, strongest first, with the nodes of each by precedence.
    fn groups(&self, wanted: impl Fn(Strength) -> bool) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for mark in self.marks.iter().filter(|mark| wanted(mark.strength.0)) {
            match groups.last_mut() {
                Some(group) if group.key == mark.key => group.nodes.push(mark.node as usize),
                _ => groups.push(Group {
                    strength: mark.strength.0,
                    key: mark.key,
                    nodes: vec![mark.node as usize],
                }),
            }
        }
        groups
    }

    fn nodes_with(&self, key: SignKey) -> Vec<usize> {
        self.marks.iter().filter(|mark| mark.key == key).map(|mark| mark.node as usize).collect()
    }

    /// Follows what people said is one device. Only another person's word stands against it.
    fn follow_people(&mut self) {
        for (one, other, verdict) in &self.on.decisions.pairs {
            if *verdict != Verdict::Same {
                continue;
            }
            let mut nodes = self.nodes_with(*one);
            nodes.extend(self.nodes_with(*other));
            for pair in nodes.windows(2) {
                let (one, other) = (self.sets.find(pair[0]), self.sets.find(pair[1]));
                if !self.kept_apart(one, other) {
                    self.unite(one, other);
                }
            }
        }
    }

    /// Puts what people entered to the device they entered it for. Only another person's word stands against it.
    fn follow_hands(&mut self) {
        for node in 0..self.nodes.len() {
            let observation = &self.nodes[node].recorded.observation;
            if observation.kind != ObservationKind::Hand {
                continue;
            }
            let Some(sign) = signs::about(observation) else { continue };
            let carriers = self.nodes_with(comparable(&sign));
            let Some(other) = carriers.into_iter().find(|&other| other != node) else { continue };
            let (one, other) = (self.sets.find(node), self.sets.find(other));
            if !self.kept_apart(one, other) {
                self.unite(one, other);
            }
        }
    }

    /// Joins the nodes that carry one sign, as far as nothing stands against it.
    fn follow_sign(&mut self, group: &Group) {
        if group.nodes.len() < 2 {
            return;
        }
        let ambiguous = self.rows_that_repeat(group);
        let shared = group.strength == Strength::Mac && self.is_shared_adapter(group);
        let mut joinable =
            group.nodes.iter().copied().filter(|node| {
                !(ambiguous.contains(node) || shared && self.names[*node].is_some())
            });
        let Some(first) = joinable.next() else { return };
        let rest: Vec<usize> = joinable.collect();
        for node in rest {
            self.link(first, node, group.strength, group.key);
        }
    }

    /// Rows of one ledger edition that carry the same sign twice or more: the sign does not say which of them is meant.
    fn rows_that_repeat(&self, group: &Group) -> BTreeSet<usize> {
        let rows: Vec<usize> = group
            .nodes
            .iter()
            .copied()
            .filter(|&node| {
                self.nodes[node].recorded.observation.kind == ObservationKind::LedgerRow
            })
            .collect();
        let import = |node: usize| self.nodes[node].imported.import.id;
        rows.iter()
            .copied()
            .filter(|&node| {
                rows.iter().any(|&other| other != node && import(other) == import(node))
            })
            .collect()
    }

    /// A card that answers under many names: a dock or a USB adapter that goes from laptop to laptop.
    ///
    /// Three names, or two of which each also has a card of its own. Two names alone are a machine that was renamed.
    fn is_shared_adapter(&self, group: &Group) -> bool {
        let observed = group.nodes.iter().filter(|&&node| !self.nodes[node].declared);
        let names: BTreeSet<SignKey> = observed.filter_map(|&node| self.names[node]).collect();
        if names.len() < 2 {
            return false;
        }
        let has_card_of_its_own = |name: &SignKey| {
            self.marks.iter().any(|mark| {
                mark.strength.0 == Strength::Mac
                    && mark.key != group.key
                    && self.names[mark.node as usize] == Some(*name)
            })
        };
        names.len() > 2 || names.iter().all(has_card_of_its_own)
    }

    /// Joins the sets of two nodes, or notes why not.
    fn link(&mut self, one: usize, other: usize, strength: Strength, key: SignKey) -> bool {
        let (root, other_root) = (self.sets.find(one), self.sets.find(other));
        if root == other_root {
            return true;
        }
        if self.kept_apart(root, other_root) {
            return false;
        }
        if let Some(against) = self.conflict(root, other_root, strength) {
            self.doubts.push((one, other, key, against));
            return false;
        }
        self.unite(root, other_root);
        true
    }

    fn unite(&mut self, one: usize, other: usize) {
        if one == other {
            return;
        }
        let (root, gone) = self.sets.unite(one, other);
        let merged = std::mem::take(&mut self.traits[gone]);
        let traits = &mut self.traits[root];
        traits.rows.extend(merged.rows);
        traits.assets.extend(merged.assets);
        traits.declared_serials.extend(merged.declared_serials);
        traits.observed_serials.extend(merged.observed_serials);
        traits.macs.extend(merged.macs);
        traits.declared_names.extend(merged.declared_names);
        traits.observed_names.extend(merged.observed_names);
        traits.sides.extend(merged.sides);
    }

    /// Whether a person said that something in one set is not the same as something in the other.
    fn kept_apart(&self, one: usize, other: usize) -> bool {
        let theirs = &self.traits[other].sides;
        self.traits[one].sides.iter().any(|(decision, side)| theirs.contains(&(*decision, !side)))
    }

    /// What stands against joining two sets by a sign of `strength`.
    fn conflict(&self, one: usize, other: usize, strength: Strength) -> Option<Against> {
        let (one, other) = (&self.traits[one], &self.traits[other]);
        if one.rows.iter().any(|(import, _)| other.rows.iter().any(|(theirs, _)| theirs == import))
        {
            return Some(Against::Rows);
        }
        if strength < Strength::Serial && serials_apart(one, other, strength) {
            return Some(Against::Serials);
        }
        let renumbered = strength >= Strength::Serial;
        if !renumbered && self.numbered_differently(one, other) {
            return Some(Against::AssetNumbers);
        }
        None
    }

    /// Whether one source gives the two different numbers.
    fn numbered_differently(&self, one: &Traits, other: &Traits) -> bool {
        one.assets.iter().any(|(source, number)| {
            let theirs = || other.assets.iter().filter(|(named, _)| named == source);
            theirs().next().is_some()
                && !theirs().any(|(_, named)| named == number)
                && !one.assets.iter().any(|mine| theirs().any(|named| named == mine))
        })
    }
}

fn bare(nodes: usize, marks: &[Mark]) -> Vec<bool> {
    let mut bare = vec![true; nodes];
    for mark in marks.iter().filter(|mark| mark.strength.0 != Strength::Address) {
        bare[mark.node as usize] = false;
    }
    bare
}

fn names(nodes: usize, marks: &[Mark]) -> Vec<Option<SignKey>> {
    let mut names = vec![None; nodes];
    for mark in marks.iter().filter(|mark| mark.strength.0 == Strength::HostName) {
        names[mark.node as usize] = Some(mark.key);
    }
    names
}

/// Whether serial numbers say that two sets are not one device.
///
/// Two declarations, or two machines, with different numbers are two. Where a machine's own number differs from the one written down,
/// while its card or its name is the same, the paper is wrong or the machine was exchanged: that is drift of one device.
fn serials_apart(one: &Traits, other: &Traits, strength: Strength) -> bool {
    let within = differ(&one.declared_serials, &other.declared_serials)
        || differ(&one.observed_serials, &other.observed_serials);
    let across = differ(&one.declared_serials, &other.observed_serials)
        || differ(&one.observed_serials, &other.declared_serials);
    within || (across && strength < Strength::HostName)
}

fn differ<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// Signs that a node carries but that are not followed from it, because a person said so.
type Withheld = BTreeSet<(SignKey, u32)>;

/// Where a person said that two signs of one and the same observation are not the same device, the weaker one is withheld from it.
fn withhold_split_signs(marks: &mut Vec<Mark>, decisions: &Decisions) -> Withheld {
    let mut withheld = Withheld::new();
    for (one, other, verdict) in &decisions.pairs {
        if *verdict != Verdict::NotSame {
            continue;
        }
        let carriers = |key: &SignKey| -> BTreeSet<u32> {
            marks.iter().filter(|mark| mark.key == *key).map(|mark| mark.node).collect()
        };
        let both: BTreeSet<u32> = carriers(one).intersection(&carriers(other)).copied().collect();
        if both.is_empty() {
            continue;
        }
        let strength =
            |key: &SignKey| marks.iter().find(|mark| mark.key == *key).map(|mark| mark.strength.0);
        let weaker = if strength(one) < strength(other) { *one } else { *other };
        marks.retain(|mark| mark.key != weaker || !both.contains(&mark.node));
        withheld.extend(both.into_iter().map(|node| (weaker, node)));
    }
    withheld
}
