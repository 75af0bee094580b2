//! A batch of raw records.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::annotations::{Adapted, Adapter};
use super::decode::Decoding;
use super::row::Row;
use super::table::{Cells, Table};
use super::{Record, RecordError, Schema, json};
use crate::error::RecordErrorKind;

/// How the bytes of a record are taken apart.
#[derive(Debug, Clone, Default)]
pub(super) enum Syntax {
    #[default]
    Text,
    Json,
    Table(Arc<Table>),
    /// What another program wrote, brought to JSON objects of flat fields.
    Adapted(Adapter),
}

/// A record, once for each annotation that it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotated<'a> {
    /// At least one; without annotation, one whose labels are missing. Text and id of all are the same.
    pub records: Vec<Record<'a>>,
    /// Why annotations were left out, one entry each, such as `cancelled by the annotator`.
    pub left_out: Vec<&'static str>,
}

/// Raw records, filled by [`RecordReader::read_chunk`](super::RecordReader::read_chunk) and parsed one by
/// one, from any thread.
///
/// Made to be used again: it keeps its memory from one filling to the next.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    syntax: Syntax,
    decoding: Decoding,
    bytes: Vec<u8>,
    /// Where the cells of each row of a table end, counted from the start of the row.
    ends: Vec<usize>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    line: u64,
    /// Where the record stands in the bytes.
    bytes: Range<usize>,
    /// Where it stands as it was written.
    written: Range<usize>,
    /// Where its cells stand in the ends of cells.
    ends: Range<usize>,
    fault: Option<RecordErrorKind>,
}

