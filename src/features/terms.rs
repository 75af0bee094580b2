//! What documents are made of, before a vocabulary is chosen.

use std::sync::Arc;

use rayon::prelude::*;

use super::Channel;
use super::ngram::{self, NgramScratch};
use crate::error::Result;
use crate::text::Normalizer;

/// Documents that one task reads before the next is asked for.
const DOCUMENTS_PER_TASK: usize = 256;

/// How often each n-gram stands in each document, by channel.
///
/// Extracted once; folds and recipes with the same channels then share it. A clone costs nothing.
#[derive(Debug, Clone)]
pub struct TermCounts {
    channels: Vec<Channel>,
    /// By channel: the blocks of documents.
    counts: Vec<Arc<Vec<Block>>>,
}

/// The documents of one task in one channel.
#[derive(Debug, Clone, Default)]
struct Block {
    /// Where the terms of each document end; one entry more than there are documents.
    ends: Vec<usize>,
    hashes: Vec<u64>,
    counts: Vec<u32>,
}

impl TermCounts {
    /// Counts the n-grams of every text, in parallel over texts.
    ///
    /// Memory: 12 bytes for each distinct n-gram of each document and channel.
    ///
    /// # Errors
    ///
    /// As [`Normalizer::normalize`], for the first text that is too long.
    pub fn extract<S: AsRef<str> + Sync>(texts: &[S], channels: &[Channel]) -> Result<Self> {
        let blocks: Vec<Vec<Block>> = texts
            .par_chunks(DOCUMENTS_PER_TASK)
            .map(|texts| Block::extract(texts, channels))
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<_>>()?;
        let mut counts = vec![Vec::with_capacity(blocks.len()); channels.len()];
        for blocks in blocks {
            counts
                .iter_mut()
                .zip(blocks)
                .for_each(|(counts, block)| counts.push(block));
        }
        Ok(Self {
            channels: channels.to_vec(),
            counts: counts.into_iter().map(Arc::new).collect(),
        })
    }

    /// The counts of all the channels of several, which must be of the same texts; nothing is copied.
    pub(crate) fn join<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut channels, mut counts) = (Vec::new(), Vec::new());
        for part in parts {
            channels.extend_from_slice(&part.channels);
            counts.extend_from_slice(&part.counts);
        }
        Self { channels, counts }
    }

    /// The channels the n-grams were drawn from.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Hashes, ascending, and counts of one document in one channel.
    ///
    /// # Panics
    ///
    /// If there is no such document or channel.
    #[must_use]
    pub fn document(&self, document: usize, channel: usize) -> (&[u64], &[u32]) {
        let block = &self.counts[channel][document / DOCUMENTS_PER_TASK];
        let document = document % DOCUMENTS_PER_TASK;
        let range = block.ends[document]..block.ends[document + 1];
        (&block.hashes[range.clone()], &block.counts[range])
    }
}

impl Block {
    /// The counts of some texts, by channel.
    fn extract<S: AsRef<str>>(texts: &[S], channels: &[Channel]) -> Result<Vec<Self>> {
        let mut normalizer = Normalizer::default();
        let mut scratch = NgramScratch::default();
        let mut hashes = Vec::new();
        let empty = Self {
            ends: vec![0],
            ..Self::default()
        };
        let mut blocks = vec![empty; channels.len()];
        for text in texts {
            let text = normalizer.normalize(text.as_ref())?;
            for (block, &channel) in blocks.iter_mut().zip(channels) {
                hashes.clear();
                ngram::for_each(text, channel, &mut scratch, |hash, _| hashes.push(hash));
                hashes.sort_unstable();
                for run in hashes.chunk_by(|a, b| a == b) {
                    block.hashes.push(run[0]);
                    block.counts.push(u32::try_from(run.len()).unwrap_or(u32::MAX));
                }
                block.ends.push(block.hashes.len());
            }
        }
        Ok(blocks)
    }
}
