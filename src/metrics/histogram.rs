//! Where the probabilities of a label lie, by truth.

use serde::Serialize;

use super::assert_one_truth_each;

/// The documents whose probability lies in one interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HistogramBin {
    /// Lower end, included.
    pub low: f64,
    /// Upper end, excluded (in the last bin included).
    pub high: f64,
    /// Documents in the bin that have the label.
    pub positives: u64,
    /// Documents in the bin that do not.
    pub negatives: u64,
}

/// Counts probabilities in `bins` intervals of equal width, from low to high, empty ones too.
///
/// `None` if a probability is not in 0..=1. Costs O(n + bins).
///
/// # Panics
///
/// If the slices differ in length, or `bins` is 0.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::histogram;
///
/// let bins = histogram(&[0.0, 0.4, 0.5, 1.0], &[false, true, true, true], 2).expect("in 0..=1");
/// assert_eq!((bins[0].positives, bins[0].negatives), (1, 1));
/// assert_eq!((bins[1].positives, bins[1].negatives), (2, 0));
/// assert_eq!((bins[1].low, bins[1].high), (0.5, 1.0));
/// ```
#[must_use]
pub fn histogram(probabilities: &[f64], truth: &[bool], bins: usize) -> Option<Vec<HistogramBin>> {
    assert_one_truth_each(probabilities.len(), truth.len());
    assert!(bins > 0, "at least one bin is needed");
    let mut filled: Vec<HistogramBin> = (0..bins)
        .map(|index| HistogramBin {
            low: index as f64 / bins as f64,
            high: (index + 1) as f64 / bins as f64,
            positives: 0,
            negatives: 0,
        })
        .collect();
    for (&probability, &truth) in probabilities.iter().zip(truth) {
        if !(0.0..=1.0).contains(&probability) {
            return None;
        }
        let bin = &mut filled[((probability * bins as f64) as usize).min(bins - 1)];
        if truth {
            bin.positives += 1;
        } else {
            bin.negatives += 1;
        }
    }
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_in_one_bin() {
        let probabilities: Vec<f64> = (0..=1000).map(|step| f64::from(step) / 1000.0).collect();
        let truth: Vec<bool> = (0..=1000).map(|step| step % 3 == 0).collect();
        let bins = histogram(&probabilities, &truth, 20).expect("in 0..=1");
        let positives: u64 = bins.iter().map(|bin| bin.positives).sum();
        let negatives: u64 = bins.iter().map(|bin| bin.negatives).sum();
        assert_eq!((positives, negatives), (334, 667));
        assert_eq!(
            bins[19].positives + bins[19].negatives,
            51,
            "1 is in the last bin"
        );
    }

    #[test]
    fn other_numbers_have_no_bin() {
        for probability in [f64::NAN, -0.1, 1.1] {
            assert_eq!(histogram(&[0.5, probability], &[true, true], 2), None);
        }
    }
}
