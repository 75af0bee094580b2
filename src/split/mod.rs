//! Splits documents into parts so that nothing learned in one part stands in another.
//!
//! Documents that share a key (a group, a template, an author) or are near duplicates form one *component*, and
//! a component goes to one part as a whole. Which part, two functions tell:
//!
//! | | parts | a document more | for |
//! |---|---|---|---|
//! | [`stratified`] | any shares, each with its share of every label | may change all parts | a corpus that is complete |
//! | [`assign`] | train, dev and test, each with its share of components, roughly | moves no other | a corpus that grows, as that of this project |
//!
//! [`assign`] goes by a salted hash of the smallest id in the component, which depends on nothing else: adding documents
//! moves no old one, unless the new one merges two components or has a smaller id than all of the component it joins.
//! Give new documents larger ids.
//!
//! The keys are the caller's. Do not give a cited source as a key if many rows cite it: it would glue most of the
//! corpus into one component, and rows that restate one book in different words share no text.

mod stratified;
#[cfg(test)]
mod tests;
mod union_find;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::similarity;
pub use stratified::{StratifiedSplit, stratified};
use union_find::UnionFind;

/// A document to be split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitDocument<'a> {
    /// Id, of which the smallest of a component (by bytes) decides where the component goes.
    pub id: &'a str,
    /// Text, read for near duplicates.
    pub text: &'a str,
    /// Documents with a key in common stay together. Prefix keys of different kinds: `template:t17`.
    pub keys: Vec<String>,
}

/// A part of a corpus whose parts are [`assign`]ed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Split {
    /// About 70 %: the model learns from it.
    Train,
    /// About 10 %: thresholds and choices are made on it.
    Dev,
    /// About 20 %: the model is measured on it.
    Test,
}

impl Split {
    /// All parts.
    pub const ALL: [Self; 3] = [Self::Train, Self::Dev, Self::Test];

    /// Its name, which is also the stem of its file: `train`, `dev`, `test`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }

    /// The part for a component whose smallest id is `id`: SHA-256 of salt and id, as a big-endian number, modulo
    /// 100; below 70 train, below 80 dev, else test.
    #[must_use]
    pub fn of(salt: &str, id: &str) -> Self {
        let digest = Sha256::new().chain_update(salt).chain_update(id).finalize();
        match digest
            .iter()
            .fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % 100)
        {
            0..70 => Self::Train,
            70..80 => Self::Dev,
            _ => Self::Test,
        }
    }
}

/// The component of each document, numbered from 0 in the order of their first documents.
///
/// `mask` tells which words of the light [`View`](crate::text::View) are invented names; near duplicates are
/// compared without them, see [`near_duplicates`].
///
/// ```
/// use narrative_frames::split::{SplitDocument, components};
///
/// let document = |id, text, key: &str| SplitDocument { id, text, keys: vec![key.to_owned()] };
/// let documents = [
///     document("a", "the club lost again", "pair:1"),
///     document("b", "rain is expected in the north", "pair:2"),
///     document("c", "nobody was surprised", "pair:1"),
///     document("d", "Rain is expected in the north.", "pair:3"),
/// ];
/// assert_eq!(components(&documents, &|_| false)?, [0, 1, 0, 1]);
/// # Ok::<(), narrative_frames::Error>(())
/// ```
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
pub fn components(documents: &[SplitDocument<'_>], mask: &dyn Fn(&str) -> bool) -> Result<Vec<usize>> {
    Ok(join(documents, &near_duplicates(documents, mask)?))
}

/// Positions `(a, b)` of near duplicates, `a < b`, in ascending order.
///
/// Compared are the words in the folded [`View`](crate::text::View), a space between them, without symbols; words of
/// the light view for which `mask` is true (invented names) and numbers all count as equal. A text without words has
/// no duplicate. Time depends on how many texts share rare n-grams: seconds for 10,000 posts.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
pub fn near_duplicates(
    documents: &[SplitDocument<'_>],
    mask: &dyn Fn(&str) -> bool,
) -> Result<Vec<(usize, usize)>> {
    similarity::near_duplicates(&texts(documents), mask)
}

/// The similarity of each document to the one most like it: the Jaccard index that [`near_duplicates`] goes by, 0 to 1.
///
/// Compares every pair: time grows with the square of the number of documents. Documents without words are like no
/// other.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
pub fn similarities_to_nearest(
    documents: &[SplitDocument<'_>],
    mask: &dyn Fn(&str) -> bool,
) -> Result<Vec<f64>> {
    similarity::similarities_to_nearest(&texts(documents), mask)
}

fn texts<'a>(documents: &[SplitDocument<'a>]) -> Vec<&'a str> {
    documents.iter().map(|document| document.text).collect()
}

/// Components of documents whose near duplicates are known.
pub(crate) fn join(documents: &[SplitDocument<'_>], near_duplicates: &[(usize, usize)]) -> Vec<usize> {
    let mut sets = UnionFind::new(documents.len());
    let mut first_with_key = BTreeMap::new();
    for (position, document) in documents.iter().enumerate() {
        for key in &document.keys {
            sets.union(position, *first_with_key.entry(key.as_str()).or_insert(position));
        }
    }
    for &(a, b) in near_duplicates {
        sets.union(a, b);
    }
    sets.into_components()
}

/// The part of each document, given the component of each.
///
/// If one list is longer than the other, what it has more is left out.
#[must_use]
pub fn assign(documents: &[SplitDocument<'_>], components: &[usize], salt: &str) -> Vec<Split> {
    let leaders = leaders(documents, components);
    leaders.into_iter().map(|id| Split::of(salt, id)).collect()
}

/// The smallest id in the component of each document.
pub(crate) fn leaders<'a>(documents: &[SplitDocument<'a>], components: &[usize]) -> Vec<&'a str> {
    let mut smallest: BTreeMap<usize, &str> = BTreeMap::new();
    let members = || documents.iter().map(|document| document.id).zip(components);
    for (id, &component) in members() {
        let leader = smallest.entry(component).or_insert(id);
        *leader = id.min(leader);
    }
    members()
        .map(|(id, component)| smallest.get(component).copied().unwrap_or(id))
        .collect()
}
