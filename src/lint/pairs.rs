//! R10: each row with a frame has a close row without one.

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::{Corpus, Entry};
use super::finding::Findings;

const NO_PAIR: &str = "no row without a frame has its pair_id, expected a minimal pair";

/// Distinct words, with each name as its slot.
type WordTypes<'a> = BTreeSet<&'a str>;

/// Checks each row with a frame against the rows without one in its family. Perturbed copies are left out: their
/// words are changed on purpose.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    let negatives = negatives(corpus);
    let limit = corpus.rules.pairs.min_shared;
    let is_checked = |entry: &&Entry<'_>| entry.is_framed() && !entry.row.aug;
    for entry in corpus.entries.iter().filter(is_checked) {
        let family = entry.row.pair_id.as_deref().and_then(|pair| negatives.get(pair));
        let Some(family) = family else {
            findings.row("R10", entry, NO_PAIR);
            continue;
        };
        let words = word_types(entry, corpus);
        let shares = family.iter().map(|other| shared(&words, other));
        let closest = shares.fold(0.0, f64::max);
        if closest < limit {
            let (found, expected) = (100.0 * closest, 100.0 * limit);
            let message = format!(
                "the closest row without a frame of its pair_id has {found:.0} % of its words, \
                 expected at least {expected:.0} %"
            );
            findings.row("R10", entry, message);
        }
    }
}

/// The rows without a frame of each family.
fn negatives<'a>(corpus: &'a Corpus<'_>) -> BTreeMap<&'a str, Vec<WordTypes<'a>>> {
    let mut families: BTreeMap<&str, Vec<WordTypes<'_>>> = BTreeMap::new();
    for entry in corpus.entries.iter().filter(|entry| !entry.is_framed()) {
        if let Some(pair) = entry.row.pair_id.as_deref() {
            families.entry(pair).or_default().push(word_types(entry, corpus));
        }
    }
    families
}

fn word_types<'a>(entry: &'a Entry<'_>, corpus: &'a Corpus<'_>) -> WordTypes<'a> {
    let words = entry.words.iter().map(|word| word.text.as_str());
    words
        .map(|word| corpus.gazetteer.slot(word).unwrap_or(word))
        .collect()
}

/// Share of `words` that stand in `others` too.
fn shared(words: &WordTypes<'_>, others: &WordTypes<'_>) -> f64 {
    words.intersection(others).count() as f64 / words.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{NOTHING, corpus_findings, framed, plain, with_text};

    #[test]
    fn framed_rows_need_a_close_twin() {
        let framed = with_text(framed(), "They said the war for Dorvanesh goes on");
        let found = |twin: &str| corpus_findings(&[framed.clone(), with_text(plain(), twin)], "R10");
        assert_eq!(found("They said the race for Talmiqa goes on"), NOTHING);
        assert_eq!(
            found("They said rain is likely"),
            ["the closest row without a frame of its pair_id has 25 % of its words, expected at least 60 %"]
        );
        let expected = ["no row without a frame has its pair_id, expected a minimal pair"];
        assert_eq!(corpus_findings(std::slice::from_ref(&framed), "R10"), expected);
    }
}
