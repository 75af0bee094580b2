//! What was evaluated: files, digests, counts.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::measured::Measured;
use crate::args::EvaluateArgs;

/// The files, and the documents they gave.
#[derive(Serialize)]
pub(super) struct Source {
    pub(super) files: Vec<SourceFile>,
    /// Digest of the documents as they were read: see `Corpus::digest`.
    pub(super) corpus_digest: String,
    /// Groups of documents that were drawn together for the intervals.
    pub(super) groups: usize,
}

#[derive(Serialize)]
pub(super) struct SourceFile {
    pub(super) path: String,
    /// Of its bytes; `None` for a pipe or device, which can be read only once.
    pub(super) sha256: Option<String>,
}

impl Source {
    pub(super) fn of(arguments: &EvaluateArgs, measured: &Measured<'_>) -> anyhow::Result<Self> {
        let file = |path: &PathBuf| {
            anyhow::Ok(SourceFile {
                path: path.display().to_string(),
                sha256: sha256(path).with_context(|| format!("cannot read {}", path.display()))?,
            })
        };
        Ok(Self {
            files: arguments.files.iter().map(file).collect::<Result<_, _>>()?,
            corpus_digest: measured.corpus.digest(),
            groups: measured.groups.iter().max().map_or(0, |last| last + 1),
        })
    }
}

fn sha256(path: &Path) -> std::io::Result<Option<String>> {
    if !path.metadata()?.is_file() {
        return Ok(None);
    }
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            length => hasher.update(&buffer[..length]),
        }
    }
    let digest = hasher.finalize();
    Ok(Some(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
}
