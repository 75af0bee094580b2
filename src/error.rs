//! The one error type of the library.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Result of the library's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and what was expected.
///
/// The size of a pointer. [`Error::kind`] tells the cases apart; [`std::error::Error::source`] keeps
/// the cause from below (an I/O error, a JSON error) where there is one.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// A place in an input: file and line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Location {
    /// Path or other name of the input; `None` for documents made in memory.
    pub file: Option<Arc<str>>,
    /// Line, counted from 1; for documents made in memory, their position counted from 1.
    pub line: u64,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}:{}", self.line),
            None => write!(f, "document {}", self.line),
        }
    }
}

/// The cases of [`Error`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter outside its range, or in contradiction to another.
    #[error("{parameter} is {value}, expected {expected}")]
    InvalidParameter {
        /// Name of the parameter, as in the recipe.
        parameter: String,
        /// The value found.
        value: String,
        /// The values allowed.
        expected: String,
    },
    /// A recipe, taxonomy or rule file that is not valid TOML or has an unknown key.
    #[error("{file}: {message}")]
    InvalidToml {
        /// Path or other name of the file.
        file: String,
        /// What the parser found, with line and column.
        message: String,
    },
    /// No document to learn from.
    #[error("the corpus has no document{reason}")]
    EmptyCorpus {
        /// What removed the documents, if anything; starts with a comma.
        reason: String,
    },
    /// Two documents with one id.
    #[error("id {id:?} of {second} was already used at {first}")]
    DuplicateId {
        /// The id.
        id: String,
        /// Where it came first.
        first: Location,
        /// Where it came again.
        second: Location,
    },
    /// A document that cannot be used for training.
    #[error("{location}: {message}")]
    InvalidDocument {
        /// Where it stands.
        location: Location,
        /// What is wrong and what was expected.
        message: String,
    },
    /// A label that every known document has, or none has.
    #[error(
        "label {label:?} of head {head:?} has {positives} positive and {negatives} negative documents; a model needs both"
    )]
    SingleClass {
        /// Head of the label.
        head: String,
        /// The label.
        label: String,
        /// Documents that have the label.
        positives: usize,
        /// Documents that are known not to have it.
        negatives: usize,
    },
    /// A name that is not there: a head, a label, a field.
    #[error("there is no {what} {name:?}; expected one of {expected}")]
    Unknown {
        /// What kind of thing was looked up.
        what: &'static str,
        /// The name looked up.
        name: String,
        /// The names there are.
        expected: String,
    },
    /// Two things of different length that must agree.
    #[error("{what} is {found}, expected {expected}")]
    DimensionMismatch {
        /// What was measured.
        what: &'static str,
        /// The length found.
        found: usize,
        /// The length expected.
        expected: usize,
    },
    /// A text above [`crate::text::MAX_TEXT_BYTES`], before or after normalization.
    #[error("the text has {bytes} bytes{when}, above the limit of {limit}")]
    TextTooLong {
        /// Bytes counted so far.
        bytes: usize,
        /// The limit.
        limit: usize,
        /// Empty, or " after normalization".
        when: &'static str,
    },
    /// More memory than the caller allows.
    #[error("{what} needs {bytes} bytes, above the limit of {limit}; {instead}")]
    OutOfBudget {
        /// What needs the memory.
        what: &'static str,
        /// Bytes needed.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
        /// What to do instead.
        instead: &'static str,
    },
    /// Bytes that are not a model file of this version.
    #[error("not a usable model file: {0}")]
    ModelFile(#[from] ModelFileError),
    /// A record of an input file that cannot be read.
    #[error("{location}: {kind}")]
    Record {
        /// File and line.
        location: Location,
        /// What is wrong with it.
        kind: RecordErrorKind,
    },
    /// A file that cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: "read", "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// `linfa` or `linfa-logistic` refused.
    #[error("linfa: {0}")]
    Linfa(String),
}

