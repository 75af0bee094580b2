use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::metrics::golden;

/// Scores, truth, area under the curve, average precision.
type Case = (&'static [f64], &'static [bool], Option<f64>, Option<f64>);

#[test]
fn hand_computed() {
    let cases: [Case; 8] = [
        // Perfect, reversed, and two constant rankings.
        (&[0.9, 0.1], &[true, false], Some(1.0), Some(1.0)),
        (&[0.1, 0.9], &[true, false], Some(0.0), Some(0.5)),
        (&[0.3, 0.3], &[true, false], Some(0.5), Some(0.5)),
        (
            &[0.3, 0.3, 0.3, 0.3],
            &[false, true, false, false],
            Some(0.5),
            Some(0.25),
        ),
        // One class, and nothing.
        (&[0.2, 0.3], &[true, true], None, Some(1.0)),
        (&[0.2, 0.3], &[false, false], None, None),
        (&[], &[], None, None),
        // A tie across the classes: of four pairs three are won and one is tied.
        (
            &[0.8, 0.5, 0.5, 0.1],
            &[true, true, false, false],
            Some(0.875),
            Some(0.5 + 1.0 / 3.0),
        ),
    ];
    for (scores, truth, auc, average) in cases {
        assert_eq!(roc_auc(scores, truth), auc, "{scores:?}");
        golden::assert_both_close(average_precision(scores, truth), average);
    }
}

#[test]
fn zeros_of_both_signs_are_one_score() {
    assert_eq!(roc_auc(&[0.0, -0.0], &[true, false]), Some(0.5));
    assert_eq!(roc_auc(&[-0.0, 0.0], &[true, false]), Some(0.5));
}

#[test]
fn infinite_scores_are_ranked_but_nan_is_not() {
    let truth = [true, false];
    assert_eq!(roc_auc(&[f64::INFINITY, f64::NEG_INFINITY], &truth), Some(1.0));
    assert_eq!(roc_auc(&[f64::NAN, 0.0], &truth), None);
    assert_eq!(average_precision(&[f64::NAN, 0.0], &truth), None);
}

#[test]
#[should_panic(expected = "one truth is needed for each value")]
fn lengths_must_agree() {
    let _ = roc_auc(&[0.5], &[]);
}

#[test]
fn agrees_with_scikit_learn() {
    for (index, label) in golden::LABELS.iter().enumerate() {
        let (scores, truth) = golden::column(index);
        golden::assert_both_close(roc_auc(&scores, &truth), label.roc_auc);
        golden::assert_both_close(average_precision(&scores, &truth), label.average_precision);
    }
}

/// Looks at every pair of a positive and a negative.
fn slow_roc_auc(documents: &[(f64, bool)]) -> Option<f64> {
    let scores_of = |class| {
        documents
            .iter()
            .filter(move |(_, t)| *t == class)
            .map(|(s, _)| *s)
    };
    let pairs = scores_of(true).flat_map(|p| scores_of(false).map(move |n| (p, n)));
    let points = pairs.map(|(p, n)| match p.total_cmp(&n) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Greater => 1.0,
    });
    let (sum, count) = points.fold((0.0, 0.0), |(sum, count), point| (sum + point, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// Counts the documents above each positive anew.
fn slow_average_precision(documents: &[(f64, bool)]) -> Option<f64> {
    let positives: Vec<f64> = documents.iter().filter(|(_, t)| *t).map(|(s, _)| *s).collect();
    let precision_at = |score: &f64| {
        let hits = positives.iter().filter(|other| *other >= score).count();
        let taken = documents.iter().filter(|(other, _)| other >= score).count();
        hits as f64 / taken as f64
    };
    let sum: f64 = positives.iter().map(precision_at).sum();
    (!positives.is_empty()).then(|| sum / positives.len() as f64)
}

/// Documents with few distinct scores, so with many ties.
fn documents() -> impl Strategy<Value = Vec<(f64, bool)>> {
    vec(((0_u8..12).prop_map(f64::from), any::<bool>()), 0..60)
}

proptest! {
    #[test]
    fn fast_equals_slow(documents in documents()) {
        let (scores, truth): (Vec<_>, Vec<_>) = documents.iter().copied().unzip();
        prop_assert_eq!(roc_auc(&scores, &truth), slow_roc_auc(&documents));
        let average = average_precision(&scores, &truth);
        golden::assert_both_close(average, slow_average_precision(&documents));
        prop_assert!(average.is_none_or(|average| 0.0 < average && average <= 1.0 + 1e-12));
    }

    #[test]
    fn order_and_scale_do_not_matter(documents in documents(), turn in 0_usize..60) {
        let (scores, truth): (Vec<_>, Vec<_>) = documents.iter().copied().unzip();
        let mut turned = documents.clone();
        turned.rotate_left(turn.min(documents.len()));
        let (other_scores, other_truth): (Vec<_>, Vec<_>) =
            turned.into_iter().map(|(score, truth)| (libm::exp(score) - 5.0, truth)).unzip();
        prop_assert_eq!(roc_auc(&scores, &truth), roc_auc(&other_scores, &other_truth));
        let average = average_precision(&scores, &truth);
        prop_assert_eq!(average, average_precision(&other_scores, &other_truth));
    }

    #[test]
    fn reversing_the_scores_mirrors_the_area(documents in documents()) {
        let (scores, truth): (Vec<_>, Vec<_>) = documents.iter().copied().unzip();
        let reversed: Vec<f64> = scores.iter().map(|score| -score).collect();
        let mirrored = roc_auc(&reversed, &truth).map(|area| 1.0 - area);
        golden::assert_both_close(roc_auc(&scores, &truth), mirrored);
    }
}
