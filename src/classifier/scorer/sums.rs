//! What n-grams add to the scores of a text.
//!
//! A score is, over all channels, `Σ weight · idf` by a function of `Σ idf²` ([`Length`](crate::features::Length)), both
//! sums over the n-grams of the channel. Both are sums of integers: see [`Weights`](crate::classifier::weights::Weights).

use crate::classifier::Classifier;
use crate::features::FeatureId;

/// Units of `Σ idf²` in 1: the square of the steps of an [`Idf`](crate::features::Idf), by 2⁸, so that the sum of
/// a word fits 32 bits.
const SQUARES: f64 = 4096.0;
/// N-grams whose 16-bit weights certainly fit a sum of 32 bits.
const BLOCK: usize = 1 << 15;

/// Sums of one channel after the other: one for each output, then `Σ idf²`.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    sums: Vec<i64>,
    block: Vec<i32>,
    known: Vec<FeatureId>,
    first: Vec<(u64, u32)>,
}

impl Sums {
    /// The number of sums a model has.
    pub(super) fn len_for(classifier: &Classifier) -> usize {
        classifier.vectorizer().channels().len() * (classifier.n_outputs() + 1)
    }

    /// All sums zero.
    pub(super) fn clear(&mut self, classifier: &Classifier) {
        self.sums.clear();
        self.sums.resize(Self::len_for(classifier), 0);
    }

    /// Adds n-grams of a channel.
    pub(super) fn add_ngrams(&mut self, classifier: &Classifier, channel: usize, hashes: &[u64]) {
        for hashes in hashes.chunks(BLOCK) {
            self.add_block(classifier, channel, hashes);
        }
    }

    fn add_block(&mut self, classifier: &Classifier, channel: usize, hashes: &[u64]) {
        self.known.clear();
        let vocabulary = classifier.vectorizer().vocabulary();
        vocabulary.get_all(hashes, &mut self.known, &mut self.first);
        let n_outputs = classifier.n_outputs();
        self.block.clear();
        self.block.resize(n_outputs, 0);
        let mut squares = 0;
        for &ngram in &self.known {
            let (weights, idf) = classifier.weights.of(ngram);
            squares += square(idf);
            for (sum, weight) in self.block.iter_mut().zip(weights) {
                *sum = sum.wrapping_add(i32::from(*weight)); // no more than BLOCK of them: never wraps
            }
        }
        let sums = &mut self.sums[channel * (n_outputs + 1)..][..=n_outputs];
        for (sum, block) in sums.iter_mut().zip(&self.block) {
            *sum += i64::from(*block);
        }
        sums[n_outputs] += squares;
    }

    /// Adds what was kept.
    #[inline]
    pub(super) fn add(&mut self, kept: &[i32]) {
        for (sum, kept) in self.sums.iter_mut().zip(kept) {
            *sum = sum.wrapping_add(i64::from(*kept)); // a text has less than 2²⁰ words: never wraps
        }
    }

    /// Adds other sums.
    pub(super) fn add_all(&mut self, others: &Self) {
        for (sum, other) in self.sums.iter_mut().zip(&others.sums) {
            *sum += other;
        }
    }

    /// The sums in 32 bits, in the place of what `kept` holds; whether they fit.
    pub(super) fn keep(&self, kept: &mut [i32]) -> bool {
        let mut fits = true;
        for (kept, &sum) in kept.iter_mut().zip(&self.sums) {
            *kept = sum as i32;
            fits &= i64::from(*kept) == sum;
        }
        fits
    }

    /// The score of every output.
    pub(super) fn scores(&self, classifier: &Classifier, scores: &mut [f32]) {
        scores.copy_from_slice(classifier.intercepts());
        for (channel, sums) in self.sums.chunks_exact(scores.len() + 1).enumerate() {
            let (squares, sums) = sums.split_last().expect("one more than there are outputs");
            if *squares > 0 {
                let factor = factor(classifier, channel, *squares);
                for (score, sum) in scores.iter_mut().zip(sums) {
                    *score += (*sum as f64 * factor) as f32;
                }
            }
        }
    }
}

/// What turns the sum of the weights of a channel into a part of a score, given the sum of its squares.
pub(in crate::classifier) fn factor(classifier: &Classifier, channel: usize, squares: i64) -> f64 {
    let squares = squares as f64 / SQUARES;
    f64::from(classifier.weights.unit()) / classifier.vectorizer().divisor(channel, squares)
}

/// The square of an inverse document frequency given in steps, in units.
pub(in crate::classifier) fn square(steps: i16) -> i64 {
    (i64::from(steps) * i64::from(steps)) >> 8
}
