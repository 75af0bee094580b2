//! Labels that one word gives away.

use std::collections::{BTreeSet, HashMap};

use ndarray::Array2;

use super::Warning;
use crate::corpus::Corpus;
use crate::error::Result;
use crate::features::{TermCounts, spell};
use crate::text::{NormalizedText, Normalizer, TokenKind};

/// With fewer documents, a word that all of them have is chance.
const MIN_POSITIVES: usize = 10;

/// The documents of one label.
struct LabelRows {
    head: usize,
    label: usize,
    positives: Vec<usize>,
}

/// The best n-gram of a label.
struct Best {
    ngram: u64,
    hits: usize,
    others: usize,
}

/// A warning for each label that its name gives away, or some n-gram; `terms` are those of the corpus, of one channel of words.
pub(super) fn find(corpus: &Corpus, terms: &TermCounts) -> Result<Vec<Warning>> {
    let (mut named, mut best) = (Vec::new(), Vec::new());
    for head in 0..corpus.heads().len() {
        let (known, targets) = corpus.targets(head);
        let frequencies = count(terms, &known);
        for rows in labels(head, &known, &targets) {
            match in_text(corpus, &rows, &known)? {
                Some(warning) => named.push(warning),
                None => best.extend(best_ngram(terms, &rows, &frequencies).map(|best| (rows, best))),
            }
        }
    }
    let wanted: BTreeSet<u64> = best.iter().map(|(_, best)| best.ngram).collect();
    let spelled = spell(terms.channels(), &corpus.texts(), &wanted)?;
    let warning = |(rows, best): (LabelRows, Best)| {
        let (_, ngram) = spelled.get(&best.ngram)?;
        let head = &corpus.heads()[rows.head];
        Some(Warning::Giveaway {
            head: head.name.clone(),
            label: head.labels[rows.label].clone(),
            ngram: ngram.clone(),
            positives: rows.positives.len(),
            hits: best.hits,
            others: best.others,
        })
    };
    named.extend(best.into_iter().filter_map(warning));
    Ok(named)
}

/// The labels of a head that enough documents have.
fn labels(head: usize, known: &[usize], targets: &Array2<bool>) -> Vec<LabelRows> {
    let columns = targets.columns().into_iter().enumerate();
    let rows = columns.map(|(label, column)| LabelRows {
        head,
        label,
        positives: known
            .iter()
            .zip(column)
            .filter(|(_, has)| **has)
            .map(|(row, _)| *row)
            .collect(),
    });
    rows.filter(|rows| rows.positives.len() >= MIN_POSITIVES)
        .collect()
}

/// In how many of the documents each n-gram stands.
fn count(terms: &TermCounts, documents: &[usize]) -> HashMap<u64, usize> {
    let mut frequencies = HashMap::new();
    for &document in documents {
        for &hash in terms.document(document, 0).0 {
            *frequencies.entry(hash).or_insert(0) += 1;
        }
    }
    frequencies
}

/// The n-gram with the highest F1 as a rule for the label, if it finds nearly all and little else.
fn best_ngram(terms: &TermCounts, rows: &LabelRows, frequencies: &HashMap<u64, usize>) -> Option<Best> {
    let n = rows.positives.len();
    let nearly_perfect = |(hash, hits): (u64, usize)| {
        let all = frequencies.get(&hash).copied().unwrap_or(hits);
        (10 * hits >= 9 * n && 20 * hits >= 19 * all).then_some(Best {
            ngram: hash,
            hits,
            others: all - hits,
        })
    };
    let f1 = |best: &Best| 2.0 * best.hits as f64 / (n + best.hits + best.others) as f64;
    let found = count(terms, &rows.positives)
        .into_iter()
        .filter_map(nearly_perfect);
    found.max_by(|a, b| f1(a).total_cmp(&f1(b)).then(b.ngram.cmp(&a.ngram)))
}

/// Whether the name of the label stands in nearly all of its texts.
fn in_text(corpus: &Corpus, rows: &LabelRows, known: &[usize]) -> Result<Option<Warning>> {
    let head = &corpus.heads()[rows.head];
    let label = &head.labels[rows.label];
    let mut normalizer = Normalizer::default();
    let name = words(normalizer.normalize(&label.replace(['_', '-'], " "))?);
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let mut count = |documents: &mut dyn Iterator<Item = usize>| -> Result<usize> {
        let mut found = 0;
        for document in documents {
            let text = normalizer.normalize(&corpus.documents()[document].text)?;
            found += usize::from(has(text, &name));
        }
        Ok(found)
    };
    let (positives, negatives) = (rows.positives.len(), known.len() - rows.positives.len());
    let hits = count(&mut rows.positives.iter().copied())?;
    // All the others are read for the few labels where it matters.
    if 10 * hits < 9 * positives {
        return Ok(None);
    }
    let is_other = |row: &usize| rows.positives.binary_search(row).is_err();
    let others = count(&mut known.iter().copied().filter(is_other))?;
    let leaks = 2 * others * positives <= hits * negatives;
    Ok(leaks.then(|| Warning::LabelInText {
        head: head.name.clone(),
        label: label.clone(),
        positives,
        hits,
        others,
    }))
}

/// The words of a name; `None` if not all of it is words, as of labels that are numbers.
fn words(name: &NormalizedText) -> Option<Vec<Vec<char>>> {
    let tokens = name.tokens().iter();
    tokens
        .map(|token| (token.kind == TokenKind::Word).then(|| name.word(*token).to_vec()))
        .collect()
}

/// Whether these words follow one another in a text.
fn has(text: &NormalizedText, name: &[Vec<char>]) -> bool {
    let same = |tokens: &[crate::text::Token]| {
        tokens
            .iter()
            .zip(name)
            .all(|(token, word)| text.word(*token) == word)
    };
    text.tokens().windows(name.len()).any(same)
}
