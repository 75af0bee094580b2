//! ```
//! # #[cfg(feature = "embedded")] {
//! use narrative_frames::Classifier;
//!
//! let text = "The movement's spokesman told followers that losing the town was only a minor setback.";
//! let prediction = Classifier::embedded().predict(text)?;
//! assert_eq!(prediction.labels("frames"), ["minor_setback"]);
//! assert_eq!(prediction.labels("stance"), ["report"]);
//! # }
//! # Ok::<(), narrative_frames::Error>(())
//! ```
//!
//! Finds *narrative frames* of violent-extremist messaging in a post ("minor setback", "martyrdom or victory") and
//! whether its author endorses, reports or counters them; Arabic and English. For triage and research: it labels
//! texts, never persons. What the embedded model was measured on, and what it cannot do, stands in
//! `models/README.md`.
//!
//! The engine is general: any labels, from any fields.
//!
//! | you have | you want | start at |
//! |---|---|---|
//! | posts | labels of the embedded model | [`Classifier::embedded`], [`Scorer`] |
//! | a text and a label | the parts that speak for it | [`Classifier::explain`] |
//! | labelled records | a model | [`corpus::read_corpus`], [`Recipe::fit`], [`Classifier::save`] |
//! | labelled records | a recipe that suits them | [`tune`] |
//! | a model and labelled records | figures with intervals | [`metrics::evaluate_head`] |
//! | labelled records | parts to learn from and to measure on | [`split::stratified`] |
//! | sparse rows of your own | logistic models through linfa's traits | [`linear`], [`features::FeatureMatrix`] |
//!
//! Features: `cli` (the command line), `files` (CSV, TSV, gzip, zstd), `embedded` (the model); all on by default.
//! `--no-default-features` is the lean library.

pub mod checks;
pub mod classifier;
pub mod corpus;
pub mod decision;
pub mod error;
pub mod features;
pub mod linear;
pub mod lint;
pub mod metrics;
mod model_file;
mod random;
pub mod records;
pub mod similarity;
pub mod split;
mod strata;
pub mod taxonomy;
pub mod text;
mod toml_file;
pub mod tune;

pub use classifier::{Classifier, Recipe, Scorer};
pub use error::{Error, ErrorKind, Result};

/// Compiles and runs the example of the README.
#[cfg(all(doctest, feature = "embedded"))]
#[doc = include_str!("../README.md")]
struct Readme;
