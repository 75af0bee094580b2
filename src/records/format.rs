//! Formats and file extensions.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// How records stand in an input.
///
/// CSV and TSV need the crate feature `files`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON lines: one object a line.
    Jsonl,
    /// Comma-separated values: a header line, cells quoted with `"` where needed.
    Csv,
    /// As [`Format::Csv`], separated by tabs.
    Tsv,
    /// Plain text: one text a line.
    Txt,
}

impl Format {
    /// The format that the extension of a file names; `.gz` and `.zst` on top are passed over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] for any other extension, or none.
    ///
    /// ```
    /// use narrative_frames::records::Format;
    ///
    /// assert_eq!(Format::from_path("posts.ndjson.zst")?, Format::Jsonl);
    /// assert!(Format::from_path("posts.json").is_err());
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let plain = match Compression::from_path(path) {
            Compression::None => path.to_owned(),
            _ => path.with_extension(""),
        };
        let extension = extension(&plain);
        match extension.as_str() {
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            "tsv" => Ok(Self::Tsv),
            "txt" => Ok(Self::Txt),
            _ => Err(ErrorKind::Unknown {
                what: "input format for the file extension",
                name: extension,
                expected: "jsonl, ndjson, csv, tsv, txt, with gz or zst on top".to_owned(),
            }
            .into()),
        }
    }

    /// Its name, as [`FromStr`] reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Txt => "txt",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    /// Reads a name of a format: `jsonl` (or `ndjson`), `csv`, `tsv`, `txt`.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            "tsv" => Ok(Self::Tsv),
            "txt" => Ok(Self::Txt),
            _ => Err(ErrorKind::Unknown {
                what: "input format",
                name: name.to_owned(),
                expected: "jsonl, csv, tsv, txt".to_owned(),
            }
            .into()),
        }
    }
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// What the last extension says; the content is never looked at.
    pub(super) fn from_path(path: &Path) -> Self {
        match extension(path).as_str() {
            "gz" => Self::Gzip,
            "zst" => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// The last extension in lower case, without its dot.
fn extension(path: &Path) -> String {
    let extension = path.extension().unwrap_or_default();
    extension.to_string_lossy().to_ascii_lowercase()
}
