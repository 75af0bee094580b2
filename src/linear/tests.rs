//! The solvers against `linfa-logistic`, scikit-learn and the definition.

use linfa::DatasetBase;
use linfa::prelude::{Fit, ParamGuard, Predict};
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::features::FeatureMatrix;
use crate::random::SplitMix64;

fn sparse(dense: &Array2<f32>) -> FeatureMatrix {
    let (mut indptr, mut indices, mut data) = (vec![0], Vec::new(), Vec::new());
    for row in dense.rows() {
        for (column, &value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            indices.push(column as u32);
            data.push(value);
        }
        indptr.push(data.len());
    }
    FeatureMatrix::new(dense.ncols(), indptr, indices, data).expect("ascending columns")
}

/// The problem of the golden values:
///
/// ```python
/// n, d = 12, 5
/// X = np.array([[((i * 7 + j * 3) % 5) / 4 if (i + j) % 3 else 0 for j in range(d)] for i in range(n)])
/// y = np.array([i % 2 ^ (i % 5 == 0) for i in range(n)])
/// c = np.array([i * i % 7 % 3 for i in range(n)])
/// w = np.array([1 + i % 3 for i in range(n)], float)
/// ```
fn golden_problem() -> (FeatureMatrix, Array2<bool>, Array1<usize>, Array1<f32>) {
    let value = |(i, j): (usize, usize)| {
        if (i + j) % 3 == 0 {
            0.0
        } else {
            ((i * 7 + j * 3) % 5) as f32 / 4.0
        }
    };
    let matrix = sparse(&Array2::from_shape_fn((12, 5), value));
    let labels = Array2::from_shape_fn((12, 1), |(i, _)| (i % 2 == 1) ^ (i % 5 == 0));
    let classes = (0..12).map(|i| i * i % 7 % 3).collect();
    let weights = (0..12).map(|i| (1 + i % 3) as f32).collect();
    (matrix, labels, classes, weights)
}

fn assert_close(found: impl IntoIterator<Item = f64>, expected: &[f64], tolerance: f64) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
    }
}

fn precise() -> LogisticRegressionParams {
    LogisticRegression::params()
        .prior(Prior::Same)
        .c(2.0)
        .tolerance(1e-14)
        .max_iterations(100_000)
}

/// scikit-learn 1.9.1, liblinear penalizes the intercept as we do:
/// `LogisticRegression(solver="liblinear", C=2.0, tol=1e-14, max_iter=100000).fit(X, y)`
#[test]
fn agrees_with_liblinear() {
    let (matrix, labels, _, _) = golden_problem();
    let model = precise()
        .fit(&DatasetBase::new(matrix, labels))
        .expect("both classes");
    let expected = [
        -0.075_448_772_372_590_89,
        1.397_054_633_159_381_4,
        0.181_671_209_046_696_04,
        -0.293_806_853_135_224_9,
        0.514_563_628_561_271_1,
    ];
    assert_close(model.weights().iter().copied(), &expected, 1e-6);
    assert_close(
        model.intercepts().iter().copied(),
        &[-0.106_044_018_067_036_56],
        1e-6,
    );
}

/// A prior of variance `v` is one of variance 1 on columns that are `√v` times as large; `v` as its definition has it.
#[test]
fn a_prior_is_a_scale_of_columns() {
    let (matrix, labels, _, weights) = golden_problem();
    let dataset = DatasetBase::new(matrix.clone(), labels.clone()).with_weights(weights.clone());
    let model = precise()
        .prior(Prior::LogCountRatio)
        .fit(&dataset)
        .expect("both classes");
    let count = |column: u32, has: bool| -> f64 {
        let rows = (0..12).filter(|&row| labels[(row, 0)] == has && matrix.row(row).0.contains(&column));
        rows.map(|row| f64::from(weights[row])).sum()
    };
    let total = |has: bool| -> f64 {
        let rows = (0..12).filter(|&row| labels[(row, 0)] == has);
        rows.map(|row| f64::from(weights[row])).sum()
    };
    let variance = |column: u32| {
        let excess = |has: bool| {
            let expected =
                (count(column, true) + count(column, false)) * total(has) / (total(true) + total(false));
            (count(column, has) + 1.0).ln() - (expected + 1.0).ln()
        };
        0.5 + (excess(true) - excess(false)).abs()
    };
    let mean = (0..5).map(|column| variance(column).sqrt()).sum::<f64>() / 5.0;
    let deviation = |column: u32| (variance(column).sqrt() / mean) as f32;
    let (mut indptr, mut indices, mut data) = (vec![0], Vec::new(), Vec::new());
    for row in 0..12 {
        let (columns, values) = matrix.row(row);
        indices.extend_from_slice(columns);
        data.extend(
            columns
                .iter()
                .zip(values)
                .map(|(&column, value)| value * deviation(column)),
        );
        indptr.push(data.len());
    }
    let scaled = FeatureMatrix::new(5, indptr, indices, data).expect("ascending columns");
    let scaled = precise()
        .fit(&DatasetBase::new(scaled, labels.clone()).with_weights(weights.clone()))
        .expect("both classes");
    let expected: Vec<f64> = (0..5)
        .map(|column| scaled.weights()[(column, 0)] * f64::from(deviation(column as u32)))
        .collect();
    assert!(expected.iter().any(|weight| weight.abs() > 0.1));
    assert_close(model.weights().iter().copied(), &expected, 1e-5);
    assert_close(
        model.intercepts().iter().copied(),
        &[scaled.intercepts()[0]],
        1e-5,
    );
    let (objective, other) = (
        model.convergence()[0].objective,
        scaled.convergence()[0].objective,
    );
    assert!(
        (objective - other).abs() < 1e-5 * other,
        "{objective} is not {other}"
    );
}

