//! Text in, labels out: the parameters, the fitted model, and the form that scores.
//!
//! A [`Recipe`] and a [`Corpus`](crate::corpus::Corpus) give a [`Classifier`]; a [`Scorer`] borrows it and
//! keeps the buffers that scoring needs.

mod explain;
mod fit;
mod head;
mod model;
mod prediction;
mod recipe;
mod scorer;
mod strongest;
#[cfg(test)]
pub(crate) mod tests;
mod weights;

pub use explain::Evidence;
pub use fit::{
    CalibrationSource, Contradiction, Figures, LabelTraining, LearningCurve, LearningStep, OutOfFold,
    TrainingReport,
};
pub(crate) use fit::{cross_validate, extract, strata};
pub use head::{Head, Label};
pub use model::{Card, Classifier, Provenance, StrongFeature};
pub use prediction::{HeadPrediction, Prediction};
pub use recipe::{Decision, HeadRecipe, Recipe};
pub use scorer::Scorer;
pub(crate) use weights::Weights;
