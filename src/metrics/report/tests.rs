use ndarray::array;

use super::*;
use crate::ErrorKind;
use crate::metrics::golden::{self, assert_both_close, assert_close};

/// An owned [`HeadInput`].
struct Example {
    single_label: bool,
    labels: Vec<String>,
    truth: Array2<bool>,
    known: Vec<bool>,
    predicted: Array2<bool>,
    probabilities: Array2<f64>,
    groups: Option<Vec<usize>>,
    bootstrap: Bootstrap,
}

impl Example {
    /// A multi-label head where every row is known.
    fn new(truth: Array2<bool>, predicted: Array2<bool>, probabilities: Array2<f64>) -> Self {
        Self {
            single_label: false,
            labels: (0..truth.ncols()).map(|label| format!("label {label}")).collect(),
            known: vec![true; truth.nrows()],
            truth,
            predicted,
            probabilities,
            groups: None,
            bootstrap: Bootstrap::default(),
        }
    }

    fn golden() -> Self {
        Self::new(golden::truth(), golden::predicted(), golden::probabilities())
    }

    fn evaluate(&self) -> Result<HeadReport> {
        evaluate_head(HeadInput {
            head: "frame",
            single_label: self.single_label,
            labels: &self.labels,
            truth: self.truth.view(),
            known: &self.known,
            predicted: self.predicted.view(),
            probabilities: self.probabilities.view(),
            groups: self.groups.as_deref(),
            bootstrap: self.bootstrap,
        })
    }
}

fn estimates(report: &HeadReport) -> Vec<Estimate> {
    let (micro, macros) = (report.micro_average, report.macro_average);
    let averages = [
        micro.precision,
        micro.recall,
        micro.f1,
        macros.precision,
        macros.recall,
        macros.f1,
    ];
    let labels = report
        .labels
        .iter()
        .flat_map(|label| [label.precision, label.recall, label.f1]);
    averages
        .into_iter()
        .chain(labels)
        .chain(report.accuracy)
        .chain(report.exact_match)
        .collect()
}

#[test]
fn agrees_with_scikit_learn() -> Result<()> {
    let report = Example::golden().evaluate()?;
    for (found, expected) in report.labels.iter().zip(golden::LABELS) {
        assert_close(found.precision.value, expected.precision);
        assert_close(found.recall.value, expected.recall);
        assert_close(found.f1.value, expected.f1);
        assert_both_close(found.average_precision, expected.average_precision);
        assert_both_close(found.roc_auc, expected.roc_auc);
        assert_both_close(found.brier, Some(expected.brier));
        assert_both_close(found.calibration_error, Some(expected.calibration_error));
    }
    let (micro, macros) = (report.micro_average, report.macro_average);
    for (found, expected) in [micro.precision, micro.recall, micro.f1]
        .iter()
        .zip(golden::MICRO)
    {
        assert_close(found.value, expected);
    }
    for (found, expected) in [macros.precision, macros.recall, macros.f1]
        .iter()
        .zip(golden::MACRO)
    {
        assert_close(found.value, expected);
    }
    assert_close(
        report.exact_match.expect("a multi-label head").value,
        golden::EXACT_MATCH,
    );
    Ok(())
}

#[test]
fn macro_averages_leave_out_what_is_not_defined() -> Result<()> {
    let average = Example::golden().evaluate()?.macro_average;
    let [first, second, without_positives] = golden::LABELS;
    let mean_of_two =
        |number: fn(&golden::Label) -> Option<f64>| mean([&first, &second].into_iter().filter_map(number));
    assert_both_close(average.roc_auc, mean_of_two(|label| label.roc_auc));
    assert_both_close(
        average.average_precision,
        mean_of_two(|label| label.average_precision),
    );
    assert_both_close(
        average.brier,
        mean([first.brier, second.brier, without_positives.brier]),
    );
    Ok(())
}

#[test]
fn intervals_surround_the_scores() -> Result<()> {
    let report = Example::golden().evaluate()?;
    for estimate in estimates(&report) {
        assert!(0.0 <= estimate.low && estimate.high <= 1.0, "{estimate:?}");
        assert!(
            estimate.low <= estimate.value && estimate.value <= estimate.high,
            "{estimate:?}"
        );
    }
    let recall = report.labels[0].recall;
    let expected = wilson(92, 135, 0.95);
    assert_eq!((recall.low, recall.high), (expected.low, expected.high));
    // No document has the last label, so nothing is known of its recall.
    let recall = report.labels[2].recall;
    assert_eq!((recall.value, recall.low, recall.high), (0.0, 0.0, 1.0));
    Ok(())
}

#[test]
fn unknown_rows_change_nothing_but_their_count() -> Result<()> {
    let rows: Vec<usize> = (0..200).flat_map(|row| [row, 0]).collect();
    let mut mixed = Example::golden();
    mixed.truth = mixed.truth.select(Axis(0), &rows);
    mixed.predicted = mixed.predicted.select(Axis(0), &rows);
    mixed.probabilities = mixed.probabilities.select(Axis(0), &rows);
    mixed.probabilities.row_mut(1).fill(f64::NAN);
    mixed.known = (0..400).map(|row| row % 2 == 0).collect();
    mixed.groups = Some(rows.iter().map(|row| row / 4).collect());
    let mut pure = Example::golden();
    pure.groups = Some((0..200).map(|row| row / 4).collect());
    let report = mixed.evaluate()?;
    assert_eq!((report.documents, report.unknown), (200, 200));
    assert_eq!(HeadReport { unknown: 0, ..report }, pure.evaluate()?);
    Ok(())
}

