//! Growing parts of a corpus.

use std::collections::BTreeMap;

use crate::decision::{Folds, Partition};
use crate::random::SplitMix64;
use crate::strata::Strata;

/// A part smaller than this many documents ranks recipes by chance.
const FEWEST_DOCUMENTS: usize = 900;

/// How many times as many documents the next part has.
pub(super) const FACTOR: usize = 3;

/// A part of the corpus, parted into folds.
pub(super) struct Rung {
    /// How many documents it has.
    pub(super) documents: usize,
    /// For each fold, positions in the corpus.
    pub(super) splits: Vec<Partition>,
}

/// Parts of whole groups, each inside the next; the last one is the corpus.
///
/// Of each label every part has twice as many groups as there are folds, if there are so many: a rare label is more
/// frequent in a small part than in the corpus.
pub(super) fn rungs(strata: &Strata, folds: usize, seed: u64) -> Vec<Rung> {
    let all = strata.groups.len();
    let larger = std::iter::successors(Some(all), |documents| Some(documents / FACTOR));
    let mut sizes: Vec<usize> = larger
        .take_while(|&documents| documents == all || documents >= FEWEST_DOCUMENTS)
        .take(32)
        .collect();
    sizes.dedup();
    let order = Order::new(strata, seed, 2 * folds);
    sizes
        .into_iter()
        .rev()
        .map(|size| Rung::new(strata, order.documents(size), folds, seed))
        .collect()
}

impl Rung {
    fn new(strata: &Strata, documents: Vec<usize>, folds: usize, seed: u64) -> Self {
        let name = |positions: Vec<usize>| {
            positions
                .into_iter()
                .map(|position| documents[position])
                .collect()
        };
        let folds = Folds::assign(&strata.select(&documents), folds, seed);
        let splits = folds
            .splits()
            .map(|(train, held_out)| (name(train), name(held_out)));
        Self {
            splits: splits.collect(),
            documents: documents.len(),
        }
    }
}

/// Groups in the order in which parts take them.
struct Order {
    /// The documents of each group.
    groups: Vec<Vec<usize>>,
}

impl Order {
    /// In random order, but first as many groups as every part must have of each label.
    fn new(strata: &Strata, seed: u64, of_label: usize) -> Self {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (document, &group) in strata.groups.iter().enumerate() {
            groups.entry(group).or_default().push(document);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        SplitMix64::new(seed).shuffle(&mut groups);
        let mut wanted = vec![of_label; strata.n_labels];
        // A stable sort: groups that are needed, then the others, both in random order.
        groups.sort_by_cached_key(|documents| {
            let mut labels: Vec<usize> = documents
                .iter()
                .flat_map(|&document| strata.labels[document].iter().copied())
                .collect();
            labels.sort_unstable();
            labels.dedup();
            let is_needed = labels.iter().any(|&label| wanted[label] > 0);
            for label in labels {
                wanted[label] = wanted[label].saturating_sub(1);
            }
            !is_needed
        });
        Self { groups }
    }

    /// The documents, ascending, of the first groups that have at least so many.
    fn documents(&self, size: usize) -> Vec<usize> {
        let mut documents = Vec::new();
        for group in &self.groups {
            if documents.len() >= size {
                break;
            }
            documents.extend_from_slice(group);
        }
        documents.sort_unstable();
        documents
    }
}
