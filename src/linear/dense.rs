//! The same objectives minimized by `linfa-logistic` on a dense copy of the rows.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, ArrayView2, Axis, Slice};

use super::params::document_weights;
use super::{
    ClassWeight, Convergence, LogisticRegression, LogisticRegressionValidParams, SoftmaxRegression, Solver,
};
use crate::error::{Error, ErrorKind, Result};
use crate::features::FeatureMatrix;

/// One binary `linfa_logistic::LogisticRegression` a label.
pub(super) fn one_vs_rest(
    params: &LogisticRegressionValidParams,
    matrix: &FeatureMatrix,
    targets: &ArrayView2<'_, bool>,
    weights: Option<&[f32]>,
) -> Result<LogisticRegression> {
    let rows = dense_rows(params, matrix, weights)?;
    let ones = document_weights(matrix.n_samples(), None)?;
    let mut fitted = Array2::zeros((rows.ncols(), targets.ncols()));
    let mut convergence = Vec::with_capacity(targets.ncols());
    for (target, mut fitted) in targets.axis_iter(Axis(1)).zip(fitted.axis_iter_mut(Axis(1))) {
        // A weight of prior variance v is √v times one of variance 1, on columns that are √v times as large.
        let block = target.insert_axis(Axis(1));
        let mut deviations = Array1::ones(rows.ncols());
        for (column, variances) in params
            .prior
            .variances::<f64>(matrix, &block, &ones)
            .iter()
            .flatten()
            .enumerate()
        {
            deviations[column] = variances.0[0].sqrt();
        }
        let rows = &rows * &deviations;
        let dataset = DatasetBase::new(rows.view(), target.to_owned());
        let model = linfa_logistic::LogisticRegression::default()
            .alpha(1.0 / params.c)
            .with_intercept(false)
            .max_iterations(u64::from(params.max_iterations))
            .gradient_tolerance(gradient_tolerance(params))
            .fit(&dataset)
            .map_err(|error| ErrorKind::Linfa(error.to_string()))?;
        let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
        let scaled = model.params() * sign;
        convergence.push(binary_convergence(params, &rows, &target.to_owned(), &scaled));
        fitted.assign(&(scaled * deviations));
    }
    let (weights, intercepts) = split(&fitted);
    Ok(LogisticRegression::new(weights, intercepts, convergence))
}

/// One `linfa_logistic::MultiLogisticRegression`.
pub(super) fn softmax(
    params: &LogisticRegressionValidParams,
    matrix: &FeatureMatrix,
    classes: &Array1<usize>,
    n_classes: usize,
    weights: Option<&[f32]>,
) -> Result<SoftmaxRegression> {
    let rows = dense_rows(params, matrix, weights)?;
    let dataset = DatasetBase::new(rows.view(), classes.view());
    let model = linfa_logistic::MultiLogisticRegression::default()
        .alpha(1.0 / params.c)
        .with_intercept(false)
        .max_iterations(u64::from(params.max_iterations))
        .gradient_tolerance(gradient_tolerance(params))
        .fit(&dataset)
        .map_err(|error| ErrorKind::Linfa(error.to_string()))?;
    let mut fitted = Array2::zeros((rows.ncols(), n_classes));
    for (column, &class) in model.params().axis_iter(Axis(1)).zip(model.classes()) {
        fitted.column_mut(class).assign(&column);
    }
    let convergence = softmax_convergence(params, &rows, classes, &fitted);
    let (weights, intercepts) = split(&fitted);
    Ok(SoftmaxRegression::new(weights, intercepts, convergence))
}

