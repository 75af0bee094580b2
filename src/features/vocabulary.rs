//! The n-grams a model knows.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::error::{ErrorKind, Result};

/// Column of a feature matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeatureId(pub u32);

impl FeatureId {
    /// The column as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of n-grams, each with its column.
///
/// Columns are ordered by channel, then by document frequency, most frequent first, then by hash: a defined
/// order, whatever that of the documents, in which what is often needed together stands close together.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    hashes: Vec<u64>,
    channel_ends: Vec<usize>,
    ids: HashMap<u64, FeatureId, BuildHasherDefault<Identity>>,
}

impl Vocabulary {
    /// A vocabulary from the hashes of each channel, in the order of their columns.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`] if a hash stands twice, or there are more than `u32::MAX`.
    pub fn new(channels: Vec<Vec<u64>>) -> Result<Self> {
        let invalid = |value: &str| ErrorKind::InvalidParameter {
            parameter: "vocabulary".to_owned(),
            value: value.to_owned(),
            expected: "at most 2^32 - 1 distinct hashes".to_owned(),
        };
        let mut channel_ends = Vec::with_capacity(channels.len());
        let mut hashes = Vec::with_capacity(channels.iter().map(Vec::len).sum());
        for channel in channels {
            hashes.extend_from_slice(&channel);
            channel_ends.push(hashes.len());
        }
        let n_features = u32::try_from(hashes.len()).map_err(|_| invalid("too large"))?;
        let ids: HashMap<_, _, _> = hashes
            .iter()
            .copied()
            .zip((0..n_features).map(FeatureId))
            .collect();
        if ids.len() != hashes.len() {
            return Err(invalid("not distinct").into());
        }
        Ok(Self {
            hashes,
            channel_ends,
            ids,
        })
    }

    /// The number of n-grams.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether it knows no n-gram.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The column of an n-gram; `None` if it is not known. One random access.
    #[must_use]
    #[inline]
    pub fn get(&self, hash: u64) -> Option<FeatureId> {
        self.ids.get(&hash).copied()
    }

    /// The hash of every column, in order.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// Where the columns of each channel end.
    #[must_use]
    pub fn channel_ends(&self) -> &[usize] {
        &self.channel_ends
    }
}

/// The hashes are already well mixed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