impl Chunk {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes the record at `index` apart.
    ///
    /// The whole line must be UTF-8; of a table, each cell that is asked for. Costs one pass over the bytes;
    /// the text is copied only if JSON wrote it with escapes.
    ///
    /// # Errors
    ///
    /// What is wrong with the record. Byte offsets count from the start of the line; in a table, from the
    /// start of the cell, without its quotes. Malformed JSON goes before missing or unfit fields.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Chunk::len`].
    pub fn parse(&self, index: usize, schema: &Schema) -> Result<Record<'_>, RecordError> {
        let mut annotated = self.parse_annotated(index, schema)?;
        Ok(annotated.records.swap_remove(0))
    }

    /// The record at `index` as it was written, without the LF of its line end: a line, the lines of a row of a table, or
    /// an element of a JSON array. Empty if the reader found a fault in it.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Chunk::len`].
    ///
    /// ```
    /// # #[cfg(feature = "files")] {
    /// use narrative_frames::records::{Chunk, Format, RecordReader};
    ///
    /// let input = &b"text,n\n\"Rain,\nagain\", 1\r\n"[..];
    /// let mut reader = RecordReader::from_reader(input, Format::Csv, "example")?;
    /// let mut chunk = Chunk::default();
    /// reader.read_chunk(&mut chunk, 1000, 1 << 20)?;
    /// assert_eq!(reader.header(), Some(&b"text,n"[..]));
    /// assert_eq!(chunk.written(0), b"\"Rain,\nagain\", 1\r");
    /// # }
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    #[must_use]
    pub fn written(&self, index: usize) -> &[u8] {
        &self.bytes[self.entries[index].written.clone()]
    }

    /// Takes the record at `index` apart, once for each annotation; one of a file without annotators is one.
    ///
    /// # Errors
    ///
    /// As [`Chunk::parse`].
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Chunk::len`].
    pub fn parse_annotated(&self, index: usize, schema: &Schema) -> Result<Annotated<'_>, RecordError> {
        let entry = &self.entries[index];
        self.parse_entry(entry, schema).map_err(|kind| RecordError {
            line: entry.line,
            kind,
        })
    }

    /// Every field of the record at `index`, by name.
    ///
    /// Of a table, all cells as strings; of plain text, the line, under the name that the schema has for the text; of an
    /// annotated record, its first annotation. Costs one more pass over the bytes and a copy of the values.
    ///
    /// # Errors
    ///
    /// As [`Chunk::parse`], but for text and id, which may be of any type; and any field may stand only once.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`Chunk::len`].
    ///
    /// ```
    /// use narrative_frames::records::{Chunk, Format, RecordReader, Schema};
    ///
    /// let input = &b"{\"id\": 7, \"text\": \"rain\", \"place\": {\"town\": \"Aden\"}}\n"[..];
    /// let mut reader = RecordReader::from_reader(input, Format::Jsonl, "example")?;
    /// let mut chunk = Chunk::default();
    /// assert!(reader.read_chunk(&mut chunk, 1000, 1 << 20)?);
    /// let fields = chunk.fields(0, &Schema::default())?;
    /// assert_eq!(fields["place"]["town"], "Aden");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fields(&self, index: usize, schema: &Schema) -> Result<Map<String, Value>, RecordError> {
        let entry = &self.entries[index];
        self.fields_of(entry, schema).map_err(|kind| RecordError {
            line: entry.line,
            kind,
        })
    }

    fn fields_of(&self, entry: &Entry, schema: &Schema) -> Result<Map<String, Value>, RecordErrorKind> {
        let bytes = self.content(entry)?;
        let text = || self.decoding.text(bytes);
        match &self.syntax {
            Syntax::Text => Ok(std::iter::once((schema.text.clone(), Value::from(text()?))).collect()),
            Syntax::Json => json::fields(&text()?),
            Syntax::Table(table) => {
                let cells = Cells::new(bytes, &self.ends[entry.ends.clone()]);
                table.fields(cells, self.decoding)
            }
            Syntax::Adapted(adapter) => Ok(adapter(&text()?, schema)?.records.swap_remove(0)),
        }
    }

    fn parse_entry(&self, entry: &Entry, schema: &Schema) -> Result<Annotated<'_>, RecordErrorKind> {
        let (line, bytes) = (entry.line, self.content(entry)?);
        let record = match &self.syntax {
            Syntax::Text => plain_text(line, self.decoding.text(bytes)?, schema),
            Syntax::Json => match self.decoding.text(bytes)? {
                Cow::Borrowed(text) => json::parse(line, text, schema)?,
                Cow::Owned(text) => json::parse(line, &text, schema)?.into_owned(),
            },
            Syntax::Table(table) => {
                let cells = Cells::new(bytes, &self.ends[entry.ends.clone()]);
                table.parse(line, cells, schema, self.decoding)?
            }
            Syntax::Adapted(adapter) => {
                let Adapted { records, left_out } = adapter(&self.decoding.text(bytes)?, schema)?;
                let records = records
                    .into_iter()
                    .map(|fields| json::record(line, &fields, schema));
                return Ok(Annotated {
                    records: records.collect::<Result<_, _>>()?,
                    left_out,
                });
            }
        };
        Ok(Annotated {
            records: vec![record],
            left_out: Vec::new(),
        })
    }

    fn content(&self, entry: &Entry) -> Result<&[u8], RecordErrorKind> {
        match &entry.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(&self.bytes[entry.bytes.clone()]),
        }
    }

    /// The first record as text, if there is one and it is UTF-8.
    pub(super) fn first(&self) -> Option<&str> {
        let bytes = self.content(self.entries.first()?).ok()?;
        std::str::from_utf8(bytes).ok()
    }

    /// Empties the chunk; gives memory back that one long line of an earlier filling took.
    pub(super) fn restart(&mut self, syntax: &Syntax, decoding: Decoding, max_bytes: usize) {
        self.syntax = syntax.clone();
        self.decoding = decoding;
        self.entries.clear();
        self.ends.clear();
        self.bytes.clear();
        self.bytes.shrink_to(max_bytes.saturating_mul(2));
    }

    /// Takes over a complete row.
    pub(super) fn push(&mut self, row: &Row) {
        let (bytes, ends) = (self.bytes.len(), self.ends.len());
        self.bytes.extend_from_slice(row.content());
        let end = self.bytes.len();
        self.bytes.extend_from_slice(row.written());
        self.ends.extend_from_slice(row.ends());
        let is_table = matches!(self.syntax, Syntax::Table(_));
        self.entries.push(Entry {
            line: row.line(),
            bytes: bytes..end,
            written: if is_table { end } else { bytes }..self.bytes.len(),
            ends: ends..self.ends.len(),
            fault: row.fault().cloned(),
        });
    }

    /// Whether one more record may come in; an empty chunk always takes one.
    pub(super) fn has_room(&self, max_records: usize, max_bytes: usize) -> bool {
        self.is_empty() || (self.len() < max_records && self.bytes.len() < max_bytes)
    }
}

/// A line as a record whose only field is the text.
fn plain_text<'a>(line: u64, text: Cow<'a, str>, schema: &Schema) -> Record<'a> {
    let is_text = |name: &String| *name == schema.text;
    let extra = schema.extra.iter();
    Record {
        line,
        id: None,
        extra: extra
            .map(|name| is_text(name).then(|| Value::from(&*text)))
            .collect(),
        text,
    }
}
