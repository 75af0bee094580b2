//! The n-grams that speak loudest for each label, as text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::StrongFeature;
use crate::error::Result;
use crate::features::{Channel, FeatureId, Unit, Vectorizer, ngram};
use crate::text::{NormalizedText, Normalizer};

/// Features kept for each label.
const PER_LABEL: usize = 20;

/// The features with the largest positive weights for each output, heaviest first.
///
/// The vocabulary knows hashes alone, so the texts are read once more for the strings.
pub(super) fn strongest<S: AsRef<str>>(
    vectorizer: &Vectorizer,
    weights: &[f32],
    n_outputs: usize,
    texts: &[S],
) -> Result<Vec<Vec<StrongFeature>>> {
    let heaviest: Vec<Vec<FeatureId>> = (0..n_outputs)
        .map(|output| heaviest(weights, n_outputs, output))
        .collect();
    let wanted: BTreeMap<u64, FeatureId> = heaviest
        .iter()
        .flatten()
        .map(|&id| (vectorizer.vocabulary().hashes()[id.index()], id))
        .collect();
    let found = spell(vectorizer, texts, &wanted)?;
    let feature = |id: &FeatureId, output: usize| {
        let (channel, ngram) = found.get(id)?;
        Some(StrongFeature {
            channel: *channel,
            ngram: ngram.clone(),
            weight: weights[id.index() * n_outputs + output],
        })
    };
    Ok(heaviest
        .iter()
        .enumerate()
        .map(|(output, ids)| ids.iter().filter_map(|id| feature(id, output)).collect())
        .collect())
}

fn heaviest(weights: &[f32], n_outputs: usize, output: usize) -> Vec<FeatureId> {
    let column = || weights.iter().skip(output).step_by(n_outputs);
    let mut ids: Vec<(f32, u32)> = column()
        .copied()
        .zip(0..)
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    ids.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ids.truncate(PER_LABEL);
    ids.into_iter().map(|(_, id)| FeatureId(id)).collect()
}

/// Channel and text of the wanted n-grams, each from the first text that has it.
fn spell<S: AsRef<str>>(
    vectorizer: &Vectorizer,
    texts: &[S],
    wanted: &BTreeMap<u64, FeatureId>,
) -> Result<BTreeMap<FeatureId, (usize, String)>> {
    let mut normalizer = Normalizer::default();
    let mut scratch = ngram::NgramScratch::default();
    let mut found = BTreeMap::new();
    for text in texts {
        if found.len() == wanted.len() {
            break;
        }
        let text = normalizer.normalize(text.as_ref())?;
        for (position, &channel) in vectorizer.channels().iter().enumerate() {
            ngram::for_each(text, channel, &mut scratch, |hash, letters| {
                if let Some(&id) = wanted.get(&hash) {
                    found
                        .entry(id)
                        .or_insert_with(|| (position, spelling(text, channel, letters, hash)));
                }
            });
        }
    }
    Ok(found)
}

/// The n-gram in the view of its channel; a space stands between words and for the border of a word.
fn spelling(text: &NormalizedText, channel: Channel, letters: Range<usize>, hash: u64) -> String {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for token in text.tokens() {
        let range = token.range();
        if range.start < letters.end && letters.start < range.end {
            let mut positions = Vec::new();
            channel.view().fold(text.word(*token), &mut word, |position| {
                positions.push(range.start + position)
            });
            let inside = positions
                .iter()
                .zip(&word)
                .filter(|(position, _)| letters.contains(position));
            words.push(inside.map(|(_, c)| *c).collect::<String>());
        }
    }
    let words = words.join(" ");
    let borders = ["", " "];
    let spellings = borders
        .iter()
        .flat_map(|before| borders.map(|after| format!("{before}{words}{after}")));
    let is_ngram = |spelling: &String| ngram::hash_characters(channel, spelling.chars()) == hash;
    match channel.unit() {
        Unit::Word => words,
        Unit::Character => spellings.into_iter().find(is_ngram).unwrap_or(words),
    }
}
