//! Training: corpus and recipe in, classifier out.

use std::collections::BTreeMap;

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use super::head::log_odds;
use super::strongest::strongest;
use super::{Classifier, Head, Label, Provenance, Recipe, Weights};
use crate::corpus::{Corpus, HeadKind};
use crate::decision::{CalibrationMethod, Folds, Platt, Strata, Threshold};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{FeatureMatrix, TermCounts, Vectorizer};
use crate::linear::{Convergence, LogisticRegressionValidParams, softmax};
use crate::text::Normalizer;

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

/// What every document is trained with: the same for the whole corpus and for each fold.
struct Training<'a> {
    recipe: &'a Recipe,
    corpus: &'a Corpus,
    terms: TermCounts,
    targets: Vec<Targets>,
}

/// Labels of one head, of the documents where they are known.
struct Targets {
    /// Row of the matrix for each document, if its labels are known.
    row_of: Vec<Option<usize>>,
    matrix: Array2<bool>,
    kind: HeadKind,
}

/// Weights of all heads on one vocabulary.
struct Fitted {
    vectorizer: Vectorizer,
    heads: Vec<FittedHead>,
}

/// Weights of one head.
struct FittedHead {
    weights: Array2<f64>,
    intercepts: Array1<f64>,
    convergence: Vec<Convergence>,
}

