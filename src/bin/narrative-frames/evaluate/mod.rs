//! `evaluate`: a model against labelled records.

mod comparison;
mod confusion;
mod curves;
mod errors;
mod measured;
mod page;
mod print;
mod source;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use narrative_frames::Classifier;
use narrative_frames::classifier::Head;
use narrative_frames::corpus::{Corpus, HeadSpec, ReadReport, read_corpus_with_report};
use narrative_frames::metrics::HeadReport;
use serde::Serialize;

use self::comparison::Comparison;
use self::confusion::ConfusionTable;
use self::curves::Curves;
use self::errors::HeadErrors;
use self::measured::Measured;
use self::source::Source;
use crate::args::{DEFAULT_SLICE, EvaluateArgs};
use crate::exit::Exit;
use crate::input::{Model, fields};
use crate::messages::warn;
use crate::overlap::Overlap;
use crate::reading;
use crate::whole_file::WholeFile;

/// All figures, as in the JSON file.
#[derive(Serialize)]
struct Evaluation {
    model: String,
    documents: usize,
    reading: ReadReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Overlap>,
    source: Source,
    heads: Vec<HeadReport>,
    curves: Vec<Curves>,
    confusion: Vec<ConfusionTable>,
    slices: Vec<Slice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
    errors: Vec<HeadErrors>,
}

/// The figures of the documents with one value of a field.
#[derive(Serialize)]
struct Slice {
    field: String,
    value: String,
    documents: usize,
    heads: Vec<HeadReport>,
}

pub(crate) fn run(arguments: &EvaluateArgs) -> anyhow::Result<Exit> {
    let model = Model::open(arguments.model.as_deref())?;
    let classifier = model.classifier();
    let (corpus, reading) = read(arguments, classifier)?;
    let measured = Measured::new(classifier, &corpus)?;
    let evaluation = evaluate(arguments, &measured, reading)?;
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string_pretty(&evaluation)?;
        write_whole(path, &(json + "\n"))?;
    }
    if let Some(path) = &arguments.html {
        write_whole(path, &page::page(arguments, &measured, &evaluation)?)?;
    }
    if let Some(warning) = evaluation.against.as_ref().and_then(Overlap::warning) {
        warn(&warning);
    }
    let mut out = std::io::stdout().lock();
    print::print(&mut out, &evaluation)?;
    if arguments.curves {
        evaluation
            .curves
            .iter()
            .try_for_each(|curves| print::print_curves(&mut out, curves))?;
    }
    reading::print(&mut out, &evaluation.reading)?;
    Ok(Exit::Success)
}

fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.writer().write_all(text.as_bytes())?;
    file.finish()
}

fn evaluate(
    arguments: &EvaluateArgs,
    measured: &Measured<'_>,
    reading: ReadReport,
) -> anyhow::Result<Evaluation> {
    let all: Vec<usize> = (0..measured.corpus.documents().len()).collect();
    let other = arguments.compare.as_deref();
    Ok(Evaluation {
        model: measured.classifier.digest(),
        documents: all.len(),
        reading,
        against: Overlap::find(arguments, measured.corpus)?,
        source: Source::of(arguments, measured)?,
        heads: measured.report(&all)?,
        curves: measured.each_head(curves::curves),
        confusion: measured.each_head(confusion::table),
        slices: slices(arguments, measured)?,
        comparison: other
            .map(|path| comparison::compare(path, measured))
            .transpose()?,
        errors: measured.each_head(|head, of| errors::worst(head, of, measured.corpus)),
    })
}

fn read(arguments: &EvaluateArgs, classifier: &Classifier) -> anyhow::Result<(Corpus, ReadReport)> {
    let head = |head: &Head| HeadSpec {
        any_of: classifier
            .recipe()
            .heads
            .get(head.name())
            .and_then(|head| head.any_of.clone()),
        ..HeadSpec::new(head.name(), head.kind())
    };
    let mut fields = fields(
        &arguments.input,
        &arguments.labels,
        classifier.heads().iter().map(head).collect(),
    );
    fields.extra.clone_from(&arguments.slice);
    // The page says in which language a text is, where a field tells.
    if !fields.extra.iter().any(|field| field == DEFAULT_SLICE) {
        fields.extra.push(DEFAULT_SLICE.to_owned());
    }
    let heads = classifier.heads().iter();
    fields.labels = heads
        .map(|head| (head.name().to_owned(), head.label_names().into_iter().collect()))
        .collect();
    let (corpus, reading) = read_corpus_with_report(&arguments.files, arguments.input.input_format, &fields)?;
    reading::check(&reading, &arguments.labels)?;
    for (position, field) in arguments.slice.iter().enumerate() {
        let is_there = corpus
            .documents()
            .iter()
            .any(|document| document.extra[position].is_some());
        anyhow::ensure!(
            is_there || field == DEFAULT_SLICE,
            "no record has the field {field:?} of --slice"
        );
    }
    Ok((corpus, reading))
}

fn slices(arguments: &EvaluateArgs, measured: &Measured<'_>) -> anyhow::Result<Vec<Slice>> {
    let mut slices = Vec::new();
    for (position, field) in arguments.slice.iter().enumerate() {
        let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, document) in measured.corpus.documents().iter().enumerate() {
            if let Some(value) = &document.extra[position] {
                rows.entry(value).or_default().push(row);
            }
        }
        for (value, rows) in rows {
            slices.push(Slice {
                field: field.clone(),
                value: value.to_owned(),
                documents: rows.len(),
                heads: measured.report(&rows)?,
            });
        }
    }
    Ok(slices)
}
