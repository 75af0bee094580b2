//! What a model says of one text.

use super::{Classifier, Head};
use crate::text::Diagnostics;

/// What a model says of one text: probabilities and labels for each head.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction<'a> {
    pub(super) heads: &'a [Head],
    /// Of every label of every head.
    pub(super) probabilities: Vec<f32>,
    pub(super) decided: Vec<bool>,
    pub(super) abstained: bool,
    pub(super) diagnostics: Diagnostics,
}

/// The part of a [`Prediction`] that one head gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadPrediction<'a> {
    head: &'a Head,
    probabilities: &'a [f32],
    decided: &'a [bool],
}

/// Turns the scores of all labels into probabilities, in place; which labels they stand for, and whether a decision lies
/// within the abstain band.
pub(super) fn decide(heads: &[Head], scores: &mut [f32]) -> (Vec<bool>, bool) {
    let mut decided = vec![false; scores.len()];
    let mut abstained = false;
    // A head that requires another is asked after it.
    let of_depth = |depth| heads.iter().filter(move |head| head.depth(heads) == depth);
    for head in (0..heads.len()).flat_map(of_depth) {
        let probabilities = &mut scores[head.outputs.clone()];
        head.calibrate(probabilities);
        let applies = head
            .requires
            .is_none_or(|required| decided[heads[required].outputs.clone()].contains(&true));
        if applies {
            head.decide(probabilities, &mut decided[head.outputs.clone()]);
            abstained |= head.abstains(probabilities);
        }
    }
    (decided, abstained)
}

impl<'a> Prediction<'a> {
    /// Applies calibration, thresholds and the abstain band to the scores of all labels.
    pub(super) fn new(classifier: &'a Classifier, mut scores: Vec<f32>, diagnostics: Diagnostics) -> Self {
        let heads = classifier.heads();
        let (decided, abstained) = decide(heads, &mut scores);
        Self {
            heads,
            probabilities: scores,
            decided,
            abstained,
            diagnostics,
        }
    }

    /// What each head says, in the order of [`Classifier::heads`].
    pub fn heads(&self) -> impl Iterator<Item = HeadPrediction<'_>> {
        self.heads.iter().map(|head| HeadPrediction {
            head,
            probabilities: &self.probabilities[head.outputs.clone()],
            decided: &self.decided[head.outputs.clone()],
        })
    }

    /// What one head says; `None` if the model has no such head.
    #[must_use]
    pub fn head(&self, name: &str) -> Option<HeadPrediction<'_>> {
        self.heads().find(|prediction| prediction.head.name() == name)
    }

    /// The labels that one head gives; none if the model has no such head.
    #[must_use]
    pub fn labels(&self, head: &str) -> Vec<&str> {
        self.head(head)
            .map(|head| head.labels().collect())
            .unwrap_or_default()
    }

    /// Whether a decision was too close to call: see
    /// [`Decision::abstain_margin`](super::Decision::abstain_margin). The labels stand all the same.
    #[must_use]
    pub fn abstained(&self) -> bool {
        self.abstained
    }

    /// What in the text hides words from programs: beside the labels, and without influence on them.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        self.diagnostics
    }
}

impl<'a> HeadPrediction<'a> {
    /// The head.
    #[must_use]
    pub fn head(&self) -> &'a Head {
        self.head
    }

    /// The labels given: any number in a multi-label head, one in a single-label head, or none if a head
    /// that it requires gave none.
    pub fn labels(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let given = self
            .head
            .labels()
            .iter()
            .zip(self.decided)
            .filter(|(_, decided)| **decided);
        given.map(|(label, _)| label.name.as_str())
    }

    /// Whether each label was given, in the order of [`Head::labels`].
    #[must_use]
    pub fn decided(&self) -> &'a [bool] {
        self.decided
    }

    /// Probabilities, in the order of [`Head::labels`], `0..=1`; those of a single-label head sum to 1.
    #[must_use]
    pub fn probabilities(&self) -> &'a [f32] {
        self.probabilities
    }

    /// The probability of one label; `None` if the head has no such label.
    #[must_use]
    pub fn probability(&self, label: &str) -> Option<f32> {
        let position = self.head.labels().iter().position(|other| other.name == label)?;
        self.probabilities.get(position).copied()
    }
}
