//! What is asked of a record, and what is found in it.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::error::{Error, ErrorKind, Location, RecordErrorKind};

/// The fields to take from each record; all others are skipped.
///
/// One field may be named for several purposes. Plain text has no field but the text: the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Field of the text; default `text`.
    pub text: String,
    /// Field of the id, if ids are wanted; default `id`.
    pub id: Option<String>,
    /// Further fields; default none.
    pub extra: Vec<String>,
}

impl Default for Schema {
    fn default() -> Self {
        Self {
            text: "text".to_owned(),
            id: Some("id".to_owned()),
            extra: Vec::new(),
        }
    }
}

impl Schema {
    /// Every field named, with repetitions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.text)
            .chain(&self.id)
            .chain(&self.extra)
            .map(String::as_str)
    }
}

/// One record of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// Line it starts on, counted from 1.
    pub line: u64,
    /// Its id, a string or a number; `None` if there is none, it is null, or its CSV cell is empty.
    ///
    /// Numbers that do not fit 64 bits are rounded, as JSON numbers are.
    pub id: Option<Value>,
    /// Its text; borrowed from the chunk unless JSON wrote it with escapes.
    pub text: Cow<'a, str>,
    /// Values of [`Schema::extra`], in that order; `None` where a field is missing or null.
    ///
    /// CSV cells are strings, empty ones too.
    pub extra: Vec<Option<Value>>,
}

impl Record<'_> {
    /// The same with a text of its own.
    pub(super) fn into_owned(self) -> Record<'static> {
        Record {
            line: self.line,
            id: self.id,
            text: Cow::Owned(self.text.into_owned()),
            extra: self.extra,
        }
    }
}

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct RecordError {
    /// Line it starts on, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub kind: RecordErrorKind,
}

impl RecordError {
    /// The same as an [`ErrorKind::Record`] that names the input, see
    /// [`RecordReader::name`](super::RecordReader::name).
    #[must_use]
    pub fn of_input(self, name: &Arc<str>) -> Error {
        let location = Location {
            file: Some(Arc::clone(name)),
            line: self.line,
        };
        ErrorKind::Record {
            location,
            kind: self.kind,
        }
        .into()
    }
}

/// What a JSON value is, in words for messages.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
