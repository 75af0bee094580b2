//! Folds, calibration and thresholds against their definitions.

use proptest::prelude::*;

use super::*;
use crate::strata::Strata;

#[test]
fn platt_recovers_the_curve_that_made_the_labels() {
    let scores: Vec<f64> = (0..4000).map(|i| f64::from(i % 81) / 10.0 - 4.0).collect();
    let probability = |score: f64| 1.0 / (1.0 + (-(2.0 * score - 1.0)).exp());
    let mut random = crate::random::SplitMix64::new(1);
    let truth: Vec<bool> = scores
        .iter()
        .map(|&score| (random.below(1_000_000) as f64) < 1e6 * probability(score))
        .collect();
    let platt = Platt::fit(&scores, &truth);
    assert!((platt.slope - 2.0).abs() < 0.25, "{platt:?}");
    assert!((platt.intercept + 1.0).abs() < 0.25, "{platt:?}");
    assert!((platt.probability(0.5) - 0.5).abs() < 0.05);
}

/// Scores that order the classes the wrong way round tell nothing.
#[test]
fn platt_never_turns_the_order_round() {
    let scores: Vec<f64> = (0..100).map(f64::from).collect();
    let truth: Vec<bool> = (0..100).map(|i| i < 25).collect();
    let platt = Platt::fit(&scores, &truth);
    assert_eq!(platt.slope, 0.0);
    assert!((platt.probability(7.0) - 26.0 / 102.0).abs() < 1e-3);
}

/// The same curve as `linfa-logistic` finds, with its weak penalty, on the same targets' classes.
#[test]
fn platt_is_a_logistic_regression_of_one_feature() {
    use linfa::traits::Fit;
    let mut random = crate::random::SplitMix64::new(7);
    let scores: Vec<f64> = (0..2000)
        .map(|_| random.below(6000) as f64 / 1000.0 - 3.0)
        .collect();
    let truth: Vec<bool> = scores
        .iter()
        .map(|score| random.below(6000) as f64 / 1000.0 - 3.0 < *score)
        .collect();
    let rows = ndarray::Array2::from_shape_vec((scores.len(), 1), scores.clone()).expect("a column");
    let dataset = linfa::DatasetBase::new(rows, ndarray::Array1::from(truth.clone()));
    let model = linfa_logistic::LogisticRegression::default()
        .alpha(0.0)
        .gradient_tolerance(1e-3)
        .fit(&dataset)
        .expect("two classes");
    let platt = Platt::fit(&scores, &truth);
    let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
    assert!((f64::from(platt.slope) - sign * model.params()[0]).abs() < 0.01);
    assert!((f64::from(platt.intercept) - sign * model.intercept()).abs() < 0.01);
}

#[test]
fn platt_has_an_answer_for_one_class_and_for_equal_scores() {
    for (scores, truth, probability) in [
        ([1.0, 2.0, 3.0], [true; 3], 0.8),
        ([5.0; 3], [true, false, true], 0.6),
    ] {
        let found = Platt::fit(&scores, &truth).probability(scores[0] as f32);
        assert!(
            (f64::from(found) - probability).abs() < 0.05,
            "{scores:?} {found}"
        );
    }
}

#[test]
fn platt_stays_finite_on_parted_classes() {
    let scores: Vec<f64> = (0..40).map(|i| if i < 20 { -3.0 } else { 3.0 }).collect();
    let truth: Vec<bool> = (0..40).map(|i| i >= 20).collect();
    let platt = Platt::fit(&scores, &truth);
    assert!(platt.slope.is_finite() && platt.probability(3.0) > 0.9);
}

#[test]
fn thresholds_by_hand() {
    let probabilities = [0.9, 0.8, 0.6, 0.4, 0.2];
    let truth = [true, false, true, true, false];
    let choose =
        |threshold: Threshold| threshold.choose(&[(probabilities.to_vec(), truth.to_vec())], &[true])[0];
    // F1 at the cuts: 1/2, 2/5, 2/3, 6/7, 3/4.
    assert!((choose(Threshold::F1) - 0.3).abs() < 1e-3);
    assert!((choose(Threshold::Precision(0.7)) - 0.3).abs() < 1e-3);
    assert!((choose(Threshold::Precision(0.9)) - 0.85).abs() < 1e-3);
    assert_eq!(choose(Threshold::Probability(0.25)), 0.25);
    assert_eq!(
        Threshold::Precision(0.5).choose(&[(vec![0.9, 0.1], vec![false, false])], &[true]),
        [1.0]
    );
}

