//! What models say of documents that they have not learned from.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::training::{Fitted, Training};
use crate::classifier::Head;
use crate::corpus::HeadKind;
use crate::decision::Partition;
use crate::error::{ErrorKind, Result};
use crate::metrics::{Bootstrap, HeadInput, HeadReport, evaluate_head};
use crate::strata::Strata;

/// Answers of one head to the documents whose labels it knows, each by a model trained without the group of the document.
///
/// Calibration (two numbers a label, or the points of an [`Isotonic`](crate::decision::Isotonic) map) and the thresholds have
/// seen these answers, and nothing else has.
/// A head that requires another is asked everywhere.
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfFold {
    /// Name of the head.
    pub head: String,
    /// How many labels a document can have.
    pub kind: HeadKind,
    /// Its labels, in the order of the columns.
    pub labels: Vec<String>,
    /// For each label, whether every fold was scored by a model that had learned it, and there were as many groups with
    /// the label as folds. The columns of other labels say little.
    pub own: Vec<bool>,
    /// Positions of the documents in [`Corpus::documents`](crate::corpus::Corpus::documents), ascending: one a row.
    pub documents: Vec<usize>,
    /// The group of each document, as a number.
    pub groups: Vec<usize>,
    /// Which labels are true, `(n_samples, n_labels)`.
    pub truth: Array2<bool>,
    /// Calibrated probabilities, `(n_samples, n_labels)`.
    pub probabilities: Array2<f64>,
    /// Which labels are given, `(n_samples, n_labels)`.
    pub decided: Array2<bool>,
}

/// A label that a model, trained on the other documents, would not have given, or would have.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// Position of the document in [`Corpus::documents`](crate::corpus::Corpus::documents).
    pub document: usize,
    /// Position of the label in [`OutOfFold::labels`].
    pub label: usize,
    /// Whether the document has the label; always of a single-label head.
    pub given: bool,
    /// Out-of-fold probability of the label.
    pub probability: f64,
    /// Of a single-label head, the label that the probabilities speak for.
    pub suggested: Option<usize>,
}

impl Contradiction {
    /// The probability of what was given: that of the label if the document has it, else that of its absence.
    #[must_use]
    pub fn self_confidence(&self) -> f64 {
        if self.given {
            self.probability
        } else {
            1.0 - self.probability
        }
    }
}

impl OutOfFold {
    /// Figures with intervals, as [`evaluate_head`] has them.
    ///
    /// # Errors
    ///
    /// As [`evaluate_head`].
    pub fn report(&self) -> Result<HeadReport> {
        evaluate_head(HeadInput {
            head: &self.head,
            single_label: self.kind == HeadKind::SingleLabel,
            labels: &self.labels,
            truth: self.truth.view(),
            known: &vec![true; self.documents.len()],
            predicted: self.decided.view(),
            probabilities: self.probabilities.view(),
            groups: Some(&self.groups),
            bootstrap: Bootstrap::default(),
        })
    }

    /// Labels that are probably wrong, the least believable first; equals in the order of documents and labels.
    ///
    /// A label is contradicted where the model finds another answer more probable: of a single-label head another
    /// label, of a multi-label head, where each label is a question of its own, the other of yes and no. They are ranked
    /// by [`Contradiction::self_confidence`], as confident learning does (Northcutt, Jiang & Chuang 2021). Where a model
    /// is weak, the end of the list says more of it than of the labels. Labels without folds of their own
    /// ([`OutOfFold::own`]) are left out.
    #[must_use]
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut found = match self.kind {
            HeadKind::MultiLabel => self.contradicted_answers(),
            HeadKind::SingleLabel => self.contradicted_choices(),
        };
        found.sort_by(|a, b| a.self_confidence().total_cmp(&b.self_confidence()));
        found
    }

    fn contradicted_answers(&self) -> Vec<Contradiction> {
        let rows = self.truth.outer_iter().zip(self.probabilities.outer_iter());
        let answers = rows.enumerate().flat_map(|(row, (truth, p))| {
            let labels = (0..self.labels.len()).filter(|&label| self.own[label]);
            let contradicted = labels.map(|label| Contradiction {
                document: self.documents[row],
                label,
                given: truth[label],
                probability: p[label],
                suggested: None,
            });
            contradicted.collect::<Vec<_>>()
        });
        answers.filter(|answer| answer.self_confidence() < 0.5).collect()
    }

    fn contradicted_choices(&self) -> Vec<Contradiction> {
        let rows = self.truth.outer_iter().zip(self.probabilities.outer_iter());
        let choices = rows.enumerate().filter_map(|(row, (truth, p))| {
            let given = truth.iter().position(|has| *has)?;
            let best = (0..p.len()).max_by(|&a, &b| p[a].total_cmp(&p[b]).then(b.cmp(&a)))?;
            (p[best] > p[given] && self.own[best] && self.own[given]).then(|| Contradiction {
                document: self.documents[row],
                label: given,
                given: true,
                probability: p[given],
                suggested: Some(best),
            })
        });
        choices.collect()
    }
}

