//! From a post to words: Unicode and Arabic normalization with a way back to the input.
//!
//! [`Normalizer`] turns a `&str` into a [`NormalizedText`]: a sequence of words in one canonical
//! spelling, the *light* [`View`]. The other views are made of it word by word ([`View::fold`]), so that words and
//! their borders are the same in every view. Everything streams, in time linear in the input, and nothing here knows
//! n-grams or models.
//!
//! | step | what | where |
//! |---|---|---|
//! | 1 | invisible characters, tatweel and Arabic marks are deleted, never replaced by a space | `clean` |
//! | 2 | NFKC with at most 30 marks on a letter, and the Arabic ligatures that NFKC does not know | `clean` |
//! | 3 | words, symbols, placeholders for numbers (`0`), links (`http://`) and addresses (`@`) | `tokenize` |
//! | 4 | look-alike letters of another script inside a word | `confusables` |
//! | 5 | letters spaced out are joined, case is folded, runs of three letters become two | `tokenize` |
//! | 6 | keyboard variants of Arabic letters | `fold` |
//!
//! A zero-width non-joiner is a real morpheme border in Persian and Urdu; for the Arabic and English
//! this crate is made for, it is deleted like every invisible character.

mod clean;
mod concept;
mod confusables;
mod diagnostics;
mod fold;
mod normalize;
mod normalized;
mod segment;
mod skeleton;
mod stem;
#[cfg(test)]
mod tests;
mod tokenize;

pub use diagnostics::Diagnostics;
pub use fold::View;
pub use normalize::Normalizer;
pub use normalized::{NormalizedText, Span, Token, TokenKind};
pub(crate) use segment::{Edges, Runs};

/// The longest text that is read, in bytes, before and after normalization: 1 MiB.
///
/// Normalization can lengthen a text: the ligature U+FDFA alone becomes eighteen letters.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
