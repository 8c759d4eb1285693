//! From joined sets to named clusters, and the doubts that remain.

use std::collections::BTreeSet;

use domain::{DeviceId, Digest, Sign, SignKey};

use super::{Circumstances, Cluster, Joiner, comparable, withhold_split_signs};
use crate::identity::{Doubt, Mark, Node};

/// The cluster of an observation that shares no sign with any other, as most rows of a ledger do at first.
pub(super) fn alone(on: &Circumstances<'_>, node: &Node<'_>, marks: &[Mark]) -> Cluster {
    let mut own = on.signs(node);
    if !on.decisions.pairs.is_empty() {
        let withheld = withhold_split_signs(&mut marks.to_vec(), on.decisions);
        own.retain(|sign| !withheld.contains(&(comparable(sign), 0)));
    }
    named(vec![0], own, node)
}

/// The cluster of `nodes`, named by the first of its `own` signs, or by the row of its `first` node.
fn named(nodes: Vec<usize>, mut own: Vec<Sign>, first: &Node<'_>) -> Cluster {
    let anchor = if own.is_empty() { row_sign(first) } else { own.remove(0) };
    Cluster { nodes, anchor, others: own }
}

/// The sign that gave the device of these nodes the id `id`; `None` where none of theirs did.
pub(in crate::identity) fn anchor_of(
    on: &Circumstances<'_>,
    nodes: &[Node<'_>],
    id: DeviceId,
) -> Option<Sign> {
    let is_it = |sign: &Sign| DeviceId::of(sign.key()) == id;
    let own = nodes.iter().flat_map(|node| on.signs(node)).find(|sign| is_it(sign));
    own.or_else(|| nodes.iter().map(row_sign).find(is_it))
}

/// The name of a device none of whose signs is its own: the very row it was first seen on.
pub(in crate::identity) fn row_sign(node: &Node<'_>) -> Sign {
    let import = node.imported.import;
    let observation = &node.recorded.observation;
    let place = observation.place.to_string();
    Sign::Row(Digest::of_parts([
        import.source.as_str().as_bytes(),
        &import.evidence.0,
        place.as_bytes(),
        observation.kind.key().as_bytes(),
    ]))
}

impl Joiner<'_> {
    /// The clusters, by their first node, and what remains doubtful between them.
    pub(super) fn finish(mut self) -> (Vec<Cluster>, Vec<Doubt>) {
        let groups = self.sets.groups();
        let mut cluster_of = vec![0; self.nodes.len()];
        for (index, group) in groups.iter().enumerate() {
            for &node in group {
                cluster_of[node] = index;
            }
        }
        let shared = self.shared_keys(&cluster_of);
        let clusters: Vec<Cluster> =
            groups.into_iter().map(|nodes| self.cluster(nodes, &shared)).collect();
        let doubts = self.final_doubts(&clusters, &cluster_of);
        (clusters, doubts)
    }

    /// Keys that more than one cluster carries: they name neither.
    fn shared_keys(&self, cluster_of: &[usize]) -> BTreeSet<SignKey> {
        let mut shared = BTreeSet::new();
        for pair in self.marks.windows(2) {
            let [one, other] = pair else { continue };
            if one.key == other.key
                && cluster_of[one.node as usize] != cluster_of[other.node as usize]
            {
                shared.insert(one.key);
            }
        }
        shared
    }

    fn cluster(&self, nodes: Vec<usize>, shared: &BTreeSet<SignKey>) -> Cluster {
        let mut own: Vec<Sign> = Vec::new();
        for &node in &nodes {
            for sign in self.on.signs(&self.nodes[node]) {
                let key = comparable(&sign);
                let withheld = self.withheld.contains(&(key, node as u32));
                if !shared.contains(&key) && !withheld && !own.contains(&sign) {
                    own.push(sign);
                }
            }
        }
        // Strongest first; of equals the one that was stated first, since `sort` keeps the order of precedence.
        own.sort_by_key(|sign| std::cmp::Reverse(sign.strength()));
        let first = &self.nodes[nodes[0]];
        named(nodes, own, first)
    }

    fn final_doubts(&mut self, clusters: &[Cluster], cluster_of: &[usize]) -> Vec<Doubt> {
        let mut doubts = BTreeSet::new();
        for (one, other, key, against) in std::mem::take(&mut self.doubts) {
            let (mine, theirs) = (cluster_of[one], cluster_of[other]);
            let (my_root, their_root) = (self.sets.find(one), self.sets.find(other));
            if mine == theirs || self.kept_apart(my_root, their_root) {
                continue;
            }
            let link =
                self.on.signs(&self.nodes[other]).into_iter().find(|sign| comparable(sign) == key);
            let Some(link) = link else { continue };
            let (one, other) = (clusters[mine].anchor.clone(), clusters[theirs].anchor.clone());
            let (one, other) = if one <= other { (one, other) } else { (other, one) };
            doubts.insert(Doubt { one, other, link, against });
        }
        doubts.into_iter().collect()
    }
}
