//! Heads of a model: how its scores become probabilities and labels.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView1, Axis};

use super::out_of_fold::Scores;
use super::training::{Targets, Training};
use crate::classifier::head::log_odds;
use crate::classifier::{Head, Label};
use crate::corpus::HeadKind;
use crate::decision::{CalibrationMethod, Calibrator, Threshold, pooled};
use crate::linear::softmax;

impl Training<'_> {
    /// Heads with calibration and thresholds from out-of-fold scores.
    ///
    /// A label that could not be held out in every fold has those of the other labels of its head together.
    pub(super) fn calibrate(&self, scores: &Scores) -> Vec<Head> {
        let mut heads = self.uncalibrated();
        for (position, head) in heads.iter_mut().enumerate() {
            let columns = self.columns(position, &scores.heads[position]);
            let own = &scores.own[head.outputs.clone()];
            let calibrations = calibrations(self.recipe.calibration.method, &columns, own);
            let mut calibrated = Vec::with_capacity(columns.len());
            for ((label, calibration), (scores, truth)) in
                head.labels.iter_mut().zip(calibrations).zip(columns)
            {
                label.calibration = calibration;
                let probability = |score: f64| f64::from(label.calibration.probability(score as f32));
                calibrated.push((scores.into_iter().map(probability).collect(), truth));
            }
            if head.kind == HeadKind::MultiLabel {
                self.set_thresholds(&mut head.labels, &calibrated, own);
            }
        }
        heads
    }

    /// The thresholds of the labels of a multi-label head, and those to choose from if the recipe asks for them.
    fn set_thresholds(&self, labels: &mut [Label], calibrated: &[(Vec<f64>, Vec<bool>)], own: &[bool]) {
        let thresholds = self.recipe.decision.threshold.choose(calibrated, own);
        for (label, threshold) in labels.iter_mut().zip(thresholds) {
            label.threshold = threshold;
        }
        if !self.recipe.decision.operating_points {
            return;
        }
        for (name, rule) in Threshold::OPERATING_POINTS {
            for (label, threshold) in labels.iter_mut().zip(rule.choose(calibrated, own)) {
                label.operating_points.insert(name.to_owned(), threshold);
            }
        }
    }

    /// What each label of a head is calibrated on: scores, of a softmax their log odds, and truth, where it is known.
    fn columns(&self, head: usize, scores: &Array2<f64>) -> Vec<(Vec<f64>, Vec<bool>)> {
        let targets = &self.targets[head];
        let mut scores = scores.select(Axis(0), &targets.known());
        if targets.kind == HeadKind::SingleLabel {
            for mut row in scores.axis_iter_mut(Axis(0)) {
                if let Some(row) = row.as_slice_mut() {
                    softmax(row);
                }
                row.mapv_inplace(log_odds);
            }
        }
        let columns = scores.axis_iter(Axis(1)).zip(targets.matrix.axis_iter(Axis(1)));
        columns
            .map(|(scores, truth)| (scores.to_vec(), truth.to_vec()))
            .collect()
    }

    /// The most probable label is always given where every document of the corpus has one, unless thresholds are there for
    /// something else than F1.
    fn best_from(&self, targets: &Targets) -> Option<f32> {
        let is_labelled = |labels: ArrayView1<'_, bool>| labels.iter().any(|has| *has);
        let always = targets.kind == HeadKind::MultiLabel
            && self.recipe.decision.threshold == Threshold::F1
            && targets.matrix.axis_iter(Axis(0)).all(is_labelled);
        always.then_some(0.0)
    }

    /// Heads whose probabilities are the logistic function, or the softmax, of the score.
    pub(super) fn uncalibrated(&self) -> Vec<Head> {
        let threshold = match self.recipe.decision.threshold {
            Threshold::Probability(probability) => probability as f32,
            Threshold::F1 | Threshold::Precision(_) | Threshold::Recall(_) => 0.5,
        };
        let mut start = 0;
        let heads = self.corpus.heads();
        heads
            .iter()
            .zip(&self.targets)
            .map(|(head, targets)| {
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
                            calibration: Calibrator::IDENTITY,
                            threshold: match head.kind {
                                HeadKind::MultiLabel => threshold,
                                HeadKind::SingleLabel => minimum(name).unwrap_or(0.0),
                            },
                            operating_points: BTreeMap::new(),
                        })
                        .collect(),
                    best_from: said.and_then(|said| said.best_from).or(self.best_from(targets)),
                    outputs,
                    requires: required.and_then(|name| heads.iter().position(|head| head.name == *name)),
                    calibration: self.recipe.calibration.method,
                    abstain_margin: self.recipe.decision.abstain_margin,
                }
            })
            .collect()
    }
}

/// The calibration of each label: its own, or that of all labels with one together, or none if there is no such label.
fn calibrations(
    method: CalibrationMethod,
    columns: &[(Vec<f64>, Vec<bool>)],
    own: &[bool],
) -> Vec<Calibrator> {
    let common = LazyCell::new(|| match pooled(columns, own) {
        (scores, _) if scores.is_empty() => Calibrator::IDENTITY,
        (scores, truth) => Calibrator::fit(method, &scores, &truth),
    });
    let labels = columns.iter().zip(own);
    labels
        .map(|((scores, truth), own)| match own {
            true => Calibrator::fit(method, scores, truth),
            false => common.clone(),
        })
        .collect()
}
