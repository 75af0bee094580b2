//! Probabilities that mean what they say.

use serde::{Deserialize, Serialize};

use super::{Isotonic, round};
use crate::error::{Error, Result};

/// How scores become probabilities.
///
/// | key | default | range |
/// |---|---|---|
/// | `method` | platt | `platt`, `isotonic`, `auto` or `none` |
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
    /// The nondecreasing map that fits the out-of-fold scores of each label best (Zadrozny & Elkan 2002). It takes any
    /// shape, and follows chance where documents are few.
    Isotonic,
    /// `Isotonic` for a label with at least [`AUTO_ISOTONIC_POSITIVES`] positive documents, `Platt` for the others.
    Auto,
    /// The logistic function, or the softmax, of the score; no cross-validation, so it trains
    /// `folds + 1` times as fast. Thresholds are then 0.5, or the probability the recipe fixes.
    None,
}

/// Positive documents from which on `calibration.method = "auto"` takes the isotonic map: Niculescu-Mizil & Caruana (2005)
/// found it the better one from about 1,000 cases, and overfitting below.
pub const AUTO_ISOTONIC_POSITIVES: usize = 1000;

impl CalibrationMethod {
    /// Whether it is learned from out-of-fold scores, so that there are some: all but `None`.
    #[must_use]
    pub fn needs_folds(self) -> bool {
        self != Self::None
    }
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

/// What maps the score of one label to its probability. A higher score never has a lower probability.
#[derive(Debug, Clone, PartialEq)]
pub enum Calibrator {
    /// A logistic curve: two numbers.
    Platt(Platt),
    /// Points with lines between them.
    Isotonic(Isotonic),
}

impl Calibrator {
    /// The logistic function itself.
    pub const IDENTITY: Self = Self::Platt(Platt::IDENTITY);

    /// The probability for a score.
    #[must_use]
    pub fn probability(&self, score: f32) -> f32 {
        match self {
            Self::Platt(platt) => platt.probability(score),
            Self::Isotonic(isotonic) => isotonic.probability(score),
        }
    }

    /// What the method learns from scores and truth.
    pub(crate) fn fit(method: CalibrationMethod, scores: &[f64], truth: &[bool]) -> Self {
        let positives = truth.iter().filter(|has| **has).count();
        match method {
            CalibrationMethod::None => Self::IDENTITY,
            CalibrationMethod::Isotonic => Self::Isotonic(Isotonic::fit(scores, truth)),
            CalibrationMethod::Auto if positives >= AUTO_ISOTONIC_POSITIVES => {
                Self::Isotonic(Isotonic::fit(scores, truth))
            }
            CalibrationMethod::Auto | CalibrationMethod::Platt => Self::Platt(Platt::fit(scores, truth)),
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

    /// Fits the two numbers: least log loss against targets drawn in from 1 and 0 by what one more document of each
    /// class could tell (Platt 1999), by Newton's method with backtracking (Lin, Lin & Weng 2007).
    ///
    /// The targets keep both numbers finite where scores part the classes without error, and where there is one class.
    /// A slope below zero, which would turn the order of scores round, becomes zero.
    pub(crate) fn fit(scores: &[f64], truth: &[bool]) -> Self {
        let positives = truth.iter().filter(|has| **has).count() as f64;
        let negatives = truth.len() as f64 - positives;
        let targets = [1.0 / (negatives + 2.0), (positives + 1.0) / (positives + 2.0)];
        let target = |has: &bool| targets[usize::from(*has)];
        let loss = LogLoss {
            pairs: scores.iter().copied().zip(truth.iter().map(target)).collect(),
        };
        let prior = libm::log((positives + 1.0) / (negatives + 1.0));
        let [slope, intercept] = loss.minimum([0.0, prior]);
        let [slope, intercept] = if slope > 0.0 {
            [slope, intercept]
        } else {
            [0.0, prior]
        };
        Self {
            slope: round(slope),
            intercept: round(intercept),
        }
    }
}

/// The log loss of `σ(slope · score + intercept)` against targets in 0..1.
struct LogLoss {
    /// Scores and targets.
    pairs: Vec<(f64, f64)>,
}

impl LogLoss {
    const MAX_STEPS: usize = 100;
    /// Of the gradient, per document.
    const TOLERANCE: f64 = 1e-9;

    /// Where it is least, as near as rounding lets steps go down.
    fn minimum(&self, start: [f64; 2]) -> [f64; 2] {
        let (mut at, mut value) = (start, self.value(start));
        for _ in 0..Self::MAX_STEPS {
            let (gradient, step) = self.newton(at);
            let largest = gradient[0].abs().max(gradient[1].abs());
            if largest <= Self::TOLERANCE * self.pairs.len() as f64 {
                break;
            }
            let halves = std::iter::successors(Some(1.0), |length| Some(length / 2.0)).take(30);
            let down = halves
                .map(|length| [at[0] - length * step[0], at[1] - length * step[1]])
                .find(|&next| self.value(next) < value);
            let Some(next) = down else { break };
            (at, value) = (next, self.value(next));
        }
        at
    }

    fn value(&self, [slope, intercept]: [f64; 2]) -> f64 {
        let loss = |&(score, target): &(f64, f64)| {
            let z = slope * score + intercept;
            z.max(0.0) - target * z + libm::log1p(libm::exp(-z.abs()))
        };
        self.pairs.iter().map(loss).sum()
    }

    /// The gradient, and the Newton step that it is taken down by.
    fn newton(&self, [slope, intercept]: [f64; 2]) -> ([f64; 2], [f64; 2]) {
        /// Keeps the Hessian invertible where all scores are equal.
        const RIDGE: f64 = 1e-12;
        let (mut gradient, mut hessian) = ([0.0; 2], [RIDGE, 0.0, RIDGE]);
        for &(score, target) in &self.pairs {
            let p = 1.0 / (1.0 + libm::exp(-(slope * score + intercept)));
            let (error, curvature) = (p - target, p * (1.0 - p));
            gradient[0] += error * score;
            gradient[1] += error;
            hessian[0] += curvature * score * score;
            hessian[1] += curvature * score;
            hessian[2] += curvature;
        }
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let step = [
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        ];
        (gradient, step)
    }
}
