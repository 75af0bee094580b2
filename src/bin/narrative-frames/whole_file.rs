//! Files that appear under their name only when they are complete.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A file that is written beside its place, and moved there at the end; removed if that never comes.
///
/// Something that is there already and no regular file, such as `/dev/null` or a pipe, is written to directly.
pub(crate) struct WholeFile {
    writer: BufWriter<File>,
    path: PathBuf,
    part: Option<PathBuf>,
}

impl WholeFile {
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
        let part = if is_special { None } else { Some(part_of(path)?) };
        let written = part.as_deref().unwrap_or(path);
        let file = File::create(written).with_context(|| format!("cannot write {}", written.display()))?;
        Ok(Self {
            writer: BufWriter::new(file),
            path: path.to_owned(),
            part,
        })
    }

    pub(crate) fn writer(&mut self) -> &mut impl Write {
        &mut self.writer
    }

    /// Gives the file its name.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        let context = || format!("cannot write {}", self.path.display());
        self.writer.flush().with_context(context)?;
        if let Some(part) = &self.part {
            std::fs::rename(part, &self.path).with_context(context)?;
            self.part = None;
        }
        Ok(())
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // Nothing more can be done about a file that was not finished.
            let _ = std::fs::remove_file(part);
        }
    }
}

/// The name under which a file is written; no two processes have the same.
fn part_of(path: &Path) -> anyhow::Result<PathBuf> {
    let mut name = path.file_name().context("the path names no file")?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(name))
}
