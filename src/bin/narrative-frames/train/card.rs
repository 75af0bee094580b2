//! `--card`: a draft of a model card (Mitchell et al. 2019) with what a training knows.
//!
//! The same draft is written as Markdown, as JSON, or as TOML that `card --about` takes. Figures are out-of-fold; what
//! only the author knows is marked.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use narrative_frames::Classifier;
use narrative_frames::classifier::{OutOfFold, TrainingReport};
use narrative_frames::corpus::{Corpus, HeadKind};
use narrative_frames::metrics::{Cut, Estimate, LabelReport, cuts};
use serde::Serialize;

use super::card_markdown;
use crate::args::TrainArgs;
use crate::whole_file::WholeFile;

/// Precision, and recall, that the recommended thresholds are for.
pub(super) const AIM: f64 = 0.9;

#[derive(Serialize)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) licence: String,
    #[serde(rename = "use")]
    pub(super) intended_use: String,
    pub(super) not_for: Vec<String>,
    pub(super) languages: Vec<String>,
    pub(super) training_data: TrainingData,
    pub(super) policy_and_taxonomy: Policy,
    pub(super) annotation_methodology: Annotation,
    pub(super) performance_benchmarks: Benchmarks,
    pub(super) bias_and_limitations: Vec<String>,
    pub(super) implementation_guidance: Vec<String>,
    pub(super) links: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
pub(super) struct TrainingData {
    pub(super) source: String,
    pub(super) documents: usize,
    pub(super) groups: usize,
    pub(super) corpus_digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Policy {
    pub(super) policy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) taxonomy_digest: Option<String>,
    pub(super) labels: Vec<LabelCount>,
}

#[derive(Serialize)]
pub(super) struct LabelCount {
    pub(super) head: String,
    pub(super) label: String,
    pub(super) documents: usize,
    pub(super) known: usize,
    pub(super) definition: String,
}

#[derive(Serialize)]
pub(super) struct Annotation {
    pub(super) method: String,
    pub(super) contradicted_labels: usize,
}

#[derive(Serialize)]
pub(super) struct Benchmarks {
    pub(super) method: String,
    pub(super) independent_test: String,
    pub(super) heads: Vec<HeadBenchmark>,
}

#[derive(Serialize)]
pub(super) struct HeadBenchmark {
    pub(super) head: String,
    pub(super) documents: usize,
    pub(super) micro_f1: Estimate,
    pub(super) macro_f1: Estimate,
    pub(super) labels: Vec<LabelBenchmark>,
}

#[derive(Serialize)]
pub(super) struct LabelBenchmark {
    pub(super) label: String,
    pub(super) documents: u64,
    pub(super) precision: Estimate,
    pub(super) recall: Estimate,
    pub(super) f1: Estimate,
    /// The lowest threshold with the precision aimed at, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) high_precision: Option<Cut>,
    /// The highest threshold with the recall aimed at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) high_recall: Option<Cut>,
}

/// Writes the draft in the format that the extension of `--card` names.
pub(super) fn write(file: &mut WholeFile, arguments: &TrainArgs, draft: &Draft) -> anyhow::Result<()> {
    let extension = arguments.card.as_deref().and_then(Path::extension);
    let text = match extension.and_then(std::ffi::OsStr::to_str) {
        Some("json") => serde_json::to_string_pretty(draft)? + "\n",
        Some("toml") => toml::to_string(draft)?,
        _ => card_markdown::of(draft),
    };
    Ok(file.writer().write_all(text.as_bytes())?)
}

fn todo(what: &str) -> String {
    format!("TODO(author): {what}")
}

