//! What the probabilities of a head are worth, over the documents for which it was asked.

use narrative_frames::classifier::Head;
use narrative_frames::metrics::{
    Cut, DEFAULT_BINS, HistogramBin, ReliabilityBin, average_precision, cuts, expected_calibration_error,
    histogram, precision_recall, reliability_bins,
};
use serde::Serialize;

use super::measured::MeasuredHead;

/// Bins of a histogram of probabilities.
const HISTOGRAM_BINS: usize = 20;
/// The most points of a precision-recall curve.
const CURVE_POINTS: usize = 100;

/// Of one head, all labels together: how often the labels of each probability are true, and what other thresholds,
/// the same for each label, would give; then label by label.
#[derive(Serialize)]
pub(super) struct Curves {
    pub(super) head: String,
    pub(super) reliability: Vec<ReliabilityBin>,
    pub(super) cuts: Vec<Cut>,
    pub(super) labels: Vec<LabelCurves>,
}

/// Of one label: precision and recall at every threshold, how often it is true at each probability, and where its
/// probabilities lie.
#[derive(Serialize)]
pub(super) struct LabelCurves {
    pub(super) label: String,
    /// From which probability on the model gives it.
    pub(super) threshold: f32,
    pub(super) average_precision: Option<f64>,
    pub(super) calibration_error: Option<f64>,
    pub(super) precision_recall: Vec<Cut>,
    pub(super) reliability: Vec<ReliabilityBin>,
    pub(super) histogram: Vec<HistogramBin>,
}

pub(super) fn curves(head: &Head, measured: &MeasuredHead) -> Curves {
    let (probabilities, truth): (Vec<f64>, Vec<bool>) = measured
        .answered()
        .flat_map(|row| {
            measured
                .probabilities
                .row(row)
                .into_iter()
                .zip(measured.truth.row(row))
        })
        .unzip();
    let labels = head.labels().iter().enumerate();
    Curves {
        head: head.name().to_owned(),
        reliability: reliability_bins(&probabilities, &truth, DEFAULT_BINS).unwrap_or_default(),
        cuts: cuts(&probabilities, &truth),
        labels: labels
            .map(|(column, label)| LabelCurves::new(label, column, measured))
            .collect(),
    }
}

impl LabelCurves {
    fn new(label: &narrative_frames::classifier::Label, column: usize, measured: &MeasuredHead) -> Self {
        let (probabilities, truth): (Vec<f64>, Vec<bool>) = measured
            .answered()
            .map(|row| {
                (
                    measured.probabilities[(row, column)],
                    measured.truth[(row, column)],
                )
            })
            .unzip();
        Self {
            label: label.name.clone(),
            threshold: label.threshold,
            average_precision: average_precision(&probabilities, &truth),
            calibration_error: expected_calibration_error(&probabilities, &truth, DEFAULT_BINS),
            precision_recall: precision_recall(&probabilities, &truth, CURVE_POINTS),
            reliability: reliability_bins(&probabilities, &truth, DEFAULT_BINS).unwrap_or_default(),
            histogram: histogram(&probabilities, &truth, HISTOGRAM_BINS).unwrap_or_default(),
        }
    }
}
