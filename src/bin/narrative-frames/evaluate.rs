//! `evaluate`: a model against labelled records.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Context;
use narrative_frames::classifier::{Head, Prediction};
use narrative_frames::corpus::{Corpus, HeadKind, HeadSpec, ReadReport, read_corpus_with_report};
use narrative_frames::metrics::{
    Bootstrap, Cut, DEFAULT_BINS, Estimate, HeadInput, HeadReport, LabelReport, MacroAverage, MicroAverage,
    ReliabilityBin, cuts, evaluate_head, reliability_bins,
};
use narrative_frames::{Classifier, ErrorKind};
use ndarray::{Array2, Axis};
use serde::Serialize;

use crate::args::{DEFAULT_SLICE, EvaluateArgs};
use crate::exit::Exit;
use crate::input::{Model, fields};
use crate::overlap::Overlap;
use crate::reading;
use crate::report::{interval, table};
use crate::train::warnings::warn;

/// All figures, as in the JSON file.
#[derive(Serialize)]
struct Evaluation {
    model: String,
    documents: usize,
    reading: ReadReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Overlap>,
    heads: Vec<HeadReport>,
    curves: Vec<Curves>,
    slices: Vec<Slice>,
}

/// Of one head, all labels together: how often the labels of each probability are true, and what other thresholds,
/// the same for each label, would give.
#[derive(Serialize)]
struct Curves {
    head: String,
    reliability: Vec<ReliabilityBin>,
    cuts: Vec<Cut>,
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
    let all: Vec<usize> = (0..corpus.documents().len()).collect();
    let evaluation = Evaluation {
        model: classifier.digest(),
        documents: all.len(),
        reading,
        against: Overlap::find(arguments, &corpus)?,
        heads: measured.report(&all)?,
        curves: measured.curves(),
        slices: slices(arguments, &measured)?,
    };
    if let Some(path) = &arguments.json {
        let json = serde_json::to_string_pretty(&evaluation)?;
        std::fs::write(path, json + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(warning) = evaluation.against.as_ref().and_then(Overlap::warning) {
        warn(&warning)?;
    }
    let mut out = std::io::stdout().lock();
    print(&mut out, &evaluation)?;
    if arguments.curves {
        evaluation
            .curves
            .iter()
            .try_for_each(|curves| print_curves(&mut out, curves))?;
    }
    reading::print(&mut out, &evaluation.reading)?;
    Ok(Exit::Success)
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
    let labels = |head: &Head| head.labels().iter().map(|label| label.name.clone()).collect();
    let heads = classifier.heads().iter();
    fields.labels = heads.map(|head| (head.name().to_owned(), labels(head))).collect();
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

/// Truth and predictions of every document.
struct Measured<'a> {
    classifier: &'a Classifier,
    corpus: &'a Corpus,
    heads: Vec<MeasuredHead>,
    groups: Vec<usize>,
}

struct MeasuredHead {
    truth: Array2<bool>,
    known: Vec<bool>,
    /// Whether the head was asked: whether one that it requires gave a label.
    asked: Vec<bool>,
    predicted: Array2<bool>,
    probabilities: Array2<f64>,
}

impl<'a> Measured<'a> {
    fn new(classifier: &'a Classifier, corpus: &'a Corpus) -> anyhow::Result<Self> {
        let texts: Vec<&str> = corpus
            .documents()
            .iter()
            .map(|document| document.text.as_str())
            .collect();
        let mut predictions = Vec::with_capacity(texts.len());
        for (prediction, document) in classifier
            .predict_batch(&texts)
            .into_iter()
            .zip(corpus.documents())
        {
            predictions.push(prediction.with_context(|| document.location.to_string())?);
        }
        let heads = (0..classifier.heads().len())
            .map(|head| MeasuredHead::new(&classifier.heads()[head], head, corpus, &predictions))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            classifier,
            corpus,
            heads,
            groups: groups(corpus),
        })
    }