/// Alone each label would be cut at 0.6 and at 0.2, both together at 0.6.
#[test]
fn rare_labels_are_drawn_to_the_common_threshold() {
    let many = (
        vec![0.7; 300].into_iter().chain(vec![0.5; 300]).collect(),
        vec![true; 300].into_iter().chain(vec![false; 300]).collect(),
    );
    let few = (vec![0.3, 0.1], vec![true, false]);
    let chosen = Threshold::F1.choose(&[many.clone(), few.clone()], &[true; 2]);
    assert!((chosen[0] - 0.6).abs() < 1e-3);
    assert!((f64::from(chosen[1]) - (0.2 + 100.0 * 0.6) / 101.0).abs() < 1e-3);
}

/// A label that cannot be trusted has no say, and gets the threshold of those that can.
#[test]
fn labels_without_evidence_get_the_common_threshold() {
    let sure = (vec![0.9, 0.7, 0.5], vec![true, true, false]);
    let rare = (vec![0.2, 0.1], vec![true, false]);
    for (threshold, alone) in [(Threshold::F1, 0.5), (Threshold::Precision(0.9), 0.9)] {
        let chosen = threshold.choose(&[sure.clone(), rare.clone()], &[true, false]);
        assert!(
            (chosen[0] - 0.6).abs() < 1e-3 && (chosen[1] - 0.6).abs() < 1e-3,
            "{chosen:?}"
        );
        let chosen = threshold.choose(std::slice::from_ref(&rare), &[false]);
        assert!((chosen[0] - alone).abs() < 1e-3, "{chosen:?}");
    }
}

#[test]
fn thresholds_out_of_range_are_refused() {
    for x in [0.0, 1.0, -1.0, f64::NAN] {
        assert!(Threshold::Precision(x).check().is_err());
        assert!(Threshold::Probability(x).check().is_err());
    }
}

fn f1(probabilities: &[f64], truth: &[bool], threshold: f64) -> f64 {
    let given = probabilities.iter().filter(|p| **p >= threshold).count();
    let hits = probabilities
        .iter()
        .zip(truth)
        .filter(|(p, t)| **p >= threshold && **t)
        .count();
    let positives = truth.iter().filter(|t| **t).count();
    2.0 * hits as f64 / (given + positives).max(1) as f64
}

proptest! {
    #[test]
    fn no_cut_has_a_higher_f1(pairs in proptest::collection::vec((0..100_u8, any::<bool>()), 1..40)) {
        let probabilities: Vec<f64> = pairs.iter().map(|(p, _)| f64::from(*p) / 100.0).collect();
        let truth: Vec<bool> = pairs.iter().map(|(_, t)| *t).collect();
        let chosen = f64::from(Threshold::F1.choose(&[(probabilities.clone(), truth.clone())], &[true])[0]);
        let best = probabilities.iter().map(|&p| f1(&probabilities, &truth, p)).fold(0.0, f64::max);
        prop_assert!((f1(&probabilities, &truth, chosen) - best).abs() < 1e-12);
    }

    /// Labels are spread wherever each group has one label at most; with more it is not always possible.
    #[test]
    fn folds_keep_groups_and_spread_labels(
        groups in proptest::collection::vec(proptest::option::of(0..4_usize), 1..30),
        documents in proptest::collection::vec(0..1000_usize, 1..120),
        n_folds in 2..6_usize,
    ) {
        let strata = Strata {
            groups: documents.iter().map(|document| document % groups.len()).collect(),
            labels: documents.iter().map(|document| groups[document % groups.len()].into_iter().collect()).collect(),
            n_labels: 4,
        };
        check_folds(&strata, n_folds);
    }
}

/// Every document is held out once, without its group in training; each label of two groups or more is in
/// every training part.
fn check_folds(strata: &Strata, n_folds: usize) {
    let folds = Folds::assign(strata, n_folds, 0);
    let mut seen = vec![0; strata.groups.len()];
    for (train, held_out) in folds.splits() {
        assert_eq!(train.len() + held_out.len(), seen.len());
        for &document in &held_out {
            seen[document] += 1;
            assert!(
                train
                    .iter()
                    .all(|&other| strata.groups[other] != strata.groups[document])
            );
        }
        for (label, groups) in strata.groups_by_label().into_iter().enumerate() {
            let in_training = train
                .iter()
                .any(|&document| strata.labels[document].contains(&label));
            assert!(groups < 2 || in_training, "label {label} is missing");
        }
    }
    assert!(seen.iter().all(|times| *times == 1));
}
