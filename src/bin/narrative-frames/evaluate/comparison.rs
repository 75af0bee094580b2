//! Two models on the same documents.

use std::path::Path;

use anyhow::Context;
use narrative_frames::Classifier;
use narrative_frames::classifier::{Head, Prediction};
use narrative_frames::metrics::{Bootstrap, CompareInput, HeadComparison, compare_head};
use ndarray::{Array2, Axis};
use serde::Serialize;

use super::measured::{Measured, MeasuredHead};

/// How the model differs from another.
#[derive(Serialize)]
pub(super) struct Comparison {
    pub(super) path: String,
    /// Digest of the other model.
    pub(super) model: String,
    pub(super) heads: Vec<HeadComparison>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A head that cannot be compared.
#[derive(Serialize)]
pub(super) struct LeftOut {
    pub(super) head: String,
    pub(super) reason: &'static str,
}

/// Compares every head that both models have. A label that only one of them knows is never given by the other.
pub(super) fn compare(path: &Path, measured: &Measured<'_>) -> anyhow::Result<Comparison> {
    let other = Classifier::load(path)?;
    let predictions = measured.predict(&other)?;
    let mut comparison = Comparison {
        path: path.display().to_string(),
        model: other.digest(),
        heads: Vec::new(),
        left_out: Vec::new(),
    };
    for (head, of) in measured.classifier.heads().iter().zip(&measured.heads) {
        match other.heads().iter().find(|other| other.name() == head.name()) {
            None => comparison.leave_out(head, "the other model does not have it"),
            Some(theirs) if theirs.kind() != head.kind() => {
                comparison.leave_out(head, "one model gives it one label, the other any number");
            }
            Some(theirs) => {
                let head = compare_one(head, of, theirs, &predictions, &measured.groups);
                comparison
                    .heads
                    .push(head.with_context(|| path.display().to_string())?);
            }
        }
    }
    let names: Vec<&str> = measured.classifier.heads().iter().map(Head::name).collect();
    for theirs in other.heads().iter().filter(|head| !names.contains(&head.name())) {
        comparison.leave_out(theirs, "only the other model has it");
    }
    Ok(comparison)
}

impl Comparison {
    fn leave_out(&mut self, head: &Head, reason: &'static str) {
        let head = head.name().to_owned();
        self.left_out.push(LeftOut { head, reason });
    }
}

fn compare_one(
    head: &Head,
    measured: &MeasuredHead,
    theirs: &Head,
    predictions: &[Prediction<'_>],
    groups: &[usize],
) -> narrative_frames::Result<HeadComparison> {
    let mut labels = head.label_names();
    let mut only_theirs = theirs.label_names();
    only_theirs.retain(|label| !labels.contains(label));
    labels.append(&mut only_theirs);
    let rows: Vec<usize> = (0..measured.known.len())
        .filter(|&row| measured.known[row])
        .collect();
    let mut other = Array2::from_elem((rows.len(), labels.len()), false);
    for (mut given, &row) in other.rows_mut().into_iter().zip(&rows) {
        for label in predictions[row].labels(theirs.name()) {
            labels
                .iter()
                .position(|name| name == label)
                .into_iter()
                .for_each(|column| given[column] = true);
        }
    }
    let padding = Array2::from_elem((rows.len(), labels.len() - head.labels().len()), false);
    let wider = |ours: &Array2<bool>| {
        let ours = ours.select(Axis(0), &rows);
        ndarray::concatenate![Axis(1), ours, padding]
    };
    let groups: Vec<usize> = rows.iter().map(|&row| groups[row]).collect();
    compare_head(CompareInput {
        head: head.name(),
        labels: &labels,
        truth: wider(&measured.truth).view(),
        predicted: wider(&measured.predicted).view(),
        other: other.view(),
        groups: Some(&groups),
        bootstrap: Bootstrap::default(),
    })
}
