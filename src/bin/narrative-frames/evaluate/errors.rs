//! The errors worth reading: those of which the model was most sure.

use narrative_frames::classifier::Head;
use narrative_frames::corpus::Corpus;
use serde::Serialize;

use super::measured::MeasuredHead;

/// Errors of each kind and label that are shown.
const SHOWN: usize = 5;

/// The most confident errors of a head, over the documents for which it was asked; without their texts.
#[derive(Serialize)]
pub(super) struct HeadErrors {
    pub(super) head: String,
    pub(super) labels: Vec<LabelErrors>,
}

#[derive(Serialize)]
pub(super) struct LabelErrors {
    pub(super) label: String,
    /// Given, not true; the most probable first.
    pub(super) false_positives: Vec<Mistake>,
    /// True, not given; the least probable first.
    pub(super) false_negatives: Vec<Mistake>,
}

/// One document that was given a label wrongly, or wrongly not.
#[derive(Serialize)]
pub(super) struct Mistake {
    /// Position of the document.
    pub(super) document: usize,
    /// Where it stands.
    pub(super) location: String,
    pub(super) id: Option<String>,
    /// That of the label in question.
    pub(super) probability: f64,
    pub(super) truth: Vec<String>,
    pub(super) given: Vec<String>,
}

pub(super) fn worst(head: &Head, measured: &MeasuredHead, corpus: &Corpus) -> HeadErrors {
    let labels = head.labels().iter().enumerate();
    let label = |(column, label): (usize, &narrative_frames::classifier::Label)| LabelErrors {
        label: label.name.clone(),
        false_positives: mistakes(head, measured, corpus, column, true),
        false_negatives: mistakes(head, measured, corpus, column, false),
    };
    HeadErrors {
        head: head.name().to_owned(),
        labels: labels.map(label).collect(),
    }
}

/// The documents that were, or were not, given a label against the truth; those of which the model was surest, first.
fn mistakes(
    head: &Head,
    measured: &MeasuredHead,
    corpus: &Corpus,
    column: usize,
    given: bool,
) -> Vec<Mistake> {
    let at = |row: usize| (row, column);
    let mut rows: Vec<usize> = measured
        .answered()
        .filter(|&row| measured.predicted[at(row)] == given && measured.truth[at(row)] != given)
        .collect();
    let probability = |row: usize| measured.probabilities[at(row)];
    rows.sort_by(|&a, &b| {
        let order = probability(a).total_cmp(&probability(b));
        if given { order.reverse() } else { order }
    });
    rows.truncate(SHOWN);
    let names = |row: ndarray::ArrayView1<'_, bool>| {
        let labels = head.labels().iter().zip(row);
        let yes = labels.filter(|(_, yes)| **yes);
        yes.map(|(label, _)| label.name.clone()).collect()
    };
    let mistake = |row: usize| Mistake {
        document: row,
        location: corpus.documents()[row].location.to_string(),
        id: corpus.documents()[row].id.clone(),
        probability: probability(row),
        truth: names(measured.truth.row(row)),
        given: names(measured.predicted.row(row)),
    };
    rows.into_iter().map(mistake).collect()
}
