//! Labelled documents from files.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::{Corpus, Document, HeadKind, HeadSpec};
use crate::error::{Error, Location, RecordErrorKind, Result};
use crate::records::{Chunk, Format, Record, RecordError, RecordReader, Schema, type_name};

/// Records read at once, and their bytes.
const CHUNK: (usize, usize) = (4096, 4 << 20);

/// Which fields of a file hold what.
///
/// One field may serve several purposes, such as the id as the group.
///
/// Labels stand in a JSON list, as text, or as a number or boolean, which is taken by its JSON text. Text
/// that starts with `[` must be a JSON list too; other text is one label, or several for a multi-label
/// head with a [`label_separator`](Self::label_separator), each without the white space around it.
///
/// | value | multi-label head | single-label head |
/// |---|---|---|
/// | missing field, null | unknown | unknown |
/// | empty text or CSV cell | known to have no label | unknown |
/// | empty list | known to have no label | error |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusFields {
    /// Field of the text; default `text`.
    pub text: String,
    /// Field of the id, a string or a number; default `id`. Documents without it have no id.
    pub id: Option<String>,
    /// Field of the group; default none. Documents without it have no group.
    pub group: Option<String>,
    /// Field of the weight; default none. Documents without it weigh 1.
    pub weight: Option<String>,
    /// The heads, each the name of the field with its labels; default none.
    pub heads: Vec<HeadSpec>,
    /// Further fields to keep; default none.
    pub extra: Vec<String>,
    /// What stands between labels that are written as text; default none. Not empty.
    pub label_separator: Option<String>,
}

impl Default for CorpusFields {
    fn default() -> Self {
        let schema = Schema::default();
        Self {
            text: schema.text,
            id: schema.id,
            group: None,
            weight: None,
            heads: Vec::new(),
            extra: Vec::new(),
            label_separator: None,
        }
    }
}

impl CorpusFields {
    /// What to ask of each record; [`Self::document`] takes the values in the same order.
    fn schema(&self) -> Schema {
        let heads = self.heads.iter().map(HeadSpec::field);
        let fields = self.group.iter().chain(&self.weight).chain(heads);
        Schema {
            text: self.text.clone(),
            id: self.id.clone(),
            extra: fields.chain(&self.extra).cloned().collect(),
        }
    }

    fn document(&self, record: Record<'_>, file: &Arc<str>) -> Result<Document, RecordErrorKind> {
        let mut values = record.extra.into_iter();
        let mut next = || values.next().flatten();
        let group = self.group.as_ref().map(|name| name_of(name, next()));
        let weight = self.weight.as_ref().map(|name| weight(name, next()));
        let separator = self.label_separator.as_deref();
        let labels = self.heads.iter().map(|head| labels(head, next(), separator));
        Ok(Document {
            location: Location {
                file: Some(Arc::clone(file)),
                line: record.line,
            },
            id: name_of(self.id.as_deref().unwrap_or_default(), record.id)?,
            text: record.text.into_owned(),
            group: group.transpose()?.flatten(),
            weight: weight.transpose()?.unwrap_or(1.0),
            labels: labels.collect::<Result<_, _>>()?,
            extra: values.map(|value| value.map(plain_text)).collect(),
        })
    }
}

/// Reads labelled documents from files, in the order of the files and of their records.
///
/// Without `format`, the extension of each file names it. Everything read is kept in memory.
///
/// # Errors
///
/// The first record that cannot be used stops reading with an
/// [`ErrorKind::Record`](crate::ErrorKind::Record) that names file and line. Also the errors of
/// [`RecordReader::open`], [`RecordReader::check`], [`RecordReader::read_chunk`] and [`Corpus::new`], and
/// [`ErrorKind::InvalidParameter`](crate::ErrorKind::InvalidParameter) if the label separator is empty.
///
/// ```
/// use narrative_frames::corpus::{CorpusFields, HeadKind, HeadSpec, read_corpus};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("posts.jsonl");
/// std::fs::write(&path, "{\"text\": \"rain\", \"topics\": [\"weather\"]}\n{\"text\": \"?\", \"topics\": null}\n")?;
///
/// let fields = CorpusFields {
///     heads: vec![HeadSpec::new("topics", HeadKind::MultiLabel)],
///     ..CorpusFields::default()
/// };
/// let corpus = read_corpus(&[path], None, &fields)?;
/// assert_eq!(corpus.documents()[0].labels, [Some(vec!["weather".to_owned()])]);
/// assert_eq!(corpus.documents()[1].labels, [None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_corpus(paths: &[PathBuf], format: Option<Format>, fields: &CorpusFields) -> Result<Corpus> {
    if fields.label_separator.as_deref() == Some("") {
        return Err(Error::invalid(
            "label_separator",
            "empty",
            "at least one character",
        ));
    }
    let schema = fields.schema();
    let (mut documents, mut chunk) = (Vec::new(), Chunk::default());
    for path in paths {
        let mut reader = RecordReader::open(path, format)?;
        reader.check(&schema)?;
        while reader.read_chunk(&mut chunk, CHUNK.0, CHUNK.1)? {
            append(&chunk, &schema, fields, reader.name(), &mut documents)?;
        }
    }
    Corpus::new(fields.heads.clone(), documents)
}

