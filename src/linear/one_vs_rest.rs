//! One binary model a label.

use linfa::traits::{Fit, PredictInplace};
use linfa::{DatasetBase, Float};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::dual::{self, LANES};
use super::params::document_weights;
use super::scalar::Scalar;
use super::{LogisticRegressionValidParams, Solver, dense};
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureMatrix;

/// How the training of one label, or of one softmax, ended.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Convergence {
    /// Passes over the data (dual coordinate descent) or Newton steps; for the dense solver, which does not tell,
    /// the limit.
    pub iterations: u32,
    /// Value of the objective.
    pub objective: f64,
    /// A proven upper bound of `(objective − optimum) / objective`.
    ///
    /// Dual coordinate descent: the duality gap over the objective. Newton and L-BFGS:
    /// `‖gradient‖² / 2` over the objective, a bound since the penalty makes the objective 1-strongly
    /// convex.
    pub criterion: f64,
    /// Whether the bound is at most the tolerance.
    pub converged: bool,
}

/// A fitted logistic regression for each label.
///
/// ```
/// use linfa::DatasetBase;
/// use linfa::prelude::{Fit, Predict};
/// use narrative_frames::features::FeatureMatrix;
/// use narrative_frames::linear::LogisticRegression;
/// use ndarray::array;
///
/// let matrix = FeatureMatrix::new(2, vec![0, 1, 2, 3, 4], vec![0, 0, 1, 1], vec![1.0; 4])?;
/// let targets = array![[true], [true], [false], [false]];
/// let model = LogisticRegression::params().c(10.0).fit(&DatasetBase::new(matrix.clone(), targets.clone()))?;
/// assert_eq!(model.predict(&matrix), targets);
/// assert!(model.convergence()[0].converged);
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticRegression {
    weights: Array2<f64>,
    intercepts: Array1<f64>,
    convergence: Vec<Convergence>,
}

impl LogisticRegression {
    pub(super) fn new(weights: Array2<f64>, intercepts: Array1<f64>, convergence: Vec<Convergence>) -> Self {
        Self {
            weights,
            intercepts,
            convergence,
        }
    }

    pub(crate) fn into_parts(self) -> (Array2<f64>, Array1<f64>, Vec<Convergence>) {
        (self.weights, self.intercepts, self.convergence)
    }

    /// Weights, `(n_features, n_labels)`.
    #[must_use]
    pub fn weights(&self) -> &Array2<f64> {
        &self.weights
    }

    /// Intercepts, `n_labels`.
    #[must_use]
    pub fn intercepts(&self) -> &Array1<f64> {
        &self.intercepts
    }

    /// How the training of each label ended.
    #[must_use]
    pub fn convergence(&self) -> &[Convergence] {
        &self.convergence
    }

    /// Scores before the sigmoid, `(n_samples, n_labels)`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DimensionMismatch`] if the matrix has another number of columns than that of the
    /// training.
    pub fn try_decision_function(&self, matrix: &FeatureMatrix) -> Result<Array2<f64>> {
        decision_function(&self.weights, &self.intercepts, matrix)
    }

    /// Probabilities, `(n_samples, n_labels)`, each label on its own.
    ///
    /// # Errors
    ///
    /// As [`LogisticRegression::try_decision_function`].
    pub fn try_predict_proba(&self, matrix: &FeatureMatrix) -> Result<Array2<f64>> {
        let mut scores = self.try_decision_function(matrix)?;
        scores.mapv_inplace(|score| 1.0 / (1.0 + libm::exp(-score)));
        Ok(scores)
    }
}

/// `X W + b`. Cost: the stored values of the matrix times the number of labels.
pub(crate) fn decision_function(
    weights: &Array2<f64>,
    intercepts: &Array1<f64>,
    matrix: &FeatureMatrix,
) -> Result<Array2<f64>> {
    if matrix.n_features() != weights.nrows() {
        return Err(ErrorKind::DimensionMismatch {
            what: "number of features",
            found: matrix.n_features(),
            expected: weights.nrows(),
        }
        .into());
    }
    let mut scores = Array2::zeros((matrix.n_samples(), weights.ncols()));
    for (row, mut scores) in scores.axis_iter_mut(Axis(0)).enumerate() {
        scores += intercepts;
        let (columns, values) = matrix.row(row);
        for (&column, &value) in columns.iter().zip(values) {
            scores.scaled_add(f64::cast(value), &weights.row(column as usize));
        }
    }
    Ok(scores)
}

impl Fit<FeatureMatrix, Array2<bool>, Error> for LogisticRegressionValidParams {
    type Object = LogisticRegression;

    /// Fits one model a label; targets are `(n_samples, n_labels)`.
    ///
    /// Labels are solved in blocks of sixteen, in parallel over blocks; the bits of the result do not
    /// depend on the number of threads. Memory: 64 bytes for each feature and block being solved, and 128
    /// bytes for each document.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SingleClass`] for a label that all documents have or none has, by its number;
    /// [`ErrorKind::DimensionMismatch`], [`ErrorKind::InvalidParameter`] for targets or weights that do not
    /// fit; [`ErrorKind::OutOfBudget`] from the dense solver.
    fn fit(&self, dataset: &DatasetBase<FeatureMatrix, Array2<bool>>) -> Result<LogisticRegression> {
        let matrix = dataset.records();
        let targets = dataset.targets().view();
        check_targets(matrix, &targets)?;
        match self.solver {
            Solver::Sparse => self.fit_sparse(matrix, &targets, dataset.weights()),
            Solver::Dense => dense::one_vs_rest(self, matrix, &targets, dataset.weights()),
        }
    }
}

