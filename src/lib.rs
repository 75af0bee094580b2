//! Finds narrative frames of violent-extremist messaging in posts.

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
pub mod split;
pub mod taxonomy;
pub mod text;
mod toml_file;

pub use classifier::{Classifier, Recipe, Scorer};
pub use error::{Error, ErrorKind, Result};
