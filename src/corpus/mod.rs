//! Labelled documents in memory.
//!
//! A [`Corpus`] holds documents and, for each *head* (a set of labels that a model predicts), the labels
//! of each document, or that they are unknown. It is checked when it is made, and never changes.
//! [`read_corpus`] makes one from files. Nothing here knows models or n-grams.
//!
//! ```
//! use narrative_frames::corpus::{Corpus, Document, HeadKind, HeadSpec};
//!
//! let document = |line, text: &str, labels: Option<&[&str]>| Document {
//!     location: narrative_frames::error::Location { file: None, line },
//!     id: None,
//!     text: text.to_owned(),
//!     group: None,
//!     weight: 1.0,
//!     labels: vec![labels.map(|labels| labels.iter().map(ToString::to_string).collect())],
//!     extra: Vec::new(),
//! };
//! let corpus = Corpus::new(
//!     vec![HeadSpec::new("topics", HeadKind::MultiLabel)],
//!     vec![
//!         document(1, "rain over the pitch", Some(&["weather", "sport"])),
//!         document(2, "nobody knows", None),
//!         document(3, "dry again", Some(&["weather"])),
//!     ],
//! )?;
//! assert_eq!(corpus.heads()[0].labels, ["sport", "weather"]);
//!
//! let (known_rows, targets) = corpus.targets(corpus.head("topics")?);
//! assert_eq!(known_rows, [0, 2]);
//! assert_eq!(targets, ndarray::array![[true, true], [false, true]]);
//! # Ok::<(), narrative_frames::Error>(())
//! ```

mod annotators;
mod check;
mod digest;
mod read;
mod report;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::{ErrorKind, Location, Result};

pub use read::{CorpusFields, read_corpus, read_corpus_with_report};
pub use report::{Agreement, HeadReading, ReadReport};

/// How many labels of a head a document can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadKind {
    /// Any number of labels, none included.
    MultiLabel,
    /// Exactly one label.
    SingleLabel,
}

/// A head as the user asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HeadSpec {
    /// Its name; in files, the name of its field.
    pub name: String,
    /// How many labels a document can have.
    pub kind: HeadKind,
    /// A field whose labels, whichever they are, are the one label [`ANY`](Self::ANY) of this head, in the place of a
    /// field of its own: whether a document has any of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_of: Option<String>,
}

impl HeadSpec {
    /// The label of a head that tells whether a document has any label of a field.
    pub const ANY: &str = "any";

    /// A head with a field of its own.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: HeadKind) -> Self {
        Self {
            name: name.into(),
            kind,
            any_of: None,
        }
    }

    /// The field of its labels.
    fn field(&self) -> &String {
        self.any_of.as_ref().unwrap_or(&self.name)
    }
}

/// One text and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Where it was read.
    pub location: Location,
    /// Its id; no two documents of a corpus have the same.
    pub id: Option<String>,
    /// The text; may be empty.
    pub text: String,
    /// Documents of one group are never split between training and testing.
    pub group: Option<String>,
    /// How much it counts in training: above 0, usually 1.
    pub weight: f32,
    /// Its labels, one entry for each head; `None` where they are unknown.
    pub labels: Vec<Option<Vec<String>>>,
    /// Values of further fields, in the order of [`CorpusFields::extra`].
    pub extra: Vec<Option<String>>,
}

/// A head and every label that some document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledHead {
    /// Its name.
    pub name: String,
    /// How many labels a document can have.
    pub kind: HeadKind,
    /// The labels, sorted.
    pub labels: Vec<String>,
}

/// Documents whose ids, weights and labels are valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Corpus {
    heads: Vec<LabelledHead>,
    documents: Vec<Document>,
}

