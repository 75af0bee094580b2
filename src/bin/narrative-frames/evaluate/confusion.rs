//! Which labels are given in the place of which.

use narrative_frames::classifier::Head;
use ndarray::ArrayView1;
use serde::Serialize;

use super::measured::MeasuredHead;

/// Over the documents whose labels are known, how many have one label and were given another: rows are true labels,
/// columns those given, in the order of `labels`, and last no label at all. Of a single-label head each document
/// counts once; of a multi-label head once for each pair of a true label and one that was given.
#[derive(Serialize)]
pub(super) struct ConfusionTable {
    pub(super) head: String,
    pub(super) labels: Vec<String>,
    pub(super) counts: Vec<Vec<u64>>,
}

pub(super) fn table(head: &Head, measured: &MeasuredHead) -> ConfusionTable {
    let n_labels = head.labels().len();
    let mut counts = vec![vec![0; n_labels + 1]; n_labels + 1];
    for row in (0..measured.known.len()).filter(|&row| measured.known[row]) {
        let given = positions(measured.predicted.row(row));
        for truth in positions(measured.truth.row(row)) {
            for &given in &given {
                counts[truth][given] += 1;
            }
        }
    }
    ConfusionTable {
        head: head.name().to_owned(),
        labels: head.label_names(),
        counts,
    }
}

/// Where a row says yes; one past its end if nowhere.
fn positions(row: ArrayView1<'_, bool>) -> Vec<usize> {
    let yes: Vec<usize> = (0..row.len()).filter(|&label| row[label]).collect();
    if yes.is_empty() { vec![row.len()] } else { yes }
}
