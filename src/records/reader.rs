//! Opens an input and reads it chunk by chunk.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::annotations;
use super::chunk::Syntax;
use super::counted::{ByteCount, Counted};
use super::decode::Decoding;
use super::detect;
use super::elements::ElementCutter;
use super::format::Compression;
use super::lines::{Cutter, Progress, Rows};
use super::table::Table;
use super::{Chunk, Format, Schema, compressed};
use crate::error::{Error, Result};

/// Reads the raw records of one input, in order.
///
/// Holds one buffer and at most one line of [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES), whatever the input.
pub struct RecordReader {
    name: Arc<str>,
    format: Format,
    syntax: Syntax,
    decoding: Decoding,
    bytes_read: ByteCount,
    rows: Rows,
    /// Regular files never wait, so their chunks are always filled.
    pub(super) fills_chunks: bool,
    /// An error that came after the records of the last chunk.
    failure: Option<Error>,
}

impl RecordReader {
    /// Opens a file, decompressed if its extension is `.gz` or `.zst`; without `format`, the extension
    /// names it, see [`Format::from_path`].
    ///
    /// Then the first record of a regular file also tells, where the extension says no more than JSON or plain text,
    /// whether an annotation tool or fastText wrote it, if it has fields that nothing else has:
    ///
    /// | fields of the first record | format |
    /// |---|---|
    /// | `data`, an object, and `annotations` or `completions`, a list | [`Format::LabelStudio`] |
    /// | `annotation_id`, `annotator` and `lead_time` | [`Format::LabelStudioMin`] |
    /// | `answer` and `_task_hash` | [`Format::Prodigy`] |
    /// | `fields`, an object, and `responses` | [`Format::Argilla`] |
    /// | `annotation`, `prediction` and `annotation_agent` | [`Format::Argilla`] |
    /// | a line of text that starts with `__label__` | [`Format::FastText`] |
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] if the extension names no format, [`ErrorKind::Io`] if the file cannot be
    /// opened, or is compressed and the crate is built without the feature `files`; and the errors of
    /// [`RecordReader::from_reader`].
    ///
    /// [`ErrorKind::Unknown`]: crate::ErrorKind::Unknown
    /// [`ErrorKind::Io`]: crate::ErrorKind::Io
    pub fn open(path: impl AsRef<Path>, format: Option<Format>) -> Result<Self> {
        let path = path.as_ref();
        if let Some(format) = format {
            return Self::open_as(path, format);
        }
        let format = Format::from_path(path)?;
        let mut reader = Self::open_as(path, format)?;
        if !reader.fills_chunks || !matches!(format, Format::Json | Format::Jsonl | Format::Txt) {
            return Ok(reader);
        }
        let mut first = Chunk::default();
        // A file that cannot be read is one of its extension: the error comes when its records are read.
        let has_first = reader.read_chunk(&mut first, 1, 1).unwrap_or(false);
        if !has_first {
            return Self::open_as(path, format);
        }
        Self::open_as(path, detect::format(&first).unwrap_or(format))
    }

    fn open_as(path: &Path, format: Format) -> Result<Self> {
        let io_error = |error| Error::io("read", path, error);
        let file = File::open(path).map_err(io_error)?;
        let is_regular = file.metadata().map_err(io_error)?.is_file();
        let count = ByteCount::default();
        let file = Counted {
            inner: file,
            count: count.clone(),
        };
        let input = compressed::content(file, Compression::from_path(path)).map_err(io_error)?;
        let mut reader = Self::new(input, count, format, path.display().to_string().into())?;
        reader.fills_chunks = is_regular;
        Ok(reader)
    }

    /// Reads from anything, such as standard input; `name` stands for it in messages.
    ///
    /// The bytes are taken as they are, never decompressed. For tables this reads the header line, and so
    /// waits for it.
    ///
    /// # Errors
    ///
    /// For tables, [`ErrorKind::Record`] if there is no usable header line, [`ErrorKind::Io`] if it cannot
    /// be read, and [`ErrorKind::InvalidParameter`] if the crate is built without the feature `files`.
    ///
    /// [`ErrorKind::Record`]: crate::ErrorKind::Record
    /// [`ErrorKind::Io`]: crate::ErrorKind::Io
    /// [`ErrorKind::InvalidParameter`]: crate::ErrorKind::InvalidParameter
    pub fn from_reader(
        input: impl Read + Send + 'static,
        format: Format,
        name: impl Into<Arc<str>>,
    ) -> Result<Self> {
        let count = ByteCount::default();
        let input = Counted {
            inner: input,
            count: count.clone(),
        };
        Self::new(Box::new(input), count, format, name.into())
    }

    fn new(
        input: Box<dyn Read + Send>,
        bytes_read: ByteCount,
        format: Format,
        name: Arc<str>,
    ) -> Result<Self> {
        let table = |input, delimiter| {
            let (table, rows) = Table::open(input, delimiter, &name)?;
            Ok::<_, Error>((Syntax::Table(Arc::new(table)), rows))
        };
        let lines = |input| Rows::new(input, Cutter::Lines);
        let elements = |input| Rows::new(input, Cutter::Elements(ElementCutter::default()));
        let (syntax, rows) = match format {
            Format::Jsonl => (Syntax::Json, lines(input)),
            Format::Json => (Syntax::Json, elements(input)),
            Format::Txt => (Syntax::Text, lines(input)),
            Format::Csv => table(input, b',')?,
            Format::Tsv => table(input, b'\t')?,
            Format::LabelStudio => (Syntax::Adapted(annotations::label_studio), elements(input)),
            Format::LabelStudioMin => (Syntax::Adapted(annotations::label_studio_min), elements(input)),
            Format::Doccano => (Syntax::Adapted(annotations::doccano), elements(input)),
            Format::Prodigy => (Syntax::Adapted(annotations::prodigy), elements(input)),
            Format::Argilla => (Syntax::Adapted(annotations::argilla), elements(input)),
            Format::FastText => (Syntax::Adapted(annotations::fasttext), lines(input)),
        };
        Ok(Self {
            name,
            format,
            syntax,
            decoding: Decoding::Strict,
            bytes_read,
            rows,
            fills_chunks: false,
            failure: None,
        })
    }

    /// The name of the input: the path as given, or the name given.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// How its records stand: as told, by its extension, or by its first record.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether bytes that are not UTF-8 become U+FFFD, as browsers show them (WHATWG Encoding Standard), in the place of an
    /// error; default `false`. The header line of a table must be UTF-8 all the same, and no input may be UTF-16.
    ///
    /// ```
    /// use narrative_frames::records::{Chunk, Format, RecordReader, Schema};
    ///
    /// let mut reader = RecordReader::from_reader(&b"caf\xE9\n"[..], Format::Txt, "example")?;
    /// reader.set_lossy(true);
    /// let mut chunk = Chunk::default();
    /// reader.read_chunk(&mut chunk, 1000, 1 << 20)?;
    /// assert_eq!(chunk.parse(0, &Schema::default())?.text, "caf\u{FFFD}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_lossy(&mut self, lossy: bool) {
        self.decoding = if lossy { Decoding::Lossy } else { Decoding::Strict };
    }

    /// Bytes taken from the input so far, of a compressed file before they are decompressed. It runs ahead of the
    /// records that were given out, by at most a buffer.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.get()
    }

    /// Names of the columns of a table; `None` for the other formats, which have none.
    #[must_use]
    pub fn columns(&self) -> Option<&[String]> {
        match &self.syntax {
            Syntax::Table(table) => Some(table.columns()),
            Syntax::Text | Syntax::Json | Syntax::Adapted(_) => None,
        }
    }

    /// The header line of a table as it was written, without its LF; `None` for the other formats.
    #[must_use]
    pub fn header(&self) -> Option<&[u8]> {
        match &self.syntax {
            Syntax::Table(table) => Some(table.header()),
            Syntax::Text | Syntax::Json | Syntax::Adapted(_) => None,
        }
    }

    /// Whether the records are elements of a JSON array; known once the first was read, `false` before.
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.rows.is_array()
    }

    /// Checks, before any record is read, that the columns of a table suit `schema`.
    ///
    /// Without this check, each record would be the same error. Inputs without columns pass.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`](crate::ErrorKind::Unknown) if there is no column of the text;
    /// [`ErrorKind::Record`](crate::ErrorKind::Record) if a named column stands twice.
    ///
    /// ```
    /// # #[cfg(feature = "files")] {
    /// use narrative_frames::records::{Format, RecordReader, Schema};
    ///
    /// let reader = RecordReader::from_reader(&b"id,post\n"[..], Format::Csv, "posts")?;
    /// let error = reader.check(&Schema::default()).unwrap_err();
    /// assert_eq!(error.to_string(), "there is no column \"text\"; expected one of id, post");
    /// # }
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    pub fn check(&self, schema: &Schema) -> Result<()> {
        match &self.syntax {
            Syntax::Table(table) => table.check(schema),
            Syntax::Text | Syntax::Json | Syntax::Adapted(_) => Ok(()),
        }
    }

    /// Fills `chunk` with the next records; `false` if there are none left.
    ///
    /// Stops after `max_records`, or as soon as the records have `max_bytes` or more, so that a chunk is
    /// longer than that by one record at most; it always takes one. Unless the input is a regular file,
    /// it also stops where going on would mean waiting for the input: what has arrived is given out.
    ///
    /// Costs one pass over the bytes and a copy of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) if the input cannot be read or decompressed. The records
    /// before that place come first, in a chunk of their own; after the error the input is at its end.
    pub fn read_chunk(&mut self, chunk: &mut Chunk, max_records: usize, max_bytes: usize) -> Result<bool> {
        chunk.restart(&self.syntax, self.decoding, max_bytes);
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        while chunk.has_room(max_records, max_bytes) {
            match self.rows.advance(self.fills_chunks || chunk.is_empty()) {
                Ok(Progress::Row) => chunk.push(self.rows.row()),
                Ok(Progress::WouldWait | Progress::End) => break,
                Err(error) => {
                    let failure = Error::io("read", &*self.name, error);
                    if chunk.is_empty() {
                        return Err(failure);
                    }
                    self.failure = Some(failure);
                    break;
                }
            }
        }
        Ok(!chunk.is_empty())
    }
}

impl std::fmt::Debug for RecordReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordReader")
            .field("name", &self.name)
            .field("syntax", &self.syntax)
            .finish_non_exhaustive()
    }
}
