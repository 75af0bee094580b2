//! How good the decisions of a recipe are on documents held out.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::out_of_fold::Scores;
use super::training::Training;
use crate::classifier::prediction::decide;
use crate::classifier::{Head, Recipe};
use crate::corpus::{Corpus, HeadKind};
use crate::decision::{Partition, Threshold};
use crate::error::Result;
use crate::features::TermCounts;
use crate::metrics::Confusion;
use crate::strata::Strata;

/// How good a recipe was with one rule for its thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The rule.
    pub threshold: Threshold,
    /// Macro-F1 over the labels of a head, from the decisions of all folds counted together; the mean over heads.
    pub macro_f1: f64,
    /// The same of each fold by itself: lower, since a fold has few documents of a rare label.
    pub folds: Vec<f64>,
}

/// Groups and labels of a corpus that this recipe can be trained on: the errors are those of [`Recipe::fit`].
pub(crate) fn strata(recipe: &Recipe, corpus: &Corpus) -> Result<Strata> {
    let training = Training::with_terms(recipe, corpus, TermCounts::join([]))?;
    training.check_labels()?;
    Ok(training.strata())
}

/// Trains on each split and decides on what it holds out, by the threshold rule of the recipe and then with each of
/// `cuts` as threshold of every label of multi-label heads.
///
/// Calibration and thresholds of a fold are learned from the scores of the other folds' documents: so each split costs
/// one training, not one more for each fold of an inner cross-validation. The models of those scores have seen the
/// labels of the fold that is judged, but only calibration and a threshold a label could pass on what they say of other
/// documents.
pub(crate) fn cross_validate(
    recipe: &Recipe,
    corpus: &Corpus,
    terms: TermCounts,
    splits: &[Partition],
    cuts: &[f64],
) -> Result<Vec<Figures>> {
    let training = Training::with_terms(recipe, corpus, terms)?;
    let scores = training.out_of_fold(&training.strata(), splits)?;
    let judged: Vec<Vec<Vec<Confusion>>> = splits
        .par_iter()
        .map(|split| training.judge(&scores, split, cuts))
        .collect();
    let rules =
        std::iter::once(recipe.decision.threshold).chain(cuts.iter().map(|&p| Threshold::Probability(p)));
    Ok(rules
        .enumerate()
        .map(|(rule, threshold)| {
            let folds = || judged.iter().map(|fold| fold[rule].as_slice());
            Figures {
                threshold,
                macro_f1: training.macro_f1(&sum(folds())),
                folds: folds().map(|fold| training.macro_f1(fold)).collect(),
            }
        })
        .collect())
}

/// The counts of each label over all folds.
fn sum<'a>(folds: impl Iterator<Item = &'a [Confusion]>) -> Vec<Confusion> {
    let mut total: Vec<Confusion> = Vec::new();
    for fold in folds {
        total.resize(fold.len(), Confusion::default());
        total
            .iter_mut()
            .zip(fold)
            .for_each(|(total, fold)| *total += *fold);
    }
    total
}

impl Training<'_> {
    /// For each rule, the counts of every label of every head on the documents held out.
    fn judge(&self, scores: &Scores, split: &Partition, cuts: &[f64]) -> Vec<Vec<Confusion>> {
        let (train, held_out) = split;
        let heads = self.restricted(train).heads(Some(scores));
        let cut = cuts.iter().map(|&cut| with_cut(&heads, cut));
        let rules = std::iter::once(heads.clone()).chain(cut);
        rules.map(|heads| self.count(&heads, scores, held_out)).collect()
    }

    fn count(&self, heads: &[Head], scores: &Scores, documents: &[usize]) -> Vec<Confusion> {
        let n_outputs = heads.iter().map(|head| head.labels.len()).sum();
        let mut counts = vec![Confusion::default(); n_outputs];
        for &document in documents {
            let rows = scores.heads.iter().flat_map(|scores| scores.row(document));
            let mut row: Vec<f32> = rows.map(|&score| score as f32).collect();
            let (decided, _) = decide(heads, &mut row);
            for (head, targets) in heads.iter().zip(&self.targets) {
                let Some(known) = targets.row_of[document] else {
                    continue;
                };
                for (output, &truth) in head.outputs.clone().zip(targets.matrix.row(known)) {
                    counts[output] += Confusion::from_predictions(&[decided[output]], &[truth]);
                }
            }
        }
        counts
    }

    /// The mean over heads of the mean F1 of their labels.
    fn macro_f1(&self, counts: &[Confusion]) -> f64 {
        let (mut rest, mut sum) = (counts, 0.0);
        for head in self.corpus.heads() {
            let (own, others) = rest.split_at(head.labels.len());
            sum += own.iter().map(Confusion::f1).sum::<f64>() / own.len() as f64;
            rest = others;
        }
        sum / self.corpus.heads().len() as f64
    }
}

/// The heads with this threshold for each label of multi-label ones, as [`Threshold::Probability`] chooses it.
fn with_cut(heads: &[Head], cut: f64) -> Vec<Head> {
    let mut heads = heads.to_vec();
    let multi_label = heads.iter_mut().filter(|head| head.kind == HeadKind::MultiLabel);
    multi_label
        .flat_map(|head| &mut head.labels)
        .for_each(|label| label.threshold = cut as f32);
    heads
}
