//! The strings of n-grams: a vocabulary knows hashes alone, so texts are read once more.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::ngram::{self, NgramScratch};
use super::{Channel, Unit};
use crate::error::Result;
use crate::text::{NormalizedText, Normalizer};

/// Channel, by position, and text of the n-grams of these hashes, each from the first text that has it.
pub(crate) fn spell<S: AsRef<str>>(
    channels: &[Channel],
    texts: &[S],
    wanted: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, (usize, String)>> {
    let mut normalizer = Normalizer::default();
    let mut scratch = NgramScratch::default();
    let mut found = BTreeMap::new();
    for text in texts {
        if found.len() == wanted.len() {
            break;
        }
        let text = normalizer.normalize(text.as_ref())?;
        for (position, &channel) in channels.iter().enumerate() {
            ngram::for_each(text, channel, &mut scratch, |hash, letters| {
                if wanted.contains(&hash) {
                    found
                        .entry(hash)
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
