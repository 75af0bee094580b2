//! Training: corpus and recipe in, classifier out.

mod cross_validation;
mod heads;
mod training;

use std::collections::BTreeMap;

use ndarray::Axis;

pub use self::cross_validation::Figures;
pub(crate) use self::cross_validation::{cross_validate, strata};
pub(crate) use self::training::extract;
use self::training::{Fitted, Training};
use super::strongest::strongest;
use super::{Classifier, Head, Provenance, Recipe, Weights};
use crate::corpus::Corpus;
use crate::decision::{CalibrationMethod, Folds};
use crate::error::Result;
use crate::linear::Convergence;

/// What a training run says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingReport {
    /// Documents read.
    pub documents: usize,
    /// Groups that cross-validation kept together.
    pub groups: usize,
    /// N-grams in the vocabulary.
    pub features: usize,
    /// Each label, in the order of the model's outputs.
    pub labels: Vec<LabelTraining>,
}

/// What a training run says of one label.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelTraining {
    /// Its head.
    pub head: String,
    /// The label.
    pub label: String,
    /// Documents that have it.
    pub positives: usize,
    /// Documents whose labels of this head are known.
    pub known: usize,
    /// How the solver ended; labels of a single-label head share one run.
    pub convergence: Convergence,
}

impl Recipe {
    /// Trains a classifier.
    ///
    /// Heads are those of the corpus; the recipe may say more of them. With calibration, documents are
    /// scored out of fold: `folds + 1` models are trained, in parallel. The bits of the result do not depend on
    /// the number of threads; with the sparse solver, not on the machine either.
    ///
    /// Cost: one pass over the texts for their n-grams (kept in memory, 12 bytes for each distinct one of a document),
    /// then for each model one sort of them and the solvers' passes. Models of folds are trained side by side, each
    /// with rows of its own (8 bytes a value); spreading groups over folds takes at most groups × labels² steps.
    /// With `max_features` each model that has more n-grams is trained twice.
    ///
    /// # Errors
    ///
    /// Those of [`Recipe::check`]; of [`ErrorKind`](crate::ErrorKind): `SingleClass`, `TooFewPositives` and
    /// `UnevenFolds` with head and label, `InvalidDocument` for a text that is too long, `Unknown` if the recipe names
    /// a head that the corpus lacks.
    pub fn fit(&self, corpus: &Corpus) -> Result<(Classifier, TrainingReport)> {
        self.check()?;
        let training = Training::new(self, corpus)?;
        let groups = groups(corpus);
        let strata = training.strata(&groups);
        training.check_labels(&strata)?;
        let all: Vec<usize> = (0..corpus.documents().len()).collect();
        let fitted = training.fit(&all)?;
        let heads = match self.calibration.method {
            CalibrationMethod::Platt => {
                let splits: Vec<_> = Folds::assign(&strata, self.calibration.folds, 0)
                    .splits()
                    .collect();
                training.calibrate(&training.out_of_fold(&splits)?)?
            }
            CalibrationMethod::None => training.uncalibrated(),
        };
        training.assemble(fitted, heads, groups.iter().max().map_or(0, |last| last + 1))
    }
}

/// A number for the group of each document; a document without a group is one of its own.
fn groups(corpus: &Corpus) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    let mut next = 0;
    let mut new = || {
        next += 1;
        next - 1
    };
    let documents = corpus.documents().iter();
    documents
        .map(|document| match &document.group {
            Some(group) => *numbers.entry(group.as_str()).or_insert_with(&mut new),
            None => new(),
        })
        .collect()
}

impl Training<'_> {
    fn assemble(
        &self,
        fitted: Fitted,
        heads: Vec<Head>,
        groups: usize,
    ) -> Result<(Classifier, TrainingReport)> {
        let n_features = fitted.vectorizer.vocabulary().len();
        let columns: Vec<_> = fitted
            .heads
            .iter()
            .flat_map(|head| head.weights.axis_iter(Axis(1)))
            .collect();
        let mut weights = Vec::with_capacity(n_features * columns.len());
        for feature in 0..n_features {
            weights.extend(columns.iter().map(|column| column[feature] as f32));
        }
        let intercepts: Vec<f32> = fitted
            .heads
            .iter()
            .flat_map(|head| &head.intercepts)
            .map(|&x| x as f32)
            .collect();
        let texts: Vec<&str> = self
            .corpus
            .documents()
            .iter()
            .map(|document| document.text.as_str())
            .collect();
        let provenance = Provenance {
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            corpus_digest: self.corpus.digest(),
            documents: texts.len(),
            strongest: strongest(&fitted.vectorizer, &weights, intercepts.len(), &texts)?,
            ..Provenance::default()
        };
        let report = self.report(&fitted, groups);
        let classifier = Classifier {
            weights: Weights::new(&weights, fitted.vectorizer.idf(), intercepts.len()),
            vectorizer: fitted.vectorizer,
            heads,
            intercepts,
            recipe: self.recipe.clone(),
            provenance,
            card: None,
        };
        Ok((classifier, report))
    }

    fn report(&self, fitted: &Fitted, groups: usize) -> TrainingReport {
        let mut labels = Vec::new();
        for ((head, targets), fitted) in self.corpus.heads().iter().zip(&self.targets).zip(&fitted.heads) {
            for (label, name) in head.labels.iter().enumerate() {
                let column = targets.matrix.column(label);
                labels.push(LabelTraining {
                    head: head.name.clone(),
                    label: name.clone(),
                    positives: column.iter().filter(|has| **has).count(),
                    known: column.len(),
                    convergence: fitted.convergence[label],
                });
            }
        }
        TrainingReport {
            documents: self.corpus.documents().len(),
            groups,
            features: fitted.vectorizer.vocabulary().len(),
            labels,
        }
    }
}
