//! From bytes to records: streaming, in bounded memory, one record or one error for each line.
//!
//! [`RecordReader`] cuts an input into raw records and fills a [`Chunk`] with them; that part is serial
//! and cheap. [`Chunk::parse`] then takes one record apart: UTF-8, JSON or CSV. It only reads the chunk,
//! so the caller can run it from many threads.
//!
//! What a line is, is the same in every [`Format`] of lines:
//!
//! * only LF ends a line, and one CR before it is dropped; a last line without LF counts;
//! * a UTF-8 byte order mark is dropped at the start of the input and nowhere else;
//! * what is not UTF-8 is an error, or replaced on request ([`RecordReader::set_lossy`]);
//! * a line above [`MAX_LINE_BYTES`] is passed over without keeping it, and becomes an error in its place.
//!
//! | format | a record is | an empty line is |
//! |---|---|---|
//! | JSON lines | an object in a line; fields nobody asked for are skipped | an error |
//! | plain text | a line | a record with an empty text |
//! | CSV, TSV | a row below the header; quoted cells may hold LF | nothing |
//! | JSON array | an element; if the input does not start with `[`, as JSON lines | nothing |
//!
//! Exports of annotation tools are taken apart to the same records: [`Format`] names them, and
//! [`Chunk::parse_annotated`] gives a record once for each annotation. What each of their fields becomes:
//!
//! | format | text | labels: a field is called | labels are left out |
//! |---|---|---|---|
//! | [Label Studio](Format::LabelStudio) | in `data` | as the `name` of `<Choices>` | of cancelled or skipped annotations |
//! | [JSON-MIN](Format::LabelStudioMin) | a field | as the `name` of `<Choices>` | |
//! | [doccano](Format::Doccano) | a field | `label` or `labels`, whichever is there | |
//! | [Prodigy](Format::Prodigy) | a field | `label` or `accept`, each both | of tasks ignored, without answer, or rejected without a choice |
//! | [Argilla](Format::Argilla) | in `fields` or `inputs` | as the question; before version 1.8 `annotation` | of responses discarded or in draft; suggestions and predictions |
//! | [fastText](Format::FastText) | the line without labels | `label` | |
//!
//! * A Label Studio annotation without choice, where it was not cancelled, is known to have no label.
//! * Prodigy's `choice`, accepted, tells of each of its options whether it fits; rejected, that those chosen do not, and
//!   nothing of the others. A task of one label tells of that label alone: accept, it fits; reject, it does not. All
//!   become an object of booleans, and labels that it does not name stay unknown.
//! * A fastText line without label is unknown.
//! * Labels of a part of the text, such as doccano's `[start, end, label]` or `<Labels>` of Label Studio, are an
//!   error where they are asked for.
//!
//! ```
//! use narrative_frames::records::{Chunk, Format, RecordReader, Schema};
//!
//! let input = &b"{\"id\": 7, \"text\": \"rain tomorrow\"}\n{\"id\": 8}\n"[..];
//! let mut reader = RecordReader::from_reader(input, Format::Jsonl, "example")?;
//! let (schema, mut chunk) = (Schema::default(), Chunk::default());
//!
//! assert!(reader.read_chunk(&mut chunk, 1000, 1 << 20)?);
//! let record = chunk.parse(0, &schema)?;
//! assert_eq!((record.line, &*record.text), (1, "rain tomorrow"));
//! assert_eq!(record.id, Some(7.into()));
//! assert_eq!(chunk.parse(1, &schema).unwrap_err().to_string(), "line 2: missing field \"text\"");
//!
//! assert!(!reader.read_chunk(&mut chunk, 1000, 1 << 20)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod annotations;
mod bom;
mod chunk;
mod counted;
mod decode;
mod detect;
mod elements;
mod format;
mod json;
mod lines;
mod reader;
mod record;
mod row;
mod table;
#[cfg(test)]
mod tests;

#[cfg(feature = "files")]
mod cells;
#[cfg(feature = "files")]
mod compressed;

#[cfg(not(feature = "files"))]
mod without_files;
#[cfg(not(feature = "files"))]
use without_files::{cells, compressed};

pub use chunk::{Annotated, Chunk};
pub use format::Format;
pub use reader::RecordReader;
pub(crate) use record::type_name;
pub use record::{Record, RecordError, Schema};

/// The longest line that is read, in bytes without its line end: 16 MiB.
///
/// For CSV and TSV, the longest row.
pub const MAX_LINE_BYTES: usize = 16 << 20;
