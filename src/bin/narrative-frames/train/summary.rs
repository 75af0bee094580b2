//! What was learned.

use std::io::Write;

use narrative_frames::classifier::TrainingReport;

use crate::args::TrainArgs;
use crate::report::table;

/// A table of what was learned.
pub(super) fn print(
    out: &mut impl Write,
    arguments: &TrainArgs,
    report: &TrainingReport,
) -> anyhow::Result<()> {
    writeln!(
        out,
        "{}: {} documents in {} groups, {} features",
        arguments.output.display(),
        report.documents,
        report.groups,
        report.features
    )?;
    let rows = report.labels.iter().map(|label| {
        vec![
            label.head.clone(),
            label.label.clone(),
            format!("{}/{}", label.positives, label.known),
            label.convergence.iterations.to_string(),
            format!("{:.4}", label.convergence.objective),
            format!("{:.1e}", label.convergence.criterion),
        ]
    });
    let header = [
        "head",
        "label",
        "positive",
        "iterations",
        "objective",
        "gap at most",
    ];
    write!(out, "{}", table(&header, rows))?;
    Ok(())
}
