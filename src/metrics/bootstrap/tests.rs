use ndarray::{Array2, Axis};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::metrics::{golden, wilson};

/// Accuracy per label.
fn accuracies(counts: &[Confusion], values: &mut Vec<f64>) {
    values.extend(counts.iter().map(Confusion::accuracy));
}

/// All scores per label.
fn scores(counts: &[Confusion], values: &mut Vec<f64>) {
    for confusion in counts {
        values.extend([confusion.precision(), confusion.recall(), confusion.f1()]);
    }
    accuracies(counts, values);
}

fn golden_outcomes(groups: Option<&[usize]>) -> Outcomes {
    Outcomes::new(golden::predicted().view(), golden::truth().view(), groups).expect("equal shapes")
}

/// Python 3.11.7, numpy 2.4.6; the accuracy of the first label of the golden data:
///
/// ```text
/// import numpy as np
/// M = 2**64 - 1
/// state = 7
/// def below(n):
///     global state
///     state = (state + 0x9E3779B97F4A7C15) & M
///     z = state
///     z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M
///     z = (z ^ z >> 27) * 0x94D049BB133111EB & M
///     return (z ^ z >> 31) * n >> 64
/// p = (7 * (i := np.arange(200)) * i + 3 * i) % 41 / 41
/// right = (p > 0.5) == (10 * p + 11 * i % 13 > 9)
/// means = [right[[below(200) for _ in i]].mean() for _ in range(100)]
/// print(np.percentile(means, [5, 95]).tolist())
/// ```
#[test]
fn agrees_with_numpy() -> Result<()> {
    let bootstrap = Bootstrap {
        replicates: 100,
        seed: 7,
        confidence: 0.9,
    };
    let intervals = bootstrap.intervals(&golden_outcomes(None), accuracies)?;
    golden::assert_close(intervals[0].low, 0.64975);
    golden::assert_close(intervals[0].high, 0.77);
    Ok(())
}

#[test]
fn quantiles_are_interpolated() {
    // numpy.quantile([1, 2, 4, 8], [0, .1, .5, .9, 1])
    for (part, expected) in [(0.0, 1.0), (0.1, 1.3), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
        golden::assert_close(quantile(&[1.0, 2.0, 4.0, 8.0], part), expected);
    }
    assert_eq!(quantile(&[5.0], 0.975), 5.0);
}

#[test]
fn is_near_wilson_for_a_share() -> Result<()> {
    let outcomes = golden_outcomes(None);
    let intervals = Bootstrap::default().intervals(&outcomes, accuracies)?;
    for (interval, confusion) in intervals.iter().zip(outcomes.counts()) {
        let right = confusion.true_positives + confusion.true_negatives;
        let expected = wilson(right, confusion.total(), 0.95);
        assert!(
            (interval.low - expected.low).abs() < 0.02,
            "{interval:?} {expected:?}"
        );
        assert!(
            (interval.high - expected.high).abs() < 0.02,
            "{interval:?} {expected:?}"
        );
    }
    Ok(())
}

#[test]
fn the_seed_decides() -> Result<()> {
    let outcomes = golden_outcomes(None);
    let with_seed = |seed| {
        Bootstrap {
            seed,
            ..Bootstrap::default()
        }
        .intervals(&outcomes, scores)
    };
    assert_eq!(with_seed(1)?, with_seed(1)?);
    assert_ne!(with_seed(1)?, with_seed(2)?);
    Ok(())
}

#[test]
fn copies_in_one_group_add_no_certainty() -> Result<()> {
    let rows: Vec<usize> = (0..200).flat_map(|row| [row; 9]).collect();
    let predicted = golden::predicted().select(Axis(0), &rows);
    let truth = golden::truth().select(Axis(0), &rows);
    let bootstrap = Bootstrap::default();
    let once = bootstrap.intervals(&golden_outcomes(None), accuracies)?;
    let grouped = Outcomes::new(predicted.view(), truth.view(), Some(&rows))?;
    assert_eq!(bootstrap.intervals(&grouped, accuracies)?, once);
    let alone = Outcomes::new(predicted.view(), truth.view(), None)?;
    let too_narrow = bootstrap.intervals(&alone, accuracies)?[0];
    assert!((too_narrow.high - too_narrow.low) * 2.0 < once[0].high - once[0].low);
    Ok(())
}

