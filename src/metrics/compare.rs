//! Two models on the same documents: how much better is one, and how sure is that?

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use serde::Serialize;

use super::bootstrap::Bootstrap;
use super::confusion::Confusion;
use super::outcomes::Outcomes;
use super::{check_length, mean};
use crate::Result;

/// What [`compare_head`] compares. Arrays are `(n_samples, n_labels)`; their rows are documents whose truth is known.
#[derive(Debug, Clone, Copy)]
pub struct CompareInput<'a> {
    /// Name of the head, for the report.
    pub head: &'a str,
    /// Names of the labels, in the order of the columns.
    pub labels: &'a [String],
    /// Which labels a document has.
    pub truth: ArrayView2<'a, bool>,
    /// Which labels the model gave.
    pub predicted: ArrayView2<'a, bool>,
    /// Which labels the other model gave.
    pub other: ArrayView2<'a, bool>,
    /// Per document, the id of its group, if documents depend on each other; see [`Outcomes`].
    pub groups: Option<&'a [usize]>,
    /// Replicates, seed and confidence of the intervals; [`Bootstrap::default`] will do.
    pub bootstrap: Bootstrap,
}

/// A score of two models, and the difference with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The score of the model, in 0..=1.
    pub value: f64,
    /// The score of the other model.
    pub other: f64,
    /// `value - other`: above 0 where the model is better.
    pub difference: f64,
    /// Lower end of the interval of the difference.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Difference {
    /// Whether the interval leaves 0 out: whether one model is better beyond what chance may do.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// How two models differ in one head, from [`compare_head`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadComparison {
    /// Name of the head.
    pub head: String,
    /// Documents compared.
    pub documents: usize,
    /// Confidence of all intervals, such as 0.95.
    pub confidence: f64,
    /// Share of documents with all labels right: of a single-label head, its accuracy.
    pub accuracy: Difference,
    /// F1 of the counts added up over labels.
    pub micro_f1: Difference,
    /// Mean of the F1 of the labels.
    pub macro_f1: Difference,
    /// F1 of each label, in the order given.
    pub labels: Vec<LabelDifference>,
}

/// How two models differ in one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelDifference {
    /// Name of the label.
    pub label: String,
    /// Documents that have it.
    pub positives: u64,
    /// F1.
    pub f1: Difference,
}

