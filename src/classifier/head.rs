//! One set of labels a model predicts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::corpus::HeadKind;
use crate::decision::{CalibrationMethod, Calibrator};
use crate::error::{ErrorKind, Result};
use crate::linear::softmax;

/// One set of labels a model predicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub(crate) name: String,
    pub(crate) kind: HeadKind,
    pub(crate) labels: Vec<Label>,
    /// Where its scores stand among those of all heads.
    pub(crate) outputs: Range<usize>,
    /// The head that must give a label before this one is asked.
    pub(crate) requires: Option<usize>,
    /// Of a multi-label head: the probability from which on the most probable label is given if no label reaches its
    /// threshold.
    pub(crate) best_from: Option<f32>,
    pub(crate) calibration: CalibrationMethod,
    pub(crate) abstain_margin: f32,
}

/// One label of a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// What maps its score to a probability.
    pub calibration: Calibrator,
    /// The probability from which on the label is given; in a single-label head, may be given.
    pub threshold: f32,
    /// Other thresholds to choose from, by name, as [`Threshold::OPERATING_POINTS`](crate::decision::Threshold) has them;
    /// of multi-label heads, if the recipe sets `decision.operating_points`.
    pub operating_points: BTreeMap<String, f32>,
}

impl Head {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many labels a document has.
    #[must_use]
    pub fn kind(&self) -> HeadKind {
        self.kind
    }

    /// Its labels, in the order of their probabilities.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The names of its labels, in the same order.
    #[must_use]
    pub fn label_names(&self) -> Vec<String> {
        self.labels.iter().map(|label| label.name.clone()).collect()
    }

    /// Where a label stands among them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] with the labels there are.
    pub fn position(&self, label: &str) -> Result<usize> {
        let names = || self.labels.iter().map(|label| label.name.as_str());
        let unknown = || ErrorKind::Unknown {
            what: "label of the model",
            name: label.to_owned(),
            expected: names().collect::<Vec<_>>().join(", "),
        };
        Ok(names().position(|name| name == label).ok_or_else(unknown)?)
    }

    /// Where its labels stand among the outputs of the model.
    #[must_use]
    pub fn outputs(&self) -> Range<usize> {
        self.outputs.clone()
    }

    /// The head, by position, that must give a label before this one is asked.
    #[must_use]
    pub fn requires(&self) -> Option<usize> {
        self.requires
    }

    /// How many heads must be asked before it.
    pub(crate) fn depth(&self, heads: &[Self]) -> usize {
        std::iter::successors(self.requires, |&required| heads[required].requires).count()
    }

    /// Turns the scores of the labels into probabilities, in place.
    ///
    /// A single-label head calibrates each label against the rest and divides by the sum (Zadrozny &
    /// Elkan 2002).
    pub(crate) fn calibrate(&self, scores: &mut [f32]) {
        match (self.kind, self.calibration) {
            (HeadKind::MultiLabel, _) => {
                for (score, label) in scores.iter_mut().zip(&self.labels) {
                    *score = label.calibration.probability(*score);
                }
            }
            (HeadKind::SingleLabel, method) => {
                let mut probabilities: Vec<f64> = scores.iter().map(|&score| f64::from(score)).collect();
                softmax(&mut probabilities);
                if method.needs_folds() {
                    for (p, label) in probabilities.iter_mut().zip(&self.labels) {
                        *p = f64::from(label.calibration.probability(log_odds(*p) as f32));
                    }
                    let sum: f64 = probabilities.iter().sum();
                    probabilities.iter_mut().for_each(|p| *p /= sum);
                }
                for (score, p) in scores.iter_mut().zip(probabilities) {
                    *score = p as f32;
                }
            }
        }
    }

    /// Which labels the probabilities stand for.
    pub(crate) fn decide(&self, probabilities: &[f32], decided: &mut [bool]) {
        decided.fill(false);
        match self.kind {
            HeadKind::MultiLabel => {
                for ((decided, p), label) in decided.iter_mut().zip(probabilities).zip(&self.labels) {
                    *decided = *p >= label.threshold;
                }
                if let Some(from) = self.best_from.filter(|_| !decided.contains(&true)) {
                    let best = most_probable(probabilities, |label| probabilities[label] >= from);
                    best.into_iter().for_each(|best| decided[best] = true);
                }
            }
            HeadKind::SingleLabel => {
                let reaches = |label: usize| probabilities[label] >= self.labels[label].threshold;
                let best = most_probable(probabilities, reaches);
                let best = best.or_else(|| most_probable(probabilities, |_| true));
                best.into_iter().for_each(|best| decided[best] = true);
            }
        }
    }

    /// Whether a decision lies within the abstain band.
    pub(crate) fn abstains(&self, probabilities: &[f32]) -> bool {
        match self.kind {
            HeadKind::MultiLabel => probabilities
                .iter()
                .zip(&self.labels)
                .any(|(p, label)| (p - label.threshold).abs() < self.abstain_margin),
            HeadKind::SingleLabel => {
                let mut highest = [0.0_f32; 2];
                for &p in probabilities {
                    if p > highest[0] {
                        highest = [p, highest[0]];
                    } else {
                        highest[1] = highest[1].max(p);
                    }
                }
                highest[0] - highest[1] < self.abstain_margin
            }
        }
    }
}

/// The first of the most probable labels among those that fit.
fn most_probable(probabilities: &[f32], fits: impl Fn(usize) -> bool) -> Option<usize> {
    let labels = (0..probabilities.len()).rev().filter(|&label| fits(label));
    labels.max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]))
}

/// `ln(p / (1 − p))`, kept finite.
pub(crate) fn log_odds(p: f64) -> f64 {
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    libm::log(p / (1.0 - p))
}
