//! What became of the records of a corpus.

use std::collections::BTreeMap;

use serde::Serialize;

/// How many records were read and used, and what was left out, and why.
///
/// A record that cannot be read stops reading with an error; so every record counted here was understood.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ReadReport {
    /// Records read: lines, rows, or elements of an array; tasks of an annotation tool.
    pub records: usize,
    /// For each record, in the order read, the position of its document in
    /// [`Corpus::documents`](crate::corpus::Corpus::documents).
    #[serde(skip)]
    pub document_of_record: Vec<usize>,
    /// Annotations that were left out, by the reason.
    pub left_out: BTreeMap<String, usize>,
    /// Annotations that a later one of the same annotator, about the same document, changed.
    pub replaced: usize,
    /// Annotators whose names are known; 0 where no file says who annotated.
    pub annotators: usize,
    /// Documents: records, those of one document counted once.
    pub documents: usize,
    /// Documents of which no head knows the labels; no head learns from them or is measured on them.
    pub unused: usize,
    /// One entry for each head.
    pub heads: Vec<HeadReading>,
}

/// What became of the documents in one head; the first four add up to all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct HeadReading {
    /// The head.
    pub head: String,
    /// Documents whose labels are known.
    pub known: usize,
    /// Documents of which nobody says a label.
    pub unlabelled: usize,
    /// Documents about which as many annotators say one thing as another.
    pub tied: usize,
    /// Documents of which some labels are known, and others not.
    pub incomplete: usize,
    /// How much annotators agree: of a single-label head first over all labels, then of each label; empty if no
    /// document has two annotations.
    pub agreement: Vec<Agreement>,
}

/// Krippendorff's alpha, see [`krippendorff_alpha`](crate::metrics::krippendorff_alpha).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The label: whether a document has it or not. `None`: which label of a single-label head it has.
    pub label: Option<String>,
    /// Documents that two annotators or more say something of.
    pub documents: usize,
    /// The coefficient; `None` if all annotators say the same of all documents.
    pub alpha: Option<f64>,
}
