//! Splits of any labelled corpus, into parts of any sizes.

use std::collections::BTreeMap;

use super::union_find::UnionFind;
use crate::corpus::{Corpus, HeadKind};
use crate::error::{Error, Result};
use crate::similarity::Copies;
use crate::strata::Strata;

/// A split of a corpus, by [`stratified`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StratifiedSplit {
    /// The part of each document, as a position among the shares.
    pub parts: Vec<usize>,
    /// The component of each document, numbered from 0 in the order of their first documents.
    pub components: Vec<usize>,
    /// Pairs of documents that are exact copies, see [`Copies`]; each pair is in one part.
    pub exact_pairs: u64,
    /// Pairs of other documents that are near copies; each pair is in one part.
    pub near_pairs: u64,
}

/// Splits a corpus into parts that have `shares` of its documents and of each of its labels, as nearly as components
/// can: documents that share a group, or are exact or near copies, go to one part.
///
/// A component is dealt as a whole, large ones before small ones, the rarest label first, to the part that lacks most of
/// it: iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011, "On the stratification of multi-label data"), of
/// components in the place of documents. Labels of all heads are spread together; to have none of a multi-label head,
/// where that is known, counts as a label too. What is unknown is no label: such documents are dealt by the others that
/// they have, and by numbers.
///
/// Shares count in proportion: `[70.0, 10.0, 20.0]` is a split into training, development and test, `[1.0; 5]` gives
/// five folds. The same corpus, shares and seed give the same parts; a document more may change them all, unlike those
/// of [`assign`](super::assign). A part can be empty if there are fewer components than parts, or its share is tiny.
///
/// Cost: that of [`Copies::find`], then labels² + parts × labels of all components. Memory: eight bytes for each
/// distinct n-gram of each text, and a table of all n-grams.
///
/// # Errors
///
/// [`InvalidParameter`](crate::ErrorKind::InvalidParameter) with fewer than two shares, or one that is not above 0;
/// [`TextTooLong`](crate::ErrorKind::TextTooLong) for a text that cannot be normalized.
///
/// ```
/// use narrative_frames::corpus::{Corpus, Document, HeadKind, HeadSpec};
/// use narrative_frames::split::stratified;
///
/// let document = |(line, text): (u64, &str)| Document {
///     location: narrative_frames::error::Location { file: None, line },
///     id: None,
///     text: text.to_owned(),
///     group: None,
///     weight: 1.0,
///     labels: vec![Some(vec![if line < 3 { "weather" } else { "cooking" }.to_owned()])],
///     extra: Vec::new(),
/// };
/// let texts = ["Rain in the north.", "Dry, then snow.", "Soup with rice.", "soup with RICE.", "Bread of two flours."];
/// let documents = (1..).zip(texts).map(document).collect();
/// let corpus = Corpus::new(vec![HeadSpec::new("topic", HeadKind::SingleLabel)], documents)?;
///
/// let split = stratified(&corpus, &[1.0, 1.0], 7)?;
/// assert_ne!(split.parts[0], split.parts[1]);
/// assert_eq!(split.parts[2], split.parts[3]);
/// assert_eq!((split.exact_pairs, split.near_pairs), (1, 0));
/// # Ok::<(), narrative_frames::Error>(())
/// ```
pub fn stratified(corpus: &Corpus, shares: &[f64], seed: u64) -> Result<StratifiedSplit> {
    let shares = of_one(shares)?;
    let copies = Copies::find(&corpus.texts())?;
    let (exact_pairs, near_pairs) = copies.pairs();
    let strata = strata(corpus, components(corpus, &copies));
    let mut groups = strata.shuffled(seed);
    // What is large finds room while there is much of it; the order of equals stays random.
    groups.sort_by_key(|group| std::cmp::Reverse(group.documents));
    Ok(StratifiedSplit {
        parts: strata.deal(&groups, &shares),
        components: strata.groups,
        exact_pairs,
        near_pairs,
    })
}

/// The shares as parts of one.
fn of_one(shares: &[f64]) -> Result<Vec<f64>> {
    let sum: f64 = shares.iter().sum();
    if shares.len() < 2 || !sum.is_finite() || shares.iter().any(|share| share.is_nan() || *share <= 0.0) {
        return Err(Error::invalid(
            "shares",
            format!("{shares:?}"),
            "two numbers above 0, or more",
        ));
    }
    Ok(shares.iter().map(|share| share / sum).collect())
}

fn components(corpus: &Corpus, copies: &Copies) -> Vec<usize> {
    let mut sets = UnionFind::new(corpus.documents().len());
    let mut first = BTreeMap::new();
    for (document, group) in corpus.groups().into_iter().enumerate() {
        sets.union(document, *first.entry(group).or_insert(document));
    }
    for (a, b) in copies.links() {
        sets.union(a, b);
    }
    sets.into_components()
}

/// Labels numbered over all heads, each multi-label head with one more: none.
fn strata(corpus: &Corpus, components: Vec<usize>) -> Strata {
    let mut labels = vec![Vec::new(); components.len()];
    let mut first = 0;
    for (position, head) in corpus.heads().iter().enumerate() {
        let (known, targets) = corpus.targets(position);
        for (document, has) in known.into_iter().zip(targets.outer_iter()) {
            let before = labels[document].len();
            labels[document].extend(
                (0..has.len())
                    .filter(|&label| has[label])
                    .map(|label| first + label),
            );
            if labels[document].len() == before {
                labels[document].push(first + has.len());
            }
        }
        first += head.labels.len() + usize::from(head.kind == HeadKind::MultiLabel);
    }
    Strata {
        groups: components,
        labels,
        n_labels: first,
    }
}
