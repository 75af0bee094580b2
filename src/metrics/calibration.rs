//! Quality of probabilities: of the documents given 0.8, do eight in ten have the label?

use serde::Serialize;

use super::{assert_one_truth_each, mean, ratio};

/// Bins of [`expected_calibration_error`] unless there is a reason for another number, as in Guo et
/// al. (2017).
pub const DEFAULT_BINS: usize = 15;

/// The documents whose probability lies in one interval, compared with the truth.
///
/// A row of a reliability diagram (Niculescu-Mizil & Caruana, 2005).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Lower end, excluded (in the first bin included).
    pub low: f64,
    /// Upper end, included.
    pub high: f64,
    /// Documents in the bin.
    pub count: u64,
    /// Mean of their probabilities; `None` in an empty bin.
    pub mean_probability: Option<f64>,
    /// Share of them that has the label, in 0..=1; `None` in an empty bin.
    pub fraction_positive: Option<f64>,
}

/// The Brier score: mean squared distance between probability and truth (Brier, 1950; the form for two
/// classes).
///
/// ```text
/// brier = (1 / n) * sum over i of (p_i - y_i)^2
/// ```
///
/// In 0..=1, lower is better; a constant 0.5 gives 0.25. `None` without documents, or if a probability
/// is not in 0..=1. Costs O(n).
///
/// # Panics
///
/// If the slices differ in length.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::brier;
///
/// assert_eq!(brier(&[0.5, 1.0], &[true, true]), Some(0.125));
/// assert_eq!(brier(&[], &[]), None);
/// ```
#[must_use]
pub fn brier(probabilities: &[f64], truth: &[bool]) -> Option<f64> {
    assert_one_truth_each(probabilities.len(), truth.len());
    if !all_are_probabilities(probabilities) {
        return None;
    }
    let pairs = probabilities.iter().zip(truth);
    mean(pairs.map(|(&probability, &truth)| (probability - f64::from(u8::from(truth))).powi(2)))
}

/// Expected calibration error: the gap between probability and frequency, averaged over documents.
///
/// ```text
/// ECE = sum over bins of (count / n) * |fraction_positive - mean_probability|
/// ```
///
/// over `bins` bins of equal width (Naeini, Cooper & Hauskrecht, 2015; [`DEFAULT_BINS`] from Guo et
/// al., 2017). The probability is that of the label, as in Naeini et al.; Guo et al. bin the confidence
/// in the winning class instead, which says nothing on one label of several.
///
/// In 0..=1, lower is better. The number depends on `bins` and is biased upwards where bins hold few
/// documents, so compare only at the same `bins` and on the same documents. `None` without documents,
/// or if a probability is not in 0..=1. Costs O(n + bins).
///
/// # Panics
///
/// If the slices differ in length, or `bins` is 0.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::expected_calibration_error;
///
/// // Two bins: gaps of |0 - 0.25| and |0.5 - 0.75|, two documents each.
/// let probabilities = [0.25, 0.25, 0.75, 0.75];
/// let truth = [false, false, true, false];
/// assert_eq!(expected_calibration_error(&probabilities, &truth, 2), Some(0.25));
/// ```
#[must_use]
pub fn expected_calibration_error(probabilities: &[f64], truth: &[bool], bins: usize) -> Option<f64> {
    let bins = fill(probabilities, truth, bins)?;
    let gap: f64 = bins.iter().map(Bin::total_gap).sum();
    (!probabilities.is_empty()).then(|| gap / probabilities.len() as f64)
}

/// The bins behind [`expected_calibration_error`]: `bins` of them, from low to high, empty ones too.
///
/// Bin b of B, counted from 1, holds the probabilities in `((b - 1) / B, b / B]`; 0 itself is in the
/// first. A probability within rounding of an edge may fall on either side. `None` if a probability is
/// not in 0..=1. Costs O(n + bins).
///
/// # Panics
///
/// If the slices differ in length, or `bins` is 0.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::reliability_bins;
///
/// let bins = reliability_bins(&[0.5, 0.75, 1.0], &[false, true, false], 2).expect("in 0..=1");
/// assert_eq!((bins[0].count, bins[0].mean_probability), (1, Some(0.5)));
/// assert_eq!((bins[1].count, bins[1].fraction_positive), (2, Some(0.5)));
/// ```
#[must_use]
pub fn reliability_bins(probabilities: &[f64], truth: &[bool], bins: usize) -> Option<Vec<ReliabilityBin>> {
    let filled = fill(probabilities, truth, bins)?;
    let edge = |index: usize| index as f64 / bins as f64;
    let with_edges = filled.iter().enumerate();
    Some(
        with_edges
            .map(|(index, bin)| bin.between(edge(index), edge(index + 1)))
            .collect(),
    )
}

/// What is summed up per bin.
#[derive(Clone, Default)]
struct Bin {
    count: u64,
    positives: u64,
    probability: f64,
}

fn fill(probabilities: &[f64], truth: &[bool], bins: usize) -> Option<Vec<Bin>> {
    assert_one_truth_each(probabilities.len(), truth.len());
    assert!(bins > 0, "at least one bin is needed");
    if !all_are_probabilities(probabilities) {
        return None;
    }
    let mut filled = vec![Bin::default(); bins];
    for (&probability, &truth) in probabilities.iter().zip(truth) {
        let above_edge = (probability * bins as f64).ceil() as usize;
        let bin = &mut filled[above_edge.saturating_sub(1)];
        bin.count += 1;
        bin.positives += u64::from(truth);
        bin.probability += probability;
    }
    Some(filled)
}

impl Bin {
    /// `count * |fraction_positive - mean_probability|`, without dividing.
    fn total_gap(&self) -> f64 {
        (self.positives as f64 - self.probability).abs()
    }

    fn between(&self, low: f64, high: f64) -> ReliabilityBin {
        let filled = self.count > 0;
        ReliabilityBin {
            low,
            high,
            count: self.count,
            mean_probability: filled.then(|| self.probability / self.count as f64),
            fraction_positive: filled.then(|| ratio(self.positives, self.count)),
        }
    }
}

fn all_are_probabilities(values: &[f64]) -> bool {
    values.iter().all(|value| (0.0..=1.0).contains(value))
}

#[cfg(test)]
mod tests;
