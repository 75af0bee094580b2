//! One class a document.

use linfa::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, Array2, Axis};

use super::newton::{self, Objective};
use super::one_vs_rest::decision_function;
use super::params::document_weights;
use super::{Convergence, LogisticRegressionValidParams, Solver, dense};
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureMatrix;

/// A fitted softmax regression: one probability a class, summing to 1.
///
/// ```
/// use linfa::DatasetBase;
/// use linfa::prelude::{Fit, Predict};
/// use narrative_frames::features::FeatureMatrix;
/// use narrative_frames::linear::LogisticRegression;
/// use ndarray::{Array1, array};
///
/// let matrix = FeatureMatrix::new(3, vec![0, 1, 2, 3], vec![0, 1, 2], vec![1.0; 3])?;
/// let classes: Array1<usize> = array![0, 1, 2];
/// let model = LogisticRegression::params().c(10.0).fit(&DatasetBase::new(matrix.clone(), classes.clone()))?;
/// assert_eq!(model.predict(&matrix), classes);
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SoftmaxRegression {
    weights: Array2<f64>,
    intercepts: Array1<f64>,
    convergence: Convergence,
}

impl SoftmaxRegression {
    pub(super) fn new(weights: Array2<f64>, intercepts: Array1<f64>, convergence: Convergence) -> Self {
        Self {
            weights,
            intercepts,
            convergence,
        }
    }

    pub(crate) fn into_parts(self) -> (Array2<f64>, Array1<f64>, Convergence) {
        (self.weights, self.intercepts, self.convergence)
    }

    /// Weights, `(n_features, n_classes)`.
    #[must_use]
    pub fn weights(&self) -> &Array2<f64> {
        &self.weights
    }

    /// Intercepts, `n_classes`.
    #[must_use]
    pub fn intercepts(&self) -> &Array1<f64> {
        &self.intercepts
    }

    /// How the training ended.
    #[must_use]
    pub fn convergence(&self) -> Convergence {
        self.convergence
    }

    /// Scores before the softmax, `(n_samples, n_classes)`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DimensionMismatch`] if the matrix has another number of columns than that of the
    /// training.
    pub fn try_decision_function(&self, matrix: &FeatureMatrix) -> Result<Array2<f64>> {
        decision_function(&self.weights, &self.intercepts, matrix)
    }

    /// Probabilities, `(n_samples, n_classes)`; each row sums to 1.
    ///
    /// # Errors
    ///
    /// As [`SoftmaxRegression::try_decision_function`].
    pub fn try_predict_proba(&self, matrix: &FeatureMatrix) -> Result<Array2<f64>> {
        let mut scores = self.try_decision_function(matrix)?;
        for mut row in scores.axis_iter_mut(Axis(0)) {
            if let Some(row) = row.as_slice_mut() {
                softmax(row);
            }
        }
        Ok(scores)
    }
}

impl Fit<FeatureMatrix, Array1<usize>, Error> for LogisticRegressionValidParams {
    type Object = SoftmaxRegression;

    /// Fits one softmax; targets are class numbers, `n_samples`, from 0 to the largest, all of them used.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SingleClass`] for a class without documents, by its number, or a single class;
    /// [`ErrorKind::DimensionMismatch`], [`ErrorKind::InvalidParameter`] for targets or weights that do not
    /// fit; [`ErrorKind::OutOfBudget`] from the dense solver.
    fn fit(&self, dataset: &DatasetBase<FeatureMatrix, Array1<usize>>) -> Result<SoftmaxRegression> {
        let matrix = dataset.records();
        let classes = dataset.targets();
        let n_classes = check_classes(matrix, classes)?;
        match self.solver {
            Solver::Sparse => self.fit_softmax(matrix, classes, n_classes, dataset.weights()),
            Solver::Dense => dense::softmax(self, matrix, classes, n_classes, dataset.weights()),
        }
    }
}

fn check_classes(matrix: &FeatureMatrix, classes: &Array1<usize>) -> Result<usize> {
    if classes.len() != matrix.n_samples() {
        return Err(ErrorKind::DimensionMismatch {
            what: "number of targets",
            found: classes.len(),
            expected: matrix.n_samples(),
        }
        .into());
    }
    let n_classes = classes.iter().max().map_or(0, |largest| largest + 1);
    let size = |class| classes.iter().filter(|other| **other == class).count();
    match (0..n_classes).find(|&class| size(class) == 0 || n_classes == 1) {
        None if n_classes > 0 => Ok(n_classes),
        class => {
            let class = class.unwrap_or(0);
            Err(ErrorKind::SingleClass {
                head: String::new(),
                label: format!("#{class}"),
                positives: size(class),
                negatives: classes.len() - size(class),
            }
            .into())
        }
    }
}

impl LogisticRegressionValidParams {
    fn fit_softmax(
        &self,
        matrix: &FeatureMatrix,
        classes: &Array1<usize>,
        n_classes: usize,
        weights: Option<&[f32]>,
    ) -> Result<SoftmaxRegression> {
        let weights = document_weights(matrix.n_samples(), weights)?;
        let mut own = vec![0.0; n_classes];
        for (&class, weight) in classes.iter().zip(&weights) {
            own[class] += weight;
        }
        let total = weights.sum();
        let cost = |(&class, weight): (&usize, &f64)| {
            self.c * weight * self.class_weight.factor(total, own[class], n_classes)
        };
        let costs = classes.iter().zip(&weights).map(cost).collect();
        let mut objective = CrossEntropy::new(matrix, classes.to_vec(), n_classes, costs);
        let (x, convergence) = newton::minimize(&mut objective, self.tolerance, self.max_iterations);
        let (weights, intercepts) = x.split_at(matrix.n_features() * n_classes);
        let weights = Array2::from_shape_fn((matrix.n_features(), n_classes), |(feature, class)| {
            weights[feature * n_classes + class]
        });
        Ok(SoftmaxRegression::new(
            weights,
            intercepts.iter().copied().collect(),
            convergence,
        ))
    }
}

