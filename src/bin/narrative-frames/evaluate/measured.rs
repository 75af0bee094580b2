//! Truth and predictions, document by document.

use anyhow::Context;
use narrative_frames::Classifier;
use narrative_frames::classifier::{Head, Prediction};
use narrative_frames::corpus::{Corpus, HeadKind};
use narrative_frames::metrics::{Bootstrap, HeadInput, HeadReport, evaluate_head};
use ndarray::{Array2, Axis};

/// Truth and predictions of every document.
pub(super) struct Measured<'a> {
    pub(super) classifier: &'a Classifier,
    pub(super) corpus: &'a Corpus,
    pub(super) heads: Vec<MeasuredHead>,
    pub(super) groups: Vec<usize>,
}

pub(super) struct MeasuredHead {
    pub(super) truth: Array2<bool>,
    pub(super) known: Vec<bool>,
    /// Whether the head was asked: whether one that it requires gave a label.
    pub(super) asked: Vec<bool>,
    pub(super) predicted: Array2<bool>,
    pub(super) probabilities: Array2<f64>,
}

impl<'a> Measured<'a> {
    pub(super) fn new(classifier: &'a Classifier, corpus: &'a Corpus) -> anyhow::Result<Self> {
        let predictions = predict(classifier, corpus)?;
        let heads = (0..classifier.heads().len())
            .map(|head| MeasuredHead::new(&classifier.heads()[head], head, corpus, &predictions))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            classifier,
            corpus,
            heads,
            groups: corpus.groups(),
        })
    }

    /// What another model says of the same documents.
    pub(super) fn predict<'o>(&self, other: &'o Classifier) -> anyhow::Result<Vec<Prediction<'o>>> {
        predict(other, self.corpus)
    }

    /// Something of each head.
    pub(super) fn each_head<T>(&self, of: impl Fn(&Head, &MeasuredHead) -> T) -> Vec<T> {
        let heads = self.classifier.heads().iter().zip(&self.heads);
        heads.map(|(head, measured)| of(head, measured)).collect()
    }

    /// The figures of some of the documents: each head, and each that requires another once more where it
    /// was asked.
    pub(super) fn report(&self, rows: &[usize]) -> narrative_frames::Result<Vec<HeadReport>> {
        let mut reports = Vec::new();
        for (head, measured) in self.classifier.heads().iter().zip(&self.heads) {
            reports.push(measured.report(head.name(), head, rows, &self.groups)?);
            if let Some(required) = head.requires() {
                let asked: Vec<usize> = rows.iter().copied().filter(|&row| measured.asked[row]).collect();
                let required = self.classifier.heads()[required].name();
                let name = format!("{} where {required} gives a label", head.name());
                reports.push(measured.report(&name, head, &asked, &self.groups)?);
            }
        }
        Ok(reports)
    }
}

fn predict<'o>(classifier: &'o Classifier, corpus: &Corpus) -> anyhow::Result<Vec<Prediction<'o>>> {
    let predictions = classifier.predict_batch(&corpus.texts()).into_iter();
    predictions
        .zip(corpus.documents())
        .map(|(prediction, document)| prediction.with_context(|| document.location.to_string()))
        .collect()
}

impl MeasuredHead {
    fn new(
        head: &Head,
        position: usize,
        corpus: &Corpus,
        predictions: &[Prediction<'_>],
    ) -> narrative_frames::Result<Self> {
        let shape = (predictions.len(), head.labels().len());
        let mut measured = Self {
            truth: Array2::from_elem(shape, false),
            known: vec![false; shape.0],
            asked: vec![false; shape.0],
            predicted: Array2::from_elem(shape, false),
            probabilities: Array2::zeros(shape),
        };
        for (row, (document, prediction)) in corpus.documents().iter().zip(predictions).enumerate() {
            if let Some(labels) = &document.labels[position] {
                measured.known[row] = true;
                for label in labels {
                    measured.truth[(row, head.position(label)?)] = true;
                }
            }
            measured.asked[row] = asked(head, prediction);
            if let Some(prediction) = prediction.head(head.name()) {
                for (label, (&decided, &p)) in prediction
                    .decided()
                    .iter()
                    .zip(prediction.probabilities())
                    .enumerate()
                {
                    measured.predicted[(row, label)] = decided;
                    measured.probabilities[(row, label)] = f64::from(p);
                }
            }
        }
        Ok(measured)
    }

    /// The documents whose labels are known and for which the head was asked.
    pub(super) fn answered(&self) -> impl Iterator<Item = usize> {
        (0..self.known.len()).filter(|&row| self.known[row] && self.asked[row])
    }

    fn report(
        &self,
        name: &str,
        head: &Head,
        rows: &[usize],
        groups: &[usize],
    ) -> narrative_frames::Result<HeadReport> {
        let labels = head.label_names();
        let known: Vec<bool> = rows.iter().map(|&row| self.known[row]).collect();
        let groups: Vec<usize> = rows.iter().map(|&row| groups[row]).collect();
        evaluate_head(HeadInput {
            head: name,
            single_label: head.kind() == HeadKind::SingleLabel,
            labels: &labels,
            truth: self.truth.select(Axis(0), rows).view(),
            known: &known,
            predicted: self.predicted.select(Axis(0), rows).view(),
            probabilities: self.probabilities.select(Axis(0), rows).view(),
            groups: Some(&groups),
            bootstrap: Bootstrap::default(),
        })
    }
}

/// Whether the head was asked: whether the one that it requires, if any, gave a label.
fn asked(head: &Head, prediction: &Prediction<'_>) -> bool {
    let required = head
        .requires()
        .and_then(|required| prediction.heads().nth(required));
    required.is_none_or(|required| required.decided().contains(&true))
}
