//! Opens the output, and says what a job is begun with.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use narrative_frames::Classifier;
use serde_json::{Map, Value, json};

use super::args::PredictArgs;
use super::counts::Counts;
use super::files;
use super::job::{Checkpoint, InputTerms, Job, JobArgs, JobError, Opened, Terms};
use super::output::Output;
use super::shape::Shape;
use crate::whole_file::WholeFile;

/// Opens the output, a job where that is possible, and the checkpoint to go on from; no output if an earlier run had only
/// its name left to give.
pub(super) fn begin(
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

/// Standard output, or a file that gets its name when it is complete.
pub(super) fn open_output(path: Option<&Path>) -> anyhow::Result<Output> {
    Ok(match path {
        Some(path) => Output::File(WholeFile::create(path)?),
        None => Output::Standard(BufWriter::new(std::io::stdout())),
    })
}
