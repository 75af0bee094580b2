//! Cross-validation that keeps groups together and spreads labels.

use crate::strata::Strata;

/// The documents outside a fold, to learn from, and those in it, held out.
pub(crate) type Partition = (Vec<usize>, Vec<usize>);

/// A fold for each document.
pub(crate) struct Folds {
    of_document: Vec<usize>,
    n_folds: usize,
}

impl Folds {
    /// Deals the groups, in a random order of this seed, to folds of one size: see [`Strata::deal`].
    pub(crate) fn assign(strata: &Strata, n_folds: usize, seed: u64) -> Self {
        let shares = vec![1.0 / n_folds as f64; n_folds];
        Self {
            of_document: strata.deal(&strata.shuffled(seed), &shares),
            n_folds,
        }
    }

    /// For each fold, the documents outside it and those in it, ascending.
    pub(crate) fn splits(&self) -> impl Iterator<Item = Partition> {
        (0..self.n_folds)
            .map(|fold| (0..self.of_document.len()).partition(|&document| self.of_document[document] != fold))
    }
}
