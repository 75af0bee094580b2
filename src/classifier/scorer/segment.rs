//! What segments of text add to the scores, kept for the next time they come.

use super::sums::Sums;
use crate::classifier::Classifier;
use crate::features::ngram;
use crate::text::{Edges, View};

/// The longest segment kept, in bytes.
const MAX_BYTES: usize = 40;
/// The most words of one channel in a segment kept.
const MAX_WORDS: usize = 4;
/// Memory that the sums kept may take.
const SUMS_BYTES: usize = 4 << 20;

/// What one segment gives: all that its words add by themselves, and what their neighbours must know.
#[derive(Debug, Clone, Default)]
pub(super) struct Segment {
    pub(super) edges: Edges,
    pub(super) sums: Sums,
    /// For each channel of word pairs, its words.
    pub(super) words: Vec<Vec<u64>>,
}

/// Segments seen lately, in sets of two: the one not used last makes room.
#[derive(Debug, Clone)]
pub(super) struct SegmentCache {
    entries: Vec<Entry>,
    /// By entry, then channel of word pairs.
    words: Vec<[u64; MAX_WORDS]>,
    /// By entry.
    sums: Vec<i32>,
    n_sums: usize,
    n_channels: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    key: Key,
    used_last: bool,
    edges: Edges,
    /// Words by channel.
    n_words: [u8; Kept::MAX_CHANNELS],
}

/// A segment as the cache keeps it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'a> {
    entry: &'a Entry,
    words: &'a [[u64; MAX_WORDS]],
    pub(super) sums: &'a [i32],
}

impl<'a> Kept<'a> {
    /// Views there are, and so channels of words.
    const MAX_CHANNELS: usize = View::ALL.len();

    pub(super) fn edges(&self) -> Edges {
        self.entry.edges
    }

    /// The words of one channel of word pairs.
    pub(super) fn words(&self, channel: usize) -> &'a [u64] {
        &self.words[channel][..usize::from(self.entry.n_words[channel])]
    }
}

/// A segment that is short enough to be kept, with its hash; the default is that of no segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Key {
    hash: u64,
    /// Eight bytes each, filled up with zeros.
    bytes: [u64; MAX_BYTES / 8],
    length: u8,
}

impl Key {
    /// The key of a segment; `None` if it is too long.
    #[inline]
    pub(super) fn new(segment: &str) -> Option<Self> {
        let mut buffer = [0; MAX_BYTES];
        buffer
            .get_mut(..segment.len())?
            .copy_from_slice(segment.as_bytes());
        let length = segment.len() as u8;
        let (mut hash, mut bytes) = (u64::from(length), [0; MAX_BYTES / 8]);
        let used = buffer.as_chunks().0.iter().take(segment.len().div_ceil(8));
        for (bytes, chunk) in bytes.iter_mut().zip(used) {
            *bytes = u64::from_le_bytes(*chunk);
            hash = ngram::step(hash, *bytes);
        }
        Some(Self { hash, bytes, length })
    }
}

impl SegmentCache {
    /// An empty cache for the segments of one model, with `n_channels` channels of word pairs.
    pub(super) fn new(classifier: &Classifier, n_channels: usize) -> Self {
        let n_sums = Sums::len_for(classifier);
        let most = SUMS_BYTES / (size_of::<i32>() * n_sums.max(1));
        let n_entries = (1 << most.max(2).ilog2()).min(1 << 14);
        Self {
            entries: vec![Entry::default(); n_entries],
            words: vec![[0; MAX_WORDS]; n_entries * n_channels],
            sums: vec![0; n_entries * n_sums],
            n_sums,
            n_channels,
        }
    }

    /// What is kept of a segment.
    #[inline]
    pub(super) fn get(&mut self, key: &Key) -> Option<Kept<'_>> {
        let set = self.set(key);
        let way = self.entries[set..set + 2]
            .iter()
            .position(|entry| entry.key == *key)?;
        self.entries[set + way].used_last = true;
        self.entries[set + 1 - way].used_last = false;
        let index = set + way;
        Some(Kept {
            entry: &self.entries[index],
            words: &self.words[index * self.n_channels..][..self.n_channels],
            sums: &self.sums[index * self.n_sums..][..self.n_sums],
        })
    }

    /// Keeps a segment, unless it has too many words or too large sums.
    pub(super) fn insert(&mut self, key: &Key, segment: &Segment) {
        if segment.words.iter().any(|words| words.len() > MAX_WORDS) {
            return;
        }
        let set = self.set(key);
        let index = set + usize::from(self.entries[set].used_last);
        let entry = &mut self.entries[index];
        *entry = Entry::default();
        if !segment
            .sums
            .keep(&mut self.sums[index * self.n_sums..][..self.n_sums])
        {
            return;
        }
        let words = &mut self.words[index * self.n_channels..][..self.n_channels];
        for (channel, (kept, words)) in words.iter_mut().zip(&segment.words).enumerate() {
            kept[..words.len()].copy_from_slice(words);
            entry.n_words[channel] = words.len() as u8;
        }
        entry.key = *key;
        entry.edges = segment.edges;
    }

    /// The first entry of the set that a key belongs to.
    fn set(&self, key: &Key) -> usize {
        (key.hash >> 32) as usize & (self.entries.len() - 2)
    }
}
