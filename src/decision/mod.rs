//! From scores to decisions: folds, calibrated probabilities, thresholds.
//!
//! All of it is learned from *out-of-fold* scores: each document is scored by a model that was trained
//! without its group.

mod calibration;
mod folds;
#[cfg(test)]
mod tests;
mod threshold;

pub use calibration::{Calibration, CalibrationMethod, Platt};
pub use threshold::Threshold;

pub(crate) use folds::{Folds, Strata};

/// Rounds to a multiple of 1/4096.
///
/// Calibrations and thresholds are rounded so that the last bits of sums, which differ between processors
/// inside `linfa-logistic`, do not reach the model file.
fn round(x: f64) -> f32 {
    const STEPS: f64 = 4096.0;
    ((x * STEPS).round() / STEPS) as f32
}
