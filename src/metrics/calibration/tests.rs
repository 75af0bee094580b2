use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::metrics::golden;

#[test]
fn agrees_with_scikit_learn() {
    for (index, label) in golden::LABELS.iter().enumerate() {
        let (probabilities, truth) = golden::column(index);
        let error = expected_calibration_error(&probabilities, &truth, DEFAULT_BINS);
        golden::assert_both_close(error, Some(label.calibration_error));
        golden::assert_both_close(brier(&probabilities, &truth), Some(label.brier));
    }
}

#[test]
fn edges_belong_to_the_bin_below() {
    let probabilities = [0.0, 0.25, 0.5, 0.75, 1.0, 0.26];
    let bins = reliability_bins(&probabilities, &[true; 6], 4).expect("all in 0..=1");
    let counts: Vec<u64> = bins.iter().map(|bin| bin.count).collect();
    assert_eq!(counts, [2, 2, 1, 1]);
    let edges: Vec<(f64, f64)> = bins.iter().map(|bin| (bin.low, bin.high)).collect();
    assert_eq!(edges, [(0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)]);
}

#[test]
fn empty_bins_have_no_means() {
    let bins = reliability_bins(&[0.9], &[true], 2).expect("in 0..=1");
    assert_eq!(
        (bins[0].count, bins[0].mean_probability, bins[0].fraction_positive),
        (0, None, None)
    );
    assert_eq!(
        (bins[1].mean_probability, bins[1].fraction_positive),
        (Some(0.9), Some(1.0))
    );
}

#[test]
fn nothing_is_not_defined() {
    assert_eq!(brier(&[], &[]), None);
    assert_eq!(expected_calibration_error(&[], &[], 15), None);
    assert_eq!(reliability_bins(&[], &[], 15).map(|bins| bins.len()), Some(15));
}

#[test]
fn other_numbers_are_no_probabilities() {
    for value in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(brier(&[value], &[true]), None);
        assert_eq!(expected_calibration_error(&[value], &[true], 15), None);
        assert_eq!(reliability_bins(&[value], &[true], 15), None);
    }
}

#[test]
#[should_panic(expected = "at least one bin is needed")]
fn no_bins() {
    let _ = expected_calibration_error(&[0.5], &[true], 0);
}

proptest! {
    #[test]
    fn the_error_is_what_the_bins_say(
        documents in vec((0.0..=1.0, any::<bool>()), 1..60),
        n_bins in 1_usize..30,
    ) {
        let (probabilities, truth): (Vec<_>, Vec<_>) = documents.into_iter().unzip();
        let bins = reliability_bins(&probabilities, &truth, n_bins).expect("all in 0..=1");
        let weighted_gap = |bin: &ReliabilityBin| {
            let gap = (bin.fraction_positive? - bin.mean_probability?).abs();
            Some(bin.count as f64 / truth.len() as f64 * gap)
        };
        let expected: f64 = bins.iter().filter_map(weighted_gap).sum();
        let error = expected_calibration_error(&probabilities, &truth, n_bins);
        golden::assert_both_close(error, Some(expected));
        prop_assert!((0.0..=1.0).contains(&expected));
        prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), truth.len() as u64);
        prop_assert!(bins.iter().all(|bin| bin.mean_probability
            .is_none_or(|mean| bin.low - 1e-9 <= mean && mean <= bin.high + 1e-9)));
    }

    #[test]
    fn brier_is_a_share(documents in vec((0.0..=1.0, any::<bool>()), 1..60)) {
        let (probabilities, truth): (Vec<_>, Vec<_>) = documents.into_iter().unzip();
        let score = brier(&probabilities, &truth).expect("all in 0..=1");
        prop_assert!((0.0..=1.0).contains(&score));
        let certain: Vec<f64> = truth.iter().map(|&truth| f64::from(u8::from(truth))).collect();
        prop_assert_eq!(brier(&certain, &truth), Some(0.0));
    }
}
