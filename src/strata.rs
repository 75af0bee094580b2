//! Groups of documents dealt to parts so that every label is spread. Knows no texts and no files.

use std::collections::BTreeMap;

use crate::random::SplitMix64;

/// What must be spread over the parts.
pub(crate) struct Strata {
    /// The group of each document, numbered from 0.
    pub(crate) groups: Vec<usize>,
    /// The labels of each document, numbered over all heads.
    pub(crate) labels: Vec<Vec<usize>>,
    /// How many labels there are.
    pub(crate) n_labels: usize,
}

/// The documents of one group, as counts.
pub(crate) struct Group {
    id: usize,
    pub(crate) documents: usize,
    /// How many documents have each label that some have, by label; at last, as the label after all labels, how many
    /// documents there are.
    counts: BTreeMap<usize, usize>,
}

impl Strata {
    /// Those of some documents, in their order.
    pub(crate) fn select(&self, documents: &[usize]) -> Self {
        Self {
            groups: documents.iter().map(|&document| self.groups[document]).collect(),
            labels: documents
                .iter()
                .map(|&document| self.labels[document].clone())
                .collect(),
            n_labels: self.n_labels,
        }
    }

    /// How many groups have each label.
    pub(crate) fn groups_by_label(&self) -> Vec<usize> {
        let mut groups = vec![0; self.n_labels + 1];
        for group in self.in_order() {
            group.counts.keys().for_each(|&label| groups[label] += 1);
        }
        groups.truncate(self.n_labels);
        groups
    }

    /// The groups in a random order.
    pub(crate) fn shuffled(&self, seed: u64) -> Vec<Group> {
        let mut groups = self.in_order();
        SplitMix64::new(seed).shuffle(&mut groups);
        groups
    }

    fn in_order(&self) -> Vec<Group> {
        let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
        for (&id, labels) in self.groups.iter().zip(&self.labels) {
            let group = groups.entry(id).or_insert_with(|| Group {
                id,
                documents: 0,
                counts: BTreeMap::new(),
            });
            group.documents += 1;
            for &label in labels.iter().chain([&self.n_labels]) {
                *group.counts.entry(label).or_default() += 1;
            }
        }
        groups.into_values().collect()
    }

    /// The part of each document, where part `p` is to have `shares[p]` of every label; the shares add up to 1.
    ///
    /// Iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011, Algorithm 1) of whole groups: the label that
    /// fewest groups have is spread first, each of its groups, in the order of `groups`, going to the part that lacks most
    /// of it, then to the one that lacks most documents, then to the first. Where groups have several labels, one label may
    /// still come to one part alone; sometimes it must.
    ///
    /// Cost: labels² + parts × labels of all groups; memory: the labels of all groups.
    pub(crate) fn deal(&self, groups: &[Group], shares: &[f64]) -> Vec<usize> {
        let mut holders = vec![Vec::new(); self.n_labels + 1];
        let mut balance = Balance::new(self.n_labels + 1, shares);
        for (position, group) in groups.iter().enumerate() {
            for (&label, &count) in &group.counts {
                holders[label].push(position);
                balance.totals[label] += count;
            }
        }
        let mut open: Vec<usize> = holders.iter().map(Vec::len).collect();
        let mut part_of: BTreeMap<usize, usize> = BTreeMap::new();
        while let Some(label) = next_label(&open) {
            for &position in &holders[label] {
                let group = &groups[position];
                if part_of.contains_key(&group.id) {
                    continue;
                }
                let part = balance.neediest(label);
                part_of.insert(group.id, part);
                for (&label, &count) in &group.counts {
                    balance.loads[part][label] += count;
                    open[label] -= 1;
                }
            }
        }
        self.groups.iter().map(|group| part_of[group]).collect()
    }
}

/// The label that fewest of the groups left have, but some; the count of documents, which is last, after all labels.
fn next_label(open: &[usize]) -> Option<usize> {
    let (documents, labels) = open.split_last()?;
    let rarest = (0..labels.len())
        .filter(|&label| labels[label] > 0)
        .min_by_key(|&label| labels[label]);
    rarest.or((*documents > 0).then_some(labels.len()))
}

/// What each part has and is to have.
struct Balance<'a> {
    shares: &'a [f64],
    totals: Vec<usize>,
    loads: Vec<Vec<usize>>,
}

impl<'a> Balance<'a> {
    fn new(n_labels: usize, shares: &'a [f64]) -> Self {
        Self {
            shares,
            totals: vec![0; n_labels],
            loads: vec![vec![0; n_labels]; shares.len()],
        }
    }

    /// The part that lacks most of a label, then most documents; the first of equals.
    fn neediest(&self, label: usize) -> usize {
        let need = |part: usize, label: usize| {
            self.shares[part] * self.totals[label] as f64 - self.loads[part][label] as f64
        };
        let documents = self.totals.len() - 1;
        (0..self.shares.len())
            .min_by(|&a, &b| {
                need(b, label)
                    .total_cmp(&need(a, label))
                    .then(need(b, documents).total_cmp(&need(a, documents)))
            })
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same without any bookkeeping.
    fn by_definition(strata: &Strata, groups: &[Group], shares: &[f64]) -> Vec<usize> {
        let mut left: Vec<&Group> = groups.iter().collect();
        let mut part_of = BTreeMap::new();
        while !left.is_empty() {
            let having = |label: usize| {
                left.iter()
                    .filter(|group| group.counts.contains_key(&label))
                    .count()
            };
            let rarest = (0..strata.n_labels)
                .filter(|&label| having(label) > 0)
                .min_by_key(|&label| having(label));
            let label = rarest.unwrap_or(strata.n_labels);
            let (now, later) = left.iter().partition(|group| group.counts.contains_key(&label));
            left = later;
            let now: Vec<&Group> = now;
            for group in now {
                let lack = |part: usize, label: usize| {
                    let count = |group: &Group| group.counts.get(&label).copied().unwrap_or(0);
                    let all: usize = groups.iter().map(count).sum();
                    let own = groups
                        .iter()
                        .filter(|group| part_of.get(&group.id) == Some(&part));
                    shares[part] * all as f64 - own.map(count).sum::<usize>() as f64
                };
                let mut best = 0;
                for part in 1..shares.len() {
                    let of = |part| [lack(part, label), lack(part, strata.n_labels)];
                    if of(part).partial_cmp(&of(best)) == Some(std::cmp::Ordering::Greater) {
                        best = part;
                    }
                }
                part_of.insert(group.id, best);
            }
        }
        strata.groups.iter().map(|group| part_of[group]).collect()
    }

    proptest::proptest! {
        #[test]
        fn deals_by_the_definition(
            documents in proptest::collection::vec((0..25_usize, proptest::collection::btree_set(0..5_usize, 0..4)), 1..60),
            seed in 0..5_u64,
            shares in proptest::sample::select(vec![vec![0.7, 0.1, 0.2], vec![0.25; 4], vec![0.5, 0.5]]),
        ) {
            let strata = Strata {
                groups: documents.iter().map(|(group, _)| *group).collect(),
                labels: documents.iter().map(|(_, labels)| labels.iter().copied().collect()).collect(),
                n_labels: 5,
            };
            let groups = strata.shuffled(seed);
            proptest::prop_assert_eq!(strata.deal(&groups, &shares), by_definition(&strata, &groups, &shares));
        }
    }
}
