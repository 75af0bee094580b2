//! Labelled files to learn from, and what became of their records.

use std::io::Write;

use narrative_frames::Recipe;
use narrative_frames::corpus::{Corpus, CorpusFields, HeadReading, ReadReport, read_corpus_with_report};

use crate::args::{DEFAULT_SLICE, LabelArgs, LearnArgs};
use crate::input::fields;
use crate::recipe::heads;
use crate::report::table;

/// The documents that a recipe learns from; the fields named must be there.
pub(crate) fn read(arguments: &LearnArgs, recipe: &Recipe) -> anyhow::Result<(Corpus, ReadReport)> {
    let LearnArgs {
        files, labels, input, ..
    } = arguments;
    let fields = CorpusFields {
        weight: arguments.weight_field.clone(),
        extra: vec![DEFAULT_SLICE.to_owned()],
        ..fields(input, labels, heads(recipe))
    };
    let (corpus, report) = read_corpus_with_report(files, input.input_format, &fields)?;
    check(&report, labels)?;
    check_groups(&corpus, labels)?;
    Ok((corpus, report))
}

/// The field of the annotators, if one is named, must be there.
pub(crate) fn check(report: &ReadReport, arguments: &LabelArgs) -> anyhow::Result<()> {
    if let Some(field) = &arguments.annotator_field {
        let is_there = report.annotators > 0;
        anyhow::ensure!(is_there, "no record has the field {field:?} of --annotator-field");
    }
    Ok(())
}

/// The field of the groups, if one is named, must be there.
pub(crate) fn check_groups(corpus: &Corpus, arguments: &LabelArgs) -> anyhow::Result<()> {
    if let Some(field) = &arguments.group_field {
        let is_there = corpus.documents().iter().any(|document| document.group.is_some());
        anyhow::ensure!(is_there, "no record has the field {field:?} of --group-field");
    }
    Ok(())
}

/// Counts of what was read, used and left out, and why; how much annotators agree, if there are several.
pub(crate) fn print(out: &mut impl Write, report: &ReadReport) -> anyhow::Result<()> {
    let used = report.documents - report.unused;
    let mut line = format!(
        "\nread {} records of {} documents",
        report.records, report.documents
    );
    if report.annotators > 0 {
        line += &format!(" by {} annotators", report.annotators);
    }
    writeln!(
        out,
        "{line}: {used} used, {} without a known label",
        report.unused
    )?;
    for (reason, count) in &report.left_out {
        writeln!(out, "left out: {count} annotations, {reason}")?;
    }
    if report.replaced > 0 {
        let count = report.replaced;
        writeln!(
            out,
            "replaced: {count} annotations, by later ones of the same annotator"
        )?;
    }
    for head in &report.heads {
        print_unknown(out, head)?;
    }
    print_agreement(out, report)
}

/// Why documents are unknown to a head, if any are.
fn print_unknown(out: &mut impl Write, head: &HeadReading) -> anyhow::Result<()> {
    let reasons = [
        (head.unlabelled, "without label"),
        (head.tied, "on which annotators are divided equally"),
        (head.incomplete, "of which only some labels are known"),
    ];
    let reasons = reasons.iter().filter(|(count, _)| *count > 0);
    let reasons: Vec<String> = reasons.map(|(count, why)| format!("{count} {why}")).collect();
    if !reasons.is_empty() {
        let (name, known) = (&head.head, head.known);
        writeln!(
            out,
            "{name}: {known} documents known; unknown: {}",
            reasons.join(", ")
        )?;
    }
    Ok(())
}

fn print_agreement(out: &mut impl Write, report: &ReadReport) -> anyhow::Result<()> {
    let rows = report.heads.iter().flat_map(|head| {
        head.agreement.iter().map(|agreement| {
            let alpha = agreement.alpha.map(|alpha| format!("{alpha:.3}"));
            vec![
                head.head.clone(),
                agreement
                    .label
                    .clone()
                    .unwrap_or_else(|| "(which label)".to_owned()),
                agreement.documents.to_string(),
                alpha.unwrap_or_else(|| "-".to_owned()),
            ]
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        writeln!(out, "\nagreement of annotators (Krippendorff's alpha, nominal)")?;
        write!(out, "{}", table(&["head", "label", "documents", "alpha"], rows))?;
    }
    Ok(())
}
