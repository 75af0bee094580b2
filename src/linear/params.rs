//! Choices of a training run.

use linfa::ParamGuard;
use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::{LogisticRegression, Prior};
use crate::error::{Error, ErrorKind, Result};

/// What minimizes the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// The solvers of this crate, on sparse rows.
    #[default]
    Sparse,
    /// `linfa-logistic`, on a dense copy of the rows: refuses above [`Solver::DENSE_LIMIT_BYTES`] and
    /// documents that differ in weight. Its line search (argmin 0.11) has no bound: near an optimum that rounding hides, it
    /// may not end.
    Dense,
}

impl Solver {
    /// The largest dense copy that [`Solver::Dense`] makes: 1 GiB.
    pub const DENSE_LIMIT_BYTES: usize = 1 << 30;
}

/// How much the documents of a class count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassWeight {
    /// Every document counts the same.
    #[default]
    None,
    /// A class with `m` of the `n` documents counts `n / (k · m)` a document, for `k` classes (2 for a
    /// label), as in scikit-learn.
    Balanced,
}

/// Choices of a logistic regression, not yet checked.
///
/// | key | default | range |
/// |---|---|---|
/// | `c` | 1.0 | above 0, finite: weight of the losses against the penalty |
/// | `tolerance` | 1e-3 | above 0, below 1: see [`Convergence`](super::Convergence) |
/// | `max_iterations` | 1000 | 1 and more: passes over the data (labels), Newton steps (softmax), L-BFGS steps (dense) |
/// | `class_weight` | none | |
/// | `prior` | log_count_ratio | see [`Prior`] |
/// | `solver` | sparse | |
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogisticRegressionParams(LogisticRegressionValidParams);

/// Checked choices of a logistic regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogisticRegressionValidParams {
    pub(super) c: f64,
    pub(super) tolerance: f64,
    pub(super) max_iterations: u32,
    pub(super) class_weight: ClassWeight,
    pub(super) prior: Prior,
    pub(super) solver: Solver,
}

impl Default for LogisticRegressionValidParams {
    fn default() -> Self {
        Self {
            c: 1.0,
            tolerance: 1e-3,
            max_iterations: 1000,
            class_weight: ClassWeight::None,
            prior: Prior::default(),
            solver: Solver::Sparse,
        }
    }
}

impl LogisticRegressionParams {
    /// Sets the weight of the losses against the penalty.
    #[must_use]
    pub fn c(mut self, c: f64) -> Self {
        self.0.c = c;
        self
    }

    /// Sets how close to the optimum is close enough.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.0.tolerance = tolerance;
        self
    }

    /// Sets the limit on iterations.
    #[must_use]
    pub fn max_iterations(mut self, iterations: u32) -> Self {
        self.0.max_iterations = iterations;
        self
    }

    /// Sets the weight of classes.
    #[must_use]
    pub fn class_weight(mut self, class_weight: ClassWeight) -> Self {
        self.0.class_weight = class_weight;
        self
    }

    /// Sets the prior of the weights of labels.
    #[must_use]
    pub fn prior(mut self, prior: Prior) -> Self {
        self.0.prior = prior;
        self
    }

    /// Sets the solver.
    #[must_use]
    pub fn solver(mut self, solver: Solver) -> Self {
        self.0.solver = solver;
        self
    }
}

impl LogisticRegressionValidParams {
    /// The weight of the losses against the penalty.
    #[must_use]
    pub fn c(&self) -> f64 {
        self.c
    }

    /// The prior of the weights of labels.
    #[must_use]
    pub fn prior(&self) -> Prior {
        self.prior
    }

    /// The weight of classes.
    #[must_use]
    pub fn class_weight(&self) -> ClassWeight {
        self.class_weight
    }
}

impl LogisticRegression {
    /// The default choices.
    #[must_use]
    pub fn params() -> LogisticRegressionParams {
        LogisticRegressionParams::default()
    }
}

impl ParamGuard for LogisticRegressionParams {
    type Checked = LogisticRegressionValidParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&Self::Checked> {
        let params = &self.0;
        if !(params.c > 0.0 && params.c.is_finite()) {
            return Err(Error::invalid("training.c", params.c, "above 0 and finite"));
        }
        if !(params.tolerance > 0.0 && params.tolerance < 1.0) {
            return Err(Error::invalid(
                "training.tolerance",
                params.tolerance,
                "above 0, below 1",
            ));
        }
        if params.max_iterations == 0 {
            return Err(Error::invalid("training.max_iterations", 0, "1 or more"));
        }
        Ok(params)
    }

    fn check(self) -> Result<Self::Checked> {
        self.check_ref()?;
        Ok(self.0)
    }
}

/// The weight of every document of a dataset: its own, or 1.
pub(super) fn document_weights(n_samples: usize, weights: Option<&[f32]>) -> Result<Array1<f64>> {
    let Some(weights) = weights else {
        return Ok(Array1::ones(n_samples));
    };
    if weights.len() != n_samples {
        return Err(ErrorKind::DimensionMismatch {
            what: "number of document weights",
            found: weights.len(),
            expected: n_samples,
        }
        .into());
    }
    if let Some(row) = weights.iter().position(|w| !(w.is_finite() && *w > 0.0)) {
        return Err(Error::invalid(
            format!("weight of document {}", row + 1),
            weights[row],
            "above 0 and finite",
        ));
    }
    Ok(weights.iter().map(|&w| f64::from(w)).collect())
}

impl ClassWeight {
    /// What a document of a class counts, where `total` is the weight of all documents, `own` that of the
    /// class, and `classes` how many classes there are.
    pub(super) fn factor(self, total: f64, own: f64, classes: usize) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Balanced => total / (classes as f64 * own),
        }
    }
}
