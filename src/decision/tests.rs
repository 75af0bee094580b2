//! Folds, calibration and thresholds against their definitions.

use proptest::prelude::*;

use super::isotonic::{Level, rising};
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
    // Recall at the cuts: 1/3, 1/3, 2/3, 1, 1.
    assert!((choose(Threshold::Recall(0.3)) - 0.85).abs() < 1e-3);
    assert!((choose(Threshold::Recall(2.0 / 3.0)) - 0.5).abs() < 1e-3);
    assert!((choose(Threshold::Recall(0.9)) - 0.3).abs() < 1e-3);
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
    for (threshold, alone) in [
        (Threshold::F1, 0.5),
        (Threshold::Precision(0.9), 0.9),
        (Threshold::Recall(0.9), 0.5),
    ] {
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
        assert!(Threshold::Recall(x).check().is_err());
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

/// Ties are one level, single classes stay off 0 and 1, and nothing at all is even odds.
#[test]
fn isotonic_by_hand() {
    let fit = |scores: &[f64], truth: &[bool]| Isotonic::fit(scores, truth).points().to_vec();
    let (t, f) = (true, false);
    assert_eq!(
        fit(&[1.0, 2.0, 3.0, 4.0], &[f, t, f, t]),
        [[1.0, 1.0 / 6.0], [2.0, 0.5], [3.0, 0.5], [4.0, 5.0 / 6.0]]
    );
    assert_eq!(fit(&[2.0, 1.0, 2.0, 2.0], &[t, f, t, f])[1], [2.0, 2.0 / 3.0]);
    assert_eq!(fit(&[1.0, 2.0, 3.0], &[t; 3]), [[1.0, 0.8], [3.0, 0.8]]);
    assert_eq!(fit(&[1.0, 2.0, 3.0], &[f; 3]), [[1.0, 0.2], [3.0, 0.2]]);
    assert_eq!(fit(&[0.0, -0.0], &[t, f])[0][1], 0.5);
    assert_eq!(fit(&[], &[]), [[0.0, 0.5]]);
    let map = Isotonic::fit(&[1.0, 2.0, 3.0, 4.0], &[f, t, f, t]);
    assert!((map.probability(1.5) - 1.0 / 3.0).abs() < 1e-6);
    assert_eq!(
        (map.probability(-9.0), map.probability(9.0)),
        (1.0 / 6.0, 5.0 / 6.0)
    );
    assert_eq!(map.probability(2.7), 0.5);
    let wide = Isotonic::fit(&[-1e300, 1e300], &[f, t]);
    assert_eq!(wide.probability(0.0), 0.5);
}

/// Scores that order the classes the wrong way round tell nothing.
#[test]
fn isotonic_never_turns_the_order_round() {
    let scores: Vec<f64> = (0..100).map(f64::from).collect();
    let truth: Vec<bool> = (0..100).map(|i| i < 25).collect();
    assert_eq!(
        Isotonic::fit(&scores, &truth).points(),
        [[0.0, 0.25], [99.0, 0.25]]
    );
}

/// A curve of many levels keeps its shape in 64 points.
#[test]
fn isotonic_is_at_most_64_points() {
    let mut random = crate::random::SplitMix64::new(3);
    let scores: Vec<f64> = (0..50_000).map(|_| random.below(10_000) as f64 / 1e4).collect();
    let truth: Vec<bool> = scores
        .iter()
        .map(|score| random.below(1_000_000) as f64 / 1e6 < score * score)
        .collect();
    let map = Isotonic::fit(&scores, &truth);
    assert!((32..=Isotonic::MAX_POINTS).contains(&map.points().len()));
    for i in 1..10_u8 {
        let score = f64::from(i) / 10.0;
        assert!((f64::from(map.probability(score as f32)) - score * score).abs() < 0.05);
    }
}

#[test]
fn malformed_isotonic_points_are_refused() {
    let many = |n: u16| (0..n).map(|i| [f32::from(i), 0.5]).collect::<Vec<_>>();
    assert!(Isotonic::new(many(64)).is_ok());
    for (points, expected) in [
        (vec![], "1 to 64"),
        (many(65), "1 to 64"),
        (vec![[f32::NAN, 0.5]], "a finite score"),
        (vec![[0.0, 0.5], [f32::INFINITY, 0.5]], "a finite score"),
        (vec![[0.0, f32::NAN]], "a probability"),
        (vec![[0.0, 0.0]], "a probability"),
        (vec![[0.0, 1.0]], "a probability"),
        (vec![[0.0, -0.5]], "a probability"),
        (vec![[0.0, 1.5]], "a probability"),
        (vec![[1.0, 0.5], [0.0, 0.6]], "ascending"),
        (vec![[1.0, 0.5], [1.0, 0.6]], "ascending"),
        (vec![[0.0, 0.6], [1.0, 0.5]], "never fall"),
    ] {
        let error = Isotonic::new(points).expect_err("malformed");
        assert!(matches!(error.kind(), crate::ErrorKind::InvalidParameter { .. }));
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// The method of the recipe, and the number of positive documents for `auto`.
#[test]
fn auto_is_isotonic_from_a_thousand_positives() {
    for (positives, isotonic) in [
        (AUTO_ISOTONIC_POSITIVES - 1, false),
        (AUTO_ISOTONIC_POSITIVES, true),
    ] {
        let truth: Vec<bool> = (0..2000).map(|i| i < positives).collect();
        let scores: Vec<f64> = (0..2000).map(|i| f64::from(2000 - i % 700)).collect();
        let is = |method, isotonic| {
            matches!(Calibrator::fit(method, &scores, &truth), Calibrator::Isotonic(_)) == isotonic
        };
        assert!(is(CalibrationMethod::Auto, isotonic));
        assert!(is(CalibrationMethod::Isotonic, true) && is(CalibrationMethod::Platt, false));
    }
    let identity = Calibrator::fit(CalibrationMethod::None, &[1.0], &[true]);
    assert_eq!(identity, Calibrator::IDENTITY);
}

/// Levels of one score each, with these weights and parts of them that are positive.
fn levels(parts: &[(u32, u32)]) -> Vec<Level> {
    let level = |(place, &(positives, negatives)): (usize, &(u32, u32))| Level {
        low: place as f32,
        high: place as f32,
        weight: f64::from(positives + negatives),
        positives: f64::from(positives),
    };
    parts.iter().enumerate().map(level).collect()
}

/// The isotonic regression by its min-max formula (Barlow et al. 1972): of each place, the highest over all starts up to it
/// of the lowest mean over all ends from it on.
fn by_min_max(levels: &[Level]) -> Vec<f64> {
    let mean = |range: &[Level]| {
        let weight: f64 = range.iter().map(|level| level.weight).sum();
        range.iter().map(|level| level.positives).sum::<f64>() / weight
    };
    let lowest = |start: usize, place: usize| {
        let ends = place + 1..=levels.len();
        ends.map(|end| mean(&levels[start..end]))
            .fold(f64::INFINITY, f64::min)
    };
    let at = |place: usize| (0..=place).map(|start| lowest(start, place)).fold(0.0, f64::max);
    (0..levels.len()).map(at).collect()
}

fn brier(probability: impl Fn(f32) -> f32, scores: &[f64], truth: &[bool]) -> f64 {
    let error = |(score, has): (&f64, &bool)| {
        let error = f64::from(probability(*score as f32)) - f64::from(u8::from(*has));
        error * error
    };
    scores.iter().zip(truth).map(error).sum::<f64>() / scores.len() as f64
}

proptest! {
    #[test]
    fn pooling_is_the_min_max_formula(
        parts in proptest::collection::vec((0..5_u32, 0..5_u32), 1..14),
    ) {
        let parts: Vec<_> = parts.into_iter().filter(|part| part.0 + part.1 > 0).collect();
        let levels = levels(&parts);
        let pooled = rising(levels.clone());
        prop_assert!(pooled.windows(2).all(|pair| pair[0].mean() < pair[1].mean()));
        for (level, expected) in levels.iter().zip(by_min_max(&levels)) {
            let own: Vec<_> = pooled.iter().filter(|pool| pool.low <= level.low && level.low <= pool.high).collect();
            prop_assert_eq!(own.len(), 1);
            prop_assert!((own[0].mean() - expected).abs() < 1e-12);
        }
    }

    /// A level of weight n stands for n documents with the same score.
    #[test]
    fn a_map_is_the_pooled_levels_drawn_in(parts in proptest::collection::vec((0..4_u32, 0..4_u32), 1..14)) {
        let (mut scores, mut truth) = (Vec::new(), Vec::new());
        for (place, &(positives, negatives)) in parts.iter().enumerate() {
            scores.extend(std::iter::repeat_n(place as f64, (positives + negatives) as usize));
            truth.extend((0..positives + negatives).map(|i| i < positives));
        }
        let levels: Vec<_> = levels(&parts).into_iter().filter(|level| level.weight > 0.0).collect();
        let map = Isotonic::fit(&scores, &truth);
        let least = 1.0 / (truth.len() as f64 + 2.0);
        for (level, expected) in levels.iter().zip(by_min_max(&levels)) {
            let found = f64::from(map.probability(level.low));
            prop_assert!((found - expected.clamp(least, 1.0 - least)).abs() < 1e-6);
        }
    }

    /// Whatever the data: points that loading accepts, a map that never falls, and no more squared error than the
    /// logistic function or Platt's curve make, up to what drawing in costs.
    #[test]
    fn isotonic_rises_and_fits_best(
        pairs in proptest::collection::vec((-40..40_i8, any::<bool>()), 1..60),
        probes in proptest::collection::vec(-50.0..50.0_f32, 0..40),
    ) {
        let scores: Vec<f64> = pairs.iter().map(|(score, _)| f64::from(*score) / 7.0).collect();
        let truth: Vec<bool> = pairs.iter().map(|(_, has)| *has).collect();
        let map = Isotonic::fit(&scores, &truth);
        prop_assert_eq!(&Isotonic::new(map.points().to_vec()).expect("well formed"), &map);
        let mut probes: Vec<f32> = probes.into_iter().chain(scores.iter().map(|&score| score as f32)).collect();
        probes.sort_by(f32::total_cmp);
        prop_assert!(probes.windows(2).all(|pair| map.probability(pair[0]) <= map.probability(pair[1])));
        let own = brier(|score| map.probability(score), &scores, &truth);
        let drawn_in = 1.0 / (truth.len() as f64 + 2.0).powi(2) + 1e-6;
        for other in [Platt::IDENTITY, Platt::fit(&scores, &truth)] {
            prop_assert!(own <= brier(|score| other.probability(score), &scores, &truth) + drawn_in);
        }
    }

    /// The floor is met, and no higher cut meets it.
    #[test]
    fn no_higher_cut_reaches_the_recall(
        pairs in proptest::collection::vec((0..100_u8, any::<bool>()), 1..40),
        percent in 1..100_u8,
    ) {
        let probabilities: Vec<f64> = pairs.iter().map(|(p, _)| f64::from(*p) / 100.0).collect();
        let truth: Vec<bool> = pairs.iter().map(|(_, t)| *t).collect();
        prop_assume!(truth.contains(&true));
        let floor = f64::from(percent) / 100.0;
        let recall = |threshold: f64| {
            let hits = pairs.iter().filter(|(p, t)| f64::from(*p) / 100.0 >= threshold && *t).count();
            hits as f64 / truth.iter().filter(|t| **t).count() as f64
        };
        let chosen = f64::from(Threshold::Recall(floor).choose(&[(probabilities.clone(), truth.clone())], &[true])[0]);
        prop_assert!(recall(chosen) >= floor);
        prop_assert!(probabilities.iter().all(|&p| p <= chosen || recall(p) == recall(chosen) || recall(p) < floor));
    }

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
