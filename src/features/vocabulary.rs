//! The n-grams a model knows.

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
    slots: Slots,
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
        if hashes.len() >= u32::MAX as usize {
            return Err(invalid("too large").into());
        }
        let slots = Slots::new(&hashes).ok_or_else(|| invalid("not distinct"))?;
        Ok(Self {
            hashes,
            channel_ends,
            slots,
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
        self.slots.find(self.slots.first(hash), hash)
    }

    /// Looks many n-grams up: appends the columns of those that are known to `known`, in order, and returns how many
    /// are not. Faster than one by one, since the walks to memory do not wait for each other.
    #[inline]
    pub(crate) fn get_all(&self, hashes: &[u64], known: &mut Vec<FeatureId>, first: &mut Vec<(u64, u32)>) {
        first.clear();
        first.extend(hashes.iter().map(|&hash| self.slots.first(hash)));
        let found = hashes.iter().zip(first);
        known.extend(found.filter_map(|(&hash, first)| self.slots.find(*first, hash)));
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

    /// The columns of each channel.
    pub fn channel_ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let starts = std::iter::once(0).chain(self.channel_ends.iter().copied());
        starts.zip(&self.channel_ends).map(|(start, &end)| start..end)
    }
}

/// Places of n-grams, by hash: an open table with linear probing, at most half full.
///
/// A place holds hash and column, so that nearly every look-up is one walk to memory.
#[derive(Debug, Clone)]
struct Slots {
    slots: Vec<Slot>,
    shift: u32,
}

type Slot = (u64, u32);

/// The column of a place that holds nothing.
const EMPTY: u32 = u32::MAX;

impl Slots {
    /// The places of some hashes; `None` if one stands twice.
    fn new(hashes: &[u64]) -> Option<Self> {
        let len = (hashes.len() * 2).next_power_of_two().max(2);
        let mut slots = Self {
            slots: vec![(0, EMPTY); len],
            shift: 64 - len.ilog2(),
        };
        for (&hash, column) in hashes.iter().zip(0..) {
            let mut place = slots.home(hash);
            while slots.slots[place].1 != EMPTY {
                if slots.slots[place].0 == hash {
                    return None;
                }
                place = slots.after(place);
            }
            slots.slots[place] = (hash, column);
        }
        Some(slots)
    }

    fn home(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.slots.len() - 1)
    }

    /// What stands in the first place where a hash could be.
    #[inline]
    fn first(&self, hash: u64) -> Slot {
        self.slots[self.home(hash)]
    }

    /// The column of a hash, given what stands in its first place.
    #[inline]
    fn find(&self, first: Slot, hash: u64) -> Option<FeatureId> {
        let (mut slot, mut place) = (first, self.home(hash));
        while slot.1 != EMPTY {
            if slot.0 == hash {
                return Some(FeatureId(slot.1));
            }
            place = self.after(place);
            slot = self.slots[place];
        }
        None
    }
}