impl Corpus {
    /// Checks the documents and collects the labels of each head.
    ///
    /// Costs one pass over the documents and a sort of the labels.
    ///
    /// # Errors
    ///
    /// * [`ErrorKind::InvalidParameter`] if a head has no name or the name of another;
    /// * [`ErrorKind::EmptyCorpus`] without documents;
    /// * [`ErrorKind::DuplicateId`] if two documents have one id;
    /// * [`ErrorKind::InvalidDocument`] if a weight is not finite and above 0, if there is not one entry of
    ///   labels for each head, if a single-label entry does not have exactly one label, or if a label is
    ///   empty or stands twice in an entry.
    pub fn new(heads: Vec<HeadSpec>, documents: Vec<Document>) -> Result<Self> {
        check::heads(&heads)?;
        check::documents(&heads, &documents)?;
        let heads = heads
            .into_iter()
            .enumerate()
            .map(|(index, head)| LabelledHead {
                labels: labels_of(index, &documents),
                name: head.name,
                kind: head.kind,
            })
            .collect();
        Ok(Self { heads, documents })
    }

    /// The heads, in the order they were given.
    #[must_use]
    pub fn heads(&self) -> &[LabelledHead] {
        &self.heads
    }

    /// The documents, in the order they were given; at least one.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The text of each document.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let documents = self.documents.iter();
        documents.map(|document| document.text.as_str()).collect()
    }

    /// A number for the group of each document, from 0 in the order of their first documents; a document without a group
    /// is one of its own.
    #[must_use]
    pub fn groups(&self) -> Vec<usize> {
        let mut numbers = BTreeMap::new();
        let mut next = 0;
        let mut new = || {
            next += 1;
            next - 1
        };
        let documents = self.documents.iter();
        documents
            .map(|document| match &document.group {
                Some(group) => *numbers.entry(group.as_str()).or_insert_with(&mut new),
                None => new(),
            })
            .collect()
    }

    /// Position of the head called `name`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] if there is none.
    pub fn head(&self, name: &str) -> Result<usize> {
        let names = || self.heads.iter().map(|head| head.name.as_str());
        names().position(|head| head == name).ok_or_else(|| {
            ErrorKind::Unknown {
                what: "head",
                name: name.to_owned(),
                expected: names().collect::<Vec<_>>().join(", "),
            }
            .into()
        })
    }

    /// What a model of one head learns from: the documents whose labels are known, and which labels each
    /// of them has.
    ///
    /// The rows are positions in [`Corpus::documents`], ascending. The targets have the shape
    /// `(known_rows.len(), n_labels)`, columns in the order of [`LabelledHead::labels`].
    ///
    /// # Panics
    ///
    /// If `head` is not a position in [`Corpus::heads`].
    #[must_use]
    pub fn targets(&self, head: usize) -> (Vec<usize>, Array2<bool>) {
        let names = &self.heads[head].labels;
        let known: Vec<(usize, &[String])> = self
            .documents
            .iter()
            .enumerate()
            .filter_map(|(row, document)| Some((row, document.labels[head].as_deref()?)))
            .collect();
        let mut targets = Array2::from_elem((known.len(), names.len()), false);
        for (mut target, (_, labels)) in targets.outer_iter_mut().zip(&known) {
            for column in labels.iter().filter_map(|label| names.binary_search(label).ok()) {
                target[column] = true;
            }
        }
        (known.into_iter().map(|(row, _)| row).collect(), targets)
    }

    /// SHA-256, in hexadecimal, of the heads and the documents in their order: ids, texts, groups, weights
    /// and labels; not of locations and further fields.
    ///
    /// What is hashed, so that different corpora never give the same bytes:
    ///
    /// | value | bytes |
    /// |---|---|
    /// | number | 8, little-endian |
    /// | text | its number of bytes, then the bytes |
    /// | optional value | one byte 0; or one byte 1, then the value |
    /// | list | its number of entries, then each |
    /// | weight | 4, little-endian IEEE 754 |
    ///
    /// First comes the text `narrative-frames corpus 1`; then the list of heads, each its name and the text
    /// `multi-label` or `single-label`; then the list of documents, each its optional id, its text, its
    /// optional group, its weight, and for each head the optional list of its labels, in the order given.
    ///
    /// Costs one pass over all texts.
    #[must_use]
    pub fn digest(&self) -> String {
        digest::of(self)
    }
}

/// Every label of one head, sorted.
fn labels_of(head: usize, documents: &[Document]) -> Vec<String> {
    let labels: BTreeSet<&String> = documents
        .iter()
        .filter_map(|document| document.labels[head].as_ref())
        .flatten()
        .collect();
    labels.into_iter().cloned().collect()
}
