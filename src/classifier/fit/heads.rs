//! Heads of a model: how its scores become probabilities and labels.

use ndarray::{Array2, Axis};

use super::training::Training;
use crate::classifier::head::log_odds;
use crate::classifier::{Head, Label};
use crate::corpus::HeadKind;
use crate::decision::{Platt, Threshold};
use crate::error::Result;
use crate::linear::softmax;

impl Training<'_> {
    /// Heads with calibration and thresholds from out-of-fold scores.
    pub(super) fn calibrate(&self, scores: &[Array2<f64>]) -> Result<Vec<Head>> {
        let mut heads = self.uncalibrated();
        for ((head, targets), scores) in heads.iter_mut().zip(&self.targets).zip(scores) {
            let known: Vec<usize> = (0..targets.row_of.len())
                .filter(|&d| targets.row_of[d].is_some())
                .collect();
            let mut scores = scores.select(Axis(0), &known);
            if targets.kind == HeadKind::SingleLabel {
                for mut row in scores.axis_iter_mut(Axis(0)) {
                    if let Some(row) = row.as_slice_mut() {
                        softmax(row);
                    }
                    row.mapv_inplace(log_odds);
                }
            }
            let mut calibrated = Vec::with_capacity(head.labels.len());
            let columns = scores.axis_iter(Axis(1)).zip(targets.matrix.axis_iter(Axis(1)));
            for (label, (scores, truth)) in head.labels.iter_mut().zip(columns) {
                let truth = truth.to_vec();
                label.calibration = Platt::fit(&scores.to_vec(), &truth);
                let probability = |&score: &f64| f64::from(label.calibration.probability(score as f32));
                calibrated.push((scores.iter().map(probability).collect(), truth));
            }
            if targets.kind == HeadKind::SingleLabel {
                continue;
            }
            let thresholds = self.recipe.decision.threshold.choose(&calibrated);
            for (label, threshold) in head.labels.iter_mut().zip(thresholds) {
                label.threshold = threshold;
            }
        }
        Ok(heads)
    }

    /// Heads whose probabilities are the logistic function, or the softmax, of the score.
    pub(super) fn uncalibrated(&self) -> Vec<Head> {
        let threshold = match self.recipe.decision.threshold {
            Threshold::Probability(probability) => probability as f32,
            Threshold::F1 | Threshold::Precision(_) => 0.5,
        };
        let mut start = 0;
        let heads = self.corpus.heads();
        heads
            .iter()
            .map(|head| {
                let outputs = start..start + head.labels.len();
                start = outputs.end;
                let said = self.recipe.heads.get(&head.name);
                let required = said.and_then(|said| said.requires.as_ref());
                let minimum = |name: &String| said.and_then(|said| said.minimum.get(name)).copied();
                Head {
                    name: head.name.clone(),
                    kind: head.kind,
                    labels: head
                        .labels
                        .iter()
                        .map(|name| Label {
                            name: name.clone(),
                            calibration: Platt::IDENTITY,
                            threshold: match head.kind {
                                HeadKind::MultiLabel => threshold,
                                HeadKind::SingleLabel => minimum(name).unwrap_or(0.0),
                            },
                        })
                        .collect(),
                    best_from: said.and_then(|said| said.best_from),
                    outputs,
                    requires: required.and_then(|name| heads.iter().position(|head| head.name == *name)),
                    calibration: self.recipe.calibration.method,
                    abstain_margin: self.recipe.decision.abstain_margin,
                }
            })
            .collect()
    }
}
