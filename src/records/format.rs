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
    /// A JSON array of objects, one record each; also one object a line.
    Json,
    /// What Label Studio exports as JSON: tasks with their annotations.
    LabelStudio,
    /// What Label Studio exports as JSON-MIN: one object for each annotation.
    LabelStudioMin,
    /// What doccano exports from text classification: JSON lines or an array.
    Doccano,
    /// What Prodigy's `db-out` writes for `choice` and `classification`: JSON lines.
    Prodigy,
    /// Records of Argilla, versions 1 and 2: JSON lines or an array.
    Argilla,
    /// fastText: one text a line, with its labels as words that start with `__label__`.
    FastText,
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
    /// assert!(Format::from_path("posts.xlsx").is_err());
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
            "json" => Ok(Self::Json),
            _ => Err(ErrorKind::Unknown {
                what: "input format for the file extension",
                name: extension,
                expected: "jsonl, ndjson, json, csv, tsv, txt, with gz or zst on top".to_owned(),
            }
            .into()),
        }
    }

    /// Every format, in the order of the messages.
    const ALL: [Self; 11] = [
        Self::Jsonl,
        Self::Csv,
        Self::Tsv,
        Self::Txt,
        Self::Json,
        Self::LabelStudio,
        Self::LabelStudioMin,
        Self::Doccano,
        Self::Prodigy,
        Self::Argilla,
        Self::FastText,
    ];

    /// Its name, as [`FromStr`] reads it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Txt => "txt",
            Self::Json => "json",
            Self::LabelStudio => "label-studio",
            Self::LabelStudioMin => "label-studio-min",
            Self::Doccano => "doccano",
            Self::Prodigy => "prodigy",
            Self::Argilla => "argilla",
            Self::FastText => "fasttext",
        }
    }

    /// The field that names who labelled a record, in formats that say it: `annotator`.
    ///
    /// A record of such a format can come several times, once for each annotation.
    #[must_use]
    pub fn annotator_field(self) -> Option<&'static str> {
        match self {
            Self::LabelStudio | Self::LabelStudioMin | Self::Prodigy | Self::Argilla => {
                Some(super::annotations::ANNOTATOR)
            }
            _ => None,
        }
    }
}

impl Format {
    /// Whether an annotation in which nothing was chosen has no field: Label Studio's.
    pub(crate) fn writes_only_choices(self) -> bool {
        matches!(self, Self::LabelStudio | Self::LabelStudioMin)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    /// Reads a [name](Format::name) of a format; `ndjson` is `jsonl`.
    fn from_str(name: &str) -> Result<Self> {
        if name == "ndjson" {
            return Ok(Self::Jsonl);
        }
        let format = Self::ALL.into_iter().find(|format| format.name() == name);
        format.ok_or_else(|| {
            ErrorKind::Unknown {
                what: "input format",
                name: name.to_owned(),
                expected: Self::ALL.map(Self::name).join(", "),
            }
            .into()
        })
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
