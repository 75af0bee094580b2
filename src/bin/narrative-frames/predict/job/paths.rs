//! The files of a job.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::JobError;
use crate::whole_file::sync_folder;

/// Where the parts of a job are.
pub(super) struct Paths {
    pub(super) output: PathBuf,
    pub(super) partial: PathBuf,
    pub(super) journal: PathBuf,
}

impl Paths {
    pub(super) fn new(output: &Path) -> anyhow::Result<Self> {
        let beside = |extension: &str| {
            let mut name = output
                .file_name()
                .context("the path of --output names no file")?
                .to_owned();
            name.push(extension);
            anyhow::Ok(output.with_file_name(name))
        };
        Ok(Self {
            output: output.to_owned(),
            partial: beside(".partial")?,
            journal: beside(".journal")?,
        })
    }

    pub(super) fn damaged(&self, problem: impl Into<String>) -> JobError {
        JobError::Damaged {
            path: self.journal.clone(),
            problem: problem.into(),
        }
    }

    /// The output gets its name, and the journal goes.
    pub(super) fn complete(&self) -> anyhow::Result<()> {
        std::fs::rename(&self.partial, &self.output).with_context(|| cannot_write(&self.output))?;
        self.forget()
    }

    pub(super) fn forget(&self) -> anyhow::Result<()> {
        // First the name of the output, then the journal: never neither.
        sync_folder(&self.output).with_context(|| cannot_write(&self.output))?;
        std::fs::remove_file(&self.journal).with_context(|| cannot_write(&self.journal))
    }

    /// The output must have at least what is certain.
    pub(super) fn check_length(&self, output: &Path, expected: u64) -> Result<(), JobError> {
        let found = output.metadata().map(|metadata| metadata.len());
        match found {
            Ok(found) if found >= expected => Ok(()),
            Ok(found) => Err(self.damaged(format!(
                "{} has {found} bytes, expected at least {expected}",
                output.display()
            ))),
            Err(error) => Err(self.damaged(format!("cannot read {}: {error}", output.display()))),
        }
    }
}

pub(super) fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// Whether there is something under this name, be it a link that leads nowhere.
pub(super) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
