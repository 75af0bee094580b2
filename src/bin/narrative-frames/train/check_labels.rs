//! `--check-labels`: labels that models trained on the other documents contradict.

use std::io::Write;

use narrative_frames::classifier::{Contradiction, OutOfFold, TrainingReport};
use narrative_frames::corpus::Corpus;
use serde::Serialize;

use crate::whole_file::WholeFile;

#[derive(Serialize)]
struct Line<'a> {
    id: Option<&'a str>,
    file: Option<&'a str>,
    line: u64,
    head: &'a str,
    label: &'a str,
    given: bool,
    probability: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// One JSON line for each contradiction, of all heads, the least believable label first.
pub(super) fn write(
    file: &mut WholeFile,
    corpus: &Corpus,
    report: &TrainingReport,
    with_text: bool,
) -> anyhow::Result<()> {
    let mut found: Vec<(&OutOfFold, Contradiction)> = Vec::new();
    for head in &report.out_of_fold {
        found.extend(
            head.contradictions()
                .into_iter()
                .map(|contradiction| (head, contradiction)),
        );
    }
    found.sort_by(|a, b| a.1.self_confidence().total_cmp(&b.1.self_confidence()));
    for (head, contradiction) in found {
        let document = &corpus.documents()[contradiction.document];
        let line = Line {
            id: document.id.as_deref(),
            file: document.location.file.as_deref(),
            line: document.location.line,
            head: &head.head,
            label: &head.labels[contradiction.label],
            given: contradiction.given,
            probability: (contradiction.probability * 1e4).round() / 1e4,
            suggested: contradiction.suggested.map(|label| head.labels[label].as_str()),
            text: with_text.then_some(document.text.as_str()),
        };
        writeln!(file.writer(), "{}", serde_json::to_string(&line)?)?;
    }
    Ok(())
}
