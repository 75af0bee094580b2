//! Finds narrative frames of violent-extremist messaging in posts.

pub mod corpus;
pub mod error;
pub mod records;
pub mod text;

pub use error::{Error, ErrorKind, Result};
