//! N-grams of a channel as 64-bit hashes, with the letters they came from.
//!
//! The hash of an n-gram starts from a seed of its view and unit, takes in one unit after the other, and
//! ends with its length, so that no two channels share an n-gram by accident. Each step multiplies two
//! 64-bit numbers and folds the 128-bit product, the mixing step of wyhash (Wang Yi 2019). With 64 bits,
//! a model of a million features has a chance of about one in 37 million of holding any collision
//! (birthday bound, n²/2⁶⁵).
//!
//! | channel | text | n-grams |
//! |---|---|---|
//! | light, word, 1..2 | `so it is` | `so`, `it`, `is`, `so it`, `it is` |
//! | folded, character, 3..4 | `ليلى` | `␣لي`, `ليل`, `يلي`, `لي␣`, `␣ليل`, `ليلي`, `يلي␣` |
//! | folded, character, 3..6 | `a` | `␣a␣` (a short word counts once) |

use std::ops::Range;

use super::{Channel, Unit};
use crate::text::{NormalizedText, TokenKind, View};

/// Stands for the border of a word in character n-grams.
const BORDER: char = ' ';

/// Buffers that [`for_each`] uses again.
#[derive(Debug, Clone, Default)]
pub struct NgramScratch {
    word: Vec<char>,
    positions: Vec<usize>,
}

/// Calls `emit` with the hash of every n-gram of a text in one channel, and the positions of its letters
/// in [`NormalizedText::letters`] (which name the bytes of the input by [`NormalizedText::span`]).
///
/// Order: by the word in which an n-gram ends, then as drawn from it. Cost: one hash step for each unit
/// of each n-gram start, `O(letters × max_n)`.
///
/// ```
/// use narrative_frames::features::{Channel, Unit, ngram};
/// use narrative_frames::text::{Normalizer, View};
///
/// let input = "One two";
/// let mut normalizer = Normalizer::with_spans();
/// let text = normalizer.normalize(input)?;
/// let channel = Channel::new(View::Light, Unit::Word, 2, 2)?;
/// let mut found = Vec::new();
/// ngram::for_each(text, channel, &mut ngram::NgramScratch::default(), |_hash, letters| {
///     let span = text.span(letters).expect("spans are kept");
///     found.push(&input[span.range()]);
/// });
/// assert_eq!(found, ["One two"]);
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[inline]
pub fn for_each(
    text: &NormalizedText,
    channel: Channel,
    scratch: &mut NgramScratch,
    emit: impl FnMut(u64, Range<usize>),
) {
    match channel.unit() {
        Unit::Word => words(text, channel, scratch, emit),
        Unit::Character => characters(text, channel, scratch, emit),
    }
}

#[inline]
fn words(
    text: &NormalizedText,
    channel: Channel,
    scratch: &mut NgramScratch,
    mut emit: impl FnMut(u64, Range<usize>),
) {
    let mut recent = RecentWords::default();
    for &token in text.tokens() {
        if let Some(word) = hash_word(text.word(token), channel, scratch) {
            let Range { start, end } = token.range();
            recent.push(word, start);
            recent.ngrams(channel, 1, |hash, start| emit(hash, start..end));
        }
    }
}

/// The last words of a text, as hashes of one channel, each with where it starts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RecentWords {
    /// Newest first.
    words: [(u64, usize); Channel::MAX_WORDS],
    len: usize,
}

impl RecentWords {
    /// Takes in the next word.
    #[inline]
    pub(crate) fn push(&mut self, word: u64, start: usize) {
        self.words.rotate_right(1);
        self.words[0] = (word, start);
        self.len = (self.len + 1).min(Channel::MAX_WORDS);
    }

