//! R13 and DUPLICATE: ids and texts that stand twice.

use std::collections::BTreeMap;

use super::corpus::{Corpus, Entry};
use super::finding::Findings;

/// Checks each row against those before it. Perturbed copies may have the words of their original.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    let mut ids: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    let mut texts: BTreeMap<Vec<&str>, &Entry<'_>> = BTreeMap::new();
    for entry in &corpus.entries {
        if let Some(first) = ids.insert(&entry.row.id, entry) {
            let message = format!("the id stands at {} too, expected each id once", first.location);
            findings.row("R13", entry, message);
        }
        if entry.row.aug || entry.words.is_empty() {
            continue;
        }
        let words = entry.words.iter().map(|word| word.text.as_str()).collect();
        if let Some(first) = texts.insert(words, entry) {
            let message = format!(
                "the words of {} ({}), expected each text once",
                first.row.id, first.location
            );
            findings.row("DUPLICATE", entry, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{NOTHING, corpus_findings, framed, plain, with_text};

    #[test]
    fn ids_and_texts_stand_once() {
        assert_eq!(corpus_findings(&[plain(), framed()], "DUPLICATE"), NOTHING);
        assert_eq!(corpus_findings(&[plain(), framed()], "R13"), NOTHING);
        let again = with_text(framed(), &format!("«{}»", plain().text.to_uppercase()));
        let found = corpus_findings(&[plain(), again], "DUPLICATE");
        assert_eq!(
            found,
            ["the words of plain (rows.jsonl:1), expected each text once"]
        );
        let found = corpus_findings(&[plain(), with_text(plain(), "another text")], "R13");
        assert_eq!(
            found,
            ["the id stands at rows.jsonl:1 too, expected each id once"]
        );
    }
}
