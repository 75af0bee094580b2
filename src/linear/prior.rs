//! How far each weight is expected to be from zero.

use ndarray::{Array1, ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::dual::{LANES, Lanes};
use super::scalar::Scalar;
use crate::features::FeatureMatrix;

/// The prior of the weights of a label, of heads with one model a label; a softmax has the same for all.
///
/// The penalty of a weight `w` is `½ w² / v`, where `v` is its prior variance. The intercept has variance 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// The same variance, 1, for every n-gram.
    Same,
    /// `v = (½ + |r|) / m²`, `m` the mean of `√(½ + |r|)`: an n-gram that stands much more often, or much less often, in documents with
    /// the label than by chance may weigh more.
    ///
    /// With `n` documents that have the n-gram and the label, `e` of them expected by chance, and `n'`, `e'` without the
    /// label, `r = ln (n + 1)/(e + 1) − ln (n' + 1)/(e' + 1)`. After the log-count ratios of naive Bayes, by which Wang & Manning
    /// (2012) multiply features. Theirs are variances `r²` from counts one higher: on the sets of `benches/quality` that was worse for rare
    /// labels and for words that every class has.
    #[default]
    LogCountRatio,
}

impl Prior {
    /// Of each column, for the labels of one block; `None` if all variances are 1.
    ///
    /// Cost: a pass over the rows, another over those of each label, and a logarithm for each column and label.
    pub(super) fn variances<S: Scalar>(
        self,
        matrix: &FeatureMatrix,
        targets: &ArrayView2<'_, bool>,
        weights: &Array1<f64>,
    ) -> Option<Vec<Lanes<S>>> {
        if self == Self::Same {
            return None;
        }
        let all = counts(matrix, weights, |_| true);
        let mut variances = vec![Lanes([S::ONE; LANES]); all.len()];
        for (lane, target) in targets.axis_iter(Axis(1)).enumerate() {
            let label = variances_of_label(matrix, &all, target, weights);
            for (variances, variance) in variances.iter_mut().zip(label) {
                variances.0[lane] = S::from_f64(variance);
            }
        }
        Some(variances)
    }
}

fn variances_of_label(
    matrix: &FeatureMatrix,
    all: &[f64],
    target: ArrayView1<'_, bool>,
    weights: &Array1<f64>,
) -> Vec<f64> {
    let own: f64 = weights
        .iter()
        .zip(target)
        .filter(|(_, has)| **has)
        .map(|(w, _)| w)
        .sum();
    let part = own / weights.sum();
    let mut variances = counts(matrix, weights, |row| target[row]);
    for (count, &all) in variances.iter_mut().zip(all) {
        let expected = all * part;
        let observed = (*count + 1.0) * (all - expected + 1.0);
        *count = 0.5 + libm::log(observed / ((expected + 1.0) * (all - *count + 1.0))).abs();
    }
    let mean = variances.iter().map(|variance| variance.sqrt()).sum::<f64>() / all.len() as f64;
    variances.iter_mut().for_each(|variance| *variance /= mean * mean);
    variances
}

/// The weight of the documents that have each column.
fn counts(matrix: &FeatureMatrix, weights: &Array1<f64>, is_counted: impl Fn(usize) -> bool) -> Vec<f64> {
    let mut counts = vec![0.0; matrix.n_features()];
    for (row, weight) in weights.iter().enumerate().filter(|(row, _)| is_counted(*row)) {
        for &column in matrix.row(row).0 {
            counts[column as usize] += weight;
        }
    }
    counts
}
