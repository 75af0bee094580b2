//! Probabilities that mean what they say.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::round;
use crate::error::{Error, ErrorKind, Result};

/// How scores become probabilities.
///
/// | key | default | range |
/// |---|---|---|
/// | `method` | platt | `platt` or `none` |
/// | `folds` | 5 | 2 to 20 |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calibration {
    /// What maps a score to a probability.
    pub method: CalibrationMethod,
    /// Folds of the cross-validation that gives out-of-fold scores, for calibration and thresholds.
    pub folds: usize,
}

/// What maps a score to a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CalibrationMethod {
    /// A logistic regression on the out-of-fold score of each label (Platt 1999).
    #[default]
    Platt,
    /// The logistic function, or the softmax, of the score; no cross-validation, so it trains
    /// `folds + 1` times as fast. Thresholds are then 0.5, or the probability the recipe fixes.
    None,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            method: CalibrationMethod::Platt,
            folds: 5,
        }
    }
}

impl Calibration {
    /// Checks the number of folds.
    pub(crate) fn check(self) -> Result<Self> {
        if (2..=20).contains(&self.folds) {
            Ok(self)
        } else {
            Err(Error::invalid("calibration.folds", self.folds, "2 to 20"))
        }
    }
}

/// `probability = σ(slope · score + intercept)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// Factor of the score, never negative.
    pub slope: f32,
    /// What is added.
    pub intercept: f32,
}

impl Platt {
    /// The logistic function itself.
    pub const IDENTITY: Self = Self {
        slope: 1.0,
        intercept: 0.0,
    };

    /// The probability for a score.
    #[must_use]
    pub fn probability(self, score: f32) -> f32 {
        1.0 / (1.0 + libm::expf(-(self.slope * score + self.intercept)))
    }

    /// Fits the two numbers by `linfa-logistic`, on one column.
    ///
    /// The slope is penalized by `½ · 0.01 · slope²`, which keeps it finite where scores part the classes
    /// without error. A slope below zero, which would turn the order of scores round, becomes zero, and
    /// the intercept the logarithm of the odds.
    pub(crate) fn fit(scores: &[f64], truth: &[bool]) -> Result<Self> {
        let rows = Array2::from_shape_vec((scores.len(), 1), scores.to_vec())
            .map_err(|error| ErrorKind::Linfa(error.to_string()))?;
        let model = linfa_logistic::LogisticRegression::default()
            .alpha(0.01)
            .max_iterations(1000)
            .gradient_tolerance(1e-6)
            .fit(&DatasetBase::new(rows, Array1::from(truth.to_vec())))
            .map_err(|error| ErrorKind::Linfa(error.to_string()))?;
        let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
        let slope = sign * model.params()[0];
        if slope > 0.0 {
            return Ok(Self {
                slope: round(slope),
                intercept: round(sign * model.intercept()),
            });
        }
        let positives = truth.iter().filter(|has| **has).count() as f64;
        Ok(Self {
            slope: 0.0,
            intercept: round(libm::log(positives / (truth.len() as f64 - positives))),
        })
    }
}
