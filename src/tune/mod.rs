//! The recipe that suits a corpus: a search by cross-validation.
//!
//! Recipes near a starting one are measured by the macro-F1 of decisions on documents held out, whole groups together.
//! Most are measured on a small part of the corpus only; the best third of them goes on to three times as many
//! documents (successive halving: Jamieson & Talwalkar 2016). Then one choice after the other of the best recipe is
//! changed, until no change helps; then the next such round begins around it.
//!
//! Which trials come in which order, and what each of them gives, depends on corpus, recipe and [`Tuning`] alone. There
//! is no clock in here: a [`Watch`] may end the search before any trial, and does nothing else to it.
//!
//! ```
//! use narrative_frames::Recipe;
//! use narrative_frames::corpus::{Corpus, Document, HeadKind, HeadSpec};
//! use narrative_frames::tune::{Tuning, tune};
//!
//! let document = |line: u64| Document {
//!     location: narrative_frames::error::Location { file: None, line },
//!     id: None,
//!     text: format!("{} in street {line}", if line % 3 == 0 { "rain again" } else { "market day" }),
//!     group: None,
//!     weight: 1.0,
//!     labels: vec![Some(if line % 3 == 0 { vec!["weather".to_owned()] } else { vec![] })],
//!     extra: Vec::new(),
//! };
//! let corpus = Corpus::new(
//!     vec![HeadSpec::new("topics", HeadKind::MultiLabel)],
//!     (1..=60).map(document).collect(),
//! )?;
//! let tuning = Tuning { folds: 3, seed: 0, trials: Some(5) };
//! let report = tune(&Recipe::default(), &corpus, &tuning, None, &mut ())?;
//! assert_eq!(report.trials, 5);
//! assert!(report.best.figures.macro_f1 >= report.start.figures.macro_f1);
//! # Ok::<(), narrative_frames::Error>(())
//! ```

mod journal;
mod rungs;
mod search;
mod space;
#[cfg(test)]
mod tests;

pub use self::journal::Journal;
use self::search::Search;
pub use crate::classifier::Figures;
use crate::classifier::{self, Recipe};
use crate::corpus::Corpus;
use crate::error::{Error, Result};

/// How a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Folds of the cross-validation that measures a recipe: 2 to 20. What the recipe says of its own calibration stays.
    pub folds: usize,
    /// Of the folds, of the parts of the corpus and of the recipes drawn.
    pub seed: u64,
    /// Trials after which the search ends; `None` goes on until a [`Watch`] ends it, or there is nothing left to try.
    pub trials: Option<usize>,
}

/// One recipe, cross-validated on some of the documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// What differs from the starting recipe, such as `c=4`; empty for that itself.
    pub changes: Vec<String>,
    /// Documents that the folds were made of.
    pub documents: usize,
    /// Figures with each threshold rule, that of the starting recipe among them; or what went wrong.
    pub figures: std::result::Result<Vec<Figures>, String>,
    /// Whether the figures were read from a journal.
    pub is_resumed: bool,
}

/// A recipe and how good it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuned {
    /// The recipe, threshold rule included.
    pub recipe: Recipe,
    /// What differs from the starting recipe.
    pub changes: Vec<String>,
    /// Documents that it was measured on.
    pub documents: usize,
    /// How good it was. As the best of many, the figure of the best is a little too good: documents that the search has
    /// not seen tell the truth.
    pub figures: Figures,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct TuningReport {
    /// The best recipe among those measured on most documents; the starting one only where nothing is better.
    pub best: Tuned,
    /// The starting recipe, measured on the same documents.
    pub start: Tuned,
    /// Trials that count for [`Tuning::trials`].
    pub trials: usize,
    /// Each recipe with the best of its threshold rules, on the most documents that it came to: first those that came
    /// furthest, then the better ones.
    pub ranking: Vec<Tuned>,
    /// Trials that gave no figures.
    pub failed: Vec<Trial>,
}

/// Who is told of the search, and may end it.
pub trait Watch {
    /// Whether to run one more trial, on so many documents. Not asked before the first, without which there is no
    /// answer, nor where a journal has the figures.
    fn go_on(&mut self, _documents: usize) -> bool {
        true
    }

    /// A trial is done; `best` is the best recipe so far, as in [`TuningReport::best`].
    fn finished(&mut self, _trial: &Trial, _best: &Tuned) {}
}

/// Goes on, and tells nobody.
impl Watch for () {}

/// Searches for the recipe with the highest macro-F1 on documents held out; with several heads, their mean.
///
/// `recipe` is the starting point. Its solver, calibration, heads, channels of other views and everything else stay as
/// they are; what is tried: word n-grams up to 1..3 and character n-grams 2..4, 2..5, 3..5 or none, of light or folded words;
/// further channels of stems, skeletons and concepts; `min_df`, `length`, `c` in steps of two, `class_weight`, `prior`, and
/// thresholds (`f1`, and the same for all labels). A recipe that asks for a precision keeps its threshold.
///
/// Figures that `journal` has are not computed again; new ones are written to it.
///
/// Cost: a trial trains once a fold, on the documents of the fold; n-grams of each channel are extracted once for all, 12
/// bytes for each distinct one of a document. On a large corpus the halving of a round costs as much as some ten trials on all of it.
///
/// # Errors
///
/// Those of [`Recipe::fit`] for the starting recipe; [`ErrorKind::InvalidParameter`](crate::ErrorKind::InvalidParameter) for
/// folds out of range or no trial; [`ErrorKind::Io`](crate::ErrorKind::Io) if the journal cannot be written. Other recipes that
/// fail are told in [`TuningReport::failed`].
pub fn tune(
    recipe: &Recipe,
    corpus: &Corpus,
    tuning: &Tuning,
    journal: Option<&mut Journal>,
    watch: &mut dyn Watch,
) -> Result<TuningReport> {
    recipe.check()?;
    if !(2..=20).contains(&tuning.folds) {
        return Err(Error::invalid("folds", tuning.folds, "2 to 20"));
    }
    if tuning.trials == Some(0) {
        return Err(Error::invalid("trials", 0, "1 or more"));
    }
    let strata = classifier::strata(recipe, corpus)?;
    let rungs = rungs::rungs(&strata, tuning.folds, tuning.seed);
    Search::new(recipe, corpus, tuning, rungs, journal, watch)?.run()
}