#[test]
fn parameters_are_checked() {
    let outcomes = golden_outcomes(None);
    let default = Bootstrap::default();
    let kind_of = |bootstrap: Bootstrap, outcomes| {
        let error = bootstrap.intervals(outcomes, scores).expect_err("bad input");
        error.kind().clone()
    };
    let no_replicates = Bootstrap {
        replicates: 0,
        ..default
    };
    assert!(matches!(
        kind_of(no_replicates, &outcomes),
        ErrorKind::InvalidParameter { parameter, .. } if parameter == "replicates"
    ));
    for confidence in [0.0, 1.0, 95.0, f64::NAN] {
        let bootstrap = Bootstrap {
            confidence,
            ..default
        };
        assert!(matches!(
            kind_of(bootstrap, &outcomes),
            ErrorKind::InvalidParameter { parameter, .. } if parameter == "confidence"
        ));
    }
    let empty = Array2::from_elem((0, 3), false);
    let no_document = Outcomes::new(empty.view(), empty.view(), None).expect("equal shapes");
    assert!(matches!(
        kind_of(default, &no_document),
        ErrorKind::EmptyCorpus { .. }
    ));
}

/// Draws whole groups of rows and counts them with [`Confusion::from_predictions`].
fn slow_intervals(
    bootstrap: &Bootstrap,
    predicted: &Array2<bool>,
    truth: &Array2<bool>,
    groups: &[usize],
) -> Vec<Interval> {
    let mut ids = groups.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut generator = SplitMix64::new(bootstrap.seed);
    let mut values = Vec::new();
    for _ in 0..bootstrap.replicates {
        let drawn: Vec<usize> = ids.iter().map(|_| ids[generator.below(ids.len())]).collect();
        let rows_of = |id| (0..groups.len()).filter(move |&row| groups[row] == id);
        let rows: Vec<usize> = drawn.into_iter().flat_map(rows_of).collect();
        let column = |array: &Array2<bool>, label| rows.iter().map(|&row| array[[row, label]]).collect();
        let count = |label| {
            let (predicted, truth): (Vec<bool>, Vec<bool>) = (column(predicted, label), column(truth, label));
            Confusion::from_predictions(&predicted, &truth)
        };
        let counts: Vec<Confusion> = (0..truth.ncols()).map(count).collect();
        scores(&counts, &mut values);
    }
    bootstrap.percentile_intervals(&values)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn fast_equals_slow(
        documents in vec((any::<[bool; 3]>(), any::<[bool; 3]>(), 0_usize..9), 1..20),
        seed: u64,
        grouped: bool,
    ) {
        let array = |rows: Vec<[bool; 3]>| Array2::from(rows);
        let predicted = array(documents.iter().map(|document| document.0).collect());
        let truth = array(documents.iter().map(|document| document.1).collect());
        let groups: Vec<usize> = if grouped {
            documents.iter().map(|document| document.2).collect()
        } else {
            (0..documents.len()).collect()
        };
        let bootstrap = Bootstrap { replicates: 20, seed, confidence: 0.8 };
        let given = grouped.then_some(groups.as_slice());
        let outcomes = Outcomes::new(predicted.view(), truth.view(), given)?;
        let intervals = bootstrap.intervals(&outcomes, scores)?;
        prop_assert!(intervals.iter().all(|i| 0.0 <= i.low && i.low <= i.high && i.high <= 1.0));
        prop_assert_eq!(intervals, slow_intervals(&bootstrap, &predicted, &truth, &groups));
    }
}