/// What is wrong with the bytes of a model file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// Longer than the largest model this version reads.
    #[error("{bytes} bytes, above the limit of {limit}")]
    TooLong {
        /// Bytes found.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The container does not parse: truncated, overlapping, holes, trailing bytes, bad header.
    #[error("bad safetensors container: {0}")]
    Container(String),
    /// The digest does not agree with the bytes.
    #[error("digest {found} does not agree with the content, {expected}")]
    Digest {
        /// The digest that stands in the file.
        found: String,
        /// The digest of the bytes.
        expected: String,
    },
    /// Written by another version of the format.
    #[error("format version {found:?}, expected {expected:?}")]
    Version {
        /// The version found.
        found: String,
        /// The version this library reads.
        expected: String,
    },
    /// The header is not what this version writes.
    #[error("bad header: {0}")]
    Header(String),
    /// A tensor is missing, unknown, or of another type or shape.
    #[error("tensor {name:?}: {problem}")]
    Tensor {
        /// Name of the tensor.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// What is wrong with one record of an input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordErrorKind {
    /// Not UTF-8.
    #[error("invalid UTF-8 at byte {byte}; expected UTF-8, not Latin-1 or another encoding")]
    InvalidUtf8 {
        /// Offset of the first invalid byte, from 0: in the line; of a table, in the cell without its quotes.
        byte: usize,
    },
    /// Not JSON, or JSON of another shape.
    #[error("invalid JSON at byte {byte}: {message}")]
    InvalidJson {
        /// Offset in the line, from 0.
        byte: usize,
        /// What the parser says.
        message: String,
    },
    /// The row has another number of columns than the header.
    #[error("{found} columns, expected {expected}")]
    RaggedRow {
        /// Columns found.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A table without the line that names its columns.
    #[error("no header line with the names of the columns")]
    MissingHeader,
    /// A quoted cell that runs to the end of the input.
    #[error("a quoted cell begins in this row and never ends")]
    UnclosedQuote,
    /// A field that must be there is not.
    #[error("missing field {field:?}")]
    MissingField {
        /// Name of the field.
        field: String,
    },
    /// A field that stands twice.
    #[error("field {field:?} stands twice")]
    DuplicateField {
        /// Name of the field.
        field: String,
    },
    /// A field of another type.
    #[error("field {field:?} is {found}, expected {expected}")]
    WrongType {
        /// Name of the field.
        field: String,
        /// The type found.
        found: String,
        /// The type expected.
        expected: &'static str,
    },
    /// A line above the limit; it was passed over, not kept in memory.
    #[error("the line is longer than {limit} bytes")]
    LineTooLong {
        /// The limit.
        limit: usize,
    },
    /// A text above the limit of the model.
    #[error("the text has {bytes} bytes{when}, above the limit of {limit}")]
    TextTooLong {
        /// Bytes counted.
        bytes: usize,
        /// Empty, or " after normalization".
        when: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl RecordErrorKind {
    /// The name used for this case in output records, such as `invalid_utf8`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::InvalidUtf8 { .. } => "invalid_utf8",
            Self::InvalidJson { .. } => "invalid_json",
            Self::RaggedRow { .. } => "ragged_row",
            Self::MissingHeader => "missing_header",
            Self::UnclosedQuote => "unclosed_quote",
            Self::MissingField { .. } => "missing_field",
            Self::DuplicateField { .. } => "duplicate_field",
            Self::WrongType { .. } => "wrong_type",
            Self::LineTooLong { .. } => "line_too_long",
            Self::TextTooLong { .. } => "text_too_long",
        }
    }

    /// Offset where the trouble is, from 0, if it is known: in the line; of a table, in the cell.
    #[must_use]
    pub fn byte(&self) -> Option<usize> {
        match self {
            Self::InvalidUtf8 { byte } | Self::InvalidJson { byte, .. } => Some(*byte),
            _ => None,
        }
    }
}

impl Error {
    /// Which case it is.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// An [`ErrorKind::InvalidParameter`].
    pub(crate) fn invalid(
        parameter: impl Into<String>,
        value: impl fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        ErrorKind::InvalidParameter {
            parameter: parameter.into(),
            value: value.to_string(),
            expected: expected.into(),
        }
        .into()
    }

    /// An [`ErrorKind::Io`] with its cause.
    pub fn io(action: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self(Box::new(Inner {
            kind: ErrorKind::Io {
                action,
                path: path.into(),
            },
            source: Some(Box::new(source)),
        }))
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, source: None }))
    }
}

impl From<ModelFileError> for Error {
    fn from(problem: ModelFileError) -> Self {
        ErrorKind::ModelFile(problem).into()
    }
}

impl From<linfa::Error> for Error {
    fn from(error: linfa::Error) -> Self {
        ErrorKind::Linfa(error.to_string()).into()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.kind, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.kind, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
