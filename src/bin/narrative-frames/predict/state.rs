//! How far a job is.

use std::sync::Arc;
use std::time::Instant;

use super::counts::{Counts, HeadCounts};
use super::shape::{HeadNames, Shape};

/// How far a job is. Shared by what scores and what shows.
#[derive(Debug, Clone)]
pub(super) struct State {
    shape: Arc<Shape>,
    pub(super) counts: Counts,
    /// Bytes of the inputs that were read, before they were decompressed.
    pub(super) input_bytes: u64,
    /// Records that were scored by earlier runs of the job.
    pub(super) resumed_at: u64,
    started: Instant,
}

impl State {
    pub(super) fn new(shape: Arc<Shape>, counts: Counts) -> Self {
        Self {
            shape,
            resumed_at: counts.records,
            counts,
            input_bytes: 0,
            started: Instant::now(),
        }
    }

    /// Names and counts of the heads that are written.
    pub(super) fn heads(&self) -> impl Iterator<Item = (&HeadNames, &HeadCounts)> {
        self.shape.heads().zip(&self.counts.heads)
    }

    /// Fields of `--keep` that no record has.
    pub(super) fn missing_fields(&self) -> impl Iterator<Item = &str> {
        let fields = self.shape.kept_fields().iter().zip(&self.counts.kept);
        fields
            .filter(|(_, count)| **count == 0)
            .map(|(field, _)| field.as_str())
    }

    /// How long this run has worked.
    pub(super) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Records of this run by the second.
    pub(super) fn rate(&self) -> f64 {
        let records = self.counts.records - self.resumed_at;
        records as f64 / self.seconds().max(1e-9)
    }
}
