//! Columns of n-grams looked up lately, in a table small enough for the processor's own cache.

use super::{FeatureId, Vocabulary};

/// Places of the table: 256 KiB.
const SLOTS: usize = 1 << 14;

/// A direct-mapped cache in front of one vocabulary: frequent words and pairs, known or not, are found without
/// a walk to memory.
#[derive(Debug, Clone)]
pub(super) struct LookupCache {
    slots: Vec<(u64, Option<FeatureId>)>,
}

impl Default for LookupCache {
    /// Every place holds a hash that belongs to another place, so that nothing is found in it.
    fn default() -> Self {
        Self {
            slots: (0..SLOTS).map(|slot| (slot as u64 ^ 1, None)).collect(),
        }
    }
}

impl LookupCache {
    /// As [`Vocabulary::get`].
    #[inline]
    pub(super) fn get(&mut self, vocabulary: &Vocabulary, hash: u64) -> Option<FeatureId> {
        let slot = &mut self.slots[hash as usize & (SLOTS - 1)];
        if slot.0 != hash {
            *slot = (hash, vocabulary.get(hash));
        }
        slot.1
    }
}