    /// The figures of some of the documents: each head, and each that requires another once more where it
    /// was asked.
    fn report(&self, rows: &[usize]) -> narrative_frames::Result<Vec<HeadReport>> {
        let mut reports = Vec::new();
        for (head, measured) in self.classifier.heads().iter().zip(&self.heads) {
            reports.push(measured.report(head.name(), head, rows, &self.groups)?);
            if let Some(required) = head.requires() {
                let asked: Vec<usize> = rows.iter().copied().filter(|&row| measured.asked[row]).collect();
                let required = self.classifier.heads()[required].name();
                let name = format!("{} where {required} gives a label", head.name());
                reports.push(measured.report(&name, head, &asked, &self.groups)?);
            }
        }
        Ok(reports)
    }

    /// The curves of each head, over the documents for which it was asked.
    fn curves(&self) -> Vec<Curves> {
        let heads = self.classifier.heads().iter().zip(&self.heads);
        heads.map(|(head, measured)| measured.curves(head)).collect()
    }
}

/// A number for the group of each document.
fn groups(corpus: &Corpus) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    let documents = corpus.documents().iter().enumerate();
    documents
        .map(|(row, document)| match &document.group {
            Some(group) => *numbers.entry(group.as_str()).or_insert(row),
            None => row,
        })
        .collect()
}

