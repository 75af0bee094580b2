//! From words to numbers: n-grams, vocabulary, weighted sparse rows.
//!
//! A [`Channel`] names a view of the text and the n-grams drawn from it. Each n-gram is known by a 64-bit
//! hash ([`ngram`]), never by a string. [`TermCounts`] hold what documents are made of before any choice
//! is made; a [`Vocabulary`] keeps some of the n-grams; the [`Vectorizer`] weighs them into rows of a
//! [`FeatureMatrix`]. Training and scoring go through the same functions.

mod channel;
mod matrix;
pub mod ngram;
mod spelling;
mod terms;
#[cfg(test)]
mod tests;
mod vectorizer;
mod vocabulary;

pub use channel::{Channel, Unit};
pub use matrix::FeatureMatrix;
pub(crate) use spelling::spell;
pub use terms::TermCounts;
pub use vectorizer::{Idf, Length, Vectorizer, VectorizerParams, VectorizerValidParams};
pub use vocabulary::{FeatureId, Vocabulary};
