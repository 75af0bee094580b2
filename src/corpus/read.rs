//! Labelled documents from files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::annotators::{Gathering, Judgement};
use super::{Corpus, Document, HeadKind, HeadSpec, ReadReport};
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
/// | object of booleans (or 0 and 1) | known of the labels it names | the one that is true |
///
/// A model of a multi-label head learns from documents of which every label of the head is known: an object that does
/// not name all labels, as an answer about one label, leaves the document out of that head. Unknown is never negative.
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
    /// Field that names who labelled a record; default none, then each record is a document.
    ///
    /// With it, or in a [format that says it](Format::annotator_field), records of one id (of one text, if they have no
    /// id) are one document, whose labels are those that most annotators gave: a document has a label of a multi-label
    /// head if more annotators gave it than did not, and that label of a single-label head which more annotators gave
    /// than any other. Where two sides are equal, all labels of that head are unknown. A later record of the same
    /// annotator takes the place of their earlier one, as far as both speak of the same labels; records that do not say
    /// who labelled them count one each. Other fields are those of the first record.
    pub annotator: Option<String>,
    /// The heads, each the name of the field with its labels; default none.
    pub heads: Vec<HeadSpec>,
    /// Labels that heads have although no file may name them, by the head; default none. A document of which only some
    /// labels are known must have these among them; give the labels of a model to measure it.
    pub labels: BTreeMap<String, BTreeSet<String>>,
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
            annotator: None,
            heads: Vec::new(),
            labels: BTreeMap::new(),
            extra: Vec::new(),
            label_separator: None,
        }
    }
}

impl CorpusFields {
    /// The field of the annotator in files of `format`.
    fn annotator_field(&self, format: Format) -> Option<&str> {
        self.annotator.as_deref().or(format.annotator_field())
    }

    /// What to ask of each record; [`Self::row`] takes the values in the same order.
    fn schema(&self, format: Format) -> Schema {
        let heads = self.heads.iter().map(HeadSpec::field);
        let fields = self.group.iter().chain(&self.weight).chain(heads).cloned();
        let annotator = self.annotator_field(format).map(str::to_owned);
        Schema {
            text: self.text.clone(),
            id: self.id.clone(),
            extra: annotator
                .into_iter()
                .chain(fields)
                .chain(self.extra.clone())
                .collect(),
        }
    }

    fn row(&self, record: Record<'_>, file: &Arc<str>, format: Format) -> Result<Row, RecordErrorKind> {
        let mut values = record.extra.into_iter();
        let mut next = || values.next().flatten();
        let annotator = self.annotator_field(format).map(|name| (name, next()));
        let group = self.group.as_ref().map(|name| name_of(name, next()));
        let weight = self.weight.as_ref().map(|name| weight(name, next()));
        let separator = self.label_separator.as_deref();
        let was_annotated = annotator.as_ref().is_some_and(|(_, who)| who.is_some());
        // Label Studio writes nothing for a control in which nothing was chosen.
        let unsaid = (format.writes_only_choices() && was_annotated).then(|| Value::from(""));
        let judgements = self
            .heads
            .iter()
            .map(|head| judgement(head, next().or_else(|| unsaid.clone()), separator))
            .collect::<Result<_, _>>()?;
        let document = Document {
            location: Location {
                file: Some(Arc::clone(file)),
                line: record.line,
            },
            id: name_of(self.id.as_deref().unwrap_or_default(), record.id)?,
            text: record.text.into_owned(),
            group: group.transpose()?.flatten(),
            weight: weight.transpose()?.unwrap_or(1.0),
            labels: Vec::new(),
            extra: values.map(|value| value.map(plain_text)).collect(),
        };
        Ok(Row {
            document,
            judgements,
            has_annotators: annotator.is_some(),
            annotator: annotator.map_or(Ok(None), |(name, who)| name_of(name, who))?,
        })
    }
}

/// One record, or one annotation of it.
pub(super) struct Row {
    /// Without its labels.
    pub(super) document: Document,
    /// What is said of each head.
    pub(super) judgements: Vec<Judgement>,
    /// Whether its file says who annotated.
    pub(super) has_annotators: bool,
    /// Who annotated, if it is known.
    pub(super) annotator: Option<String>,
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
    read_corpus_with_report(paths, format, fields).map(|(corpus, _)| corpus)
}

