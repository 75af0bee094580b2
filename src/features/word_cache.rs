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
    channel: u32,
    letters: Range<u32>,
    columns: Range<u32>,
    unknown: u32,
}

impl WordCache {
    /// The columns of a word, with repetitions, and how many of its n-grams have none.
    ///
    /// `hash` is that of the word in the channel; words are compared letter by letter all the same.
    pub(super) fn get(&self, hash: u64, channel: usize, word: &[char]) -> Option<(&[u32], u32)> {
        let entry = self.entries.get(&hash)?;
        let is_same = entry.channel as usize == channel && self.letters[range(&entry.letters)] == *word;
        is_same.then(|| (&self.columns[range(&entry.columns)], entry.unknown))
    }

    /// Keeps what a word brings; forgets everything else if there is too much.
    pub(super) fn insert(&mut self, hash: u64, channel: usize, word: &[char], columns: &[u32], unknown: u32) {
        if self.columns.len() + self.letters.len() + columns.len() + word.len() > MAX_COLUMNS {
            self.entries.clear();
            self.letters.clear();
            self.columns.clear();
        }
        let entry = Entry {
            channel: channel as u32,
            letters: append(&mut self.letters, word),
            columns: append(&mut self.columns, columns),
            unknown,
        };
        self.entries.insert(hash, entry);
    }
}

/// Appends items to the many that are kept, below [`MAX_COLUMNS`]; returns where they are.
fn append<T: Copy>(kept: &mut Vec<T>, items: &[T]) -> Range<u32> {
    let start = kept.len() as u32;
    kept.extend_from_slice(items);
    start..kept.len() as u32
}

fn range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
