//! Would more labels help?

use super::Recipe;
use super::training::Training;
use crate::corpus::Corpus;
use crate::decision::Folds;
use crate::error::Result;
use crate::metrics::HeadReport;
use crate::random::SplitMix64;
use crate::strata::Strata;

/// How well a recipe does with growing parts of a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningCurve {
    /// The parts, ascending: 1/8, 1/4, 1/2 and 1.
    pub steps: Vec<LearningStep>,
}

/// How well a recipe does with a part of a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningStep {
    /// The part, above 0, at most 1.
    pub part: f64,
    /// Documents that a model learned from: the mean over the folds.
    pub documents: usize,
    /// Figures of each head on all documents, held out.
    pub heads: Vec<HeadReport>,
}

impl Recipe {
    /// Cross-validates the recipe on growing parts of a corpus.
    ///
    /// The folds are those of [`Recipe::fit`], and the same for every part: each step is measured on all documents. A
    /// part is made of whole groups, in an order that is random and always the same; a smaller part is within the
    /// larger ones. Calibration and thresholds are learned at each step, as `fit` does.
    ///
    /// Cost: twice the cross-validation of [`Recipe::fit`], and the bootstrap of the metrics four times.
    ///
    /// # Errors
    ///
    /// Those of [`Recipe::fit`].
    pub fn learning_curve(&self, corpus: &Corpus) -> Result<LearningCurve> {
        self.check()?;
        let training = Training::new(self, corpus)?;
        training.check_labels()?;
        let strata = training.strata();
        let ranks = ranks(&strata.groups);
        let steps = [0.125, 0.25, 0.5, 1.0].map(|part| training.step(part, &strata, &ranks));
        Ok(LearningCurve {
            steps: steps.into_iter().collect::<Result<_>>()?,
        })
    }
}

impl Training<'_> {
    fn step(&self, part: f64, strata: &Strata, ranks: &[usize]) -> Result<LearningStep> {
        let splits: Vec<_> = Folds::assign(strata, self.recipe.calibration.folds, 0)
            .splits()
            .map(|(train, held_out)| (some(train, part, &strata.groups, ranks), held_out))
            .collect();
        let scores = self.out_of_fold(strata, &splits)?;
        let heads = self.heads(Some(&scores));
        let answers = self.answers(&heads, &scores, &strata.groups);
        Ok(LearningStep {
            part,
            documents: scores.documents,
            heads: answers
                .iter()
                .map(super::OutOfFold::report)
                .collect::<Result<_>>()?,
        })
    }
}

/// A place in a random order for each group.
fn ranks(groups: &[usize]) -> Vec<usize> {
    let mut ranks: Vec<usize> = (0..groups.iter().max().map_or(0, |last| last + 1)).collect();
    SplitMix64::new(1).shuffle(&mut ranks);
    ranks
}

/// The documents of the first groups, as many groups as it takes to have this part of the documents; ascending.
fn some(mut train: Vec<usize>, part: f64, groups: &[usize], ranks: &[usize]) -> Vec<usize> {
    let rank = |document: &usize| ranks[groups[*document]];
    train.sort_by_key(|document| (rank(document), *document));
    let wanted = (part * train.len() as f64).ceil() as usize;
    let mut end = wanted.min(train.len());
    while end < train.len() && end > 0 && rank(&train[end]) == rank(&train[end - 1]) {
        end += 1;
    }
    train.truncate(end);
    train.sort_unstable();
    train
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_groups_inside_each_other() {
        let groups: Vec<usize> = (0..60).map(|document| document / 4).collect();
        let ranks = ranks(&groups);
        let parts = [0.125, 0.25, 0.5, 1.0].map(|part| some((0..60).collect(), part, &groups, &ranks));
        assert_eq!(parts.each_ref().map(Vec::len), [8, 16, 32, 60]);
        for pair in parts.windows(2) {
            assert!(pair[0].iter().all(|document| pair[1].contains(document)));
        }
        for part in &parts {
            let whole = |document: &usize| (0..4).all(|other| part.contains(&(document / 4 * 4 + other)));
            assert!(part.iter().all(whole));
        }
    }
}
