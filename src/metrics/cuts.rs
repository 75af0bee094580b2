//! What each threshold would give.

use serde::Serialize;

use super::assert_one_truth_each;
use super::confusion::Confusion;
use super::ranking::ties_from_the_top;
use super::ratio;

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

/// The precision-recall curve: precision and recall at every score that a positive document has, highest first. Between
/// two of them precision only falls.
///
/// Of more than `at_most` points, that many are kept, evenly spaced, first and last among them. Read it as steps:
/// straight lines between the points promise too much (Davis & Goadrich, 2006). Empty without positives, or if a score
/// is NaN. Costs one sort.
///
/// # Panics
///
/// If the slices differ in length, or `at_most` is less than 2.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::precision_recall;
///
/// let curve = precision_recall(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true], 100);
/// let points: Vec<_> = curve.iter().map(|cut| (cut.threshold, cut.precision, cut.recall)).collect();
/// assert_eq!(points, [(0.8, 1.0, 0.5), (0.35, 2.0 / 3.0, 1.0)]);
/// ```
#[must_use]
pub fn precision_recall(scores: &[f64], truth: &[bool], at_most: usize) -> Vec<Cut> {
    assert!(at_most >= 2, "a curve has two ends");
    let Some(ties) = ties_from_the_top(scores, truth) else {
        return Vec::new();
    };
    let positives = ties.iter().map(|tie| tie.positives).sum();
    let (mut hits, mut taken) = (0, 0);
    let mut curve = Vec::new();
    for tie in &ties {
        hits += tie.positives;
        taken += tie.positives + tie.negatives;
        if tie.positives > 0 {
            curve.push(Cut {
                threshold: tie.score,
                precision: ratio(hits, taken),
                recall: ratio(hits, positives),
            });
        }
    }
    thinned(curve, at_most)
}

/// At most so many of the points, evenly spaced, first and last among them.
fn thinned(curve: Vec<Cut>, at_most: usize) -> Vec<Cut> {
    if curve.len() <= at_most {
        return curve;
    }
    let last = curve.len() - 1;
    (0..at_most)
        .map(|point| curve[point * last / (at_most - 1)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::average_precision;
    use crate::random::SplitMix64;

    #[test]
    fn the_area_under_the_steps_is_the_average_precision() {
        let mut random = SplitMix64::new(5);
        let scores: Vec<f64> = (0..300).map(|_| random.below(50) as f64 / 50.0).collect();
        let truth: Vec<bool> = scores
            .iter()
            .map(|score| random.below(10) as f64 / 10.0 < *score)
            .collect();
        let curve = precision_recall(&scores, &truth, 1000);
        let mut before = 0.0;
        let mut area = 0.0;
        for cut in &curve {
            area += (cut.recall - before) * cut.precision;
            before = cut.recall;
        }
        let expected = average_precision(&scores, &truth).expect("positives");
        assert!((area - expected).abs() < 1e-12);
        let thin = precision_recall(&scores, &truth, 7);
        assert_eq!(
            (thin.len(), thin[0], thin[6]),
            (7, curve[0], curve[curve.len() - 1])
        );
    }

    #[test]
    fn without_positives_there_is_no_curve() {
        assert_eq!(precision_recall(&[0.2, 0.4], &[false, false], 10), []);
        assert_eq!(precision_recall(&[f64::NAN, 0.4], &[true, false], 10), []);
    }
}
