//! Files that appear under their name only when they are complete.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

/// Files that have no name yet. Held while one appears, is renamed or removed, so that a signal finds either all or nothing.
static PARTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn parts() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PARTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the program remove its unfinished files when it is told to end (Ctrl-C, SIGTERM, SIGHUP); the exit code is then
/// 130.
pub(crate) fn remove_when_interrupted() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        // Not given back: nothing may appear from here on.
        let parts = parts();
        for part in parts.iter() {
            let _ = std::fs::remove_file(part);
        }
        std::process::exit(130);
    })
    .context("cannot listen for signals")
}

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
        let mut parts = parts();
        let file = File::create(written).with_context(|| format!("cannot write {}", written.display()))?;
        parts.extend(part.clone());
        Ok(Self {
            writer: BufWriter::new(file),
            path: path.to_owned(),
            part,
        })
    }

    /// Takes the bytes; its errors name the file.
    pub(crate) fn writer(&mut self) -> &mut impl Write {
        self
    }

    fn named(&self, error: std::io::Error) -> std::io::Error {
        let message = format!("cannot write {}: {error}", self.path.display());
        std::io::Error::new(error.kind(), message)
    }

    /// Gives the file its name, once its bytes and then the name are on the disk.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        let context = || format!("cannot write {}", self.path.display());
        self.writer.flush().with_context(context)?;
        if let Some(part) = &self.part {
            self.writer.get_ref().sync_all().with_context(context)?;
            let mut parts = parts();
            std::fs::rename(part, &self.path).with_context(context)?;
            parts.remove(part);
            drop(parts);
            self.part = None;
            sync_folder(&self.path).with_context(context)?;
        }
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes).map_err(|error| self.named(error))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush().map_err(|error| self.named(error))
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // Nothing more can be done about a file that was not finished.
            let mut parts = parts();
            let _ = std::fs::remove_file(part);
            parts.remove(part);
        }
    }
}

/// Puts the names in the folder of a file on the disk, where a folder can be opened.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match cfg!(unix) {
        true => File::open(folder.unwrap_or(Path::new(".")))?.sync_all(),
        false => Ok(()),
    }
}

/// The name under which a file is written; no two processes have the same.
fn part_of(path: &Path) -> anyhow::Result<PathBuf> {
    let mut name = path.file_name().context("the path names no file")?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(name))
}