/// scikit-learn 1.9.1: as above with `class_weight="balanced"` and `.fit(X, y, sample_weight=w)`
#[test]
fn weights_agree_with_liblinear() {
    let (matrix, labels, _, weights) = golden_problem();
    let dataset = DatasetBase::new(matrix, labels).with_weights(weights);
    let model = precise()
        .class_weight(ClassWeight::Balanced)
        .fit(&dataset)
        .expect("both classes");
    let expected = [
        0.150_874_367_858_972_2,
        1.836_298_416_817_554,
        0.593_445_222_740_600_9,
        -0.457_842_746_767_264_04,
        1.221_860_776_783_022_7,
    ];
    assert_close(model.weights().iter().copied(), &expected, 1e-6);
    assert_close(
        model.intercepts().iter().copied(),
        &[-0.609_490_805_711_354_5],
        1e-6,
    );
}

/// scikit-learn 1.9.1, the intercept as a column of ones:
/// `LogisticRegression(solver="lbfgs", C=2.0, tol=1e-12, max_iter=100000, fit_intercept=False)
///     .fit(np.hstack([X, np.ones((n, 1))]), c)`
#[test]
fn softmax_agrees_with_lbfgs() {
    let (matrix, _, classes, _) = golden_problem();
    let model = precise()
        .fit(&DatasetBase::new(matrix, classes))
        .expect("three classes");
    let expected = [
        [
            0.277_331_170_404_171_3,
            0.707_351_233_695_454_4,
            -0.599_497_594_628_861_3,
            -0.306_565_361_164_288_06,
            -0.069_225_675_671_584_43,
        ],
        [
            -0.204_332_746_017_076_24,
            -1.440_206_247_033_214_4,
            0.499_854_479_585_409_5,
            0.108_112_807_629_208_66,
            0.274_828_193_141_303_1,
        ],
        [
            -0.072_998_424_387_094_71,
            0.732_855_013_337_760_2,
            0.099_643_115_043_451_95,
            0.198_452_553_535_079_43,
            -0.205_602_517_469_718_5,
        ],
    ];
    for (class, expected) in expected.iter().enumerate() {
        assert_close(model.weights().column(class).iter().copied(), expected, 1e-6);
    }
    let intercepts = [
        -0.483_568_143_811_965_5,
        0.606_636_552_441_7,
        -0.123_068_408_629_733_91,
    ];
    assert_close(model.intercepts().iter().copied(), &intercepts, 1e-6);
}

/// A random sparse problem whose labels depend on the features.
fn random_problem(
    seed: u64,
    n: usize,
    d: usize,
    n_labels: usize,
) -> (FeatureMatrix, Array2<bool>, Array1<usize>) {
    let mut random = SplitMix64::new(seed);
    let mut uniform = |bound: usize| random.below(bound);
    let dense = Array2::from_shape_fn((n, d), |_| {
        if uniform(3) == 0 {
            uniform(100) as f32 / 50.0
        } else {
            0.0
        }
    });
    let mut noisy = |i: usize, k: usize| f64::from(dense[(i, k % d)]) + uniform(100) as f64 / 60.0;
    let mut labels = Array2::from_shape_fn((n, n_labels), |(i, k)| noisy(i, k) > 1.3);
    let mut classes: Array1<usize> = (0..n)
        .map(|i| ((noisy(i, 0) * 2.0) as usize).min(n_labels - 1))
        .collect();
    for k in 0..n_labels {
        labels[(0, k)] = true;
        labels[(1, k)] = false;
        classes[k] = k;
    }
    (sparse(&dense), labels, classes)
}

