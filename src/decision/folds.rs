//! Cross-validation that keeps groups together and spreads labels.

use std::collections::BTreeMap;

use crate::random::SplitMix64;

/// What must be spread over the folds.
pub(crate) struct Strata {
    /// The group of each document, numbered from 0.
    pub(crate) groups: Vec<usize>,
    /// The labels of each document, numbered over all heads.
    pub(crate) labels: Vec<Vec<usize>>,
    /// How many labels there are.
    pub(crate) n_labels: usize,
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
        let mut groups = vec![Vec::new(); self.n_labels];
        for (labels, &group) in self.labels.iter().zip(&self.groups) {
            for &label in labels {
                groups[label].push(group);
            }
        }
        groups
            .into_iter()
            .map(|mut groups| {
                groups.sort_unstable();
                groups.dedup();
                groups.len()
            })
            .collect()
    }
}

/// The documents outside a fold, to learn from, and those in it, held out.
pub(crate) type Split = (Vec<usize>, Vec<usize>);

/// A fold for each document.
pub(crate) struct Folds {
    of_document: Vec<usize>,
    n_folds: usize,
}

/// The documents of one group, as counts.
struct Group {
    id: usize,
    documents: usize,
    labels: Vec<usize>,
}

impl Folds {
    /// Iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011, Algorithm 1) of whole groups: the
    /// rarest label is spread first, each of its groups going to the fold that lacks most of it. Where groups
    /// have several labels, one label may still come to one fold alone; sometimes it must.
    ///
    /// Groups come in a random order of this seed. Cost: labels² × groups, plus documents; memory: labels × groups.
    pub(crate) fn assign(strata: &Strata, n_folds: usize, seed: u64) -> Self {
        let mut open = groups(strata);
        SplitMix64::new(seed).shuffle(&mut open);
        let mut loads = vec![vec![0; strata.n_labels + 1]; n_folds];
        let mut of_group: BTreeMap<usize, usize> = BTreeMap::new();
        while !open.is_empty() {
            let label = rarest_label(&open, strata.n_labels);
            let (now, later) = open
                .into_iter()
                .partition(|group: &Group| label.is_none_or(|label| group.labels[label] > 0));
            open = later;
            for group in now {
                let fold = lightest_fold(&loads, label);
                for (load, more) in loads[fold]
                    .iter_mut()
                    .zip(group.labels.iter().chain([&group.documents]))
                {
                    *load += more;
                }
                of_group.insert(group.id, fold);
            }
        }
        Self {
            of_document: strata.groups.iter().map(|group| of_group[group]).collect(),
            n_folds,
        }
    }

    /// For each fold, the documents outside it and those in it, ascending.
    pub(crate) fn splits(&self) -> impl Iterator<Item = Split> {
        (0..self.n_folds)
            .map(|fold| (0..self.of_document.len()).partition(|&document| self.of_document[document] != fold))
    }
}

fn groups(strata: &Strata) -> Vec<Group> {
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (&id, labels) in strata.groups.iter().zip(&strata.labels) {
        let group = groups.entry(id).or_insert_with(|| Group {
            id,
            documents: 0,
            labels: vec![0; strata.n_labels],
        });
        group.documents += 1;
        for &label in labels {
            group.labels[label] += 1;
        }
    }
    groups.into_values().collect()
}

/// The label that fewest groups have, but some; `None` once no group has a label.
fn rarest_label(groups: &[Group], n_labels: usize) -> Option<usize> {
    (0..n_labels)
        .map(|label| {
            (
                groups.iter().filter(|group| group.labels[label] > 0).count(),
                label,
            )
        })
        .filter(|(groups, _)| *groups > 0)
        .min()
        .map(|(_, label)| label)
}

/// The fold with least of a label, then with fewest documents; the first of equals.
fn lightest_fold(loads: &[Vec<usize>], label: Option<usize>) -> usize {
    let load = |fold: usize| {
        let documents = loads[fold].last().copied().unwrap_or(0);
        (label.map_or(0, |label| loads[fold][label]), documents)
    };
    (0..loads.len()).min_by_key(|&fold| load(fold)).unwrap_or(0)
}
