//! What a word adds to a row, kept for the next time it comes.
//!
//! Character n-grams do not cross the borders of words, so the columns that a word brings depend on the
//! word alone. Most words of a text have been seen before.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::vocabulary::Identity;

/// Columns kept before the cache starts again from nothing: 4 MiB of them.
const MAX_COLUMNS: usize = 1 << 20;

/// Columns of words, by channel; of one vocabulary.
#[derive(Debug, Clone, Default)]
pub(super) struct WordCache {
    entries: HashMap<u64, Entry, BuildHasherDefault<Identity>>,
    letters: Vec<char>,
    columns: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Entry {
    channel: usize,
    letters: Range<usize>,
    columns: Range<usize>,
    unknown: u32,
}

impl WordCache {
    /// The columns of a word, with repetitions, and how many of its n-grams have none.
    ///
    /// `hash` is that of the word in the channel; words are compared letter by letter all the same.
    pub(super) fn get(&self, hash: u64, channel: usize, word: &[char]) -> Option<(&[u32], u32)> {
        let entry = self.entries.get(&hash)?;
        if entry.channel != channel || self.letters[entry.letters.clone()] != *word {
            return None;
        }
        Some((&self.columns[entry.columns.clone()], entry.unknown))
    }

    /// Keeps what a word brings; forgets everything else if there is too much.
    pub(super) fn insert(&mut self, hash: u64, channel: usize, word: &[char], columns: &[u32], unknown: u32) {
        if self.columns.len() + self.letters.len() + columns.len() + word.len() > MAX_COLUMNS {
            self.entries.clear();
            self.letters.clear();
            self.columns.clear();
        }
        let letters = self.letters.len()..self.letters.len() + word.len();
        self.letters.extend_from_slice(word);
        let kept = self.columns.len()..self.columns.len() + columns.len();
        self.columns.extend_from_slice(columns);
        let entry = Entry {
            channel,
            letters,
            columns: kept,
            unknown,
        };
        self.entries.insert(hash, entry);
    }
}
