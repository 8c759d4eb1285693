//! Identity: which observations are one device.
//!
//! [`derive()`] is a pure function of the observations and of what people decided. Its result does not depend on the order in which
//! anything was imported; every tie is decided by capture time, then digest, then place.
//!
//! Observations that share any sign form a *component*; components have nothing to do with each other and are derived one by one.
//! That is also how a later derivation is made quick: a component that holds the same observations in the same circumstances as before
//! is taken over from the earlier [`Derivation`]. While one import after another comes in, [`Growing`] does not even look at what the new
//! one has nothing to do with.

mod chart;
mod components;
mod contexts;
mod growing;
mod join;
mod signs;
mod single;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use domain::{
    DeviceId, Digest, IdentityDecision, Import, Interface, Observation, ObservationRef, Sign,
    SignKey, Strength, Verdict,
};
use jiff::Timestamp;

use crate::parallel::in_runs;
use crate::world::{Imported, Recorded, World};
use components::UnionFind;

pub use contexts::Contexts;
pub use growing::{Growing, Growth};
pub(crate) use signs::serial_number;
pub use single::single;

/// One thing in the hospital, as its observations together show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id, made of its strongest sign.
    pub id: DeviceId,
    /// Ids it would have by its other signs: whoever knows the device by one of them is led on.
    pub aliases: Box<[DeviceId]>,
    /// Its strongest sign.
    pub anchor: Sign,
    /// Its observations, ordered by capture time, digest, place.
    pub members: Box<[ObservationRef]>,
    /// Its declarations, the one that wins first: a field has the value of the first of them that states it. A blank or a vanished
    /// column deletes nothing.
    pub declared: Box<[ObservationRef]>,
    /// What was observed of it, likewise.
    pub observed: Box<[ObservationRef]>,
    /// Its cards and addresses over time.
    pub interfaces: Vec<Interface>,
}

/// Two devices that may be one (あいまいな機器): a link that was not followed, and why. A person decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// The strongest sign of one device.
    pub one: Sign,
    /// The strongest sign of the other.
    pub other: Sign,
    /// What speaks for their being one.
    pub link: Sign,
    /// What speaks against it.
    pub against: Against,
}

/// Why a link was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Against {
    /// The same source gives them different asset numbers.
    AssetNumbers,
    /// Each stands on a row of its own in one edition of a ledger.
    Rows,
    /// Their serial numbers differ.
    Serials,
    /// What answers calls itself by another name.
    Names,
    /// The declared device was seen with another card, or elsewhere, at that time.
    SeenElsewhere,
    /// Several declarations, or several networks, use that address.
    Ambiguous,
    /// The declaration says that the device was disposed of.
    Retired,
}

impl Against {
    /// The key of its text: `doubt.KEY`.
    pub fn key(self) -> &'static str {
        match self {
            Self::AssetNumbers => "asset_numbers",
            Self::Rows => "rows",
            Self::Serials => "serials",
            Self::Names => "names",
            Self::SeenElsewhere => "seen_elsewhere",
            Self::Ambiguous => "ambiguous",
            Self::Retired => "retired",
        }
    }
}

/// All devices, and the doubts between them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Derivation {
    /// By their digests.
    components: Vec<(Digest, Component)>,
    contexts: Contexts,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Component {
    devices: Vec<Device>,
    doubts: Vec<Doubt>,
}

impl Derivation {
    /// All devices; the order is stable but means nothing.
    pub fn devices(&self) -> impl Iterator<Item = &Device> {
        self.components.iter().flat_map(|(_, component)| &component.devices)
    }

    /// Which network each look belongs to.
    pub fn contexts(&self) -> &Contexts {
        &self.contexts
    }

