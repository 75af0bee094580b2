//! Right and wrong decisions for one label, counted.

use std::iter::Sum;
use std::ops::AddAssign;

use serde::Serialize;

use super::{assert_one_truth_each, ratio};

/// How often a yes-or-no decision agreed with the truth.
///
/// Counts of several labels or batches can be added up; the scores of such a sum are micro averages.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::Confusion;
///
/// let predicted = [true, true, true, false, false];
/// let truth = [true, true, false, true, false];
/// let confusion = Confusion::from_predictions(&predicted, &truth);
/// assert_eq!(confusion.precision(), 2.0 / 3.0);
/// assert_eq!(confusion.recall(), 2.0 / 3.0);
/// assert_eq!(confusion.accuracy(), 0.6);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Confusion {
    /// Predicted and true.
    pub true_positives: u64,
    /// Predicted, but not true.
    pub false_positives: u64,
    /// True, but not predicted.
    pub false_negatives: u64,
    /// Neither predicted nor true.
    pub true_negatives: u64,
}

impl Confusion {
    /// Counts the four cases, in O(n) for n documents.
    ///
    /// # Panics
    ///
    /// If the slices differ in length.
    #[must_use]
    pub fn from_predictions(predicted: &[bool], truth: &[bool]) -> Self {
        assert_one_truth_each(predicted.len(), truth.len());
        let mut confusion = Self::default();
        for (&predicted, &truth) in predicted.iter().zip(truth) {
            *confusion.cell(predicted, truth) += 1;
        }
        confusion
    }

    fn cell(&mut self, predicted: bool, truth: bool) -> &mut u64 {
        match (predicted, truth) {
            (true, true) => &mut self.true_positives,
            (true, false) => &mut self.false_positives,
            (false, true) => &mut self.false_negatives,
            (false, false) => &mut self.true_negatives,
        }
    }

    /// Documents that have the label: `TP + FN`.
    #[must_use]
    pub fn positives(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// Documents that were given the label: `TP + FP`.
    #[must_use]
    pub fn predicted(&self) -> u64 {
        self.true_positives + self.false_positives
    }

    /// All decisions counted: `TP + FP + FN + TN`.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.positives() + self.false_positives + self.true_negatives
    }

    /// The share of the predicted that is true: `TP / (TP + FP)`, in 0..=1.
    ///
    /// 0.0 if nothing was predicted.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.true_positives, self.predicted())
    }

    /// The share of the true that was predicted: `TP / (TP + FN)`, in 0..=1.
    ///
    /// 0.0 if nothing is true.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.true_positives, self.positives())
    }

    /// The harmonic mean of precision and recall: `(2 * TP) / ((2 * TP) + FP + FN)`, in 0..=1 (van
    /// Rijsbergen, 1979).
    ///
    /// 0.0 if nothing is true and nothing was predicted.
    ///
    /// ```
    /// use narrative_frames::metrics::Confusion;
    ///
    /// let confusion = Confusion { true_positives: 3, false_positives: 1, ..Confusion::default() };
    /// assert_eq!(confusion.f1(), 6.0 / 7.0);
    /// assert_eq!(Confusion::default().f1(), 0.0);
    /// ```
    #[must_use]
    pub fn f1(&self) -> f64 {
        ratio(2 * self.true_positives, self.predicted() + self.positives())
    }

    /// The share of right decisions: `(TP + TN) / (TP + FP + FN + TN)`, in 0..=1.
    ///
    /// 0.0 if nothing was counted.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        ratio(self.true_positives + self.true_negatives, self.total())
    }
}

impl AddAssign for Confusion {
    fn add_assign(&mut self, other: Self) {
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
        self.true_negatives += other.true_negatives;
    }
}

impl Sum for Confusion {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut sum, confusion| {
            sum += confusion;
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_case_has_its_cell() {
        let predicted = [true, true, false, false, true, false, true];
        let truth = [true, false, true, false, false, false, false];
        let expected = Confusion {
            true_positives: 1,
            false_positives: 3,
            false_negatives: 1,
            true_negatives: 2,
        };
        assert_eq!(Confusion::from_predictions(&predicted, &truth), expected);
        assert_eq!(expected.positives(), 2);
        assert_eq!(expected.predicted(), 4);
        assert_eq!(expected.total(), 7);
        assert_eq!(expected.precision(), 0.25);
        assert_eq!(expected.recall(), 0.5);
        assert_eq!(expected.f1(), 1.0 / 3.0);
        assert_eq!(expected.accuracy(), 3.0 / 7.0);
    }

    #[test]
    fn nothing_counted_scores_zero() {
        let nothing = Confusion::from_predictions(&[], &[]);
        let scores = [
            nothing.precision(),
            nothing.recall(),
            nothing.f1(),
            nothing.accuracy(),
        ];
        assert_eq!(scores, [0.0; 4]);
    }

    #[test]
    #[should_panic(expected = "one truth is needed for each value")]
    fn lengths_must_agree() {
        let _ = Confusion::from_predictions(&[true], &[]);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(
            documents in proptest::collection::vec(any::<(bool, bool)>(), 0..50),
            cut in 0_usize..50,
        ) {
            let (predicted, truth): (Vec<_>, Vec<_>) = documents.into_iter().unzip();
            let cut = cut.min(truth.len());
            let parts = [
                Confusion::from_predictions(&predicted[..cut], &truth[..cut]),
                Confusion::from_predictions(&predicted[cut..], &truth[cut..]),
            ];
            let whole = Confusion::from_predictions(&predicted, &truth);
            prop_assert_eq!(parts.into_iter().sum::<Confusion>(), whole);
            prop_assert_eq!(whole.total(), truth.len() as u64);
        }

        #[test]
        fn f1_is_the_harmonic_mean(
            (true_positives, false_positives, false_negatives) in (1_u64..999, 0_u64..999, 0_u64..999),
        ) {
            let confusion = Confusion {
                true_positives, false_positives, false_negatives, true_negatives: 0,
            };
            let (precision, recall) = (confusion.precision(), confusion.recall());
            let harmonic = 2.0 * precision * recall / (precision + recall);
            prop_assert!((confusion.f1() - harmonic).abs() < 1e-12);
        }
    }
}
