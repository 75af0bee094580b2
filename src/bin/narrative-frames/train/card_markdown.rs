//! A draft of a model card as Markdown.

use narrative_frames::metrics::Cut;

use super::card::{AIM, Draft, HeadBenchmark, LabelBenchmark, Policy, TrainingData};
use crate::report::interval;

pub(super) fn of(draft: &Draft) -> String {
    let annotation = &draft.annotation_methodology;
    let links = draft
        .links
        .iter()
        .map(|(link, address)| format!("{link}: {address}"));
    let sections = [
        (
            "Use",
            format!("{}\n\nNot for:\n\n{}", draft.intended_use, list(&draft.not_for)),
        ),
        ("Supported languages", list(&draft.languages)),
        ("Training data", training_data(&draft.training_data)),
        ("Policy and taxonomy", policy(&draft.policy_and_taxonomy)),
        (
            "Annotation methodology",
            format!(
                "{}\n\nLabels that models trained on the other documents contradict (`--check-labels`): {}.\n",
                annotation.method, annotation.contradicted_labels
            ),
        ),
        ("Performance benchmarks", benchmarks(draft)),
        ("Bias and limitations", list(&draft.bias_and_limitations)),
        ("Implementation guidance", list(&draft.implementation_guidance)),
        ("Links", list(&links.collect::<Vec<_>>())),
    ];
    let mut out = format!("# {}\n\nLicence: {}\n", draft.name, draft.licence);
    for (title, text) in sections {
        out += &format!("\n## {title}\n\n{text}");
    }
    out
}

fn list(items: &[String]) -> String {
    items.iter().map(|item| format!("* {item}\n")).collect()
}

/// A header and rows; cells that hold a bar are escaped.
fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = line(&mut header.iter().map(ToString::to_string));
    out += &format!("|{}\n", "---|".repeat(header.len()));
    for row in rows {
        out += &line(&mut row.into_iter());
    }
    out
}

fn training_data(data: &TrainingData) -> String {
    let command = data
        .command
        .as_ref()
        .map_or_else(String::new, |command| format!("* command: `{command}`\n"));
    format!(
        "{}\n\n* {} documents in {} groups\n* SHA-256 of the corpus: `{}`\n{command}",
        data.source, data.documents, data.groups, data.corpus_digest
    )
}

fn policy(policy: &Policy) -> String {
    let rows = policy.labels.iter().map(|label| {
        vec![
            label.head.clone(),
            label.label.clone(),
            format!("{} of {}", label.documents, label.known),
            label.definition.clone(),
        ]
    });
    let digest = policy.taxonomy_digest.as_ref();
    let digest = digest.map_or_else(String::new, |digest| {
        format!("SHA-256 of the taxonomy: `{digest}`\n\n")
    });
    let labels = table(&["head", "label", "documents", "definition"], rows);
    format!("{}\n\n{digest}{labels}", policy.policy)
}

fn benchmarks(draft: &Draft) -> String {
    let benchmarks = &draft.performance_benchmarks;
    let heads: String = benchmarks.heads.iter().map(head).collect();
    format!(
        "{}\n\n{}\n{heads}",
        benchmarks.method, benchmarks.independent_test
    )
}

fn head(head: &HeadBenchmark) -> String {
    let header = ["label", "documents", "precision", "recall", "F1"];
    let figures = table(&header, head.labels.iter().map(figures));
    let (precision, recall) = (format!("precision {AIM}"), format!("recall {AIM}"));
    let thresholds = table(
        &["label", &precision, "recall there", &recall, "precision there"],
        head.labels.iter().map(thresholds),
    );
    format!(
        "\n### {}\n\n{} documents; micro-F1 {}, macro-F1 {}\n\n{figures}\nRecommended thresholds:\n\n{thresholds}",
        head.head,
        head.documents,
        interval(&head.micro_f1),
        interval(&head.macro_f1)
    )
}

fn figures(label: &LabelBenchmark) -> Vec<String> {
    let estimates = [label.precision, label.recall, label.f1];
    let mut row = vec![label.label.clone(), label.documents.to_string()];
    row.extend(estimates.iter().map(interval));
    row
}

fn thresholds(label: &LabelBenchmark) -> Vec<String> {
    let number = |cut: Option<Cut>, value: fn(Cut) -> f64| {
        cut.map_or_else(|| "not reached".to_owned(), |cut| format!("{:.2}", value(cut)))
    };
    vec![
        label.label.clone(),
        number(label.high_precision, |cut| cut.threshold),
        number(label.high_precision, |cut| cut.recall),
        number(label.high_recall, |cut| cut.threshold),
        number(label.high_recall, |cut| cut.precision),
    ]
}
