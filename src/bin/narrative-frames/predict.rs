//! `predict`: posts in, one JSON record a post out.

use std::cell::RefCell;
use std::io::{BufWriter, Stdout, Write};
use std::path::Path;
use std::sync::Arc;

use narrative_frames::classifier::{HeadPrediction, Prediction, Scorer};
use narrative_frames::error::RecordErrorKind;
use narrative_frames::records::{Chunk, Record, RecordError, Schema};
use narrative_frames::text::Diagnostics;
use narrative_frames::{Classifier, ErrorKind};
use rayon::prelude::*;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use thread_local::ThreadLocal;

use crate::args::PredictArgs;
use crate::exit::Exit;
use crate::input::{Model, files_or_stdin, open};
use crate::progress;
use crate::whole_file::WholeFile;

/// Records, and bytes, that are scored between two writes.
const CHUNK_RECORDS: usize = 4096;
const CHUNK_BYTES: usize = 4 << 20;

pub(crate) fn run(arguments: &PredictArgs) -> anyhow::Result<Exit> {
    let model = Model::open(arguments.model.as_deref())?;
    let mut output = Output::create(arguments.output.as_deref())?;
    let mut counts = Counts::default();
    match &arguments.text {
        Some(text) => predict_text(model.classifier(), text, &mut output, &mut counts)?,
        None => predict_files(model.classifier(), arguments, &mut output, &mut counts)?,
    }
    output.finish()?;
    if counts.failed == 0 {
        return Ok(Exit::Success);
    }
    // The exit code says it too, should nobody read standard error.
    let _ = writeln!(
        std::io::stderr(),
        "narrative-frames: {} of {} posts could not be scored; their records hold the error",
        counts.failed,
        counts.read
    );
    Ok(Exit::SomeRecordsFailed)
}

#[derive(Default)]
struct Counts {
    read: u64,
    failed: u64,
}

/// One line of output.
struct Line {
    json: Vec<u8>,
    failed: bool,
}

fn predict_text(
    classifier: &Classifier,
    text: &str,
    output: &mut Output,
    counts: &mut Counts,
) -> anyhow::Result<()> {
    let record = Record {
        line: 1,
        id: None,
        text: text.into(),
        extra: Vec::new(),
    };
    output.write(&[score(&mut classifier.scorer(), Ok(record), None)?], counts)
}

fn predict_files(
    classifier: &Classifier,
    arguments: &PredictArgs,
    output: &mut Output,
    counts: &mut Counts,
) -> anyhow::Result<()> {
    let schema = Schema {
        text: arguments.input.text_field.clone(),
        id: Some(arguments.input.id_field.clone()),
        extra: Vec::new(),
    };
    let files = files_or_stdin(&arguments.files);
    let progress = progress::records();
    let mut chunk = Chunk::default();
    let scorers = ThreadLocal::new();
    for file in &files {
        let mut reader = open(file, &arguments.input, &schema)?;
        let name = (files.len() > 1).then(|| Arc::clone(reader.name()));
        while reader.read_chunk(&mut chunk, CHUNK_RECORDS, CHUNK_BYTES)? {
            let lines = (0..chunk.len())
                .into_par_iter()
                .with_min_len(16)
                .map(|index| {
                    let scorer = scorers.get_or(|| RefCell::new(classifier.scorer()));
                    score(
                        &mut scorer.borrow_mut(),
                        chunk.parse(index, &schema),
                        name.as_deref(),
                    )
                })
                .collect::<anyhow::Result<Vec<_>>>()?;
            output.write(&lines, counts)?;
            progress.inc(lines.len() as u64);
        }
    }
    progress.finish_and_clear();
    Ok(())
}

/// The output record of one input record; `file` is named if there are several.
fn score(
    scorer: &mut Scorer<'_>,
    record: Result<Record<'_>, RecordError>,
    file: Option<&str>,
) -> anyhow::Result<Line> {
    let (line, id, scored) = match record {
        Ok(record) => (record.line, record.id, predict(scorer, &record.text)?),
        Err(error) => (error.line, None, Err(error.kind)),
    };
    let failed = scored.is_err();
    let mut json = serde_json::to_vec(&OutputRecord {
        file,
        id,
        line,
        scored,
    })?;
    json.push(b'\n');
    Ok(Line { json, failed })
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

struct OutputRecord<'a> {
    file: Option<&'a str>,
    id: Option<Value>,
    line: u64,
    scored: Result<Prediction<'a>, RecordErrorKind>,
}

impl Serialize for OutputRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(file) = self.file {
            map.serialize_entry("file", file)?;
        }
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("line", &self.line)?;
        match &self.scored {
            Ok(prediction) => {
                map.serialize_entry("predictions", &Heads(prediction))?;
                map.serialize_entry("abstained", &prediction.abstained())?;
                if prediction.diagnostics() != Diagnostics::default() {
                    map.serialize_entry("diagnostics", &prediction.diagnostics())?;
                }
            }
            Err(kind) => {
                let error = json!({"kind": kind.name(), "message": kind.to_string(), "byte": kind.byte()});
                map.serialize_entry("error", &error)?;
            }
        }
        map.end()
    }
}

/// What every head says, by name.
struct Heads<'a>(&'a Prediction<'a>);

impl Serialize for Heads<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.heads().map(|head| (head.head().name(), HeadRecord(head))))
    }
}

/// What one head says.
struct HeadRecord<'a>(HeadPrediction<'a>);

impl Serialize for HeadRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("labels", &self.0.labels().collect::<Vec<_>>())?;
        map.serialize_entry("probabilities", &Probabilities(self.0))?;
        map.end()
    }
}

/// The probability of every label, by name, to four decimals.
struct Probabilities<'a>(HeadPrediction<'a>);

impl Serialize for Probabilities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let labels = self.0.head().labels().iter().map(|label| &label.name);
        let round = |p: &f32| (f64::from(*p) * 1e4).round() / 1e4;
        serializer.collect_map(labels.zip(self.0.probabilities().iter().map(round)))
    }
}

/// Standard output, or a file that gets its name when it is complete.
enum Output {
    Standard(BufWriter<Stdout>),
    File(WholeFile),
}

impl Output {
    fn create(path: Option<&Path>) -> anyhow::Result<Self> {
        Ok(match path {
            Some(path) => Self::File(WholeFile::create(path)?),
            None => Self::Standard(BufWriter::new(std::io::stdout())),
        })
    }

    /// Writes what was scored, and lets it go at once: somebody may be waiting for it.
    fn write(&mut self, lines: &[Line], counts: &mut Counts) -> anyhow::Result<()> {
        let writer: &mut dyn Write = match self {
            Self::Standard(writer) => writer,
            Self::File(file) => file.writer(),
        };
        for line in lines {
            writer.write_all(&line.json)?;
            counts.read += 1;
            counts.failed += u64::from(line.failed);
        }
        writer.flush()?;
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Standard(_) => Ok(()),
            Self::File(file) => file.finish(),
        }
    }
}
