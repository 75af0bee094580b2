//! Quality of a ranking: are positives scored above negatives, whatever the threshold?
//!
//! Only the order of the scores matters, so logits and probabilities give the same numbers as long as
//! no two different logits become one probability.

use super::assert_one_truth_each;

/// Documents that share one score.
pub(super) struct Tie {
    pub(super) score: f64,
    pub(super) positives: u64,
    pub(super) negatives: u64,
}

/// Area under the receiver operating characteristic: the probability that a random positive is scored
/// above a random negative, a tie counting one half.
///
/// ```text
/// AUC = (pairs won + (pairs tied / 2)) / (positives * negatives)
/// ```
///
/// This is the Mann-Whitney U statistic with midranks for ties, divided by its largest value (Mann &
/// Whitney, 1947; Hanley & McNeil, 1982). Pairs are counted in integers, so the division at the end is
/// the only rounding.
///
/// In 0..=1: 1 if every positive is above every negative, 0.5 for a constant score. `None` if there
/// are no positives or no negatives, or if a score is NaN.
///
/// Costs one sort: O(n log n) for n documents.
///
/// # Panics
///
/// If the slices differ in length.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::roc_auc;
///
/// // Of four pairs three are won: 0.35 is below 0.4.
/// let auc = roc_auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]);
/// assert_eq!(auc, Some(0.75));
/// assert_eq!(roc_auc(&[0.1, 0.4], &[true, true]), None);
/// ```
#[must_use]
pub fn roc_auc(scores: &[f64], truth: &[bool]) -> Option<f64> {
    let ties = ties_from_the_top(scores, truth)?;
    let mut negatives_below: u64 = ties.iter().map(|tie| tie.negatives).sum();
    let pairs = negatives_below * count_positives(&ties);
    let mut half_wins = 0;
    for tie in &ties {
        negatives_below -= tie.negatives;
        half_wins += tie.positives * (2 * negatives_below + tie.negatives);
    }
    (pairs > 0).then(|| half_wins as f64 / (2 * pairs) as f64)
}

/// Average precision: the precision at each positive, averaged over the positives.
///
/// ```text
/// AP = sum over n of (R_n - R_(n-1)) * P_n
/// ```
///
/// with precision `P_n` and recall `R_n` at the n-th highest distinct score, and `R_0 = 0`; documents
/// that share a score are taken in together. No interpolation, as in scikit-learn's
/// `average_precision_score`, because a straight line between two points of a precision-recall curve
/// promises too much (Davis & Goadrich, 2006). See Manning, Raghavan & Schütze (2008), chapter 8.
///
/// In 0..=1, and above 0; a constant score gives the share of positives. `None` if there are no
/// positives, or if a score is NaN.
///
/// Costs one sort: O(n log n) for n documents.
///
/// # Panics
///
/// If the slices differ in length.
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::average_precision;
///
/// // Precision is 1/1 at the first positive and 2/3 at the second.
/// let precision = average_precision(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]);
/// assert_eq!(precision, Some((1.0 + 2.0 / 3.0) / 2.0));
/// assert_eq!(average_precision(&[0.1, 0.4], &[false, false]), None);
/// ```
#[must_use]
pub fn average_precision(scores: &[f64], truth: &[bool]) -> Option<f64> {
    let ties = ties_from_the_top(scores, truth)?;
    let positives = count_positives(&ties);
    let (mut hits, mut taken) = (0, 0);
    let mut sum = 0.0;
    for tie in &ties {
        hits += tie.positives;
        taken += tie.positives + tie.negatives;
        sum += tie.positives as f64 * (hits as f64 / taken as f64);
    }
    (positives > 0).then(|| sum / positives as f64)
}

/// The distinct scores from highest to lowest, with the documents at each; `None` if one is NaN.
pub(super) fn ties_from_the_top(scores: &[f64], truth: &[bool]) -> Option<Vec<Tie>> {
    assert_one_truth_each(scores.len(), truth.len());
    if scores.iter().any(|score| score.is_nan()) {
        return None;
    }
    let mut ranked: Vec<(f64, bool)> = scores.iter().copied().zip(truth.iter().copied()).collect();
    ranked.sort_unstable_by(|(left, _), (right, _)| right.total_cmp(left));
    Some(
        ranked
            .chunk_by(|(left, _), (right, _)| left == right)
            .map(Tie::of)
            .collect(),
    )
}

fn count_positives(ties: &[Tie]) -> u64 {
    ties.iter().map(|tie| tie.positives).sum()
}

impl Tie {
    fn of(documents: &[(f64, bool)]) -> Self {
        let positives = documents.iter().filter(|(_, positive)| *positive).count();
        Self {
            score: documents[0].0,
            positives: positives as u64,
            negatives: (documents.len() - positives) as u64,
        }
    }
}

#[cfg(test)]
mod tests;
