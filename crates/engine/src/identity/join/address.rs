//! Joining by address: an observation to a declaration, never two observed hosts.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use domain::{Field, Status, Strength};
use jiff::Timestamp;

use super::{Group, Joiner, address_of, differ};
use crate::identity::Against;

/// What to make of something seen at a declared address.
enum Choice {
    /// It is the device this node declares.
    Join(usize),
    /// It may be; a person decides.
    Doubt(Against),
    /// There is nothing to say.
    Leave,
}

impl Joiner<'_> {
    fn is_declared(&self, node: usize) -> bool {
        self.nodes[node].declared
    }

    fn time(&self, node: usize) -> Timestamp {
        self.nodes[node].time
    }

    fn is_retired(&self, node: usize) -> bool {
        let status = self.nodes[node].recorded.observation.facts.value(Field::Status);
        status == Some(Status::Retired.key())
    }

    fn fact(&self, node: usize, field: Field) -> String {
        domain::fold(self.nodes[node].recorded.observation.facts.value(field).unwrap_or_default())
    }

    /// Joins two declarations of one address, where only two speak of it and neither names another machine.
    pub(super) fn join_declarations(&mut self, group: &Group) {
        let declared: Vec<usize> = group
            .nodes
            .iter()
            .copied()
            .filter(|&node| self.is_declared(node) && !self.is_retired(node))
            .collect();
        let roots: BTreeSet<usize> = declared.iter().map(|&node| self.sets.find(node)).collect();
        if roots.len() != 2 {
            return;
        }
        let Some((&first, rest)) = declared.split_first() else { return };
        let Some(&other) = rest.iter().find(|&&node| self.sets.find(node) != self.sets.find(first))
        else {
            return;
        };
        let (one_root, other_root) = (self.sets.find(first), self.sets.find(other));
        let (one, two) = (&self.traits[one_root], &self.traits[other_root]);
        let names_apart = differ(&one.declared_names, &two.declared_names);
        let cards_apart = differ(&one.macs, &two.macs);
        // Two editions of one ledger: the address may have gone to another machine in between, so the name must agree.
        let editions = !one.rows.is_empty() && !two.rows.is_empty();
        let renamed = editions && self.fact(first, Field::Name) != self.fact(other, Field::Name);
        if !names_apart && !cards_apart && !renamed {
            self.link(first, other, Strength::Address, group.key);
        }
    }

    /// Joins what was seen at a declared address to the declaration, the earliest sighting first.
    pub(super) fn join_observed(&mut self, addresses: &[Group]) {
        let mut sightings: Vec<(usize, &Group)> = addresses
            .iter()
            .flat_map(|group| group.nodes.iter().map(move |&node| (node, group)))
            .filter(|(node, _)| !self.is_declared(*node) && !self.bare[*node])
            .collect();
        // Nodes are numbered by precedence; an address decides between two of the same node.
        sightings.sort_by_key(|(node, group)| (*node, group.key));
        for (node, group) in sightings {
            self.join_to_declaration(node, group);
        }
    }

    fn join_to_declaration(&mut self, node: usize, group: &Group) {
        let root = self.sets.find(node);
        let time = self.time(node);
        let candidates = self.declarations_of(group, time);
        if candidates.iter().any(|&candidate| self.sets.find(candidate) == root) {
            return;
        }
        match self.choose(node, group, &candidates) {
            Choice::Join(declaration) => {
                self.link(declaration, node, Strength::Address, group.key);
            }
            Choice::Doubt(against) => {
                for candidate in candidates {
                    let (one, other) = (self.sets.find(candidate), self.sets.find(node));
                    if !self.kept_apart(one, other) {
                        self.doubts.push((candidate, node, group.key, against));
                    }
                }
            }
            Choice::Leave => {}
        }
    }

    /// One node of each set that declares this address at `time`.
    fn declarations_of(&self, group: &Group, time: Timestamp) -> Vec<usize> {
        let mut roots = BTreeSet::new();
        let mut found = Vec::new();
        for &node in &group.nodes {
            let in_force = self.on.world.in_force_at(self.nodes[node].imported.import.id, time);
            if self.is_declared(node) && in_force && roots.insert(self.sets.find(node)) {
                found.push(node);
            }
        }
        found
    }

    fn choose(&self, node: usize, group: &Group, candidates: &[usize]) -> Choice {
        let root = self.sets.find(node);
        if candidates.is_empty()
            || !self.traits[root].rows.is_empty() && self.all_have_rows(candidates)
        {
            // Something known by a stronger sign stands at another's address: that is for the rules to say, not a doubt.
            return Choice::Leave;
        }
        let active: Vec<usize> =
            candidates.iter().copied().filter(|&candidate| !self.is_retired(candidate)).collect();
        let declaration = match active.as_slice() {
            [] => return Choice::Doubt(Against::Retired),
            [declaration] => *declaration,
            _ => return Choice::Doubt(Against::Ambiguous),
        };
        let declared_root = self.sets.find(declaration);
        if self.contexts_of(group).len() > 1 {
            return Choice::Doubt(Against::Ambiguous);
        }
        let (declared, observed) = (&self.traits[declared_root], &self.traits[root]);
        if differ(&declared.declared_names, &observed.observed_names)
            || differ(&declared.declared_names, &observed.declared_names)
        {
            return Choice::Doubt(Against::Names);
        }
        if self.was_elsewhere(declared_root, root, group) {
            return Choice::Doubt(Against::SeenElsewhere);
        }
        Choice::Join(declaration)
    }

    fn all_have_rows(&self, candidates: &[usize]) -> bool {
        candidates.iter().all(|&candidate| {
            let root = self.sets.find(candidate);
            !self.traits[root].rows.is_empty()
        })
    }

    /// The network contexts in which this address was seen.
    fn contexts_of(&self, group: &Group) -> BTreeSet<u16> {
        let address = address_of(group.key);
        group
            .nodes
            .iter()
            .filter(|&&node| !self.is_declared(node))
            .map(|&node| self.on.contexts.of(self.nodes[node].imported.import, address))
            .collect()
    }

    /// Whether the declared device was seen, no earlier than the other began to be, with another card at this address, or at an
    /// address that it does not declare: then what stands at its address is something else.
    fn was_elsewhere(&self, declared: usize, observed: usize, group: &Group) -> bool {
        let address = address_of(group.key);
        let begun = self
            .sets
            .members(observed)
            .iter()
            .filter(|&&node| !self.is_declared(node))
            .map(|&node| self.time(node))
            .min();
        let members = self.sets.members(declared);
        let at = |node: usize| {
            self.nodes[node]
                .recorded
                .observation
                .bindings
                .iter()
                .filter_map(|binding| Some((binding.ipv4()?, binding.mac)))
        };
        let stated: BTreeSet<Ipv4Addr> = members
            .iter()
            .filter(|&&node| self.is_declared(node))
            .flat_map(|&node| at(node).map(|(address, _)| address))
            .collect();
        members
            .iter()
            .filter(|&&node| !self.is_declared(node) && Some(self.time(node)) >= begun)
            .any(|&node| {
                at(node).any(|(seen, mac)| {
                    mac.is_some() && (seen == address || !stated.contains(&seen))
                })
            })
    }

    /// Joins sightings of an address without a card: to its declaration, else to the one host that holds the address, else to each other.
    ///
    /// Such a sighting is no host of its own: it says only that somebody held the address.
    pub(super) fn join_bare_addresses(&mut self, addresses: &[Group]) {
        let bare: Vec<usize> = (0..self.nodes.len())
            .filter(|&node| !self.is_declared(node) && self.bare[node])
            .collect();
        let mut groups_of: BTreeMap<usize, Vec<&Group>> = BTreeMap::new();
        for group in addresses {
            for &node in &group.nodes {
                groups_of.entry(node).or_default().push(group);
            }
        }
        for node in bare {
            for group in groups_of.remove(&node).unwrap_or_default() {
                self.join_bare(node, group);
            }
        }
    }

    fn join_bare(&mut self, node: usize, group: &Group) {
        let time = self.time(node);
        let active: Vec<usize> = self
            .declarations_of(group, time)
            .into_iter()
            .filter(|&declared| !self.is_retired(declared))
            .collect();
        if let [declaration] = active.as_slice() {
            self.link(*declaration, node, Strength::Address, group.key);
            return;
        }
        let address = address_of(group.key);
        let context = self.on.contexts.of(self.nodes[node].imported.import, address);
        let mut holders = BTreeSet::new();
        let mut others = Vec::new();
        for &other in group.nodes.iter().filter(|&&other| other != node && !self.is_declared(other))
        {
            if self.on.contexts.of(self.nodes[other].imported.import, address) != context {
                continue;
            }
            if self.bare[other] {
                others.push(other);
            } else {
                holders.insert(self.sets.find(other));
            }
        }
        let holders: Vec<usize> = holders.into_iter().collect();
        match holders.as_slice() {
            [] => others.into_iter().for_each(|other| {
                self.link(other, node, Strength::Address, group.key);
            }),
            [holder] => {
                self.link(*holder, node, Strength::Address, group.key);
            }
            _ => {}
        }
    }
}
