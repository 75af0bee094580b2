//! Finished trials in a file, so that an interrupted search resumes.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Figures, Tuning};
use crate::corpus::Corpus;
use crate::error::{Error, ErrorKind, Location, RecordErrorKind, Result};

/// Finished trials in a file of JSON lines: what they were measured on, then a trial a line with digest of the recipe, number of
/// documents, and for each threshold rule macro-F1 of all folds and of each.
///
/// The figures hold for any starting recipe. A last line that was not written to its end is cut off.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    entries: BTreeMap<(String, usize), Outcome>,
    torn: usize,
}

/// Figures, or what went wrong.
pub(super) type Outcome = std::result::Result<Vec<Figures>, String>;

/// The first line: what figures depend on beside the recipe.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    tune: String,
    corpus: String,
    folds: usize,
    seed: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    recipe: String,
    documents: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    figures: Option<Vec<Figures>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Journal {
    /// Opens a journal, or begins one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`]; [`ErrorKind::Record`] with the line for one that is no trial;
    /// [`ErrorKind::InvalidParameter`] for the journal of another corpus, version, seed or number of folds.
    pub fn open(path: impl Into<PathBuf>, corpus: &Corpus, tuning: &Tuning) -> Result<Self> {
        let path = path.into();
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| Error::io("write", &path, error))?;
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| Error::io("read", &path, error))?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let header = Header {
            tune: env!("CARGO_PKG_VERSION").to_owned(),
            corpus: corpus.digest(),
            folds: tuning.folds,
            seed: tuning.seed,
        };
        // Nobody's file is cut off because it was named by mistake.
        let first = serde_json::to_string(&header).unwrap_or_default();
        if whole == 0 && !first.starts_with(&text) {
            return Err(invalid(&path, 1, 0, "no line ends"));
        }
        let mut journal = Self {
            entries: read(&path, &text[..whole], &header)?,
            torn: text.len() - whole,
            path,
            file,
        };
        journal.cut(whole as u64)?;
        if whole == 0 {
            journal.append(&header)?;
        }
        Ok(journal)
    }

    /// Trials that it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no trial.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes of a last line, not written to its end, that were cut off.
    #[must_use]
    pub fn torn(&self) -> usize {
        self.torn
    }

    /// What a recipe gave on so many documents.
    pub(super) fn find(&self, recipe: &str, documents: usize) -> Option<&Outcome> {
        self.entries.get(&(recipe.to_owned(), documents))
    }

    /// Notes a trial that it does not have.
    pub(super) fn note(&mut self, recipe: &str, documents: usize, outcome: &Outcome) -> Result<()> {
        let line = Line {
            recipe: recipe.to_owned(),
            documents,
            figures: outcome.as_ref().ok().cloned(),
            error: outcome.as_ref().err().cloned(),
        };
        self.append(&line)?;
        self.entries.insert((line.recipe, documents), outcome.clone());
        Ok(())
    }

    fn cut(&mut self, length: u64) -> Result<()> {
        let cut = self.file.set_len(length);
        let end = cut.and_then(|()| self.file.seek(SeekFrom::End(0)));
        end.map(|_| ())
            .map_err(|error| Error::io("write", &self.path, error))
    }

    fn append(&mut self, line: &impl Serialize) -> Result<()> {
        let line = serde_json::to_string(line).map_err(std::io::Error::from);
        let written = line.and_then(|line| self.file.write_all(format!("{line}\n").as_bytes()));
        written.map_err(|error| Error::io("write", &self.path, error))
    }
}

/// The trials of a journal with this header, or with nothing at all.
fn read(path: &Path, text: &str, header: &Header) -> Result<BTreeMap<(String, usize), Outcome>> {
    let mut lines = text.lines().zip(1..);
    let mut entries = BTreeMap::new();
    let Some((first, number)) = lines.next() else {
        return Ok(entries);
    };
    let found: Header = parse(path, first, number)?;
    if found != *header {
        let name = |header: &Header| {
            let Header {
                tune,
                corpus,
                folds,
                seed,
            } = header;
            format!("of version {tune}, corpus {corpus:.12}, {folds} folds and seed {seed}")
        };
        return Err(Error::invalid(
            format!("journal {}", path.display()),
            name(&found),
            format!("one {}, or a new file", name(header)),
        ));
    }
    for (line, number) in lines {
        let line: Line = parse(path, line, number)?;
        let outcome = match (line.figures, line.error) {
            (Some(figures), None) if !figures.is_empty() => Ok(figures),
            (None, Some(error)) => Err(error),
            _ => return Err(invalid(path, number, 0, "expected either figures or an error")),
        };
        entries.insert((line.recipe, line.documents), outcome);
    }
    Ok(entries)
}

fn parse<'a, T: Deserialize<'a>>(path: &Path, line: &'a str, number: u64) -> Result<T> {
    serde_json::from_str(line)
        .map_err(|error| invalid(path, number, error.column().saturating_sub(1), &error.to_string()))
}

fn invalid(path: &Path, line: u64, byte: usize, message: &str) -> Error {
    ErrorKind::Record {
        location: Location {
            file: Some(path.display().to_string().into()),
            line,
        },
        kind: RecordErrorKind::InvalidJson {
            byte,
            message: format!("no line of a journal of tune: {message}"),
        },
    }
    .into()
}
