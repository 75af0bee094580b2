//! Finds narrative frames of violent-extremist messaging in posts.

pub mod decision;
pub mod error;
pub mod features;
pub mod linear;
pub mod metrics;
mod random;
pub mod text;

pub use error::{Error, ErrorKind, Result};
