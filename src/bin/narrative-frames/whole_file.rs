//! Files that appear under their name only when they are complete.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;

/// Files that are worth nothing yet. Held while one appears, is renamed or removed, so that a signal finds either all or
/// nothing.
static PARTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// What to say if a signal ends the program.
static LAST_WORDS: Mutex<Option<String>> = Mutex::new(None);

fn parts() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PARTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the program remove its unfinished files when it is told to end (Ctrl-C, SIGTERM, SIGHUP); the exit code is then
/// 130.
pub(crate) fn remove_when_interrupted() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        // Not given back: nothing may appear from here on.
        let mut parts = parts();
        remove(&mut parts);
        if let Some(words) = &*LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = writeln!(std::io::stderr(), "{words}");
        }
        std::process::exit(130);
    })
    .context("cannot listen for signals")
}

/// Removes unfinished files, for an end that drops nothing.
pub(crate) fn remove_unfinished() {
    remove(&mut parts());
}

fn remove(parts: &mut BTreeSet<PathBuf>) {
    while let Some(part) = parts.pop_first() {
        // Nothing more can be done about a file that cannot be removed.
        let _ = std::fs::remove_file(part);
    }
}

/// Says something before a signal ends the program.
pub(crate) fn say_when_interrupted(words: Option<String>) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = words;
}

/// A file that is removed if the program is told to end or this is dropped, unless it was kept or renamed before.
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    /// Opens or creates the file that is to be removed.
    pub(crate) fn open(
        path: &Path,
        open: impl FnOnce(&Path) -> std::io::Result<File>,
    ) -> std::io::Result<(File, Self)> {
        let mut parts = parts();
        let file = open(path)?;
        parts.insert(path.to_owned());
        Ok((file, Self(path.to_owned())))
    }

    /// It stays.
    pub(crate) fn keep(self) {
        parts().remove(&self.0);
    }

    fn rename(self, to: &Path) -> std::io::Result<()> {
        let mut parts = parts();
        std::fs::rename(&self.0, to)?;
        parts.remove(&self.0);
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let mut parts = parts();
        if parts.remove(&self.0) {
            // Nothing more can be done about a file that was not finished.
            let _ = std::fs::remove_file(&self.0);
        }
    }
}

/// A file that is written beside its place, and moved there at the end; removed if that never comes.
///
/// Something that is there already and no regular file, such as `/dev/null` or a pipe, is written to directly.
pub(crate) struct WholeFile {
    writer: BufWriter<File>,
    path: PathBuf,
    part: Option<Unfinished>,
}

impl WholeFile {
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
        let part = if is_special { None } else { Some(part_of(path)?) };
        let written = part.as_deref().unwrap_or(path);
        let context = || format!("cannot write {}", written.display());
        let (file, part) = match &part {
            Some(part) => Unfinished::open(part, |part| File::create(part))
                .map(|(file, part)| (file, Some(part)))
                .with_context(context)?,
            None => (File::create(path).with_context(context)?, None),
        };
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
        if let Some(part) = self.part.take() {
            self.writer.get_ref().sync_all().with_context(context)?;
            part.rename(&self.path).with_context(context)?;
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

/// Puts the names in the folder of a file on the disk, where a folder can be opened.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
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
