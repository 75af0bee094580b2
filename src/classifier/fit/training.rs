//! Features and targets of a corpus, and models of some of its documents.

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use crate::classifier::Recipe;
use crate::corpus::{Corpus, HeadKind};
use crate::decision::{CalibrationMethod, Split, Strata};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{Channel, FeatureId, FeatureMatrix, TermCounts, Vectorizer};
use crate::linear::{Convergence, LogisticRegressionValidParams};
use crate::text::Normalizer;

/// What every document is trained with: the same for the whole corpus and for each fold.
pub(super) struct Training<'a> {
    pub(super) recipe: &'a Recipe,
    pub(super) corpus: &'a Corpus,
    pub(super) terms: TermCounts,
    pub(super) targets: Vec<Targets>,
}

/// Labels of one head, of the documents where they are known.
pub(super) struct Targets {
    /// Row of the matrix for each document, if its labels are known.
    pub(super) row_of: Vec<Option<usize>>,
    pub(super) matrix: Array2<bool>,
    pub(super) kind: HeadKind,
}

/// Weights of all heads on one vocabulary.
pub(super) struct Fitted {
    pub(super) vectorizer: Vectorizer,
    pub(super) heads: Vec<FittedHead>,
}

/// Weights of one head.
pub(super) struct FittedHead {
    pub(super) weights: Array2<f64>,
    pub(super) intercepts: Array1<f64>,
    pub(super) convergence: Vec<Convergence>,
}

impl<'a> Training<'a> {
    pub(super) fn new(recipe: &'a Recipe, corpus: &'a Corpus) -> Result<Self> {
        let terms = extract(corpus, recipe.features.check_ref()?.channels())?;
        Self::with_terms(recipe, corpus, terms)
    }

    /// With the n-grams of the recipe's channels, which another training may have extracted.
    pub(super) fn with_terms(recipe: &'a Recipe, corpus: &'a Corpus, terms: TermCounts) -> Result<Self> {
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

    /// The same, with the labels of all but these documents taken as unknown.
    pub(super) fn restricted(&self, documents: &[usize]) -> Self {
        Self {
            recipe: self.recipe,
            corpus: self.corpus,
            terms: self.terms.clone(),
            targets: self
                .targets
                .iter()
                .map(|targets| targets.restricted(documents))
                .collect(),
        }
    }

    /// Groups and labels, for folds. Labels are numbered over all heads.
    pub(super) fn strata(&self, groups: &[usize]) -> Strata {
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
    pub(super) fn check_labels(&self, strata: &Strata) -> Result<()> {
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
    pub(super) fn fit(&self, documents: &[usize]) -> Result<Fitted> {
        let params = self.recipe.features.check_ref()?;
        let all = self.fit_heads(params.fit(&self.terms, documents)?, documents)?;
        match params.max_features() {
            Some(most) if all.vectorizer.vocabulary().len() > most => {
                self.fit_heads(all.vectorizer.select(&all.heaviest(most))?, documents)
            }
            _ => Ok(all),
        }
    }

    /// Weights of all heads on one vocabulary.
    fn fit_heads(&self, vectorizer: Vectorizer, documents: &[usize]) -> Result<Fitted> {
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

    /// The scores of every document that a split holds out, of each head, by a model of the documents it learns from.
    pub(super) fn out_of_fold(&self, splits: &[Split]) -> Result<Vec<Array2<f64>>> {
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
}

/// The n-grams of every document.
pub(crate) fn extract(corpus: &Corpus, channels: &[Channel]) -> Result<TermCounts> {
    let documents = corpus.documents().iter();
    let texts: Vec<&str> = documents.map(|document| document.text.as_str()).collect();
    TermCounts::extract(&texts, channels).map_err(|error| locate(error, corpus))
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

impl Fitted {
    /// The n-grams that can add most to the score of any label, in the order of their columns.
    fn heaviest(&self, most: usize) -> Vec<FeatureId> {
        let weight = |column: usize| {
            let weights = self
                .heads
                .iter()
                .flat_map(|head| head.weights.row(column).to_vec());
            weights.fold(0.0, |largest: f64, weight| largest.max(weight.abs()))
        };
        let idf = self.vectorizer.idf().iter();
        let mut columns: Vec<(f64, u32)> = idf
            .enumerate()
            .map(|(column, idf)| weight(column) * f64::from(idf.value()))
            .zip(0..)
            .collect();
        columns.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut columns: Vec<FeatureId> = columns
            .into_iter()
            .take(most)
            .map(|(_, column)| FeatureId(column))
            .collect();
        columns.sort_unstable();
        columns
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

    fn restricted(&self, documents: &[usize]) -> Self {
        let mut row_of = vec![None; self.row_of.len()];
        let known = documents
            .iter()
            .filter(|&&document| self.row_of[document].is_some());
        let mut known: Vec<usize> = known.copied().collect();
        known.sort_unstable();
        for (row, &document) in known.iter().enumerate() {
            row_of[document] = Some(row);
        }
        let rows: Vec<usize> = known
            .iter()
            .filter_map(|&document| self.row_of[document])
            .collect();
        Self {
            row_of,
            matrix: self.matrix.select(Axis(0), &rows),
            kind: self.kind,
        }
    }
}

impl FittedHead {
    pub(super) fn scores(&self, matrix: &FeatureMatrix) -> Array2<f64> {
        crate::linear::decision_function(&self.weights, &self.intercepts, matrix)
            .expect("the matrix comes from the vectorizer of this model")
    }
}
