//! What documents are made of, before a vocabulary is chosen.

use rayon::prelude::*;

use super::Channel;
use super::ngram::{self, NgramScratch};
use crate::error::Result;
use crate::text::Normalizer;

/// Documents that one task reads before the next is asked for.
const DOCUMENTS_PER_TASK: usize = 256;

/// How often each n-gram stands in each document, by channel.
///
/// Extracted once; folds and recipes with the same channels then share it.
#[derive(Debug, Clone)]
pub struct TermCounts {
    channels: Vec<Channel>,
    blocks: Vec<Block>,
}

/// The documents of one task.
#[derive(Debug, Clone, Default)]
struct Block {
    /// Where the terms of (document, channel) end; one entry more than there are pairs.
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
        let blocks = texts
            .par_chunks(DOCUMENTS_PER_TASK)
            .map(|texts| Block::extract(texts, channels))
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Result<_>>()?;
        Ok(Self {
            channels: channels.to_vec(),
            blocks,
        })
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
        let block = &self.blocks[document / DOCUMENTS_PER_TASK];
        let pair = (document % DOCUMENTS_PER_TASK) * self.channels.len() + channel;
        let range = block.ends[pair]..block.ends[pair + 1];
        (&block.hashes[range.clone()], &block.counts[range])
    }
}

impl Block {
    fn extract<S: AsRef<str>>(texts: &[S], channels: &[Channel]) -> Result<Self> {
        let mut normalizer = Normalizer::default();
        let mut scratch = NgramScratch::default();
        let mut hashes = Vec::new();
        let mut block = Self {
            ends: vec![0],
            ..Self::default()
        };
        for text in texts {
            let text = normalizer.normalize(text.as_ref())?;
            for &channel in channels {
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
        Ok(block)
    }
}