impl Draft {
    pub(super) fn new(
        classifier: &Classifier,
        corpus: &Corpus,
        report: &TrainingReport,
    ) -> narrative_frames::Result<Self> {
        let provenance = classifier.provenance();
        let contradicted = report.out_of_fold.iter().map(|head| head.contradictions().len());
        let heads = report.out_of_fold.iter().map(HeadBenchmark::new);
        Ok(Self {
            name: todo("name and version of the model"),
            licence: todo("licence of the model"),
            intended_use: todo("what it is for, who uses it, and what is done with its answers"),
            not_for: vec![todo("uses it must not be put to")],
            languages: languages(corpus),
            training_data: TrainingData {
                source: todo(
                    "where the texts come from, from when, how they were chosen, by what right they are held",
                ),
                documents: report.documents,
                groups: report.groups,
                corpus_digest: provenance.corpus_digest.clone(),
                command: provenance.command.clone(),
            },
            policy_and_taxonomy: Policy {
                policy: todo("the policy the labels stand for, its version, and where it can be read"),
                taxonomy_digest: provenance.taxonomy_digest.clone(),
                labels: labels(report),
            },
            annotation_methodology: Annotation {
                method: todo(
                    "who labelled, by which guidelines, how many for each text, how well they agreed",
                ),
                contradicted_labels: contradicted.sum(),
            },
            performance_benchmarks: Benchmarks {
                method: format!(
                    "Cross-validation of {} folds, whole groups held out; 95 % intervals. Calibration and thresholds have \
                     seen these documents.",
                    classifier.recipe().calibration.folds
                ),
                independent_test: todo(
                    "figures of narrative-frames evaluate on documents that no choice was made on",
                ),
                heads: heads.collect::<Result<_, _>>()?,
            },
            bias_and_limitations: limitations(report),
            implementation_guidance: guidance(classifier),
            links: [
                "documentation",
                "policy",
                "data statement",
                "contact for appeals and errors",
            ]
            .map(|link| (link, todo("address")))
            .into(),
        })
    }
}

/// The languages that the documents name, with how many there are of each.
fn languages(corpus: &Corpus) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for document in corpus.documents() {
        if let Some(Some(language)) = document.extra.first() {
            *counts.entry(language).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return vec![todo(
            "languages and varieties of the documents, which have no field \"lang\"",
        )];
    }
    let counts = counts.into_iter();
    counts
        .map(|(language, documents)| format!("{language}: {documents} documents"))
        .collect()
}

fn labels(report: &TrainingReport) -> Vec<LabelCount> {
    let label = |label: &narrative_frames::classifier::LabelTraining| LabelCount {
        head: label.head.clone(),
        label: label.label.clone(),
        documents: label.positives,
        known: label.known,
        definition: todo("what has this label, and what does not"),
    };
    report.labels.iter().map(label).collect()
}

fn limitations(report: &TrainingReport) -> Vec<String> {
    let rare = report
        .labels
        .iter()
        .filter(|label| label.positives < super::warnings::FEW);
    let rare = rare.map(|label| {
        let (head, name, positives) = (&label.head, &label.label, label.positives);
        format!("{head}, {name}: {positives} documents; what is said of it is mostly chance.")
    });
    let asked = [
        "groups, dialects and topics that may be treated worse, and how that was measured (evaluate --slice)",
        "kinds of text it was not trained on, and known errors",
    ];
    rare.chain(asked.map(todo)).collect()
}

fn guidance(classifier: &Classifier) -> Vec<String> {
    let margin = classifier.recipe().decision.abstain_margin;
    vec![
        "The thresholds in the model file make its labels; probabilities are calibrated, so another threshold may be \
         put on them. Those recommended here were chosen on the training documents: check them on others."
            .to_owned(),
        format!("The model abstains where a probability is within {margin} of its threshold."),
        todo("what happens at each threshold: who reviews, what is never done without review, how errors are appealed"),
        todo("how it is monitored, and when it is trained again"),
    ]
}

impl HeadBenchmark {
    fn new(answers: &OutOfFold) -> narrative_frames::Result<Self> {
        let report = answers.report()?;
        let labels = report.labels.iter().enumerate();
        Ok(Self {
            labels: labels
                .map(|(label, figures)| LabelBenchmark::new(answers, label, figures))
                .collect(),
            documents: report.documents,
            micro_f1: report.micro_average.f1,
            macro_f1: report.macro_average.f1,
            head: match answers.kind {
                HeadKind::MultiLabel => report.head,
                HeadKind::SingleLabel => format!("{} (one label a text)", report.head),
            },
        })
    }
}

impl LabelBenchmark {
    fn new(answers: &OutOfFold, label: usize, figures: &LabelReport) -> Self {
        let cuts = if answers.own[label] {
            cuts(
                &answers.probabilities.column(label).to_vec(),
                &answers.truth.column(label).to_vec(),
            )
        } else {
            Vec::new()
        };
        Self {
            label: figures.label.clone(),
            documents: figures.positives,
            precision: figures.precision,
            recall: figures.recall,
            f1: figures.f1,
            high_precision: cuts.iter().find(|cut| cut.precision >= AIM).copied(),
            high_recall: cuts.iter().rfind(|cut| cut.recall >= AIM).copied(),
        }
    }
}
