//! Finds narrative frames of violent-extremist messaging in posts.

pub mod error;
pub mod metrics;

pub use error::{Error, ErrorKind, Result};
