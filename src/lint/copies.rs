//! R15: perturbed copies.

use std::collections::BTreeSet;

use super::corpus::{Corpus, Entry};
use super::finding::Findings;
use super::splits::split_of;
use crate::split::Split;

const NO_ORIGINAL: &str =
    "a perturbed copy of no row, expected the meaning_id and the labels of its original";

/// Checks the corpus.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    originals(corpus, findings);
    copies(corpus, findings);
}

fn label(entry: &Entry<'_>) -> (BTreeSet<String>, Option<String>) {
    (
        entry.row.frames.iter().cloned().collect(),
        entry.row.stance.clone(),
    )
}

/// Copies have the meaning and the labels of a row that is none, and only train has them.
fn originals(corpus: &Corpus<'_>, findings: &mut Findings) {
    let rows = corpus.entries.iter().filter(|entry| !entry.row.aug);
    let meaning = |entry: &Entry<'_>| (entry.row.meaning_id.clone(), label(entry));
    let originals: BTreeSet<_> = rows.map(meaning).collect();
    for entry in corpus.entries.iter().filter(|entry| entry.row.aug) {
        if !originals.contains(&meaning(entry)) {
            findings.row("R15", entry, NO_ORIGINAL);
        }
        if let Some(split) = split_of(entry.location).filter(|split| *split != Split::Train) {
            let message = format!(
                "a perturbed copy in {}, expected copies only in train",
                split.name()
            );
            findings.row("R15", entry, message);
        }
    }
}

fn copies(corpus: &Corpus<'_>, findings: &mut Findings) {
    let rows = corpus.entries.len();
    let copies = corpus.entries.iter().filter(|entry| entry.row.aug).count();
    let limit = corpus.rules.augmentation.max_share;
    if copies as f64 > limit * rows as f64 {
        let percent = 100.0 * limit;
        let message =
            format!("{copies} of {rows} rows are perturbed copies, expected at most {percent:.0} %");
        findings.corpus("R15", message);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::Row;
    use crate::lint::testing::{NOTHING, corpus_findings, findings_in, plain};

    fn copy(id: usize) -> Row {
        Row {
            aug: true,
            ..numbered(id)
        }
    }

    fn numbered(id: usize) -> Row {
        Row {
            id: format!("row-{id:02}"),
            ..plain()
        }
    }

    #[test]
    fn copies_are_few_and_have_an_original() {
        let rows: Vec<Row> = (0..9).map(numbered).collect();
        assert_eq!(
            corpus_findings(&[rows.clone(), vec![copy(9)]].concat(), "R15"),
            NOTHING
        );
        let found = corpus_findings(&[rows, vec![copy(9), copy(10)]].concat(), "R15");
        assert_eq!(
            found,
            ["2 of 11 rows are perturbed copies, expected at most 10 %"]
        );
        let found = corpus_findings(&[copy(0)], "R15");
        assert_eq!(
            found[0],
            "a perturbed copy of no row, expected the meaning_id and the labels of its original"
        );
    }

    #[test]
    fn copies_stand_in_train() {
        let rows = |file| {
            findings_in(
                file,
                &[(0..9).map(numbered).collect(), vec![copy(9)]].concat(),
                "R15",
            )
        };
        assert_eq!(rows("data/train.jsonl"), NOTHING);
        assert_eq!(
            rows("data/test.jsonl"),
            ["a perturbed copy in test, expected copies only in train"]
        );
    }
}
