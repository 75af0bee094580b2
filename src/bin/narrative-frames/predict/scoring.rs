//! From raw records to bytes of output, on all threads.

use std::cell::RefCell;

use narrative_frames::classifier::{Prediction, Scorer};
use narrative_frames::error::RecordErrorKind;
use narrative_frames::records::{Chunk, Record, RecordError, Schema};
use narrative_frames::{Classifier, ErrorKind};
use rayon::prelude::*;
use thread_local::ThreadLocal;

use super::counts::Counts;
use super::record::{Input, OutputRecord};
use super::shape::{Keep, Shape};

/// Records that one thread takes at once.
const BLOCK_RECORDS: usize = 64;

/// Output of a few records that stand one after the other.
pub(super) struct Block {
    pub(super) json: Vec<u8>,
    pub(super) counts: Counts,
}

/// Scores records; what it needs for that is made once for each thread.
pub(super) struct Scoring<'a> {
    classifier: &'a Classifier,
    shape: &'a Shape,
    schema: &'a Schema,
    scorers: ThreadLocal<RefCell<Scorer<'a>>>,
}

impl<'a> Scoring<'a> {
    pub(super) fn new(classifier: &'a Classifier, shape: &'a Shape, schema: &'a Schema) -> Self {
        Self {
            classifier,
            shape,
            schema,
            scorers: ThreadLocal::new(),
        }
    }

    /// One text that stands alone.
    pub(super) fn text(&self, text: &str) -> anyhow::Result<Block> {
        let record = Record {
            line: 1,
            id: None,
            text: text.into(),
            extra: Vec::new(),
        };
        let mut block = self.block();
        self.write(&mut block, Ok((record, Input::Nothing)), None)?;
        Ok(block)
    }

    /// All records of a chunk, in order; `file` is named if there are several.
    pub(super) fn chunk(&self, chunk: &Chunk, file: Option<&str>) -> anyhow::Result<Vec<Block>> {
        let blocks = 0..chunk.len().div_ceil(BLOCK_RECORDS);
        blocks
            .into_par_iter()
            .map(|block| {
                let start = block * BLOCK_RECORDS;
                let mut block = self.block();
                for index in start..chunk.len().min(start + BLOCK_RECORDS) {
                    self.write(&mut block, self.parse(chunk, index), file)?;
                }
                Ok(block)
            })
            .collect()
    }

    fn block(&self) -> Block {
        Block {
            json: Vec::new(),
            counts: Counts::new(self.shape),
        }
    }

    fn parse<'c>(&self, chunk: &'c Chunk, index: usize) -> Result<(Record<'c>, Input), RecordError> {
        let mut record = chunk.parse(index, self.schema)?;
        let input = match self.shape.keep {
            Keep::Nothing => Input::Nothing,
            Keep::Fields(_) => Input::Fields(std::mem::take(&mut record.extra)),
            Keep::All => Input::All(chunk.fields(index, self.schema)?),
        };
        Ok((record, input))
    }

    fn write(
        &self,
        block: &mut Block,
        record: Result<(Record<'_>, Input), RecordError>,
        file: Option<&str>,
    ) -> anyhow::Result<()> {
        let (line, id, input, scored) = match record {
            Ok((record, input)) => {
                let scorer = self.scorers.get_or(|| RefCell::new(self.classifier.scorer()));
                let scored = predict(&mut scorer.borrow_mut(), &record.text)?;
                let input = if scored.is_ok() { input } else { Input::Nothing };
                (record.line, record.id, input, scored)
            }
            Err(error) => (error.line, None, Input::Nothing, Err(error.kind)),
        };
        let output = OutputRecord {
            shape: self.shape,
            file,
            id,
            line,
            input,
            scored,
        };
        block.count(&output);
        serde_json::to_writer(&mut block.json, &output)?;
        block.json.push(b'\n');
        Ok(())
    }
}

impl Block {
    fn count(&mut self, output: &OutputRecord<'_>) {
        let counts = &mut self.counts;
        counts.records += 1;
        let prediction = match &output.scored {
            Ok(prediction) => prediction,
            Err(kind) => {
                *counts.errors.entry(kind.name().to_owned()).or_default() += 1;
                return;
            }
        };
        counts.abstained += u64::from(prediction.abstained());
        for (head, said) in counts.heads.iter_mut().zip(output.shape.of(prediction)) {
            for (count, decided) in head.labels.iter_mut().zip(said.decided()) {
                *count += u64::from(*decided);
            }
            head.without_label += u64::from(!said.decided().contains(&true));
        }
        if let Input::Fields(values) = &output.input {
            for (count, value) in counts.kept.iter_mut().zip(values) {
                *count += u64::from(value.is_some());
            }
        }
    }
}

/// What the model says of a text, or what is wrong with the text.
fn predict<'a>(
    scorer: &mut Scorer<'a>,
    text: &str,
) -> narrative_frames::Result<Result<Prediction<'a>, RecordErrorKind>> {
    let error = match scorer.predict(text) {
        Ok(prediction) => return Ok(Ok(prediction)),
        Err(error) => error,
    };
    match *error.kind() {
        ErrorKind::TextTooLong { bytes, limit, when } => {
            Ok(Err(RecordErrorKind::TextTooLong { bytes, limit, when }))
        }
        _ => Err(error),
    }
}