/// As [`read_corpus`], and tells how many records were read and used, what was left out and why, and how much
/// annotators agree.
///
/// # Errors
///
/// As [`read_corpus`]; and [`ErrorKind::InvalidDocument`](crate::ErrorKind::InvalidDocument) if two annotations of
/// one id have different texts.
///
/// ```
/// use narrative_frames::corpus::{CorpusFields, HeadKind, HeadSpec, read_corpus_with_report};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("posts.jsonl");
/// let line = |who: &str, topic: &str| format!("{{\"id\": 1, \"text\": \"rain\", \"who\": \"{who}\", \"topic\": \"{topic}\"}}\n");
/// std::fs::write(&path, line("a", "weather") + &line("b", "weather") + &line("c", "sport"))?;
///
/// let fields = CorpusFields {
///     annotator: Some("who".to_owned()),
///     heads: vec![HeadSpec::new("topic", HeadKind::SingleLabel)],
///     ..CorpusFields::default()
/// };
/// let (corpus, report) = read_corpus_with_report(&[path], None, &fields)?;
/// assert_eq!(corpus.documents()[0].labels, [Some(vec!["weather".to_owned()])]);
/// assert_eq!((report.records, report.annotators, report.documents), (3, 3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_corpus_with_report(
    paths: &[PathBuf],
    format: Option<Format>,
    fields: &CorpusFields,
) -> Result<(Corpus, ReadReport)> {
    if fields.label_separator.as_deref() == Some("") {
        return Err(Error::invalid(
            "label_separator",
            "empty",
            "at least one character",
        ));
    }
    let (mut gathering, mut chunk) = (Gathering::new(&fields.heads, &fields.labels), Chunk::default());
    for path in paths {
        let mut reader = RecordReader::open(path, format)?;
        let schema = fields.schema(reader.format());
        reader.check(&schema)?;
        while reader.read_chunk(&mut chunk, CHUNK.0, CHUNK.1)? {
            append(&chunk, &schema, fields, &reader, &mut gathering)?;
        }
    }
    let (documents, report) = gathering.settle()?;
    Ok((Corpus::new(fields.heads.clone(), documents)?, report))
}

fn append(
    chunk: &Chunk,
    schema: &Schema,
    fields: &CorpusFields,
    reader: &RecordReader,
    gathering: &mut Gathering<'_>,
) -> Result<()> {
    let (file, format) = (reader.name(), reader.format());
    for index in 0..chunk.len() {
        let annotated = chunk.parse_annotated(index, schema);
        let annotated = annotated.map_err(|error| error.of_input(file))?;
        gathering.count(&annotated.left_out);
        let mut document = None;
        for record in annotated.records {
            let line = record.line;
            let row = fields.row(record, file, format);
            document = Some(gathering.add(row.map_err(|kind| RecordError { line, kind }.of_input(file))?)?);
        }
        // Every record has an annotation at least, and all of them are of one document.
        document
            .into_iter()
            .for_each(|document| gathering.belongs(document));
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

/// What is said of the labels of one head.
fn judgement(
    head: &HeadSpec,
    value: Option<Value>,
    separator: Option<&str>,
) -> Result<Judgement, RecordErrorKind> {
    let judgement = match value {
        None => Judgement::Unknown,
        Some(Value::Array(labels)) => Judgement::Labels(list(head, labels)?),
        Some(Value::String(text)) => {
            let labels = written_labels(head, text.trim(), separator)?;
            labels.map_or(Judgement::Unknown, Judgement::Labels)
        }
        Some(Value::Object(labels)) => match named_labels(head, labels)? {
            named if named.is_empty() => Judgement::Unknown,
            named => Judgement::Named(named),
        },
        Some(value) => Judgement::Labels(vec![label(head, value)?]),
    };
    Ok(match &head.any_of {
        Some(_) => judgement.any(),
        None => judgement,
    })
}

/// Labels that are written as an object: of each that it names whether the document has it.
fn named_labels(
    head: &HeadSpec,
    labels: Map<String, Value>,
) -> Result<BTreeMap<String, bool>, RecordErrorKind> {
    let mut named = BTreeMap::new();
    for (label, value) in labels {
        let has = match (&value, value.as_f64()) {
            (Value::Null, _) => continue,
            (Value::Bool(has), _) => *has,
            (_, Some(1.0)) => true,
            (_, Some(0.0)) => false,
            _ => {
                let found = format!("an object in which {label:?} is {}", type_name(&value));
                let expected = "true, false, 1, 0 or null for each label";
                return Err(wrong_type(head.field(), found, expected));
            }
        };
        named.insert(label, has);
    }
    Ok(named)
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
