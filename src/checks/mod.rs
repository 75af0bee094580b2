//! What looks wrong with a labelled corpus, before anything is learned from it.
//!
//! [`check`] reads the corpus and says what a person should look at: nothing here changes a document or stops a
//! training. It knows no recipe and no model. What depends on those, such as labels too rare for the folds, stands in
//! [`TrainingReport`](crate::classifier::TrainingReport).

mod giveaways;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use crate::corpus::Corpus;
use crate::error::{Location, Result};
use crate::features::{Channel, TermCounts, Unit};
use crate::similarity::{Clash, Copies};
use crate::text::View;

/// Places that a warning names; the others are counted.
const PLACES: usize = 3;

/// Something to look at. Its `Display` form is one line for people.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Texts of which normalization leaves nothing: all a model can say of them is what is most common.
    EmptyTexts {
        /// How many.
        count: usize,
        /// The first of them.
        first: Vec<Location>,
    },
    /// Documents with a copy that has other labels: see [`Copies`].
    Contradictions {
        /// The head whose labels differ.
        head: String,
        /// Whether the copies are exact.
        exact: bool,
        /// How many documents have such a copy.
        count: usize,
        /// The first of them, each with its copy.
        first: Vec<(Location, Location)>,
    },
    /// An n-gram that alone tells nearly all documents with a label from nearly all others.
    Giveaway {
        /// Head of the label.
        head: String,
        /// The label.
        label: String,
        /// One word or two.
        ngram: String,
        /// Documents with the label.
        positives: usize,
        /// Those of them that have the n-gram.
        hits: usize,
        /// Documents without the label that have it.
        others: usize,
    },
    /// A label whose name stands in nearly all texts that have it, and in few others.
    LabelInText {
        /// Head of the label.
        head: String,
        /// The label.
        label: String,
        /// Documents with the label.
        positives: usize,
        /// Those of them with its name.
        hits: usize,
        /// Documents without the label that have its name.
        others: usize,
    },
}

/// What is worth a look in a corpus.
///
/// | kind | found |
/// |---|---|
/// | [`Warning::EmptyTexts`] | no token is left |
/// | [`Warning::Giveaway`] | a word or two words in at least 9 of 10 documents with a label, 19 of 20 of all that have them; from 10 documents on |
/// | [`Warning::LabelInText`] | the name of a label, as words, in at least 9 of 10 documents with it, and at most half as often in others; from 10 documents on |
///
/// Copies with other labels are [`contradictions`], whose search takes longer. Cost: two to three passes over the texts, and one
/// for each label that nearly all of its own texts name.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong).
pub fn check(corpus: &Corpus) -> Result<Vec<Warning>> {
    let words = [Channel::new(View::Light, Unit::Word, 1, 2)?];
    let terms = TermCounts::extract(&corpus.texts(), &words)?;
    let mut warnings: Vec<Warning> = empty_texts(corpus, &terms).into_iter().collect();
    warnings.extend(giveaways::find(corpus, &terms)?);
    Ok(warnings)
}

/// Every token is a word of the light view, so texts without one have no token.
fn empty_texts(corpus: &Corpus, terms: &TermCounts) -> Option<Warning> {
    let documents = corpus.documents().iter().enumerate();
    let empty: Vec<Location> = documents
        .filter(|(position, _)| terms.document(*position, 0).0.is_empty())
        .map(|(_, document)| document.location.clone())
        .collect();
    (!empty.is_empty()).then(|| Warning::EmptyTexts {
        count: empty.len(),
        first: empty.into_iter().take(PLACES).collect(),
    })
}

/// Documents with an exact or near copy that has other known labels: a warning for each head and kind of copy.
///
/// Cost: that of [`Copies::find`], seconds for 10,000 posts.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong).
///
/// ```
/// use narrative_frames::checks::contradictions;
/// use narrative_frames::corpus::{Corpus, Document, HeadKind, HeadSpec};
///
/// let document = |line, text: &str, topic: &str| Document {
///     location: narrative_frames::error::Location { file: None, line },
///     id: None,
///     text: text.to_owned(),
///     group: None,
///     weight: 1.0,
///     labels: vec![Some(vec![topic.to_owned()])],
///     extra: Vec::new(),
/// };
/// let corpus = Corpus::new(
///     vec![HeadSpec::new("topic", HeadKind::SingleLabel)],
///     vec![document(1, "Rain again.", "weather"), document(2, "rain  again.", "sport")],
/// )?;
/// let warnings = contradictions(&corpus)?;
/// assert_eq!(
///     warnings[0].to_string(),
///     "2 documents have an exact copy with other labels of head \"topic\": document 1 and document 2, document 2 and document 1"
/// );
/// # Ok::<(), narrative_frames::Error>(())
/// ```
pub fn contradictions(corpus: &Corpus) -> Result<Vec<Warning>> {
    let copies = Copies::find(&corpus.texts())?;
    let mut warnings = Vec::new();
    for (position, head) in corpus.heads().iter().enumerate() {
        let (exact, near): (Vec<Clash>, Vec<Clash>) = copies
            .clashes(&kinds(corpus, position))
            .into_iter()
            .partition(|clash| clash.exact);
        for (clashes, exact) in [(exact, true), (near, false)] {
            if clashes.is_empty() {
                continue;
            }
            let place = |text: usize| corpus.documents()[text].location.clone();
            warnings.push(Warning::Contradictions {
                head: head.name.clone(),
                exact,
                count: clashes.len(),
                first: clashes
                    .iter()
                    .take(PLACES)
                    .map(|clash| (place(clash.text), place(clash.copy)))
                    .collect(),
            });
        }
    }
    Ok(warnings)
}

/// A number for the labels that each document has of a head, the same for the same ones.
fn kinds(corpus: &Corpus, head: usize) -> Vec<Option<usize>> {
    let mut numbers = BTreeMap::new();
    let documents = corpus.documents().iter();
    let kind = |labels: &Option<Vec<String>>| {
        let mut labels = labels.clone()?;
        labels.sort_unstable();
        let next = numbers.len();
        Some(*numbers.entry(labels).or_insert(next))
    };
    documents
        .map(|document| &document.labels[head])
        .map(kind)
        .collect()
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyTexts { count, first } => {
                write!(
                    f,
                    "nothing is left of {count} texts once normalized: {}",
                    list(first, *count)
                )
            }
            Self::Contradictions {
                head,
                exact,
                count,
                first,
            } => {
                let copy = if *exact { "an exact" } else { "a near" };
                let pairs: Vec<String> = first.iter().map(|(a, b)| format!("{a} and {b}")).collect();
                let pairs = list(&pairs, *count);
                write!(
                    f,
                    "{count} documents have {copy} copy with other labels of head {head:?}: {pairs}"
                )
            }
            Self::Giveaway {
                head,
                label,
                ngram,
                positives,
                hits,
                others,
            } => write!(
                f,
                "label {label:?} of head {head:?} can be told by {ngram:?} alone, which stands in {hits} of its {positives} \
                 documents and in {others} others: the model may learn how the texts were collected, not what they say"
            ),
            Self::LabelInText {
                head,
                label,
                positives,
                hits,
                others,
            } => write!(
                f,
                "the name of label {label:?} of head {head:?} stands in the text of {hits} of its {positives} documents \
                 and in {others} others: the texts may hold their own labels"
            ),
        }
    }
}

/// The first few of `count`, and a sign that there are more.
fn list(first: &[impl fmt::Display], count: usize) -> String {
    let named: Vec<String> = first.iter().map(ToString::to_string).collect();
    let more = if count > named.len() { ", ..." } else { "" };
    named.join(", ") + more
}