/// The softmax objective; variables are the weights by feature, then class, and the intercepts last.
pub(super) struct CrossEntropy<'a> {
    matrix: &'a FeatureMatrix,
    classes: Vec<usize>,
    costs: Vec<f64>,
    n_classes: usize,
    /// Of each row and class, where the objective was moved to.
    probabilities: Vec<f64>,
}

impl<'a> CrossEntropy<'a> {
    pub(super) fn new(
        matrix: &'a FeatureMatrix,
        classes: Vec<usize>,
        n_classes: usize,
        costs: Vec<f64>,
    ) -> Self {
        Self {
            probabilities: vec![0.0; classes.len() * n_classes],
            matrix,
            classes,
            costs,
            n_classes,
        }
    }

    /// `X V` of one row, the constant feature included.
    fn scores(&self, row: usize, variables: &[f64], scores: &mut [f64]) {
        let k = self.n_classes;
        scores.copy_from_slice(&variables[self.matrix.n_features() * k..]);
        let (columns, values) = self.matrix.row(row);
        for (&column, &value) in columns.iter().zip(values) {
            let weights = &variables[column as usize * k..][..k];
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += f64::from(value) * weight;
            }
        }
    }

    /// Adds a multiple of one row, one factor a class, to the variables.
    fn add_row(&self, row: usize, factors: &[f64], variables: &mut [f64]) {
        let k = self.n_classes;
        let (columns, values) = self.matrix.row(row);
        for (&column, &value) in columns.iter().zip(values) {
            let weights = &mut variables[column as usize * k..][..k];
            for (weight, factor) in weights.iter_mut().zip(factors) {
                *weight += f64::from(value) * factor;
            }
        }
        let intercepts = &mut variables[self.matrix.n_features() * k..];
        for (intercept, factor) in intercepts.iter_mut().zip(factors) {
            *intercept += factor;
        }
    }
}

impl Objective for CrossEntropy<'_> {
    fn len(&self) -> usize {
        (self.matrix.n_features() + 1) * self.n_classes
    }

    fn value(&self, x: &[f64]) -> f64 {
        let mut scores = vec![0.0; self.n_classes];
        let mut value = 0.5 * x.iter().map(|x| x * x).sum::<f64>();
        for (row, (&class, cost)) in self.classes.iter().zip(&self.costs).enumerate() {
            self.scores(row, x, &mut scores);
            value += cost * (log_sum_exp(&scores) - scores[class]);
        }
        value
    }

    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) {
        let k = self.n_classes;
        gradient.copy_from_slice(x);
        let mut factors = vec![0.0; k];
        for row in 0..self.classes.len() {
            self.scores(row, x, &mut factors);
            softmax(&mut factors);
            self.probabilities[row * k..][..k].copy_from_slice(&factors);
            factors[self.classes[row]] -= 1.0;
            factors.iter_mut().for_each(|factor| *factor *= self.costs[row]);
            self.add_row(row, &factors, gradient);
        }
    }

    fn curvature(&self, direction: &[f64], product: &mut [f64]) {
        let k = self.n_classes;
        product.copy_from_slice(direction);
        let mut factors = vec![0.0; k];
        for row in 0..self.classes.len() {
            self.scores(row, direction, &mut factors);
            let probabilities = &self.probabilities[row * k..][..k];
            let mean: f64 = factors.iter().zip(probabilities).map(|(s, p)| s * p).sum();
            for (factor, p) in factors.iter_mut().zip(probabilities) {
                *factor = self.costs[row] * p * (*factor - mean);
            }
            self.add_row(row, &factors, product);
        }
    }
}

fn log_sum_exp(scores: &[f64]) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + libm::log(scores.iter().map(|score| libm::exp(score - largest)).sum())
}

/// Scores become probabilities.
pub(crate) fn softmax(scores: &mut [f64]) {
    let logarithm = log_sum_exp(scores);
    for score in scores {
        *score = libm::exp(*score - logarithm);
    }
}

impl PredictInplace<FeatureMatrix, Array1<usize>> for SoftmaxRegression {
    /// The class with the highest score; the first of equals.
    ///
    /// # Panics
    ///
    /// If the matrix has another number of columns than that of the training.
    fn predict_inplace(&self, matrix: &FeatureMatrix, classes: &mut Array1<usize>) {
        let scores = self
            .try_decision_function(matrix)
            .expect("the matrix has the columns of the training");
        for (class, scores) in classes.iter_mut().zip(scores.axis_iter(Axis(0))) {
            let best = scores.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
            *class = best.map_or(0, |(class, _)| class);
        }
    }

    fn default_target(&self, matrix: &FeatureMatrix) -> Array1<usize> {
        Array1::zeros(matrix.n_samples())
    }
}

impl linfa::traits::Predict<&FeatureMatrix, Array1<usize>> for SoftmaxRegression {
    /// As [`PredictInplace::predict_inplace`].
    fn predict(&self, matrix: &FeatureMatrix) -> Array1<usize> {
        let mut classes = self.default_target(matrix);
        self.predict_inplace(matrix, &mut classes);
        classes
    }
}
