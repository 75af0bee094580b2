//! Disjoint sets.

/// Sets of positions `0..n`, joined by path halving; the smallest position of a set stands for it.
#[derive(Debug, Clone)]
pub(super) struct UnionFind {
    parents: Vec<usize>,
}

impl UnionFind {
    /// `n` sets of one.
    pub(super) fn new(n: usize) -> Self {
        Self {
            parents: (0..n).collect(),
        }
    }

    /// Joins the sets of `a` and `b`.
    pub(super) fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b)] = a.min(b);
    }

    fn find(&mut self, mut position: usize) -> usize {
        while self.parents[position] != position {
            let grandparent = self.parents[self.parents[position]];
            self.parents[position] = grandparent;
            position = grandparent;
        }
        position
    }

    /// The set of each position, numbered from 0 in the order of their smallest positions.
    pub(super) fn into_components(mut self) -> Vec<usize> {
        let n = self.parents.len();
        let mut components: Vec<usize> = Vec::with_capacity(n);
        let mut count = 0;
        for position in 0..n {
            let root = self.find(position);
            // A root is never after its members, so it has its number already.
            components.push(if root == position { count } else { components[root] });
            count += usize::from(root == position);
        }
        components
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Components by handing the smaller number along each edge until nothing changes.
    fn by_spreading(n: usize, edges: &[(usize, usize)]) -> Vec<usize> {
        let mut labels: Vec<usize> = (0..n).collect();
        for _ in 0..n {
            for &(a, b) in edges {
                let label = labels[a].min(labels[b]);
                labels[a] = label;
                labels[b] = label;
            }
        }
        labels
    }

    proptest! {
        #[test]
        fn components_are_what_edges_connect(edges in prop::collection::vec((0_usize..25, 0_usize..25), 0..30)) {
            let mut sets = UnionFind::new(25);
            for &(a, b) in &edges {
                sets.union(a, b);
            }
            let components = sets.into_components();
            let labels = by_spreading(25, &edges);
            for a in 0..25 {
                for b in 0..25 {
                    prop_assert_eq!(components[a] == components[b], labels[a] == labels[b]);
                }
                prop_assert!(components[a] <= components[..a].iter().max().map_or(0, |last| last + 1));
            }
        }
    }
}