impl Recipe {
    /// Trains a classifier.
    ///
    /// Heads are those of the corpus; the recipe may say more of them. With calibration, documents are
    /// scored out of fold: `folds + 1` models are trained, in parallel. The bits of the result do not depend on
    /// the number of threads; with the sparse solver, not on the machine either.
    ///
    /// Cost: one pass over the texts for their n-grams (kept in memory, 12 bytes each), then for each
    /// model one sort of them and the solvers' passes.
    ///
    /// # Errors
    ///
    /// Those of [`Recipe::check`]; [`ErrorKind::SingleClass`], [`ErrorKind::TooFewPositives`] and
    /// [`ErrorKind::UnevenFolds`] with head and label; [`ErrorKind::InvalidDocument`] for a text that is too long; [`ErrorKind::Unknown`] if the recipe names a head that the
    /// corpus lacks.
    pub fn fit(&self, corpus: &Corpus) -> Result<(Classifier, TrainingReport)> {
        self.check()?;
        let training = Training::new(self, corpus)?;
        let groups = groups(corpus);
        let strata = training.strata(&groups);
        training.check_labels(&strata)?;
        let all: Vec<usize> = (0..corpus.documents().len()).collect();
        let fitted = training.fit(&all)?;
        let heads = match self.calibration.method {
            CalibrationMethod::Platt => training.calibrate(&training.out_of_fold(&strata)?)?,
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

/// Names the document of a text that is too long.
fn locate(error: Error, corpus: &Corpus) -> Error {
    let mut normalizer = Normalizer::default();
    let too_long = corpus
        .documents()
        .iter()
        .find(|document| normalizer.normalize(&document.text).is_err());
    match too_long {
        Some(document) => ErrorKind::InvalidDocument {
            location: document.location.clone(),
            message: error.to_string(),
        }
        .into(),
        None => error,
    }
}

impl<'a> Training<'a> {
    fn new(recipe: &'a Recipe, corpus: &'a Corpus) -> Result<Self> {
        for (name, head) in &recipe.heads {
            let found = &corpus.heads()[corpus.head(name)?];
            if found.kind != head.kind {
                return Err(Error::invalid(
                    format!("heads.{name}.kind"),
                    format_args!("{:?}", head.kind),
                    format!("{:?}, as in the corpus", found.kind),
                ));
            }
            if let Some(label) = head.minimum.keys().find(|label| !found.labels.contains(label)) {
                return Err(ErrorKind::Unknown {
                    what: "label",
                    name: label.clone(),
                    expected: found.labels.join(", "),
                }
                .into());
            }
        }
        let texts: Vec<&str> = corpus
            .documents()
            .iter()
            .map(|document| document.text.as_str())
            .collect();
        let terms = TermCounts::extract(&texts, recipe.features.check_ref()?.channels())
            .map_err(|error| locate(error, corpus))?;
        let targets = (0..corpus.heads().len())
            .map(|head| Targets::new(corpus, head))
            .collect();
        Ok(Self {
            recipe,
            corpus,
            terms,
            targets,
        })
    }

    /// Groups and labels, for folds. Labels are numbered over all heads.
    fn strata(&self, groups: &[usize]) -> Strata {
        let mut labels = vec![Vec::new(); groups.len()];
        let mut first = 0;
        for targets in &self.targets {
            for (document, labels) in labels.iter_mut().enumerate() {
                if let Some(row) = targets.row_of[document] {
                    let has = targets.matrix.row(row);
                    labels.extend(
                        (0..has.len())
                            .filter(|&label| has[label])
                            .map(|label| first + label),
                    );
                }
            }
            first += targets.matrix.ncols();
        }
        Strata {
            groups: groups.to_vec(),
            labels,
            n_labels: first,
        }
    }

    /// Every label needs both classes, in as many groups as there are folds.
    fn check_labels(&self, strata: &Strata) -> Result<()> {
        let groups = strata.groups_by_label();
        let mut output = 0;
        for (head, targets) in self.corpus.heads().iter().zip(&self.targets) {
            if head.labels.is_empty() {
                return Err(ErrorKind::EmptyCorpus {
                    reason: format!(" with a label of head {:?}; is the field named so?", head.name),
                }
                .into());
            }
            for (label, column) in head.labels.iter().zip(targets.matrix.axis_iter(Axis(1))) {
                let positives = column.iter().filter(|has| **has).count();
                let negatives = column.len() - positives;
                if positives == 0 || negatives == 0 {
                    return Err(ErrorKind::SingleClass {
                        head: head.name.clone(),
                        label: label.clone(),
                        positives,
                        negatives,
                    }
                    .into());
                }
                let folds = self.recipe.calibration.folds;
                if self.recipe.calibration.method != CalibrationMethod::None && groups[output] < folds {
                    return Err(ErrorKind::TooFewPositives {
                        head: head.name.clone(),
                        label: label.clone(),
                        groups: groups[output],
                        folds,
                    }
                    .into());
                }
                output += 1;
            }
        }
        Ok(())
    }

    /// Vocabulary and weights from some of the documents.
    fn fit(&self, documents: &[usize]) -> Result<Fitted> {
        let vectorizer = self.recipe.features.check_ref()?.fit(&self.terms, documents)?;
        let matrix = vectorizer.transform(&self.terms, documents);
        let params = self.recipe.training.check_ref()?;
        let heads = (0..self.targets.len())
            .into_par_iter()
            .map(|head| self.fit_head(params, head, &matrix, documents))
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<_>>()?;
        Ok(Fitted { vectorizer, heads })
    }

    fn fit_head(
        &self,
        params: &LogisticRegressionValidParams,
        head: usize,
        matrix: &FeatureMatrix,
        documents: &[usize],
    ) -> Result<FittedHead> {
        let targets = &self.targets[head];
        let known = |position: &usize| targets.row_of[documents[*position]].is_some();
        let positions: Vec<usize> = (0..documents.len()).filter(known).collect();
        let rows: Vec<usize> = positions
            .iter()
            .filter_map(|&p| targets.row_of[documents[p]])
            .collect();
        let matrix = if positions.len() == documents.len() {
            matrix.clone()
        } else {
            matrix.select(&positions)
        };
        let weight = |&p: &usize| self.corpus.documents()[documents[p]].weight;
        let weights: Array1<f32> = positions.iter().map(weight).collect();
        let labels = targets.matrix.select(Axis(0), &rows);
        self.check_fold(head, &labels)?;
        match targets.kind {
            HeadKind::MultiLabel => {
                let model = params.fit(&DatasetBase::new(matrix, labels).with_weights(weights))?;
                Ok(FittedHead {
                    weights: model.weights().clone(),
                    intercepts: model.intercepts().clone(),
                    convergence: model.convergence().to_vec(),
                })
            }
            HeadKind::SingleLabel => {
                let n_labels = labels.ncols();
                let classes: Array1<usize> = labels
                    .axis_iter(Axis(0))
                    .filter_map(|has| has.iter().position(|has| *has))
                    .collect();
                let model = params.fit(&DatasetBase::new(matrix, classes).with_weights(weights))?;
                Ok(FittedHead {
                    weights: model.weights().clone(),
                    intercepts: model.intercepts().clone(),
                    convergence: vec![model.convergence(); n_labels],
                })
            }
        }
    }

    /// A label may be missing from what is left of the corpus without one fold, or be all of it.
    fn check_fold(&self, head: usize, labels: &Array2<bool>) -> Result<()> {
        for (label, column) in labels.axis_iter(Axis(1)).enumerate() {
            let positives = column.iter().filter(|has| **has).count();
            if positives == 0 || positives == column.len() {
                let head = &self.corpus.heads()[head];
                return Err(ErrorKind::UnevenFolds {
                    head: head.name.clone(),
                    label: head.labels[label].clone(),
                    folds: self.recipe.calibration.folds,
                }
                .into());
            }
        }
        Ok(())
    }

    /// The scores of every document of each head, by a model that has not seen its group.
    fn out_of_fold(&self, strata: &Strata) -> Result<Vec<Array2<f64>>> {
        let splits: Vec<_> = Folds::assign(strata, self.recipe.calibration.folds)
            .splits()
            .collect();
        let folds: Vec<Vec<Array2<f64>>> = splits
            .par_iter()
            .map(|(train, held_out)| {
                let fitted = self.fit(train)?;
                let matrix = fitted.vectorizer.transform(&self.terms, held_out);
                Ok(fitted.heads.iter().map(|head| head.scores(&matrix)).collect())
            })
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<_>>()?;
        let mut scores: Vec<Array2<f64>> = self
            .targets
            .iter()
            .map(|targets| Array2::zeros((self.corpus.documents().len(), targets.matrix.ncols())))
            .collect();
        for ((_, held_out), fold) in splits.iter().zip(folds) {
            for (scores, fold) in scores.iter_mut().zip(fold) {
                for (&document, row) in held_out.iter().zip(fold.axis_iter(Axis(0))) {
                    scores.row_mut(document).assign(&row);
                }
            }
        }
        Ok(scores)
    }

    /// Heads with calibration and thresholds from out-of-fold scores.
    fn calibrate(&self, scores: &[Array2<f64>]) -> Result<Vec<Head>> {
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
                label.calibration = Platt::fit(&scores.to_vec(), &truth)?;
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
    fn uncalibrated(&self) -> Vec<Head> {
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
                    outputs,
                    requires: required.and_then(|name| heads.iter().position(|head| head.name == *name)),
                    calibration: self.recipe.calibration.method,
                    abstain_margin: self.recipe.decision.abstain_margin,
                }
            })
            .collect()
    }

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

impl Targets {
    fn new(corpus: &Corpus, head: usize) -> Self {
        let (known, matrix) = corpus.targets(head);
        let mut row_of = vec![None; corpus.documents().len()];
        for (row, document) in known.into_iter().enumerate() {
            row_of[document] = Some(row);
        }
        Self {
            row_of,
            matrix,
            kind: corpus.heads()[head].kind,
        }
    }
}

impl FittedHead {
    fn scores(&self, matrix: &FeatureMatrix) -> Array2<f64> {
        crate::linear::decision_function(&self.weights, &self.intercepts, matrix)
            .expect("the matrix comes from the vectorizer of this model")
    }
}