fn objective(
    matrix: &FeatureMatrix,
    model: &LogisticRegression,
    labels: &Array2<bool>,
    label: usize,
    c: f64,
) -> f64 {
    let weights = model.weights().column(label);
    let intercept = model.intercepts()[label];
    let mut value = 0.5 * (weights.dot(&weights) + intercept * intercept);
    for row in 0..matrix.n_samples() {
        let (columns, values) = matrix.row(row);
        let score: f64 = columns
            .iter()
            .zip(values)
            .map(|(&j, &x)| f64::from(x) * weights[j as usize])
            .sum();
        let margin = (score + intercept) * if labels[(row, label)] { 1.0 } else { -1.0 };
        value += c * (-margin).exp().ln_1p();
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Nineteen labels are more than one block of lanes.
    #[test]
    fn agrees_with_linfa(seed in any::<u64>(), c in 0.05..20.0_f64, n_labels in 1..20_usize, prior in proptest::sample::select(vec![Prior::Same, Prior::LogCountRatio])) {
        let (matrix, labels, _) = random_problem(seed, 40, 7, n_labels);
        let dataset = DatasetBase::new(matrix.clone(), labels.clone());
        let params = LogisticRegression::params().prior(prior).c(c).tolerance(1e-12).max_iterations(20_000);
        let ours = params.clone().fit(&dataset).expect("both classes");
        let linfas = params.solver(Solver::Dense).fit(&dataset).expect("both classes");
        for label in 0..n_labels {
            let (a, b) = (ours.convergence()[label].objective, linfas.convergence()[label].objective);
            prop_assert!((a - b).abs() <= 1e-6 * b, "objectives {a} and {b}");
            if prior == Prior::Same {
                let value = objective(&matrix, &ours, &labels, label, c);
                prop_assert!((value - a).abs() <= 1e-9 * a);
            }
        }
        for (a, b) in ours.weights().iter().zip(linfas.weights()) {
            prop_assert!((a - b).abs() <= 1e-3 * (1.0 + b.abs()), "weights {a} and {b}");
        }
    }

    #[test]
    fn softmax_agrees_with_linfa(seed in any::<u64>(), c in 0.05..20.0_f64, n_classes in 2..5_usize) {
        let (matrix, _, classes) = random_problem(seed, 40, 7, n_classes);
        let dataset = DatasetBase::new(matrix, classes);
        let params = LogisticRegression::params().c(c).tolerance(1e-12);
        let ours = params.clone().fit(&dataset).expect("all classes");
        let linfas = params.solver(Solver::Dense).fit(&dataset).expect("all classes");
        let (a, b) = (ours.convergence().objective, linfas.convergence().objective);
        prop_assert!((a - b).abs() <= 1e-6 * b, "objectives {a} and {b}");
        for (a, b) in ours.weights().iter().zip(linfas.weights()) {
            prop_assert!((a - b).abs() <= 1e-3 * (1.0 + b.abs()), "weights {a} and {b}");
        }
    }

    /// The bound that is reported holds: no run to a finer tolerance gets lower than it allows.
    #[test]
    fn the_criterion_is_a_bound(seed in any::<u64>(), c in 0.1..10.0_f64) {
        let (matrix, labels, classes) = random_problem(seed, 50, 9, 3);
        let params = LogisticRegression::params().c(c);
        let binary = DatasetBase::new(matrix.clone(), labels);
        let rough = params.clone().tolerance(1e-2).fit(&binary).expect("both classes");
        let fine = params.clone().tolerance(1e-12).fit(&binary).expect("both classes");
        for (rough, fine) in rough.convergence().iter().zip(fine.convergence()) {
            prop_assert!(rough.converged && fine.converged);
            prop_assert!(fine.objective >= rough.objective * (1.0 - rough.criterion) - 1e-9);
            prop_assert!(fine.objective <= rough.objective * (1.0 + 1e-9));
        }
        let single = DatasetBase::new(matrix, classes);
        let rough = params.clone().tolerance(1e-2).fit(&single).expect("all classes").convergence();
        let fine = params.tolerance(1e-12).fit(&single).expect("all classes").convergence();
        prop_assert!(rough.converged && fine.converged);
        prop_assert!(fine.objective >= rough.objective * (1.0 - rough.criterion) - 1e-9);
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let (matrix, labels, _) = random_problem(3, 200, 30, 20);
    let dataset = DatasetBase::new(matrix, labels);
    let fit = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| LogisticRegression::params().fit(&dataset).expect("both classes"))
    };
    let one = fit(1);
    assert_eq!(one, fit(2));
    assert_eq!(one, fit(4));
}

