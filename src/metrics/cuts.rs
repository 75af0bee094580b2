//! What each threshold would give.

use serde::Serialize;

use super::assert_one_truth_each;
use super::confusion::Confusion;

/// Precision and recall of the decisions "given if the probability reaches `threshold`".
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cut {
    /// The least probability with which a label is given.
    pub threshold: f64,
    /// Share of the labels given that are true; 0.0 if none is given.
    pub precision: f64,
    /// Share of the true labels that are given; 0.0 if there are none.
    pub recall: f64,
}

/// Precision and recall at the thresholds 0.05, 0.10 to 0.95: what a user who wants another balance than the model's
/// would get. A threshold chosen from it must be judged on other documents. Costs O(n).
///
/// # Panics
///
/// If the slices differ in length.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::cuts;
///
/// let cuts = cuts(&[0.9, 0.6, 0.2], &[true, false, true]);
/// assert_eq!((cuts[9].threshold, cuts[9].precision, cuts[9].recall), (0.5, 0.5, 0.5));
/// assert_eq!((cuts[0].precision, cuts[0].recall), (2.0 / 3.0, 1.0));
/// ```
#[must_use]
pub fn cuts(probabilities: &[f64], truth: &[bool]) -> Vec<Cut> {
    assert_one_truth_each(probabilities.len(), truth.len());
    let at = |step: i32| {
        let threshold = f64::from(step) / 20.0;
        let given: Vec<bool> = probabilities.iter().map(|&p| p >= threshold).collect();
        let confusion = Confusion::from_predictions(&given, truth);
        Cut {
            threshold,
            precision: confusion.precision(),
            recall: confusion.recall(),
        }
    };
    (1..20).map(at).collect()
}
