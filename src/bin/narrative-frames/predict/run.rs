//! The command.

use std::sync::Arc;

use anyhow::Context;
use narrative_frames::Classifier;
use narrative_frames::records::{Chunk, Schema};

use super::args::PredictArgs;
use super::begin::{begin, open_output};
use super::counts::Counts;
use super::files;
use super::monitor::Monitor;
use super::pass::Pass;
use super::scoring::Scoring;
use super::shape::Shape;
use super::state::State;
use crate::exit::Exit;
use crate::input::Model;
use crate::messages::Messages;

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
    let total_bytes: Option<u64> = files.iter().map(|file| files::length(file)).sum();
    let monitor = Monitor::new(State::new(Arc::clone(shape), counts), total_bytes, arguments)?;
    let mut pass = Pass {
        arguments,
        schema: &schema,
        shape,
        scoring: Scoring::new(classifier, shape, &schema),
        files: &files,
        monitor,
        chunk: Chunk::default(),
    };
    if let Some(mut output) = output {
        let done = pass.all(&mut output, start.as_ref());
        with_hint(done, output.hint())?;
        let (counts, hint) = (pass.monitor.state().counts.clone(), output.hint());
        with_hint(output.finish(&counts), hint)?;
    } else {
        pass.monitor.state().input_bytes = total_bytes.unwrap_or(0);
    }
    let counts = pass.monitor.state().counts.clone();
    pass.monitor.finish()?;
    Ok(counts)
}

/// After an error, what to do about it.
fn with_hint<T>(done: anyhow::Result<T>, hint: Option<&'static str>) -> anyhow::Result<T> {
    match hint {
        Some(hint) => done.context(hint),
        None => done,
    }
}
