//! A job that can be interrupted: an output that grows beside its place, and a journal of how far it is for certain.
//!
//! In this order: the journal appears with the terms; the partial output appears; then, again and again, bytes of output
//! are put on the disk and a checkpoint behind them into the journal. At the end: a last, complete checkpoint, the
//! partial output gets its name, the journal goes. Whatever ends the program between two of these steps, the next run
//! cuts the partial output back to the last checkpoint and goes on from there.
//!
//! Before the first checkpoint there is nothing to go on with: if the program ends in an orderly way, nothing stays.

mod error;
mod inputs;
mod journal;
mod paths;
mod terms;

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::counts::Counts;
use crate::whole_file::{Unfinished, say_when_interrupted, sync_folder};
use inputs::InputHash;
use journal::Journal;
use paths::{Paths, cannot_write, is_there};

pub(super) use error::JobError;
pub(super) use journal::Checkpoint;
pub(super) use terms::{InputTerms, Terms};

/// An output that is being written.
pub(super) struct Job {
    paths: Paths,
    output: File,
    journal: Journal,
    inputs: InputHash,
    output_bytes: u64,
    /// Bytes of output that have a checkpoint, and from how many more there is to be another.
    certain_bytes: u64,
    interval: u64,
    /// Partial output and journal, before the first checkpoint.
    unfinished: Option<[Unfinished; 2]>,
}

/// What is asked of a job.
pub(super) struct JobArgs<'a> {
    pub(super) output: &'a Path,
    pub(super) files: &'a [PathBuf],
    pub(super) terms: Terms,
    /// Bytes of output between two checkpoints.
    pub(super) interval: u64,
    /// Whether an interrupted job may be gone on with.
    pub(super) resume: bool,
}

/// Where a job stands when it is opened.
pub(super) enum Opened {
    /// At the beginning, or behind a checkpoint.
    Job(Box<Job>, Option<Checkpoint>),
    /// Everything was written, and now it has its name.
    Complete(Checkpoint),
}

impl Job {
    /// Begins a job, or goes on with it.
    pub(super) fn open(arguments: &JobArgs<'_>, no_counts: &Counts) -> anyhow::Result<Opened> {
        let paths = Paths::new(arguments.output)?;
        if !is_there(&paths.journal) {
            if is_there(&paths.partial) {
                let Paths { journal, partial, .. } = paths;
                return Err(JobError::WithoutJournal { journal, partial }.into());
            }
            return Ok(Opened::Job(Box::new(Self::begin(paths, arguments)?), None));
        }
        if !arguments.resume {
            let Paths { journal, partial, .. } = paths;
            return Err(JobError::NotFinished { journal, partial }.into());
        }
        Self::resume(paths, arguments, no_counts)
    }

    fn begin(paths: Paths, arguments: &JobArgs<'_>) -> anyhow::Result<Self> {
        let (file, unfinished) = Unfinished::open(&paths.journal, |path| {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(path)
        })
        .with_context(|| cannot_write(&paths.journal))?;
        match lock(file, &paths) {
            Ok(journal) => Self::restart(paths, journal, unfinished, arguments),
            Err(error) => {
                // Somebody took it in the same moment.
                unfinished.keep();
                Err(error.into())
            }
        }
    }

    /// Writes the terms into an empty journal, and makes an empty output.
    fn restart(
        paths: Paths,
        mut journal: Journal,
        unfinished: Unfinished,
        arguments: &JobArgs<'_>,
    ) -> anyhow::Result<Self> {
        let context = || cannot_write(&paths.journal);
        journal.truncate(0).with_context(context)?;
        journal.append(&arguments.terms).with_context(context)?;
        let (output, partial) = Unfinished::open(&paths.partial, |path| File::create(path))
            .with_context(|| cannot_write(&paths.partial))?;
        sync_folder(&paths.output).with_context(context)?;
        Ok(Self {
            output,
            journal,
            inputs: InputHash::new(arguments.files),
            output_bytes: 0,
            certain_bytes: 0,
            interval: arguments.interval,
            unfinished: Some([partial, unfinished]),
            paths,
        })
    }

    fn resume(paths: Paths, arguments: &JobArgs<'_>, no_counts: &Counts) -> anyhow::Result<Opened> {
        let context = || format!("cannot read {}", paths.journal.display());
        let mut journal = lock(open(&paths.journal).with_context(context)?, &paths)?;
        let entries = journal.read().with_context(context)?;
        match &entries.terms {
            Some(begun) => arguments.terms.check(begun, &paths.journal)?,
            None if is_there(&paths.partial) => {
                return Err(paths.damaged("its first entry cannot be read").into());
            }
            None => {}
        }
        let Some(last) = entries.last else {
            // Nothing is certain yet, so nothing is lost.
            let (_, unfinished) = Unfinished::open(&paths.journal, open).with_context(context)?;
            let job = Self::restart(paths, journal, unfinished, arguments)?;
            return Ok(Opened::Job(Box::new(job), None));
        };
        if !last.counts.suit(no_counts) || last.input > arguments.files.len() {
            return Err(paths
                .damaged("its last entry fits neither model nor input")
                .into());
        }
        let inputs = check_inputs(&paths, arguments, &last)?;
        if last.complete {
            return complete(&paths, last);
        }
        journal
            .truncate(entries.bytes)
            .with_context(|| cannot_write(&paths.journal))?;
        let job = Self::behind(&last, paths, journal, inputs, arguments.interval)?;
        say_when_interrupted(Some(hint().to_owned()));
        Ok(Opened::Job(Box::new(job), Some(last)))
    }

