//! From bytes to records: streaming, in bounded memory, one record or one error for each line.
//!
//! [`RecordReader`] cuts an input into raw records and fills a [`Chunk`] with them; that part is serial
//! and cheap. [`Chunk::parse`] then takes one record apart: UTF-8, JSON or CSV. It only reads the chunk,
//! so the caller can run it from many threads.
//!
//! What a line is, is the same in every [`Format`]:
//!
//! * only LF ends a line, and one CR before it is dropped; a last line without LF counts;
//! * a UTF-8 byte order mark is dropped at the start of the input and nowhere else;
//! * a line above [`MAX_LINE_BYTES`] is passed over without keeping it, and becomes an error in its place.
//!
//! | format | a record is | an empty line is |
//! |---|---|---|
//! | JSON lines | an object in a line; fields nobody asked for are skipped | an error |
//! | plain text | a line | a record with an empty text |
//! | CSV, TSV | a row below the header; quoted cells may hold LF | nothing |
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

mod bom;
mod chunk;
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

pub use chunk::Chunk;
pub use format::Format;
pub use reader::RecordReader;
pub(crate) use record::type_name;
pub use record::{Record, RecordError, Schema};

/// The longest line that is read, in bytes without its line end: 16 MiB.
///
/// For CSV and TSV, the longest row.
pub const MAX_LINE_BYTES: usize = 16 << 20;