impl MeasuredHead {
    fn new(
        head: &Head,
        position: usize,
        corpus: &Corpus,
        predictions: &[Prediction<'_>],
    ) -> narrative_frames::Result<Self> {
        let shape = (predictions.len(), head.labels().len());
        let mut measured = Self {
            truth: Array2::from_elem(shape, false),
            known: vec![false; shape.0],
            asked: vec![false; shape.0],
            predicted: Array2::from_elem(shape, false),
            probabilities: Array2::zeros(shape),
        };
        for (row, (document, prediction)) in corpus.documents().iter().zip(predictions).enumerate() {
            if let Some(labels) = &document.labels[position] {
                measured.known[row] = true;
                for label in labels {
                    measured.truth[(row, label_position(head, label)?)] = true;
                }
            }
            measured.asked[row] = asked(head, prediction);
            if let Some(prediction) = prediction.head(head.name()) {
                for (label, (&decided, &p)) in prediction
                    .decided()
                    .iter()
                    .zip(prediction.probabilities())
                    .enumerate()
                {
                    measured.predicted[(row, label)] = decided;
                    measured.probabilities[(row, label)] = f64::from(p);
                }
            }
        }
        Ok(measured)
    }

    fn curves(&self, head: &Head) -> Curves {
        let rows = (0..self.known.len()).filter(|&row| self.known[row] && self.asked[row]);
        let (probabilities, truth): (Vec<f64>, Vec<bool>) = rows
            .flat_map(|row| self.probabilities.row(row).into_iter().zip(self.truth.row(row)))
            .unzip();
        Curves {
            head: head.name().to_owned(),
            reliability: reliability_bins(&probabilities, &truth, DEFAULT_BINS).unwrap_or_default(),
            cuts: cuts(&probabilities, &truth),
        }
    }

    fn report(
        &self,
        name: &str,
        head: &Head,
        rows: &[usize],
        groups: &[usize],
    ) -> narrative_frames::Result<HeadReport> {
        let labels: Vec<String> = head.labels().iter().map(|label| label.name.clone()).collect();
        let known: Vec<bool> = rows.iter().map(|&row| self.known[row]).collect();
        let groups: Vec<usize> = rows.iter().map(|&row| groups[row]).collect();
        evaluate_head(HeadInput {
            head: name,
            single_label: head.kind() == HeadKind::SingleLabel,
            labels: &labels,
            truth: self.truth.select(Axis(0), rows).view(),
            known: &known,
            predicted: self.predicted.select(Axis(0), rows).view(),
            probabilities: self.probabilities.select(Axis(0), rows).view(),
            groups: Some(&groups),
            bootstrap: Bootstrap::default(),
        })
    }
}

/// Whether the head was asked: whether the one that it requires, if any, gave a label.
fn asked(head: &Head, prediction: &Prediction<'_>) -> bool {
    let required = head
        .requires()
        .and_then(|required| prediction.heads().nth(required));
    required.is_none_or(|required| required.decided().contains(&true))
}

/// Where a label of the file stands among those of the model.
fn label_position(head: &Head, label: &str) -> narrative_frames::Result<usize> {
    let names: Vec<&str> = head.labels().iter().map(|label| label.name.as_str()).collect();
    let position = names.iter().position(|name| *name == label);
    Ok(position.ok_or_else(|| ErrorKind::Unknown {
        what: "label of the model",
        name: label.to_owned(),
        expected: names.join(", "),
    })?)
}

fn print(out: &mut impl Write, evaluation: &Evaluation) -> anyhow::Result<()> {
    writeln!(out, "model {}", evaluation.model)?;
    writeln!(out, "{} documents", evaluation.documents)?;
    if let Some(against) = &evaluation.against {
        writeln!(out, "{against}")?;
    }
    print_heads(out, &evaluation.heads)?;
    for slice in &evaluation.slices {
        writeln!(
            out,
            "\n== {} = {}, {} documents",
            slice.field, slice.value, slice.documents
        )?;
        print_heads(out, &slice.heads)?;
    }
    Ok(())
}

fn print_heads(out: &mut impl Write, heads: &[HeadReport]) -> anyhow::Result<()> {
    let header = [
        "label",
        "true",
        "given",
        "precision",
        "recall",
        "F1",
        "AP",
        "ROC-AUC",
        "Brier",
        "ECE",
    ];
    for head in heads {
        let name = if head.single_label {
            "accuracy"
        } else {
            "exact match"
        };
        let whole = head.accuracy.as_ref().or(head.exact_match.as_ref());
        writeln!(
            out,
            "\n{}: {} documents, {} unknown, {name} {}",
            head.head,
            head.documents,
            head.unknown,
            whole.map_or_else(String::new, interval)
        )?;
        let labels = head.labels.iter().map(label_row);
        let averages = [micro_row(&head.micro_average), macro_row(&head.macro_average)];
        write!(out, "{}", table(&header, labels.chain(averages)))?;
    }
    Ok(())
}

/// The curves of one head.
fn print_curves(out: &mut impl Write, curves: &Curves) -> anyhow::Result<()> {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    let bins = curves.reliability.iter().map(|bin| {
        vec![
            format!("{:.3} to {:.3}", bin.low, bin.high),
            bin.count.to_string(),
            number(bin.mean_probability),
            number(bin.fraction_positive),
        ]
    });
    writeln!(out, "\n{}: reliability", curves.head)?;
    write!(
        out,
        "{}",
        table(&["probability", "answers", "mean", "true"], bins)
    )?;
    let rows = curves.cuts.iter().map(|cut| {
        vec![
            format!("{:.2}", cut.threshold),
            number(Some(cut.precision)),
            number(Some(cut.recall)),
        ]
    });
    writeln!(out, "\n{}: other thresholds", curves.head)?;
    write!(out, "{}", table(&["threshold", "precision", "recall"], rows))?;
    Ok(())
}

fn label_row(label: &LabelReport) -> Vec<String> {
    row(
        &label.label,
        [label.positives.to_string(), label.predicted.to_string()],
        [label.precision, label.recall, label.f1],
        [
            label.average_precision,
            label.roc_auc,
            label.brier,
            label.calibration_error,
        ],
    )
}

fn micro_row(average: &MicroAverage) -> Vec<String> {
    let scores = [average.precision, average.recall, average.f1];
    row("micro", [String::new(), String::new()], scores, [None; 4])
}

fn macro_row(average: &MacroAverage) -> Vec<String> {
    row(
        "macro",
        [String::new(), String::new()],
        [average.precision, average.recall, average.f1],
        [
            average.average_precision,
            average.roc_auc,
            average.brier,
            average.calibration_error,
        ],
    )
}

fn row(name: &str, counts: [String; 2], estimates: [Estimate; 3], others: [Option<f64>; 4]) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    cells.extend(counts);
    cells.extend(estimates.iter().map(interval));
    cells.extend(others.map(|value| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))));
    cells
}
