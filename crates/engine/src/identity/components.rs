//! Which observations could have anything to do with each other.

/// Disjoint sets over `0..n`.
#[derive(Debug)]
pub(crate) struct UnionFind {
    parent: Vec<u32>,
}

impl UnionFind {
    pub(crate) fn new(n: usize) -> Self {
        Self { parent: (0..n as u32).collect() }
    }

    /// The representative of the set of `item`: always its smallest member, so that it does not depend on the order of joining.
    pub(crate) fn find(&mut self, item: usize) -> usize {
        let mut item = item as u32;
        while self.parent[item as usize] != item {
            let grandparent = self.parent[self.parent[item as usize] as usize];
            self.parent[item as usize] = grandparent;
            item = grandparent;
        }
        item as usize
    }

    /// Joins two sets; gives the representative of the joined set.
    pub(crate) fn union(&mut self, one: usize, other: usize) -> usize {
        let (one, other) = (self.find(one), self.find(other));
        let (low, high) = (one.min(other), one.max(other));
        self.parent[high] = low as u32;
        low
    }

    /// The number of each item's set; sets are numbered by their smallest member.
    pub(crate) fn numbers(&mut self) -> Vec<u32> {
        let mut numbers = vec![0; self.parent.len()];
        let mut sets = 0;
        for item in 0..self.parent.len() {
            let root = self.find(item);
            if root == item {
                numbers[item] = sets;
                sets += 1;
            } else {
                // The representative is the smallest member, so its number is already there.
                numbers[item] = numbers[root];
            }
        }
        numbers
    }

    /// All sets, each in rising order, ordered by their smallest member.
    pub(crate) fn groups(&mut self) -> Vec<Vec<usize>> {
        let mut group_of = vec![u32::MAX; self.parent.len()];
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for item in 0..self.parent.len() {
            let root = self.find(item);
            if root == item {
                group_of[item] = groups.len() as u32;
                groups.push(vec![item]);
            } else {
                // The representative is the smallest member, so its group is already there.
                groups[group_of[root] as usize].push(item);
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_do_not_depend_on_the_order_of_joining() {
        let mut one = UnionFind::new(5);
        one.union(4, 2);
        one.union(2, 0);
        let mut other = UnionFind::new(5);
        other.union(0, 4);
        other.union(4, 2);
        assert_eq!(one.groups(), vec![vec![0, 2, 4], vec![1], vec![3]]);
        assert_eq!(one.groups(), other.groups());
        assert_eq!(one.numbers(), [0, 1, 0, 2, 0]);
    }
}