    /// All doubts.
    pub fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        self.components.iter().flat_map(|(_, component)| &component.doubts)
    }

    /// Devices that are in `self` and not, or not the same, in `earlier`; and ids that are gone.
    pub fn changes_since<'a>(
        &'a self,
        earlier: &'a Derivation,
    ) -> (Vec<&'a Device>, Vec<DeviceId>) {
        let fresh = |of: &'a Derivation, than: &'a Derivation| {
            of.components
                .iter()
                .filter(|(digest, _)| than.component(digest).is_none())
                .flat_map(|(_, c)| &c.devices)
        };
        let before: HashMap<DeviceId, &Device> =
            fresh(earlier, self).map(|device| (device.id, device)).collect();
        let mut now = std::collections::HashSet::new();
        let mut changed = Vec::new();
        for device in fresh(self, earlier) {
            now.insert(device.id);
            if before.get(&device.id).is_none_or(|old| *old != device) {
                changed.push(device);
            }
        }
        let mut gone: Vec<DeviceId> = before.into_keys().filter(|id| !now.contains(id)).collect();
        gone.sort();
        (changed, gone)
    }

    /// The component with this digest.
    fn component(&self, digest: &Digest) -> Option<&Component> {
        let index = self.components.binary_search_by_key(digest, |(digest, _)| *digest).ok()?;
        self.components.get(index).map(|(_, component)| component)
    }
}

/// One observation on its way into a device.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    recorded: &'a Recorded,
    imported: &'a Imported<'a>,
    declared: bool,
    /// When what it says was so: the capture time, or what the source itself says of when it saw the device last.
    time: Timestamp,
}

/// A sign on a node. Addresses are compared without their context here; [`join`] looks at contexts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    strength: std::cmp::Reverse<Strength>,
    key: SignKey,
    node: u32,
}

/// The devices of `world`. Components that `earlier` already holds unchanged are taken from it.
pub fn derive(world: &World<'_>, earlier: Option<&Derivation>) -> Derivation {
    let contexts = Contexts::of_world(world);
    let decisions = Decisions::of(world.decisions());
    let on = join::Circumstances { world, contexts: &contexts, decisions: &decisions };
    let mut components = grouped(&on, &nodes(world), earlier, |_, _, _| {});
    components.sort_by_key(|(digest, _)| *digest);
    Derivation { components, contexts }
}

