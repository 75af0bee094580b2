//! One pass over the inputs: read, score, write, in chunks.

use std::path::PathBuf;
use std::sync::Arc;

use narrative_frames::records::{Chunk, RecordReader, Schema};

use super::args::PredictArgs;
use super::files;
use super::job::Checkpoint;
use super::monitor::Monitor;
use super::output::Output;
use super::scoring::Scoring;
use super::shape::Shape;

/// Records, and bytes, that are scored between two writes.
const CHUNK_RECORDS: usize = 4096;
const CHUNK_BYTES: usize = 4 << 20;

/// What the records of all files go through.
pub(super) struct Pass<'a> {
    pub(super) arguments: &'a PredictArgs,
    pub(super) schema: &'a Schema,
    pub(super) shape: &'a Shape,
    pub(super) scoring: Scoring<'a>,
    pub(super) files: &'a [PathBuf],
    pub(super) monitor: Monitor,
    pub(super) chunk: Chunk,
}

impl Pass<'_> {
    /// Scores every record behind the checkpoint.
    pub(super) fn all(&mut self, output: &mut Output, start: Option<&Checkpoint>) -> anyhow::Result<()> {
        let (first, mut skipped) = start.map_or((0, 0), |start| (start.input, start.records));
        let mut bytes_before: u64 = self.files[..first]
            .iter()
            .filter_map(|file| files::length(file))
            .sum();
        for (input, file) in self.files.iter().enumerate().skip(first) {
            let mut reader = files::open(file, self.arguments, self.schema)?;
            self.shape.check(&reader, self.schema)?;
            self.skip(&mut reader, skipped)?;
            self.file(output, input, reader, std::mem::take(&mut skipped), bytes_before)?;
            bytes_before = self.monitor.state().input_bytes;
        }
        Ok(())
    }

    /// Scores the records that are left of one input.
    fn file(
        &mut self,
        output: &mut Output,
        input: usize,
        mut reader: RecordReader,
        mut records: u64,
        bytes_before: u64,
    ) -> anyhow::Result<()> {
        let name = (self.files.len() > 1).then(|| Arc::clone(reader.name()));
        while self.read(&mut reader, u64::MAX)? {
            let blocks = self.scoring.chunk(&self.chunk, name.as_deref())?;
            output.write(&blocks)?;
            records += self.chunk.len() as u64;
            let counts = {
                let mut state = self.monitor.state();
                blocks.iter().for_each(|block| state.counts.add(&block.counts));
                state.input_bytes = bytes_before + reader.bytes_read();
                state.counts.clone()
            };
            output.checkpoint_if_due(input, records, reader.bytes_read(), &counts)?;
            self.monitor.show()?;
        }
        self.monitor.state().input_bytes = bytes_before + reader.bytes_read();
        Ok(())
    }

    /// Passes over the records that were scored before.
    fn skip(&mut self, reader: &mut RecordReader, records: u64) -> anyhow::Result<()> {
        let mut left = records;
        while left > 0 {
            let is_there = self.read(reader, left)?;
            anyhow::ensure!(is_there, "{} has fewer records than before", reader.name());
            left -= self.chunk.len() as u64;
        }
        Ok(())
    }

    /// Fills the chunk with records, `most` of them at most; few, if checkpoints are to be close together.
    fn read(&mut self, reader: &mut RecordReader, most: u64) -> narrative_frames::Result<bool> {
        let as_usize = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let records = CHUNK_RECORDS.min(as_usize(most));
        let bytes = CHUNK_BYTES.min(as_usize(self.arguments.checkpoint.get()));
        reader.read_chunk(&mut self.chunk, records, bytes)
    }
}