/// Compares the decisions of two models on the same documents.
///
/// The intervals come from the paired bootstrap (Efron & Tibshirani, 1993, chapters 8 and 13): each replicate draws
/// documents, or groups of them, once, and measures both models on what it drew. What makes a document hard for both
/// thus cancels out, and the interval of the difference is narrower than the intervals of the two scores would let
/// one think. Without documents all differences are 0 with the interval from -1 to 1. Nothing is corrected for the
/// number of labels looked at: of twenty labels, one is likely to differ clearly by chance.
///
/// Cost: twice that of [`evaluate_head`](super::evaluate_head).
///
/// # Errors
///
/// [`ErrorKind::DimensionMismatch`](crate::ErrorKind::DimensionMismatch) if the parts of the input disagree in size;
/// otherwise as for [`Bootstrap::check`].
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::{Bootstrap, CompareInput, compare_head};
/// use ndarray::array;
///
/// let comparison = compare_head(CompareInput {
///     head: "topic",
///     labels: &["weather".to_owned()],
///     truth: array![[true], [true], [false], [false]].view(),
///     predicted: array![[true], [true], [false], [false]].view(),
///     other: array![[true], [false], [false], [false]].view(),
///     groups: None,
///     bootstrap: Bootstrap::default(),
/// })?;
/// assert_eq!((comparison.accuracy.value, comparison.accuracy.other), (1.0, 0.75));
/// assert_eq!((comparison.accuracy.low, comparison.accuracy.difference), (0.0, 0.25));
/// assert!(!comparison.accuracy.is_clear());
/// # Ok::<(), narrative_frames::Error>(())
/// ```
pub fn compare_head(input: CompareInput<'_>) -> Result<HeadComparison> {
    let (documents, n_labels) = input.truth.dim();
    check_length("number of label names", input.labels.len(), n_labels)?;
    for predicted in [input.predicted, input.other] {
        check_length("number of rows of predicted", predicted.nrows(), documents)?;
        check_length("number of columns of predicted", predicted.ncols(), n_labels)?;
    }
    let outcomes = side_by_side(&input)?;
    let push_scores = |counts: &[Confusion], values: &mut Vec<f64>| {
        let [value, other] = both(counts, n_labels);
        values.extend(value.iter().zip(&other).map(|(value, other)| value - other));
    };
    let counts = outcomes.counts();
    let [value, other] = both(&counts, n_labels);
    let intervals = if documents > 0 {
        input.bootstrap.intervals(&outcomes, push_scores)?
    } else {
        Vec::new()
    };
    let difference = |score: usize| Difference {
        value: value[score],
        other: other[score],
        difference: value[score] - other[score],
        low: intervals.get(score).map_or(-1.0, |interval| interval.low),
        high: intervals.get(score).map_or(1.0, |interval| interval.high),
    };
    let labels = input.labels.iter().enumerate();
    Ok(HeadComparison {
        head: input.head.to_owned(),
        documents,
        confidence: input.bootstrap.confidence,
        accuracy: difference(0),
        micro_f1: difference(1),
        macro_f1: difference(2),
        labels: labels
            .map(|(column, label)| LabelDifference {
                label: label.clone(),
                positives: counts[column].positives(),
                f1: difference(3 + column),
            })
            .collect(),
    })
}

/// The outcomes of both models as those of one with twice the labels, so that a draw is the same for both; in two
/// more columns, always true, whether each gave all labels right.
fn side_by_side(input: &CompareInput<'_>) -> Result<Outcomes> {
    let right = |predicted: ArrayView2<'_, bool>| {
        let rows = predicted.rows().into_iter().zip(input.truth.rows());
        let right: Vec<bool> = rows.map(|(predicted, truth)| predicted == truth).collect();
        ndarray::Array1::from(right).insert_axis(Axis(1))
    };
    let always = Array2::from_elem((input.truth.nrows(), 2), true);
    let joined = "the rows are as many";
    let truth = concatenate(Axis(1), &[input.truth.view(), input.truth.view(), always.view()]).expect(joined);
    let [model_right, other_right] = [input.predicted, input.other].map(right);
    let columns = [
        input.predicted.view(),
        input.other.view(),
        model_right.view(),
        other_right.view(),
    ];
    let predicted = concatenate(Axis(1), &columns).expect(joined);
    Outcomes::new(predicted.view(), truth.view(), input.groups)
}

