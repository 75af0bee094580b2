//! From scores to decisions: folds, calibrated probabilities, thresholds.
//!
//! All of it is learned from *out-of-fold* scores: each document is scored by a model that was trained
//! without its group.

mod calibration;
mod folds;
mod isotonic;
#[cfg(test)]
mod tests;
mod threshold;

pub use calibration::{AUTO_ISOTONIC_POSITIVES, Calibration, CalibrationMethod, Calibrator, Platt};
pub use isotonic::Isotonic;
pub use threshold::Threshold;

pub(crate) use folds::{Folds, Partition};
pub(crate) use threshold::pooled;

/// Rounds to a multiple of 1/4096, finer than a probability can be known and short in the header of a model.
fn round(x: f64) -> f32 {
    const STEPS: f64 = 4096.0;
    ((x * STEPS).round() / STEPS) as f32
}