    /// Cuts the output back to what is certain.
    fn behind(
        last: &Checkpoint,
        paths: Paths,
        journal: Journal,
        inputs: InputHash,
        interval: u64,
    ) -> anyhow::Result<Self> {
        paths.check_length(&paths.partial, last.output_bytes)?;
        let context = || cannot_write(&paths.partial);
        let mut output = open(&paths.partial).with_context(context)?;
        output.set_len(last.output_bytes).with_context(context)?;
        output.seek(SeekFrom::End(0)).with_context(context)?;
        Ok(Self {
            output,
            journal,
            inputs,
            output_bytes: last.output_bytes,
            certain_bytes: last.output_bytes,
            interval,
            unfinished: None,
            paths,
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.output
            .write_all(bytes)
            .with_context(|| cannot_write(&self.paths.partial))?;
        self.output_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Makes certain what was written, if it is enough: `records` of `input` were scored, for which `input_bytes` were read.
    pub(super) fn checkpoint_if_due(
        &mut self,
        input: usize,
        records: u64,
        input_bytes: u64,
        counts: &Counts,
    ) -> anyhow::Result<()> {
        if self.output_bytes - self.certain_bytes < self.interval {
            return Ok(());
        }
        self.checkpoint(input, records, input_bytes, counts, false)?;
        if let Some(unfinished) = self.unfinished.take() {
            unfinished.into_iter().for_each(Unfinished::keep);
            say_when_interrupted(Some(hint().to_owned()));
        }
        Ok(())
    }

    fn checkpoint(
        &mut self,
        input: usize,
        records: u64,
        input_bytes: u64,
        counts: &Counts,
        complete: bool,
    ) -> anyhow::Result<()> {
        let input_hash = self.inputs.advance(input, input_bytes)?;
        let context = || cannot_write(&self.paths.partial);
        self.output.sync_all().with_context(context)?;
        let checkpoint = Checkpoint {
            input,
            records,
            input_bytes,
            input_hash,
            output_bytes: self.output_bytes,
            counts: counts.clone(),
            complete,
        };
        let written = self.journal.append(&checkpoint);
        written.with_context(|| cannot_write(&self.paths.journal))?;
        self.certain_bytes = self.output_bytes;
        Ok(())
    }

    /// Whether an error now leaves something to go on with.
    pub(super) fn can_be_resumed(&self) -> bool {
        self.unfinished.is_none()
    }

    /// All inputs were read: the output gets its name.
    pub(super) fn finish(mut self, counts: &Counts) -> anyhow::Result<()> {
        let inputs = self.inputs.count();
        self.checkpoint(inputs, 0, 0, counts, true)?;
        if let Some(unfinished) = self.unfinished.take() {
            unfinished.into_iter().for_each(Unfinished::keep);
        }
        self.paths.complete()?;
        say_when_interrupted(None);
        Ok(())
    }
}

/// What to do after an interruption.
pub(super) fn hint() -> &'static str {
    "the job is not finished; the same command with --resume goes on with it"
}

/// Opens a file that is there.
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path)
}

fn lock(journal: File, paths: &Paths) -> Result<Journal, JobError> {
    Journal::lock(journal).ok_or_else(|| JobError::InUse {
        journal: paths.journal.clone(),
    })
}

/// Does what was left to do when the output was complete.
fn complete(paths: &Paths, last: Checkpoint) -> anyhow::Result<Opened> {
    if is_there(&paths.partial) {
        paths.check_length(&paths.partial, last.output_bytes)?;
        let cut = open(&paths.partial).and_then(|partial| partial.set_len(last.output_bytes));
        cut.with_context(|| cannot_write(&paths.partial))?;
        paths.complete()?;
    } else {
        paths.check_length(&paths.output, last.output_bytes)?;
        paths.forget()?;
    }
    Ok(Opened::Complete(last))
}

/// The bytes that were read must still be there.
fn check_inputs(paths: &Paths, arguments: &JobArgs<'_>, last: &Checkpoint) -> anyhow::Result<InputHash> {
    let mut inputs = InputHash::new(arguments.files);
    let hash = inputs.advance(last.input, last.input_bytes)?;
    if hash == last.input_hash {
        return Ok(inputs);
    }
    let input = arguments.files.get(last.input);
    let end = || {
        (
            "the last file".to_owned(),
            arguments.terms.inputs.last().map_or(0, |input| input.bytes),
        )
    };
    let (input, byte) = input.map_or_else(end, |path| (path.display().to_string(), last.input_bytes));
    let journal = paths.journal.clone();
    Err(JobError::OtherInput { journal, input, byte }.into())
}
