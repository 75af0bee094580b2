//! Training: corpus and recipe in, classifier out.

mod cross_validation;
mod curve;
mod heads;
mod out_of_fold;
mod training;

pub use self::cross_validation::Figures;
pub(crate) use self::cross_validation::{cross_validate, strata};
pub use self::curve::{LearningCurve, LearningStep};
use self::out_of_fold::Scores;
pub use self::out_of_fold::{Contradiction, OutOfFold};
pub(crate) use self::training::extract;
use self::training::{Fitted, Training, count};
use super::strongest::strongest;
use super::{Classifier, Head, HeadRecipe, Provenance, Recipe, Weights};
use crate::corpus::Corpus;
use crate::decision::Folds;
use crate::error::Result;
use crate::linear::Convergence;
use crate::strata::Strata;

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
    /// What models of the folds said of the documents held out, by head; none with `calibration.method = "none"`.
    pub out_of_fold: Vec<OutOfFold>,
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
    /// Groups with such documents.
    pub groups: usize,
    /// Documents whose labels of this head are known.
    pub known: usize,
    /// Where its calibration and threshold come from.
    pub calibration: CalibrationSource,
    /// How the solver ended; labels of a single-label head share one run.
    pub convergence: Convergence,
}

/// Where the calibration of a label, and its threshold if it has one to learn, come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalibrationSource {
    /// From its own out-of-fold scores.
    Own,
    /// From those of the other labels of its head together: it has fewer groups of positive documents than there are
    /// folds, or some fold takes a class of it from all others.
    Common,
    /// From none: the logistic function, or the softmax, of the score. Either the recipe asks for no calibration, or no
    /// label of the head has scores of its own.
    Identity,
}

impl Recipe {
    /// Trains a classifier.
    ///
    /// Heads are those of the corpus; the recipe may say more of them. With calibration, documents are
    /// scored out of fold: `folds + 1` models are trained, in parallel. A label that is too rare for that is learned all the
    /// same, and [`LabelTraining::calibration`] says what its probabilities rest on. The bits of the result do not depend on
    /// the number of threads; with the sparse solver, not on the machine either.
    ///
    /// Cost: one pass over the texts for their n-grams (kept in memory, 12 bytes for each distinct one of a document),
    /// then for each model one sort of them and the solvers' passes. Models of folds are trained side by side, each
    /// with rows of its own (8 bytes a value); spreading groups over folds takes at most groups × labels² steps.
    /// With `max_features` each model that has more n-grams is trained twice.
    ///
    /// # Errors
    ///
    /// Those of [`Recipe::check`]; of [`ErrorKind`](crate::ErrorKind): `SingleClass` with
    /// head and label, `InvalidDocument` for a text that is too long, `Unknown` if the recipe names
    /// a head that the corpus lacks.
    pub fn fit(&self, corpus: &Corpus) -> Result<(Classifier, TrainingReport)> {
        self.check()?;
        let training = Training::new(self, corpus)?;
        training.check_labels()?;
        let strata = training.strata();
        let all: Vec<usize> = (0..corpus.documents().len()).collect();
        let fitted = training.fit(&all)?;
        let scores = match self.calibration.method.needs_folds() {
            true => {
                let splits: Vec<_> = Folds::assign(&strata, self.calibration.folds, 0)
                    .splits()
                    .collect();
                Some(training.out_of_fold(&strata, &splits)?)
            }
            false => None,
        };
        let heads = training.heads(scores.as_ref());
        let report = training.report(&fitted, &heads, scores.as_ref(), &strata);
        Ok((training.assemble(fitted, heads)?, report))
    }
}

impl Training<'_> {
    /// Calibrated heads if there are scores and the recipe asks for it.
    fn heads(&self, scores: Option<&Scores>) -> Vec<Head> {
        match scores.filter(|_| self.recipe.calibration.method.needs_folds()) {
            Some(scores) => self.calibrate(scores),
            None => self.uncalibrated(),
        }
    }

    fn assemble(&self, fitted: Fitted, heads: Vec<Head>) -> Result<Classifier> {
        let n_features = fitted.vectorizer.vocabulary().len();
        let n_outputs = fitted
            .heads
            .iter()
            .map(|head| head.intercepts.len())
            .sum::<usize>();
        let mut weights = Vec::with_capacity(n_features * n_outputs);
        for feature in 0..n_features {
            for head in &fitted.heads {
                weights.extend(head.weights.row(feature).iter().map(|&weight| weight as f32));
            }
        }
        let intercepts: Vec<f32> = fitted
            .heads
            .iter()
            .flat_map(|head| &head.intercepts)
            .map(|&x| x as f32)
            .collect();
        let texts = self.corpus.texts();
        let provenance = Provenance {
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            corpus_digest: self.corpus.digest(),
            documents: texts.len(),
            strongest: strongest(&fitted.vectorizer, &weights, intercepts.len(), &texts)?,
            ..Provenance::default()
        };
        Ok(Classifier {
            weights: Weights::new(&weights, fitted.vectorizer.idf(), intercepts.len()),
            vectorizer: fitted.vectorizer,
            recipe: self.resolved(&heads),
            heads,
            intercepts,
            provenance,
            card: None,
        })
    }

    /// The recipe with what the corpus decided.
    fn resolved(&self, heads: &[Head]) -> Recipe {
        let mut recipe = self.recipe.clone();
        for head in heads.iter().filter(|head| head.best_from.is_some()) {
            let said = recipe.heads.entry(head.name.clone());
            said.or_insert(HeadRecipe::new(head.kind)).best_from = head.best_from;
        }
        recipe
    }

    fn report(
        &self,
        fitted: &Fitted,
        heads: &[Head],
        scores: Option<&Scores>,
        strata: &Strata,
    ) -> TrainingReport {
        let mut labels = Vec::new();
        let groups_by_label = strata.groups_by_label();
        for ((head, targets), fitted) in heads.iter().zip(&self.targets).zip(&fitted.heads) {
            let own = scores.map(|scores| &scores.own[head.outputs.clone()]);
            for (label, name) in head.labels.iter().enumerate() {
                let column = targets.matrix.column(label);
                labels.push(LabelTraining {
                    head: head.name.clone(),
                    label: name.name.clone(),
                    positives: count(column),
                    groups: groups_by_label[labels.len()],
                    known: column.len(),
                    calibration: CalibrationSource::of(label, own),
                    convergence: fitted.convergence[label],
                });
            }
        }
        TrainingReport {
            documents: self.corpus.documents().len(),
            groups: strata.groups.iter().max().map_or(0, |last| last + 1),
            features: fitted.vectorizer.vocabulary().len(),
            labels,
            out_of_fold: scores.map_or_else(Vec::new, |scores| self.answers(heads, scores, &strata.groups)),
        }
    }
}

impl CalibrationSource {
    /// Of a label of a head whose labels have scores of their `own` or not.
    fn of(label: usize, own: Option<&[bool]>) -> Self {
        match own {
            Some(own) if own[label] => Self::Own,
            Some(own) if own.contains(&true) => Self::Common,
            _ => Self::Identity,
        }
    }
}