#[test]
fn the_kind_of_head_names_the_accuracy() -> Result<()> {
    let multi = Example::golden().evaluate()?;
    let single = Example {
        single_label: true,
        ..Example::golden()
    }
    .evaluate()?;
    assert_eq!((multi.accuracy, single.exact_match), (None, None));
    assert_eq!(multi.exact_match, single.accuracy);
    let expected = wilson(50, 200, 0.95);
    let Estimate { low, high, .. } = single.accuracy.expect("a single-label head");
    assert_eq!((low, high), (expected.low, expected.high));
    Ok(())
}

#[test]
fn one_label_each_makes_micro_scores_the_accuracy() -> Result<()> {
    let truth = array![[true, false], [true, false], [false, true]];
    let predicted = array![[true, false], [false, true], [false, true]];
    let probabilities = predicted.mapv(|predicted| if predicted { 0.75 } else { 0.25 });
    let mut example = Example::new(truth, predicted, probabilities);
    example.single_label = true;
    let report = example.evaluate()?;
    let micro = report.micro_average;
    let scores = [micro.precision.value, micro.recall.value, micro.f1.value];
    assert_eq!(scores, [2.0 / 3.0; 3]);
    assert_eq!(report.accuracy.map(|accuracy| accuracy.value), Some(2.0 / 3.0));
    Ok(())
}

#[test]
fn nothing_known_is_a_report_without_certainty() -> Result<()> {
    let report = Example {
        known: vec![false; 200],
        ..Example::golden()
    }
    .evaluate()?;
    assert_eq!((report.documents, report.unknown), (0, 200));
    let nothing = Estimate::new(0.0, Interval::UNKNOWN_SHARE);
    assert!(estimates(&report).iter().all(|estimate| *estimate == nothing));
    assert_eq!(report.macro_average.roc_auc, None);
    assert_eq!(report.macro_average.brier, None);
    Ok(())
}

#[test]
fn a_head_without_labels_is_a_report_without_scores() -> Result<()> {
    let none = Array2::from_elem((2, 0), false);
    let report = Example::new(none.clone(), none, Array2::zeros((2, 0))).evaluate()?;
    assert_eq!(report.labels, []);
    assert_eq!(
        report.macro_average.f1,
        Estimate::new(0.0, Interval::UNKNOWN_SHARE)
    );
    Ok(())
}

#[test]
fn json_has_numbers_and_nulls_only() -> Result<()> {
    let report = Example::golden().evaluate()?;
    let json = serde_json::to_value(&report).expect("plain data");
    assert_eq!(json["labels"][0]["f1"]["value"], report.labels[0].f1.value);
    assert_eq!(
        json["macro_average"]["roc_auc"],
        report.macro_average.roc_auc.expect("two labels")
    );
    assert!(json["labels"][2]["roc_auc"].is_null());
    assert!(json["accuracy"].is_null());
    Ok(())
}

#[test]
fn sizes_must_agree() {
    let (narrow, short) = (
        Array2::from_elem((200, 2), false),
        Array2::from_elem((199, 3), false),
    );
    let cases: [(&str, usize, usize, Example); 7] = [
        (
            "number of label names",
            0,
            3,
            Example {
                labels: vec![],
                ..Example::golden()
            },
        ),
        (
            "number of known flags",
            1,
            200,
            Example {
                known: vec![true],
                ..Example::golden()
            },
        ),
        (
            "number of rows of predicted",
            199,
            200,
            Example {
                predicted: short,
                ..Example::golden()
            },
        ),
        (
            "number of columns of predicted",
            2,
            3,
            Example {
                predicted: narrow,
                ..Example::golden()
            },
        ),
        (
            "number of rows of probabilities",
            199,
            200,
            Example {
                probabilities: Array2::zeros((199, 3)),
                ..Example::golden()
            },
        ),
        (
            "number of columns of probabilities",
            2,
            3,
            Example {
                probabilities: Array2::zeros((200, 2)),
                ..Example::golden()
            },
        ),
        (
            "number of group ids",
            2,
            200,
            Example {
                groups: Some(vec![1, 2]),
                ..Example::golden()
            },
        ),
    ];
    for (what, found, expected, example) in cases {
        let kind = ErrorKind::DimensionMismatch {
            what,
            found,
            expected,
        };
        assert_eq!(example.evaluate().expect_err(what).kind(), &kind);
    }
}

#[test]
fn numbers_must_be_in_range() {
    for value in [-0.5, 1.5, f64::NAN] {
        let mut example = Example::golden();
        example.probabilities[[7, 1]] = value;
        let error = example.evaluate().expect_err("not a probability");
        let message = format!("probabilities is {value}, expected numbers from 0 to 1");
        assert_eq!(error.to_string(), message);
    }
    let mut example = Example::golden();
    example.bootstrap.confidence = 95.0;
    let message = "confidence is 95, expected a number between 0 and 1, both excluded";
    assert_eq!(example.evaluate().expect_err("a percentage").to_string(), message);
}

#[test]
fn types_cross_threads() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<HeadInput<'_>>();
    is_send_and_sync::<HeadReport>();
    is_send_and_sync::<Outcomes>();
}