/// The scores of both models: share of documents right, micro and macro F1, then F1 by label.
fn both(counts: &[Confusion], n_labels: usize) -> [Vec<f64>; 2] {
    [0, 1].map(|model| {
        let labels = &counts[model * n_labels..][..n_labels];
        let all: Confusion = labels.iter().copied().sum();
        let f1 = || labels.iter().map(Confusion::f1);
        let averages = [
            counts[2 * n_labels + model].recall(),
            all.f1(),
            mean(f1()).unwrap_or(0.0),
        ];
        averages.into_iter().chain(f1()).collect()
    })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::ErrorKind;
    use crate::metrics::{HeadInput, evaluate_head};
    use crate::random::SplitMix64;

    const LABELS: [&str; 2] = ["rain", "bread"];

    fn labels() -> Vec<String> {
        LABELS.map(str::to_owned).to_vec()
    }

    /// Truth, and decisions wrong in one of `one_in`.
    fn decisions(one_in: usize, seed: u64) -> (Array2<bool>, Array2<bool>) {
        let mut truth_of = SplitMix64::new(1);
        let truth = Array2::from_shape_fn((400, 2), |_| truth_of.below(3) == 0);
        let mut error = SplitMix64::new(seed);
        let predicted = truth.mapv(|truth| truth ^ (error.below(one_in) == 0));
        (truth, predicted)
    }

    fn compare(truth: &Array2<bool>, predicted: &Array2<bool>, other: &Array2<bool>) -> HeadComparison {
        compare_head(CompareInput {
            head: "topic",
            labels: &labels(),
            truth: truth.view(),
            predicted: predicted.view(),
            other: other.view(),
            groups: None,
            bootstrap: Bootstrap::default(),
        })
        .expect("they agree in size")
    }

    #[test]
    fn scores_are_those_of_each_model_alone() {
        let (truth, predicted) = decisions(20, 2);
        let (_, other) = decisions(4, 3);
        let comparison = compare(&truth, &predicted, &other);
        for (model, score) in [(&predicted, 0), (&other, 1)] {
            let report = evaluate_head(HeadInput {
                head: "topic",
                single_label: false,
                labels: &labels(),
                truth: truth.view(),
                known: &[true; 400],
                predicted: model.view(),
                probabilities: model.mapv(|given| f64::from(u8::from(given))).view(),
                groups: None,
                bootstrap: Bootstrap::default(),
            })
            .expect("they agree in size");
            let of = |difference: &Difference| [difference.value, difference.other][score];
            assert_eq!(of(&comparison.micro_f1), report.micro_average.f1.value);
            assert_eq!(of(&comparison.macro_f1), report.macro_average.f1.value);
            assert_eq!(
                Some(of(&comparison.accuracy)),
                report.exact_match.map(|e| e.value)
            );
            for (label, expected) in comparison.labels.iter().zip(&report.labels) {
                assert_eq!(of(&label.f1), expected.f1.value);
                assert_eq!(label.positives, expected.positives);
            }
        }
        assert!(comparison.micro_f1.is_clear() && comparison.micro_f1.low > 0.0);
    }

    #[test]
    fn the_other_way_round_the_sign_changes() {
        let (truth, predicted) = decisions(10, 2);
        let (_, other) = decisions(8, 3);
        let (there, back) = (
            compare(&truth, &predicted, &other),
            compare(&truth, &other, &predicted),
        );
        assert_eq!(there.macro_f1.difference, -back.macro_f1.difference);
        assert!((there.macro_f1.low + back.macro_f1.high).abs() < 1e-12);
        assert!(there.macro_f1.low < there.macro_f1.difference);
        assert!(there.macro_f1.difference < there.macro_f1.high);
    }

    #[test]
    fn pairs_make_the_interval_narrow() {
        let (truth, predicted) = decisions(5, 2);
        let mut other = predicted.clone();
        other[(0, 0)] = !other[(0, 0)];
        let comparison = compare(&truth, &predicted, &other);
        let width = comparison.micro_f1.high - comparison.micro_f1.low;
        assert!(width < 0.02, "one decision of 800 differs: {width}");
        let same = compare(&truth, &predicted, &predicted);
        assert_eq!((same.micro_f1.low, same.micro_f1.high), (0.0, 0.0));
    }

    #[test]
    fn nothing_compared_says_nothing() {
        let none = Array2::from_elem((0, 2), false);
        let accuracy = compare(&none, &none, &none).accuracy;
        assert_eq!(
            (accuracy.difference, accuracy.low, accuracy.high),
            (0.0, -1.0, 1.0)
        );
    }

    #[test]
    fn sizes_must_agree() {
        let (truth, narrow) = (array![[true, false]], array![[true]]);
        let error = compare_head(CompareInput {
            head: "topic",
            labels: &labels(),
            truth: truth.view(),
            predicted: truth.view(),
            other: narrow.view(),
            groups: None,
            bootstrap: Bootstrap::default(),
        })
        .expect_err("one column");
        assert!(matches!(
            error.kind(),
            ErrorKind::DimensionMismatch {
                found: 1,
                expected: 2,
                ..
            }
        ));
    }
}