/// Scores of every document of each head, and which labels' scores are good for more than a guess.
pub(super) struct Scores {
    /// `(n_documents, n_labels)`; 0 where nothing could be learned.
    pub(super) heads: Vec<Array2<f64>>,
    /// Of every label of every head.
    pub(super) own: Vec<bool>,
    /// Documents that a fold learned from, on average.
    pub(super) documents: usize,
}

impl Training<'_> {
    /// The scores of every document that a split holds out, of each head, by a model of the documents it learns from.
    pub(super) fn out_of_fold(&self, strata: &Strata, splits: &[Partition]) -> Result<Scores> {
        let scored: Vec<Option<FoldScores>> = splits
            .par_iter()
            .map(|(train, held_out)| self.score_fold(train, held_out))
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<_>>()?;
        let held_out: Vec<usize> = splits.iter().flat_map(|split| split.1.iter().copied()).collect();
        let groups = strata.select(&held_out).groups_by_label();
        let mut scores = Scores {
            heads: self
                .targets
                .iter()
                .map(|targets| self.zeros(targets.matrix.ncols()))
                .collect(),
            own: groups.into_iter().map(|groups| groups >= splits.len()).collect(),
            documents: splits.iter().map(|(train, _)| train.len()).sum::<usize>() / splits.len(),
        };
        for ((_, held_out), fold) in splits.iter().zip(scored) {
            scores.take(held_out, fold);
        }
        Ok(scores)
    }

    fn zeros(&self, n_labels: usize) -> Array2<f64> {
        Array2::zeros((self.corpus.documents().len(), n_labels))
    }

    /// `None` if there is not one n-gram to learn from, as where one group is the whole corpus.
    fn score_fold(&self, train: &[usize], held_out: &[usize]) -> Result<Option<FoldScores>> {
        let fitted = match self.fit(train) {
            Ok(fitted) => fitted,
            Err(error) if matches!(error.kind(), ErrorKind::EmptyCorpus { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let matrix = fitted.vectorizer.transform(&self.terms, held_out);
        Ok(Some(FoldScores {
            heads: fitted.heads.iter().map(|head| head.scores(&matrix)).collect(),
            learned: fitted.learned(),
        }))
    }

    /// Probabilities and decisions of heads from their scores.
    pub(super) fn answers(&self, heads: &[Head], scores: &Scores, groups: &[usize]) -> Vec<OutOfFold> {
        let targets = self.targets.iter().zip(&scores.heads);
        let answers = heads
            .iter()
            .zip(targets)
            .map(|(head, (targets, scores_of_head))| {
                let documents = targets.known();
                let shape = targets.matrix.dim();
                let (mut probabilities, mut decided) =
                    (Array2::zeros(shape), Array2::from_elem(shape, false));
                for (row, &document) in documents.iter().enumerate() {
                    let mut p: Vec<f32> = scores_of_head
                        .row(document)
                        .iter()
                        .map(|&score| score as f32)
                        .collect();
                    let mut given = vec![false; p.len()];
                    head.calibrate(&mut p);
                    head.decide(&p, &mut given);
                    for (label, (p, given)) in p.into_iter().zip(given).enumerate() {
                        (probabilities[(row, label)], decided[(row, label)]) = (f64::from(p), given);
                    }
                }
                OutOfFold {
                    head: head.name.clone(),
                    kind: head.kind,
                    labels: head.label_names(),
                    own: scores.own[head.outputs.clone()].to_vec(),
                    groups: documents.iter().map(|&document| groups[document]).collect(),
                    documents,
                    truth: targets.matrix.clone(),
                    probabilities,
                    decided,
                }
            });
        answers.collect()
    }
}

/// What the model of one fold says of the documents held out.
struct FoldScores {
    heads: Vec<Array2<f64>>,
    learned: Vec<bool>,
}

impl Scores {
    fn take(&mut self, held_out: &[usize], fold: Option<FoldScores>) {
        let Some(fold) = fold else {
            self.own.fill(false);
            return;
        };
        for (own, learned) in self.own.iter_mut().zip(fold.learned) {
            *own &= learned;
        }
        for (scores, fold) in self.heads.iter_mut().zip(fold.heads) {
            for (&document, row) in held_out.iter().zip(fold.axis_iter(Axis(0))) {
                scores.row_mut(document).assign(&row);
            }
        }
    }
}

impl Fitted {
    /// Of every label of every head.
    fn learned(&self) -> Vec<bool> {
        self.heads
            .iter()
            .flat_map(|head| head.learned.iter().copied())
            .collect()
    }
}
