//! SPLIT: each row stands in the file its component belongs to.

use std::path::Path;

use super::corpus::{Corpus, Entry};
use super::finding::Findings;
use crate::error::Location;
use crate::split::{Split, SplitDocument, join, leaders, near_duplicates};

/// Checks the rows of files named after a part of the split; others are read for the components they join.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    let documents: Vec<SplitDocument<'_>> = corpus.entries.iter().map(document).collect();
    let is_name = |word: &str| corpus.gazetteer.slot(word).is_some();
    // Texts that cannot be read are empty here, so nothing can fail.
    let pairs = near_duplicates(&documents, &is_name).unwrap_or_default();
    let components = join(&documents, &pairs);
    misplaced(corpus, &leaders(&documents, &components), findings);
    for (first, second) in pairs {
        crossing(&corpus.entries[first], &corpus.entries[second], findings);
    }
}

/// Which part the file of a row is, by its stem.
pub(super) fn split_of(location: &Location) -> Option<Split> {
    let stem = Path::new(location.file.as_deref()?).file_stem()?;
    Split::ALL.into_iter().find(|split| stem == split.name())
}

fn document<'a>(entry: &Entry<'a>) -> SplitDocument<'a> {
    let is_read = !entry.words.is_empty();
    SplitDocument {
        id: &entry.row.id,
        text: if is_read { &entry.row.text } else { "" },
        keys: entry.row.split_keys(),
    }
}

fn misplaced(corpus: &Corpus<'_>, leaders: &[&str], findings: &mut Findings) {
    for (entry, leader) in corpus.entries.iter().zip(leaders) {
        let expected = Split::of(corpus.rules.salt(), leader);
        if let Some(found) = split_of(entry.location).filter(|found| *found != expected) {
            let (found, expected) = (found.name(), expected.name());
            let message = format!("in {found}, expected in {expected} with {leader} and its component");
            findings.row("SPLIT", entry, message);
        }
    }
}

fn crossing(first: &Entry<'_>, second: &Entry<'_>, findings: &mut Findings) {
    let (Some(one), Some(other)) = (split_of(first.location), split_of(second.location)) else {
        return;
    };
    if one != other {
        let (id, location, split) = (&first.row.id, first.location, one.name());
        let message = format!("a near duplicate of {id} ({location}) in {split}, expected both in one part");
        findings.row("SPLIT", second, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Row;
    use crate::lint::testing::{NOTHING, findings_at, findings_in, plain, rules, with_text};

    /// A row of its own component.
    fn row(id: &str, text: &str) -> Row {
        Row {
            id: id.to_owned(),
            template_id: id.to_owned(),
            meaning_id: id.to_owned(),
            pair_id: None,
            ..with_text(plain(), text)
        }
    }

    fn file(split: Split) -> String {
        format!("data/{}.jsonl", split.name())
    }

    fn other_than(split: Split) -> Split {
        if split == Split::Test {
            Split::Train
        } else {
            Split::Test
        }
    }

    #[test]
    fn rows_stand_where_their_component_belongs() {
        let split = Split::of(rules().salt(), "a");
        let rows = [row("a", "rain is likely")];
        assert_eq!(findings_in(&file(split), &rows, "SPLIT"), NOTHING);
        assert_eq!(findings_in("draft.jsonl", &rows, "SPLIT"), NOTHING);
        let wrong = other_than(split);
        let expected = format!(
            "in {}, expected in {} with a and its component",
            wrong.name(),
            split.name()
        );
        assert_eq!(findings_in(&file(wrong), &rows, "SPLIT"), [expected]);
    }

    #[test]
    fn near_duplicates_do_not_cross() {
        let split = Split::of(rules().salt(), "a");
        let here = (file(split), row("a", "rain is likely in Dorvanesh all day"));
        let there = (
            file(other_than(split)),
            row("b", "Rain is likely in Talmiqa all day!"),
        );
        let found = findings_at(&[here, there], "SPLIT");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("with a and its component"), "{found:?}");
        assert!(found[1].starts_with("a near duplicate of a (data/"), "{found:?}");
    }
}