/// The rows with the constant feature as last column.
fn dense_rows(
    params: &LogisticRegressionValidParams,
    matrix: &FeatureMatrix,
    weights: Option<&[f32]>,
) -> Result<Array2<f64>> {
    if params.class_weight != ClassWeight::None || weights.is_some_and(|w| w.iter().any(|w| *w != 1.0)) {
        return Err(Error::invalid(
            "solver",
            "dense",
            "sparse, since linfa-logistic takes no weights",
        ));
    }
    let columns = matrix.n_features() + 1;
    let bytes = matrix
        .n_samples()
        .saturating_mul(columns)
        .saturating_mul(size_of::<f64>());
    if bytes > Solver::DENSE_LIMIT_BYTES {
        return Err(ErrorKind::OutOfBudget {
            what: "the dense solver",
            bytes,
            limit: Solver::DENSE_LIMIT_BYTES,
            instead: "use the sparse solver",
        }
        .into());
    }
    let mut rows = Array2::zeros((matrix.n_samples(), columns));
    for (row, mut dense) in rows.axis_iter_mut(Axis(0)).enumerate() {
        let (columns, values) = matrix.row(row);
        for (&column, &value) in columns.iter().zip(values) {
            dense[column as usize] = f64::from(value);
        }
    }
    rows.column_mut(columns - 1).fill(1.0);
    Ok(rows)
}

/// `linfa-logistic` minimizes our objective over `C` and stops on the length of its gradient.
///
/// The bound `‖gradient‖² / 2 ≤ tolerance · objective` is wanted; the objective is not known beforehand,
/// so this asks for what any objective above `C` a thousand would need.
fn gradient_tolerance(params: &LogisticRegressionValidParams) -> f64 {
    (2e-3 * params.tolerance / params.c).sqrt().min(1e-4)
}

fn binary_convergence(
    params: &LogisticRegressionValidParams,
    rows: &Array2<f64>,
    target: &Array1<bool>,
    weights: &Array1<f64>,
) -> Convergence {
    let mut objective = 0.5 * weights.dot(weights);
    let mut gradient = weights.clone();
    for ((row, &has), score) in rows.axis_iter(Axis(0)).zip(target).zip(rows.dot(weights)) {
        let margin = if has { score } else { -score };
        objective += params.c * ((-margin).max(0.0) + libm::log1p(libm::exp(-margin.abs())));
        let slope = -params.c / (1.0 + libm::exp(margin));
        gradient.scaled_add(if has { slope } else { -slope }, &row);
    }
    convergence(params, objective, gradient.dot(&gradient))
}

fn softmax_convergence(
    params: &LogisticRegressionValidParams,
    rows: &Array2<f64>,
    classes: &Array1<usize>,
    weights: &Array2<f64>,
) -> Convergence {
    let mut objective = 0.5 * weights.iter().map(|w| w * w).sum::<f64>();
    let mut gradient = weights.clone();
    let mut scores = rows.dot(weights);
    for ((row, mut scores), &class) in rows
        .axis_iter(Axis(0))
        .zip(scores.axis_iter_mut(Axis(0)))
        .zip(classes)
    {
        let largest = scores.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        let sum: f64 = scores.iter().map(|score| libm::exp(score - largest)).sum();
        objective += params.c * (largest + libm::log(sum) - scores[class]);
        scores.mapv_inplace(|score| libm::exp(score - largest) / sum);
        scores[class] -= 1.0;
        for (k, &slope) in scores.iter().enumerate() {
            gradient.column_mut(k).scaled_add(params.c * slope, &row);
        }
    }
    convergence(params, objective, gradient.iter().map(|g| g * g).sum())
}

fn convergence(params: &LogisticRegressionValidParams, objective: f64, squared_gradient: f64) -> Convergence {
    let criterion = 0.5 * squared_gradient / objective;
    Convergence {
        iterations: params.max_iterations,
        objective,
        criterion,
        converged: criterion <= params.tolerance,
    }
}

/// Weights and, from the last row, intercepts.
fn split(fitted: &Array2<f64>) -> (Array2<f64>, Array1<f64>) {
    let last = fitted.nrows() - 1;
    (
        fitted.slice_axis(Axis(0), Slice::from(..last)).to_owned(),
        fitted.row(last).to_owned(),
    )
}