/// The components that `nodes` make, which must hold every node that has to do with one of them; `tell` is told of each, with its
/// first node and the marks of all.
fn grouped(
    on: &join::Circumstances<'_>,
    nodes: &[Node<'_>],
    earlier: Option<&Derivation>,
    mut tell: impl FnMut(Digest, &Node<'_>, &[Mark]),
) -> Vec<(Digest, Component)> {
    let marks = marks(nodes, on);
    let groups = Groups::of(nodes.len(), marks, on.decisions);
    let runs = in_runs(&groups.bounds, |run| derive_run(on, nodes, &groups, run, earlier));
    let components = runs.into_iter().reduce(joined).unwrap_or_default();
    for (bounds, (digest, _)) in groups.bounds.iter().zip(&components) {
        let (members, marks) = groups.group(bounds);
        tell(*digest, &nodes[members[0] as usize], marks);
    }
    components
}

/// The components of one run, in its order.
fn derive_run(
    on: &join::Circumstances<'_>,
    nodes: &[Node<'_>],
    groups: &Groups,
    run: &[Bounds],
    earlier: Option<&Derivation>,
) -> Vec<(Digest, Component)> {
    let mut own = Vec::new();
    let mut components = Vec::with_capacity(run.len());
    for bounds in run {
        let (members, marks) = groups.group(bounds);
        let digest = on.digest(nodes, members);
        let taken_over = earlier.and_then(|earlier| earlier.component(&digest)).cloned();
        let component = taken_over.unwrap_or_else(|| {
            own.clear();
            own.extend(members.iter().map(|&node| nodes[node as usize]));
            let (clusters, doubts) = join::join(on, &own, marks);
            let devices =
                clusters.into_iter().map(|cluster| chart::chart(on, &own, cluster)).collect();
            Component { devices, doubts }
        });
        components.push((digest, component));
    }
    components
}

fn joined<T>(mut one: Vec<T>, other: Vec<T>) -> Vec<T> {
    one.reserve_exact(other.len());
    one.extend(other);
    one
}

/// What identifies `device`, strongest first: the signs of all its observations, each once.
pub fn signs_of(world: &World<'_>, contexts: &Contexts, device: &Device) -> Vec<Sign> {
    let mut all: Vec<Sign> = Vec::new();
    for at in &device.members {
        let (Some(observation), Some(imported)) = (world.observation(*at), world.import(at.import))
        else {
            continue;
        };
        for sign in signs::signs(observation, imported.import, contexts) {
            if !all.contains(&sign) {
                all.push(sign);
            }
        }
    }
    all.sort_by_key(|sign| std::cmp::Reverse(sign.strength()));
    all
}

/// What identifies the device that `observation`, which came with `import`, tells of; strongest first.
pub fn signs_in(observation: &Observation, import: &Import, contexts: &Contexts) -> Vec<Sign> {
    signs::signs(observation, import, contexts)
}

/// All observations that can be devices, by precedence.
fn nodes<'a>(world: &'a World<'a>) -> Vec<Node<'a>> {
    in_order(world.observations().filter_map(|recorded| node(world, recorded)).collect())
}

/// The node of an observation, where it can be a device.
fn node<'a>(world: &'a World<'a>, recorded: &'a Recorded) -> Option<Node<'a>> {
    if !recorded.observation.kind.names_a_device() {
        return None;
    }
    let imported = world.import(recorded.at.import)?;
    let declared = world.layers().is_declared(recorded.observation.kind);
    let time = world.time_of(imported, &recorded.observation);
    Some(Node { recorded, imported, declared, time })
}

/// The nodes by precedence.
fn in_order(mut nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    nodes.sort_by(|one, other| {
        let key =
            |node: &Node<'_>| (node.imported.import.captured_at, node.imported.import.evidence);
        key(one).cmp(&key(other)).then_with(|| {
            (&one.recorded.observation.place, one.recorded.at.seq)
                .cmp(&(&other.recorded.observation.place, other.recorded.at.seq))
        })
    });
    nodes
}

/// The marks of all nodes, by key and then by node.
fn marks(nodes: &[Node<'_>], on: &join::Circumstances<'_>) -> Vec<Mark> {
    let numbered: Vec<(u32, Node<'_>)> = (0..).zip(nodes.iter().copied()).collect();
    let runs = in_runs(&numbered, |run| marks_of_run(run, on));
    let mut marks = runs.into_iter().reduce(joined).unwrap_or_default();
    // The runs are in order each, which this sort makes use of.
    marks.sort_by_key(|mark| (mark.key, mark.node));
    marks
}

fn marks_of_run(run: &[(u32, Node<'_>)], on: &join::Circumstances<'_>) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(run.len() * 4);
    for (number, node) in run {
        marks.extend(on.signs(node).iter().map(|sign| Mark {
            strength: std::cmp::Reverse(sign.strength()),
            key: join::comparable(sign),
            node: *number,
        }));
    }
    marks.sort_unstable_by_key(|mark| (mark.key, mark.node));
    marks
}

/// What people said of identity, the last word on each pair.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    pairs: Vec<(SignKey, SignKey, Verdict)>,
    /// Rows that were spoken of: by its row a device is named that shares every other sign.
    rows: BTreeSet<SignKey>,
}

impl Decisions {
    fn of(decisions: &[IdentityDecision]) -> Self {
        let mut last: BTreeMap<(SignKey, SignKey), (u32, Verdict)> = BTreeMap::new();
        for decision in decisions {
            let (one, other) = (join::comparable(&decision.one), join::comparable(&decision.other));
            let pair = (one.min(other), one.max(other));
            let entry = last.entry(pair).or_insert((decision.id, decision.verdict));
            if decision.id >= entry.0 {
                *entry = (decision.id, decision.verdict);
            }
        }
        let spoken = decisions.iter().flat_map(|decision| [&decision.one, &decision.other]);
        let rows = spoken.filter(|sign| matches!(sign, Sign::Row(_))).map(Sign::key).collect();
        Self {
            rows,
            pairs: last
                .into_iter()
                .map(|((one, other), (_, verdict))| (one, other, verdict))
                .collect(),
        }
    }
}

/// The components: the nodes and the marks of one after those of another.
struct Groups {
    /// In rising order within each component.
    nodes: Vec<u32>,
    /// With nodes counted within the component, strongest and then by key.
    marks: Vec<Mark>,
    bounds: Vec<Bounds>,
}

/// Where a component's nodes and marks stand.
#[derive(Debug, Clone, Default)]
struct Bounds {
    nodes: Range<u32>,
    marks: Range<u32>,
}

impl Groups {
    /// Joins every two nodes that share a key, or whose keys a person spoke of together. `marks` stand by key.
    fn of(nodes: usize, marks: Vec<Mark>, decisions: &Decisions) -> Self {
        let mut sets = UnionFind::new(nodes);
        for pair in marks.windows(2) {
            if pair[0].key == pair[1].key {
                sets.union(pair[0].node as usize, pair[1].node as usize);
            }
        }
        let first_with = |key: SignKey| {
            let at = marks.partition_point(|mark| mark.key < key);
            marks.get(at).filter(|mark| mark.key == key).map(|mark| mark.node as usize)
        };
        for (one, other, _) in &decisions.pairs {
            if let (Some(one), Some(other)) = (first_with(*one), first_with(*other)) {
                sets.union(one, other);
            }
        }
        Self::laid_out(&sets.numbers(), &marks)
    }

    /// Lays the nodes and marks out by component; `component_of` gives the number of each node's.
    fn laid_out(component_of: &[u32], marks: &[Mark]) -> Self {
        let mut bounds = bounds(component_of, marks);
        let mut nodes = vec![0; component_of.len()];
        let mut within = vec![0; component_of.len()];
        for (node, &component) in component_of.iter().enumerate() {
            let own = &mut bounds[component as usize].nodes;
            nodes[own.end as usize] = node as u32;
            within[node] = own.end - own.start;
            own.end += 1;
        }
        let mut laid = marks.to_vec();
        for mark in marks {
            let own = &mut bounds[component_of[mark.node as usize] as usize].marks;
            laid[own.end as usize] = Mark { node: within[mark.node as usize], ..*mark };
            own.end += 1;
        }
        for own in &bounds {
            let marks = &mut laid[own.marks.start as usize..own.marks.end as usize];
            marks.sort_unstable_by_key(|mark| (mark.strength, mark.key, mark.node));
        }
        Self { nodes, marks: laid, bounds }
    }

    /// The nodes and marks of one component.
    fn group(&self, bounds: &Bounds) -> (&[u32], &[Mark]) {
        (
            &self.nodes[bounds.nodes.start as usize..bounds.nodes.end as usize],
            &self.marks[bounds.marks.start as usize..bounds.marks.end as usize],
        )
    }
}

/// Where each component will stand; nothing is there yet.
fn bounds(component_of: &[u32], marks: &[Mark]) -> Vec<Bounds> {
    let components = component_of.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sizes = vec![(0u32, 0u32); components];
    for &component in component_of {
        sizes[component as usize].0 += 1;
    }
    for mark in marks {
        sizes[component_of[mark.node as usize] as usize].1 += 1;
    }
    let mut start = (0, 0);
    let mut bounds = Vec::with_capacity(components);
    for (nodes, marks) in sizes {
        bounds.push(Bounds { nodes: start.0..start.0, marks: start.1..start.1 });
        start = (start.0 + nodes, start.1 + marks);
    }
    bounds
}