#[test]
fn gradient_and_curvature_agree_with_differences() {
    use super::newton::Objective;
    let (matrix, _, classes) = random_problem(5, 30, 4, 3);
    let mut objective = softmax::CrossEntropy::new(&matrix, classes.to_vec(), 3, vec![1.5; 30]);
    let n = objective.len();
    let x: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
    let direction: Vec<f64> = (0..n).map(|i| (i as f64 * 0.73).cos()).collect();
    let h = 1e-5;
    let moved = |t: f64| -> Vec<f64> { x.iter().zip(&direction).map(|(x, d)| x + t * d).collect() };
    let dot = |a: &[f64]| -> f64 { a.iter().zip(&direction).map(|(a, b)| a * b).sum() };
    let slope = (objective.value(&moved(h)) - objective.value(&moved(-h))) / (2.0 * h);
    let (mut before, mut after, mut product) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    objective.gradient(&moved(h), &mut after);
    objective.gradient(&moved(-h), &mut before);
    let bend = (dot(&after) - dot(&before)) / (2.0 * h);
    objective.gradient(&x, &mut before);
    objective.curvature(&direction, &mut product);
    assert!((dot(&before) - slope).abs() < 1e-6 * slope.abs());
    assert!((dot(&product) - bend).abs() < 1e-6 * bend.abs());
}

#[test]
fn a_label_of_one_class_is_named() {
    let (matrix, mut labels, _, _) = golden_problem();
    labels.fill(true);
    let error = precise()
        .fit(&DatasetBase::new(matrix.clone(), labels))
        .expect_err("one class");
    let ErrorKind::SingleClass {
        label,
        positives: 12,
        negatives: 0,
        ..
    } = error.kind()
    else {
        panic!("{error:?}");
    };
    assert_eq!(label, "#0");
    for classes in [
        Array1::zeros(12),
        (0..12).map(|i| if i < 6 { 0 } else { 2 }).collect(),
    ] {
        let error = precise()
            .fit(&DatasetBase::new(matrix.clone(), classes))
            .expect_err("a class is missing");
        assert!(matches!(error.kind(), ErrorKind::SingleClass { .. }), "{error}");
    }
}

#[test]
fn bad_input_is_named() {
    let (matrix, labels, classes, _) = golden_problem();
    for weights in [f32::NAN, 0.0, f32::INFINITY] {
        let mut all = Array1::ones(12);
        all[4] = weights;
        let dataset = DatasetBase::new(matrix.clone(), labels.clone()).with_weights(all);
        let error = precise().fit(&dataset).expect_err("a bad weight");
        assert!(error.to_string().contains("document 5"), "{error}");
    }
    let error = precise()
        .fit(&DatasetBase::new(matrix.clone(), array![[true], [false]]))
        .expect_err("two rows");
    assert!(matches!(
        error.kind(),
        ErrorKind::DimensionMismatch {
            found: 2,
            expected: 12,
            ..
        }
    ));
    let dataset = DatasetBase::new(matrix.clone(), classes);
    let error = precise()
        .solver(Solver::Dense)
        .class_weight(ClassWeight::Balanced)
        .fit(&dataset);
    assert!(error.is_err());
    let model = precise().fit(&dataset).expect("three classes");
    let narrow = FeatureMatrix::new(1, vec![0, 0], vec![], vec![]).expect("one empty row");
    assert!(model.try_decision_function(&narrow).is_err());
    for (params, name) in [
        (LogisticRegression::params().c(0.0), "training.c is"),
        (LogisticRegression::params().c(f64::NAN), "training.c is"),
        (LogisticRegression::params().tolerance(1.0), "tolerance"),
        (LogisticRegression::params().max_iterations(0), "max_iterations"),
    ] {
        assert!(params.check().expect_err("not valid").to_string().contains(name));
    }
}

#[test]
fn the_dense_solver_keeps_its_budget() {
    let wide = FeatureMatrix::new(1 << 28, vec![0, 0, 0], vec![], vec![]).expect("two empty rows");
    let dataset = DatasetBase::new(wide, array![[true], [false]]);
    let error = LogisticRegression::params()
        .solver(Solver::Dense)
        .fit(&dataset)
        .expect_err("4 GiB");
    assert!(matches!(error.kind(), ErrorKind::OutOfBudget { .. }), "{error}");
}

#[test]
fn linfa_can_predict() {
    let (matrix, labels, classes, _) = golden_problem();
    let model = precise()
        .fit(&DatasetBase::new(matrix.clone(), labels.clone()))
        .expect("both classes");
    let predicted: Array2<bool> = model.predict(&matrix);
    let with_targets = model.predict(DatasetBase::new(matrix.clone(), labels));
    assert_eq!(with_targets.targets(), &predicted);
    let probabilities = model.try_predict_proba(&matrix).expect("the same columns");
    assert!(
        probabilities
            .iter()
            .zip(&predicted)
            .all(|(p, y)| (*p > 0.5) == *y)
    );
    let softmax = precise()
        .fit(&DatasetBase::new(matrix.clone(), classes))
        .expect("three classes");
    let sums = softmax
        .try_predict_proba(&matrix)
        .expect("the same columns")
        .sum_axis(ndarray::Axis(1));
    assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-12));
}
