//! Where the records go.

use std::io::{BufWriter, Stdout, Write};

use super::counts::Counts;
use super::job::{Job, hint};
use super::scoring::Block;
use crate::whole_file::WholeFile;

/// Standard output, a file that gets its name when it is complete, or a job that can be gone on with.
pub(super) enum Output {
    Standard(BufWriter<Stdout>),
    File(WholeFile),
    Job(Box<Job>),
}

impl Output {
    /// Writes what was scored, and lets it go at once: somebody may be waiting for it.
    pub(super) fn write(&mut self, blocks: &[Block]) -> anyhow::Result<()> {
        let writer: &mut dyn Write = match self {
            Self::Standard(writer) => writer,
            Self::File(file) => file.writer(),
            Self::Job(job) => return blocks.iter().try_for_each(|block| job.write(&block.json)),
        };
        for block in blocks {
            writer.write_all(&block.json)?;
        }
        writer.flush()?;
        Ok(())
    }

    /// So many records of an input were scored and written; see [`Job::checkpoint_if_due`].
    pub(super) fn checkpoint_if_due(
        &mut self,
        input: usize,
        records: u64,
        input_bytes: u64,
        counts: &Counts,
    ) -> anyhow::Result<()> {
        match self {
            Self::Job(job) => job.checkpoint_if_due(input, records, input_bytes, counts),
            Self::Standard(_) | Self::File(_) => Ok(()),
        }
    }

    /// What to do after an error, if something can be done.
    pub(super) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Job(job) => job.can_be_resumed().then(hint),
            Self::Standard(_) | Self::File(_) => None,
        }
    }

    pub(super) fn finish(self, counts: &Counts) -> anyhow::Result<()> {
        match self {
            Self::Standard(_) => Ok(()),
            Self::File(file) => file.finish(),
            Self::Job(job) => job.finish(counts),
        }
    }
}
