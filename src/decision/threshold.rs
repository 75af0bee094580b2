//! Where a probability becomes a label.

use serde::{Deserialize, Serialize};

use super::round;
use crate::error::{Error, Result};

/// How many positive documents the threshold common to all labels counts for against a label's own.
const PRIOR: f64 = 100.0;

/// How the threshold of each label of a multi-label head is chosen.
///
/// In a recipe: `threshold = "f1"`, `threshold = { precision = 0.9 }`, `threshold = { recall = 0.9 }` or
/// `threshold = { probability = 0.5 }`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Threshold {
    /// The highest F1 on the out-of-fold probabilities, drawn towards the threshold with the highest micro-F1
    /// over all labels of the head: a mean of the two in which the common one weighs as 100 positive
    /// documents. The best cut of a rare label is mostly chance.
    #[default]
    F1,
    /// The highest recall with at least this precision on the out-of-fold probabilities; a label that
    /// never reaches it is never given.
    Precision(f64),
    /// The highest threshold with at least this recall on the out-of-fold probabilities.
    Recall(f64),
    /// This probability for every label.
    Probability(f64),
}

impl Threshold {
    /// What a model stores beside the thresholds in use if `decision.operating_points` is set: names and rules.
    pub const OPERATING_POINTS: [(&str, Self); 3] = [
        ("f1", Self::F1),
        ("precision 0.9", Self::Precision(0.9)),
        ("recall 0.9", Self::Recall(0.9)),
    ];

    /// Whether it is learned from out-of-fold probabilities and promises something of them.
    pub(crate) fn is_floor(self) -> bool {
        matches!(self, Self::Precision(_) | Self::Recall(_))
    }

    /// Checks the range of the number.
    pub(crate) fn check(self) -> Result<Self> {
        match self {
            Self::Precision(x) | Self::Recall(x) | Self::Probability(x) if !(x > 0.0 && x < 1.0) => {
                Err(Error::invalid("decision.threshold", x, "above 0, below 1"))
            }
            _ => Ok(self),
        }
    }

    /// The thresholds of all labels of a head: documents at or above one get the label.
    ///
    /// `labels` are the out-of-fold probabilities of each label and whether it is true; `own` tells which of them can
    /// be trusted. The other labels get what is best for the trusted ones together. Cost: a sort of each label, and
    /// one of all together.
    pub(crate) fn choose(self, labels: &[(Vec<f64>, Vec<bool>)], own: &[bool]) -> Vec<f32> {
        let common = if self == Self::F1 || own.contains(&false) {
            self.common(labels, own)
        } else {
            0.0
        };
        let threshold = |((probabilities, truth), own): (&(Vec<f64>, Vec<bool>), &bool)| {
            if !own {
                return round(common);
            }
            let own = self.cut(probabilities, truth);
            if self != Self::F1 {
                return own as f32;
            }
            let positives = truth.iter().filter(|has| **has).count() as f64;
            round((positives * own + PRIOR * common) / (positives + PRIOR))
        };
        labels.iter().zip(own).map(threshold).collect()
    }

    /// The threshold for all labels together; without any, the one that would be right if probabilities are.
    fn common(self, labels: &[(Vec<f64>, Vec<bool>)], own: &[bool]) -> f64 {
        match (self, pooled(labels, own)) {
            (Self::F1 | Self::Recall(_), (probabilities, _)) if probabilities.is_empty() => 0.5,
            (Self::Precision(floor), (probabilities, _)) if probabilities.is_empty() => floor,
            (_, (probabilities, truth)) => self.cut(&probabilities, &truth),
        }
    }

    /// The threshold of one label by itself, half-way between two neighbouring probabilities.
    fn cut(self, probabilities: &[f64], truth: &[bool]) -> f64 {
        match self {
            Self::Probability(probability) => probability,
            Self::F1 => best_cut(probabilities, truth, |hits, given, positives| {
                Some(2.0 * hits / (given + positives))
            }),
            Self::Precision(floor) => best_cut(probabilities, truth, |hits, given, _| {
                (hits >= floor * given).then_some(hits)
            }),
            // The first from above is the highest. A quotient, so that 55 of 100 are 0.55.
            Self::Recall(floor) => best_cut(probabilities, truth, |hits, _, positives| {
                (hits / positives >= floor).then_some(1.0)
            }),
        }
    }
}

/// Values and truth of some of the labels, one label after the other.
pub(crate) fn pooled(labels: &[(Vec<f64>, Vec<bool>)], own: &[bool]) -> (Vec<f64>, Vec<bool>) {
    let own = labels.iter().zip(own).filter(|(_, own)| **own);
    let (values, truth): (Vec<_>, Vec<_>) = own.map(|(label, _)| label.clone()).unzip();
    (values.concat(), truth.concat())
}

/// Half-way between two probabilities, rounded if that stays between them.
fn between(low: f64, high: f64) -> f64 {
    let middle = 0.5 * (low + high);
    let rounded = f64::from(round(middle));
    if rounded > low && rounded <= high {
        rounded
    } else {
        middle
    }
}

/// The cut with the highest value of `(hits, given, positives)`; the highest of equal cuts; 1 if there is
/// none.
fn best_cut(probabilities: &[f64], truth: &[bool], value: impl Fn(f64, f64, f64) -> Option<f64>) -> f64 {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    let positives = truth.iter().filter(|has| **has).count() as f64;
    let (mut hits, mut best) = (0.0, (0.0, 1.0));
    for (given, &document) in order.iter().enumerate() {
        hits += f64::from(u8::from(truth[document]));
        let here = probabilities[document];
        let next = order.get(given + 1).map(|&next| probabilities[next]);
        if next == Some(here) {
            continue;
        }
        if let Some(value) = value(hits, given as f64 + 1.0, positives)
            && value > best.0
        {
            best = (value, between(next.unwrap_or(0.0), here));
        }
    }
    best.1
}
