//! Sets of nodes that know their members.

/// Disjoint sets over `0..n`, each with its members at hand.
#[derive(Debug)]
pub(super) struct Sets {
    root: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl Sets {
    pub(super) fn new(n: usize) -> Self {
        Self { root: (0..n).collect(), members: (0..n).map(|node| vec![node]).collect() }
    }

    /// The representative of the set of `node`. Which member that is means nothing.
    pub(super) fn find(&self, node: usize) -> usize {
        self.root[node]
    }

    /// The members of the set that `root` represents.
    pub(super) fn members(&self, root: usize) -> &[usize] {
        &self.members[root]
    }

    /// Makes one set of two; gives the representative that stays and the one that is gone.
    pub(super) fn unite(&mut self, one: usize, other: usize) -> (usize, usize) {
        let (stays, gone) = if self.members[one].len() >= self.members[other].len() {
            (one, other)
        } else {
            (other, one)
        };
        let moved = std::mem::take(&mut self.members[gone]);
        for &node in &moved {
            self.root[node] = stays;
        }
        self.members[stays].extend(moved);
        (stays, gone)
    }

    /// All sets, each in rising order, by their smallest member.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> =
            self.members.iter().filter(|members| !members.is_empty()).cloned().collect();
        groups.iter_mut().for_each(|members| members.sort_unstable());
        groups.sort();
        groups
    }
}