fn check_targets(matrix: &FeatureMatrix, targets: &ArrayView2<'_, bool>) -> Result<()> {
    if targets.nrows() != matrix.n_samples() {
        return Err(ErrorKind::DimensionMismatch {
            what: "number of target rows",
            found: targets.nrows(),
            expected: matrix.n_samples(),
        }
        .into());
    }
    for (label, column) in targets.axis_iter(Axis(1)).enumerate() {
        let positives = column.iter().filter(|has| **has).count();
        if positives == 0 || positives == column.len() {
            return Err(ErrorKind::SingleClass {
                head: String::new(),
                label: format!("#{label}"),
                positives,
                negatives: column.len() - positives,
            }
            .into());
        }
    }
    Ok(())
}

impl LogisticRegressionValidParams {
    fn fit_sparse(
        &self,
        matrix: &FeatureMatrix,
        targets: &ArrayView2<'_, bool>,
        weights: Option<&[f32]>,
    ) -> Result<LogisticRegression> {
        let weights = document_weights(matrix.n_samples(), weights)?;
        Ok(if self.tolerance < dual::F32_TOLERANCE {
            self.fit_blocks::<f64>(matrix, targets, &weights)
        } else {
            self.fit_blocks::<f32>(matrix, targets, &weights)
        })
    }

    fn fit_blocks<S: Scalar>(
        &self,
        matrix: &FeatureMatrix,
        targets: &ArrayView2<'_, bool>,
        weights: &Array1<f64>,
    ) -> LogisticRegression {
        let blocks: Vec<_> = targets.axis_chunks_iter(Axis(1), LANES).collect();
        let solutions: Vec<_> = blocks
            .par_iter()
            .map(|targets| {
                dual::solve::<S>(&dual::Problem {
                    matrix,
                    signed_costs: self.signed_costs(targets, weights),
                    variances: self.prior.variances(matrix, targets, weights),
                    n_labels: targets.ncols(),
                    tolerance: self.tolerance,
                    max_iterations: self.max_iterations,
                })
            })
            .collect();
        let (n_features, n_labels) = (matrix.n_features(), targets.ncols());
        let row = |feature: usize| {
            let blocks = solutions.iter().zip(&blocks);
            blocks.flat_map(move |(solution, targets)| &solution.weights[feature].0[..targets.ncols()])
        };
        let mut weights = Vec::with_capacity(n_features * n_labels);
        for feature in 0..n_features {
            weights.extend(row(feature).map(|weight| weight.to_f64()));
        }
        LogisticRegression {
            weights: Array2::from_shape_vec((n_features, n_labels), weights)
                .expect("a row of labels for each feature"),
            intercepts: row(n_features).map(|weight| weight.to_f64()).collect(),
            convergence: solutions.into_iter().flat_map(|s| s.convergence).collect(),
        }
    }

    /// `yᵢ Cᵢ` of each row, for the labels of one block.
    fn signed_costs<S: Scalar>(
        &self,
        targets: &ArrayView2<'_, bool>,
        weights: &Array1<f64>,
    ) -> Vec<[S; LANES]> {
        let mut costs = vec![[S::ZERO; LANES]; targets.nrows()];
        let total = weights.sum();
        for (label, column) in targets.axis_iter(Axis(1)).enumerate() {
            let own: f64 = column
                .iter()
                .zip(weights)
                .filter(|(has, _)| **has)
                .map(|(_, w)| w)
                .sum();
            let positive = self.c * self.class_weight.factor(total, own, 2);
            let negative = self.c * self.class_weight.factor(total, total - own, 2);
            for ((costs, &has), weight) in costs.iter_mut().zip(column).zip(weights) {
                costs[label] = S::from_f64(weight * if has { positive } else { -negative });
            }
        }
        costs
    }
}

impl PredictInplace<FeatureMatrix, Array2<bool>> for LogisticRegression {
    /// Whether each label has a probability above one half.
    ///
    /// # Panics
    ///
    /// If the matrix has another number of columns than that of the training.
    fn predict_inplace(&self, matrix: &FeatureMatrix, labels: &mut Array2<bool>) {
        let scores = self
            .try_decision_function(matrix)
            .expect("the matrix has the columns of the training");
        labels.assign(&scores.mapv(|score| score > 0.0));
    }

    fn default_target(&self, matrix: &FeatureMatrix) -> Array2<bool> {
        Array2::from_elem((matrix.n_samples(), self.intercepts.len()), false)
    }
}

impl linfa::traits::Predict<&FeatureMatrix, Array2<bool>> for LogisticRegression {
    /// As [`PredictInplace::predict_inplace`].
    fn predict(&self, matrix: &FeatureMatrix) -> Array2<bool> {
        let mut labels = self.default_target(matrix);
        self.predict_inplace(matrix, &mut labels);
        labels
    }
}
