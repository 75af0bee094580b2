//! The command.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use narrative_frames::Classifier;
use narrative_frames::records::{Chunk, RecordReader, Schema};
use serde_json::{Map, Value, json};

use super::args::PredictArgs;
use super::counts::Counts;
use super::files;
use super::job::{Checkpoint, InputTerms, Job, JobArgs, JobError, Opened, Terms};
use super::monitor::Monitor;
use super::output::Output;
use super::scoring::Scoring;
use super::shape::Shape;
use super::state::State;
use crate::exit::Exit;
use crate::input::Model;
use crate::messages::Messages;
use crate::whole_file::WholeFile;

/// Records, and bytes, that are scored between two writes.
const CHUNK_RECORDS: usize = 4096;
const CHUNK_BYTES: usize = 4 << 20;

pub(crate) fn run(arguments: &PredictArgs) -> anyhow::Result<Exit> {
    let model = Model::open(arguments.model.as_deref())?;
    let shape = Arc::new(Shape::new(arguments, model.classifier())?);
    let counts = match &arguments.text {
        Some(text) => predict_text(model.classifier(), &shape, text, arguments)?,
        None => predict_files(model.classifier(), &shape, arguments)?,
    };
    let failed = counts.failed();
    if failed == 0 {
        return Ok(Exit::Success);
    }
    // The exit code says it too, should nobody read standard error.
    Messages(arguments.log_format).warning(&format!(
        "{failed} of {} posts could not be scored; their records hold the error",
        counts.records
    ));
    Ok(Exit::SomeRecordsFailed)
}

fn predict_text(
    classifier: &Classifier,
    shape: &Shape,
    text: &str,
    arguments: &PredictArgs,
) -> anyhow::Result<Counts> {
    let schema = Schema::default();
    let block = Scoring::new(classifier, shape, &schema).text(text)?;
    let mut output = open_output(arguments.output.as_deref())?;
    output.write(std::slice::from_ref(&block))?;
    output.finish(&block.counts)?;
    Ok(block.counts)
}

fn open_output(path: Option<&Path>) -> anyhow::Result<Output> {
    Ok(match path {
        Some(path) => Output::File(WholeFile::create(path)?),
        None => Output::Standard(BufWriter::new(std::io::stdout())),
    })
}

fn predict_files(
    classifier: &Classifier,
    shape: &Arc<Shape>,
    arguments: &PredictArgs,
) -> anyhow::Result<Counts> {
    let files = files::named(&arguments.files)?;
    let schema = Schema {
        text: arguments.input.text_field.clone(),
        id: Some(arguments.input.id_field.clone()),
        extra: shape.kept_fields().to_vec(),
    };
    let (output, start) = begin(classifier, shape, arguments, &files)?;
    let counts = start
        .as_ref()
        .map_or_else(|| Counts::new(shape), |start| start.counts.clone());
    let lengths: Option<Vec<u64>> = files.iter().map(|file| files::length(file)).collect();
    let monitor = Monitor::new(
        State::new(Arc::clone(shape), counts),
        Messages(arguments.log_format),
        lengths.map(|lengths| lengths.iter().sum()),
        arguments.metrics.as_deref(),
    )?;
    let mut run = Run {
        arguments,
        schema: &schema,
        shape,
        scoring: Scoring::new(classifier, shape, &schema),
        files: &files,
        monitor,
        chunk: Chunk::default(),
    };
    if let Some(mut output) = output {
        let done = run.all(&mut output, start.as_ref());
        with_hint(done, output.hint())?;
        let (counts, hint) = (run.monitor.state().counts.clone(), output.hint());
        with_hint(output.finish(&counts), hint)?;
    }
    let counts = run.monitor.state().counts.clone();
    run.monitor.finish(arguments.summary.as_deref())?;
    Ok(counts)
}

/// After an error, what to do about it.
fn with_hint<T>(done: anyhow::Result<T>, hint: Option<&'static str>) -> anyhow::Result<T> {
    match hint {
        Some(hint) => done.context(hint),
        None => done,
    }
}

/// Opens the output, a job where that is possible, and the checkpoint to go on from; no output if an earlier run had only
/// its name left to give.
fn begin(
    classifier: &Classifier,
    shape: &Shape,
    arguments: &PredictArgs,
    files: &[PathBuf],
) -> anyhow::Result<(Option<Output>, Option<Checkpoint>)> {
    let path = arguments.output.as_deref();
    let is_special = |path: &Path| path.metadata().is_ok_and(|metadata| !metadata.is_file());
    let unknown = files.iter().find(|file| files::length(file).is_none());
    let output = path.filter(|path| !is_special(path) && unknown.is_none());
    let Some(output) = output else {
        if arguments.resume {
            let what = unknown.map_or("the output is no file".to_owned(), |file| {
                format!("{} is no file that is there", file.display())
            });
            return Err(JobError::NotResumable { what }.into());
        }
        return Ok((Some(open_output(path)?), None));
    };
    let job = JobArgs {
        output,
        files,
        terms: terms(classifier, shape, arguments, files)?,
        interval: arguments.checkpoint.get(),
        resume: arguments.resume,
    };
    Ok(match Job::open(&job, &Counts::new(shape))? {
        Opened::Job(job, checkpoint) => (Some(Output::Job(job)), checkpoint),
        Opened::Complete(checkpoint) => (None, Some(checkpoint)),
    })
}

/// Everything that shapes the bytes of the output.
fn terms(
    classifier: &Classifier,
    shape: &Shape,
    arguments: &PredictArgs,
    files: &[PathBuf],
) -> anyhow::Result<Terms> {
    let input = &arguments.input;
    let options: [(&str, Value); 8] = [
        (
            "--input-format",
            json!(input.input_format.map(|format| format.name())),
        ),
        ("--text-field", json!(input.text_field)),
        ("--id-field", json!(input.id_field)),
        ("--keep", json!(shape.keep)),
        ("--labels-only", json!(shape.labels_only)),
        ("--min-probability", json!(shape.min_probability)),
        (
            "--only",
            json!(shape.heads().map(|head| &head.name).collect::<Vec<_>>()),
        ),
        ("--lossy", json!(arguments.lossy)),
    ];
    let options: Map<String, Value> = options
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
    let inputs = files.iter().map(|file| InputTerms {
        name: file.display().to_string(),
        bytes: files::length(file).unwrap_or(0),
    });
    Ok(Terms {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        model: classifier.digest(),
        inputs: inputs.collect(),
        options,
    })
}

/// What the records of all files go through.
struct Run<'a> {
    arguments: &'a PredictArgs,
    schema: &'a Schema,
    shape: &'a Shape,
    scoring: Scoring<'a>,
    files: &'a [PathBuf],
    monitor: Monitor,
    chunk: Chunk,
}

impl Run<'_> {
    /// Scores every record behind the checkpoint.
    fn all(&mut self, output: &mut Output, start: Option<&Checkpoint>) -> anyhow::Result<()> {
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
