//! How good predictions are, and how sure that is.
//!
//! | question | function |
//! |---|---|
//! | Are positives ranked above negatives? | [`roc_auc`], [`average_precision`] |
//! | Are the decisions right? | [`Confusion`] |
//! | Do the probabilities mean what they say? | [`brier`], [`expected_calibration_error`], [`reliability_bins`] |
//! | What would another threshold give? | [`cuts`], [`precision_recall`] |
//! | Where do the probabilities lie? | [`histogram`] |
//! | Do annotators agree? | [`krippendorff_alpha`] |
//! | How far may chance have moved a number? | [`wilson`], [`Bootstrap`] |
//! | All of it for one head | [`evaluate_head`] |
//! | Is another model better? | [`compare_head`] |
//!
//! Everything here works on plain numbers: scores, decisions and truth, one per document (and label).
//! It knows no text, no feature and no model. All sums are serial and in document order, so the same
//! input gives the same bits on every machine.
//!
//! A number that is not defined is `None`, never NaN. Precision, recall, F1 and accuracy are the
//! exception: where they would be 0/0 they are 0.0, as with scikit-learn's `zero_division=0`.

mod agreement;
mod bootstrap;
mod calibration;
mod compare;
mod confusion;
mod cuts;
#[cfg(test)]
mod golden;
mod histogram;
mod interval;
mod outcomes;
mod ranking;
mod report;

pub use agreement::krippendorff_alpha;
pub use bootstrap::Bootstrap;
pub use calibration::{DEFAULT_BINS, ReliabilityBin, brier, expected_calibration_error, reliability_bins};
pub use compare::{CompareInput, Difference, HeadComparison, LabelDifference, compare_head};
pub use confusion::Confusion;
pub use cuts::{Cut, cuts, precision_recall};
pub use histogram::{HistogramBin, histogram};
pub use interval::{Interval, wilson};
pub use outcomes::Outcomes;
pub use ranking::{average_precision, roc_auc};
pub use report::{Estimate, HeadInput, HeadReport, LabelReport, MacroAverage, MicroAverage, evaluate_head};

use crate::{ErrorKind, Result};

/// Stops with both lengths if there is not one truth for each value.
#[track_caller]
fn assert_one_truth_each(values: usize, truth: usize) {
    assert_eq!(values, truth, "one truth is needed for each value");
}

/// [`ErrorKind::DimensionMismatch`] if `what` was found with another length than expected.
fn check_length(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(ErrorKind::DimensionMismatch {
        what,
        found,
        expected,
    }
    .into())
}

/// `numerator / denominator`, or 0.0 where that is 0/0.
fn ratio(numerator: u64, denominator: u64) -> f64 {
    if denominator == 0 {
        0.0
    } else {
        numerator as f64 / denominator as f64
    }
}

/// The arithmetic mean, or `None` of nothing.
fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values
        .into_iter()
        .fold((0.0, 0_u64), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}
