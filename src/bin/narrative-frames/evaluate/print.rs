//! The figures as plain text.

use std::io::Write;

use narrative_frames::metrics::{Difference, Estimate, HeadReport, LabelReport, MacroAverage, MicroAverage};

use super::Evaluation;
use super::comparison::Comparison;
use super::curves::Curves;
use crate::report::{interval, table};

pub(super) fn print(out: &mut impl Write, evaluation: &Evaluation) -> anyhow::Result<()> {
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
    match &evaluation.comparison {
        Some(comparison) => print_comparison(out, comparison),
        None => Ok(()),
    }
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
pub(super) fn print_curves(out: &mut impl Write, curves: &Curves) -> anyhow::Result<()> {
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

fn print_comparison(out: &mut impl Write, comparison: &Comparison) -> anyhow::Result<()> {
    writeln!(out, "\n== compared with {}", comparison.path)?;
    writeln!(out, "model {}", comparison.model)?;
    for head in &comparison.heads {
        writeln!(out, "\n{}: {} documents", head.head, head.documents)?;
        let wholes = [
            ("accuracy", &head.accuracy),
            ("micro F1", &head.micro_f1),
            ("macro F1", &head.macro_f1),
        ];
        let labels = head.labels.iter().map(|label| (label.label.as_str(), &label.f1));
        let rows = wholes.into_iter().chain(labels);
        let header = ["score, or F1 of label", "model", "other", "difference"];
        write!(out, "{}", table(&header, rows.map(difference_row)))?;
    }
    for head in &comparison.left_out {
        writeln!(out, "\n{}: not compared, {}", head.head, head.reason)?;
    }
    Ok(())
}

fn difference_row((name, score): (&str, &Difference)) -> Vec<String> {
    vec![
        name.to_owned(),
        format!("{:.3}", score.value),
        format!("{:.3}", score.other),
        format!("{:+.3} [{:+.3}, {:+.3}]", score.difference, score.low, score.high),
    ]
}