fn append(
    chunk: &Chunk,
    schema: &Schema,
    fields: &CorpusFields,
    file: &Arc<str>,
    documents: &mut Vec<Document>,
) -> Result<()> {
    for index in 0..chunk.len() {
        let document = chunk.parse(index, schema).and_then(|record| {
            let line = record.line;
            fields
                .document(record, file)
                .map_err(|kind| RecordError { line, kind })
        });
        documents.push(document.map_err(|error| error.of_input(file))?);
    }
    Ok(())
}

/// An id or a group: text or a number; empty text is none.
fn name_of(field: &str, value: Option<Value>) -> Result<Option<String>, RecordErrorKind> {
    match value {
        Some(value @ (Value::String(_) | Value::Number(_))) => {
            Ok(Some(plain_text(value)).filter(|name| !name.is_empty()))
        }
        Some(other) => Err(wrong_type(field, type_name(&other), "a string or a number")),
        None => Ok(None),
    }
}

/// A weight; 1 where there is none.
fn weight(field: &str, value: Option<Value>) -> Result<f32, RecordErrorKind> {
    let value = value.map_or_else(String::new, plain_text);
    match value.trim() {
        "" => Ok(1.0),
        weight => weight
            .parse()
            .map_err(|_| wrong_type(field, format!("{weight:?}"), "a number")),
    }
}

/// The labels of one head; `None` if they are unknown.
fn labels(
    head: &HeadSpec,
    value: Option<Value>,
    separator: Option<&str>,
) -> Result<Option<Vec<String>>, RecordErrorKind> {
    let labels = match value {
        None => None,
        Some(Value::Array(labels)) => Some(list(head, labels)?),
        Some(Value::String(text)) => written_labels(head, text.trim(), separator)?,
        Some(value) => Some(vec![label(head, value)?]),
    };
    Ok(match &head.any_of {
        Some(_) => labels.map(|labels| {
            labels
                .first()
                .map(|_| HeadSpec::ANY.to_owned())
                .into_iter()
                .collect()
        }),
        None => labels,
    })
}

/// Labels that are written as text.
fn written_labels(
    head: &HeadSpec,
    text: &str,
    separator: Option<&str>,
) -> Result<Option<Vec<String>>, RecordErrorKind> {
    if text.starts_with('[') {
        let not_a_list = |_| {
            wrong_type(
                head.field(),
                "text that starts with \"[\"",
                "a JSON list or other text",
            )
        };
        let labels = serde_json::from_str(text).map_err(not_a_list)?;
        return list(head, labels).map(Some);
    }
    Ok(match (head.kind, text, separator) {
        (HeadKind::SingleLabel, "", _) => None,
        (HeadKind::MultiLabel, "", _) => Some(Vec::new()),
        (HeadKind::MultiLabel, text, Some(separator)) => Some(
            text.split(separator)
                .map(|label| label.trim().to_owned())
                .collect(),
        ),
        (_, text, _) => Some(vec![text.to_owned()]),
    })
}

fn list(head: &HeadSpec, labels: Vec<Value>) -> Result<Vec<String>, RecordErrorKind> {
    labels.into_iter().map(|value| label(head, value)).collect()
}

fn label(head: &HeadSpec, value: Value) -> Result<String, RecordErrorKind> {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(plain_text(value)),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(wrong_type(
            head.field(),
            format!("{} in the place of a label", type_name(&value)),
            "a string, a number or a boolean",
        )),
    }
}

/// A string as it is, anything else as JSON.
fn plain_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn wrong_type(field: &str, found: impl Into<String>, expected: &'static str) -> RecordErrorKind {
    RecordErrorKind::WrongType {
        field: field.to_owned(),
        found: found.into(),
        expected,
    }
}
