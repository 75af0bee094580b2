//! Features and targets of a corpus, and models of some of its documents.

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use ndarray::{Array1, Array2, ArrayView1, Axis};
use rayon::prelude::*;

use crate::classifier::Recipe;
use crate::corpus::{Corpus, HeadKind};
use crate::error::{Error, ErrorKind, Result};
use crate::features::{Channel, FeatureId, FeatureMatrix, TermCounts, Vectorizer};
use crate::linear::{Convergence, LogisticRegressionValidParams};
use crate::strata::Strata;
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
    /// Whether there were documents with the label and without it.
    pub(super) learned: Vec<bool>,
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
        let targets = self.targets.iter();
        Self {
            recipe: self.recipe,
            corpus: self.corpus,
            terms: self.terms.clone(),
            targets: targets.map(|targets| targets.restricted(documents)).collect(),
        }
    }

    /// Groups and labels, for folds. Labels are numbered over all heads.
    pub(super) fn strata(&self) -> Strata {
        let groups = self.corpus.groups();
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
            groups,
            labels,
            n_labels: first,
        }
    }

    /// Every label needs both classes.
    pub(super) fn check_labels(&self) -> Result<()> {
        for (head, targets) in self.corpus.heads().iter().zip(&self.targets) {
            if head.labels.is_empty() {
                return Err(ErrorKind::EmptyCorpus {
                    reason: format!(" with a label of head {:?}; is the field named so?", head.name),
                }
                .into());
            }
            for (label, column) in head.labels.iter().zip(targets.matrix.axis_iter(Axis(1))) {
                let positives = count(column);
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
        match targets.kind {
            HeadKind::MultiLabel => FittedHead::multi_label(params, matrix, &labels, weights),
            HeadKind::SingleLabel => FittedHead::single_label(params, matrix, &labels, weights),
        }
    }
}

/// The n-grams of every document.
pub(crate) fn extract(corpus: &Corpus, channels: &[Channel]) -> Result<TermCounts> {
    TermCounts::extract(&corpus.texts(), channels).map_err(|error| locate(error, corpus))
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

    /// The documents whose labels are known, ascending: one for each row.
    pub(super) fn known(&self) -> Vec<usize> {
        let documents = 0..self.row_of.len();
        documents.filter(|&d| self.row_of[d].is_some()).collect()
    }

    /// Those of some documents, given ascending.
    fn restricted(&self, documents: &[usize]) -> Self {
        let mut row_of = vec![None; self.row_of.len()];
        let mut rows = Vec::new();
        for &document in documents {
            if let Some(row) = self.row_of[document] {
                row_of[document] = Some(rows.len());
                rows.push(row);
            }
        }
        Self {
            row_of,
            matrix: self.matrix.select(Axis(0), &rows),
            kind: self.kind,
        }
    }
}

impl FittedHead {
    /// One model a label. A label that all documents or none have gets no weights, and the intercept that its
    /// count gives: it may be missing from what is left of a corpus without one fold.
    fn multi_label(
        params: &LogisticRegressionValidParams,
        matrix: FeatureMatrix,
        labels: &Array2<bool>,
        weights: Array1<f32>,
    ) -> Result<Self> {
        let has_both = |&label: &usize| (1..labels.nrows()).contains(&count(labels.column(label)));
        let learned: Vec<usize> = (0..labels.ncols()).filter(has_both).collect();
        let prior = |column: ArrayView1<'_, bool>| {
            let positives = count(column) as f64;
            libm::log((positives + 1.0) / (column.len() as f64 - positives + 1.0))
        };
        let n_features = matrix.n_features();
        let priors: Array1<f64> = labels.axis_iter(Axis(1)).map(prior).collect();
        if learned.is_empty() {
            return Ok(Self::unlearned(n_features, priors));
        }
        let targets = labels.select(Axis(1), &learned);
        let model = params.fit(&DatasetBase::new(matrix, targets).with_weights(weights))?;
        Ok(Self::of(priors, &learned, model.into_parts()))
    }

    /// One softmax over the labels that some document has; the others are never given.
    fn single_label(
        params: &LogisticRegressionValidParams,
        matrix: FeatureMatrix,
        labels: &Array2<bool>,
        weights: Array1<f32>,
    ) -> Result<Self> {
        const NEVER: f64 = -1e3;
        let learned: Vec<usize> = (0..labels.ncols())
            .filter(|&label| count(labels.column(label)) > 0)
            .collect();
        let mut intercepts = Array1::from_elem(labels.ncols(), NEVER);
        learned.iter().for_each(|&label| intercepts[label] = 0.0);
        if learned.len() < 2 {
            return Ok(Self::unlearned(matrix.n_features(), intercepts));
        }
        let classes: Array1<usize> = labels
            .select(Axis(1), &learned)
            .axis_iter(Axis(0))
            .filter_map(|has| has.iter().position(|has| *has))
            .collect();
        let model = params.fit(&DatasetBase::new(matrix, classes).with_weights(weights))?;
        let (weights, own, convergence) = model.into_parts();
        let convergence = vec![convergence; learned.len()];
        Ok(Self::of(intercepts, &learned, (weights, own, convergence)))
    }

    /// Intercepts alone.
    fn unlearned(n_features: usize, intercepts: Array1<f64>) -> Self {
        Self {
            weights: Array2::zeros((n_features, intercepts.len())),
            convergence: vec![Convergence::default(); intercepts.len()],
            learned: vec![false; intercepts.len()],
            intercepts,
        }
    }

    /// What a model learned of some labels, and the intercepts of the others.
    fn of(
        intercepts: Array1<f64>,
        labels: &[usize],
        (weights, own, convergence): (Array2<f64>, Array1<f64>, Vec<Convergence>),
    ) -> Self {
        if labels.len() == intercepts.len() {
            return Self {
                learned: vec![true; labels.len()],
                weights,
                intercepts: own,
                convergence,
            };
        }
        let mut head = Self::unlearned(weights.nrows(), intercepts);
        for (column, &label) in labels.iter().enumerate() {
            head.weights.column_mut(label).assign(&weights.column(column));
            head.intercepts[label] = own[column];
            head.convergence[label] = convergence[column];
            head.learned[label] = true;
        }
        head
    }

    pub(super) fn scores(&self, matrix: &FeatureMatrix) -> Array2<f64> {
        crate::linear::decision_function(&self.weights, &self.intercepts, matrix)
            .expect("the matrix comes from the vectorizer of this model")
    }
}

/// How many are true.
pub(super) fn count(column: ArrayView1<'_, bool>) -> usize {
    column.iter().filter(|has| **has).count()
}