    /// Calls `emit` with every n-gram of the channel, of at least `min_n` words, that ends in the last word, and with
    /// where it starts.
    #[inline]
    pub(crate) fn ngrams(&self, channel: Channel, min_n: usize, mut emit: impl FnMut(u64, usize)) {
        for n in channel.min_n().max(min_n)..=channel.max_n().min(self.len) {
            let words = &self.words[..n];
            let hash = words
                .iter()
                .rev()
                .fold(seed(channel), |hash, (word, _)| step(hash, *word));
            emit(finish(hash, n), words[n - 1].1);
        }
    }
}

#[inline]
fn characters(
    text: &NormalizedText,
    channel: Channel,
    scratch: &mut NgramScratch,
    mut emit: impl FnMut(u64, Range<usize>),
) {
    for &token in text.tokens() {
        if token.kind == TokenKind::Word {
            let start = token.range().start;
            in_word(text.word(token), channel, scratch, |hash, letters| {
                emit(hash, start + letters.start..start + letters.end);
            });
        }
    }
}

/// Calls `emit` with every character n-gram of one word of the light view, and the positions of its letters in
/// the word.
#[inline]
pub(crate) fn in_word(
    word: &[char],
    channel: Channel,
    scratch: &mut NgramScratch,
    mut emit: impl FnMut(u64, Range<usize>),
) {
    let seed = seed(channel);
    fold(word, channel.view(), scratch);
    if scratch.word.is_empty() {
        return;
    }
    let length = scratch.word.len() + 2;
    let unit = |position: usize| match position.checked_sub(1) {
        Some(letter) if letter < scratch.word.len() => scratch.word[letter],
        _ => BORDER,
    };
    let letter = |position: usize| scratch.positions[position.clamp(1, length - 2) - 1];
    for start in 0..length {
        let mut hash = seed;
        for end in start + 1..=length.min(start + channel.max_n()) {
            hash = step(hash, unit(end - 1) as u64);
            let n = end - start;
            let is_border = n == 1 && (start == 0 || end == length);
            let is_short_word = n == length;
            if !is_border && (n >= channel.min_n() || is_short_word) {
                emit(finish(hash, n), letter(start)..letter(end - 1) + 1);
            }
        }
    }
}

/// What stands for a word of the light view in the n-grams of a word channel; `None` if the channel's view leaves
/// nothing of it.
pub(crate) fn hash_word(word: &[char], channel: Channel, scratch: &mut NgramScratch) -> Option<u64> {
    fold(word, channel.view(), scratch);
    let hash = || {
        scratch
            .word
            .iter()
            .fold(seed(channel), |hash, &c| step(hash, c as u64))
    };
    (!scratch.word.is_empty()).then(hash)
}

/// The hash of one character n-gram, borders of the word as spaces.
pub(crate) fn hash_characters(channel: Channel, letters: impl Iterator<Item = char>) -> u64 {
    let (hash, n) = letters.fold((seed(channel), 0), |(hash, n), c| (step(hash, c as u64), n + 1));
    finish(hash, n)
}

/// The word in the channel's view, and where each of its letters stands in the light one.
fn fold(word: &[char], view: View, scratch: &mut NgramScratch) {
    let NgramScratch {
        word: folded,
        positions,
        ..
    } = scratch;
    positions.clear();
    view.fold(word, folded, |position| positions.push(position));
}

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

fn seed(channel: Channel) -> u64 {
    let view = match channel.view() {
        View::Light => 1,
        View::Folded => 2,
        View::Dotless => 3,
        View::Stem => 4,
        View::Skeleton => 5,
        View::Concept => 6,
    };
    let unit = match channel.unit() {
        Unit::Word => 1,
        Unit::Character => 2,
    };
    step(step(0x6E61_7272_6174_6976, view), unit)
}

#[inline]
pub(crate) fn step(hash: u64, unit: u64) -> u64 {
    let product = u128::from(hash ^ MULTIPLIER.wrapping_mul(unit.wrapping_add(1)))
        * u128::from(MULTIPLIER ^ unit.rotate_left(32));
    (product as u64) ^ ((product >> 64) as u64)
}

#[inline]
fn finish(hash: u64, n: usize) -> u64 {
    step(hash, n as u64)
}
