//! Finds narrative frames of violent-extremist messaging in posts.

pub mod decision;
pub mod error;
pub mod features;
pub mod linear;
pub mod lint;
pub mod metrics;
mod random;
pub mod split;
pub mod taxonomy;
pub mod text;
mod toml_file;

pub use error::{Error, ErrorKind, Result};
