//! The form of a model that scores.

mod segment;
mod sums;

use self::segment::{Key, Segment, SegmentCache};
use self::sums::Sums;
pub(super) use self::sums::{factor, square};
use super::{Classifier, Prediction};
use crate::error::Result;
use crate::features::ngram::{self, NgramScratch, RecentWords};
use crate::features::{Channel, Unit};
use crate::text::{Diagnostics, Edges, Normalizer, Runs, TokenKind};

/// A text up to this length is within the limit after normalization, too: nothing becomes sixteen times as long.
const SURELY_SHORT: usize = crate::text::MAX_TEXT_BYTES / 16;

/// Scores texts with a [`Classifier`], one after the other, in buffers that it keeps.
///
/// Make one for each thread; it borrows the classifier. Most words of a text have been seen before: what they add to
/// the scores is kept in a table of a fixed size, at most 8 MiB, and only what is not there is taken apart. All sums are
/// sums of integers, so that the bits of a score do not depend on what was kept.
///
/// ```
/// # #[cfg(feature = "embedded")] {
/// use narrative_frames::Classifier;
///
/// let classifier = Classifier::embedded();
/// let mut scorer = classifier.scorer();
/// let mut scores = vec![0.0; classifier.n_outputs()];
/// for text in ["The match ended in a draw.", "انتهت المباراة بالتعادل."] {
///     scorer.scores_into(text, &mut scores)?;
///     assert!(scores.iter().all(|score| score.is_finite()));
///     assert!(scorer.predict(text)?.labels("frames").is_empty());
/// }
/// # }
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scorer<'a> {
    normalizer: Normalizer,
    cache: SegmentCache,
    text: TextSums<'a>,
    segments: SegmentReader<'a>,
}

/// The sums of the text being read.
#[derive(Debug, Clone)]
struct TextSums<'a> {
    classifier: &'a Classifier,
    sums: Sums,
    pairs: Vec<Pairs>,
}

/// A channel of word n-grams of more than one word, and what was read in it.
#[derive(Debug, Clone)]
struct Pairs {
    position: usize,
    channel: Channel,
    recent: RecentWords,
    /// N-grams of two and more words.
    ngrams: Vec<u64>,
}

/// Takes segments apart.
#[derive(Debug, Clone)]
struct SegmentReader<'a> {
    classifier: &'a Classifier,
    normalizer: Normalizer,
    ngrams: NgramScratch,
    hashes: Vec<u64>,
    segment: Segment,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(classifier: &'a Classifier) -> Self {
        let channels = classifier.vectorizer().channels().iter().copied().enumerate();
        let pairs: Vec<Pairs> = channels
            .filter(|(_, channel)| channel.unit() == Unit::Word && channel.max_n() > 1)
            .map(|(position, channel)| Pairs {
                position,
                channel,
                recent: RecentWords::default(),
                ngrams: Vec::new(),
            })
            .collect();
        let segment = Segment {
            words: vec![Vec::new(); pairs.len()],
            ..Segment::default()
        };
        Self {
            normalizer: Normalizer::default(),
            cache: SegmentCache::new(classifier, pairs.len()),
            text: TextSums {
                classifier,
                sums: Sums::default(),
                pairs,
            },
            segments: SegmentReader {
                classifier,
                normalizer: Normalizer::default(),
                ngrams: NgramScratch::default(),
                hashes: Vec::new(),
                segment,
            },
        }
    }

    /// Writes the score of every label of every head, before calibration, in the order of
    /// [`Classifier::heads`].
    ///
    /// Cost: linear in the text; for each word seen lately one addition for each label and channel, and one look-up
    /// for each pair of words.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TextTooLong`](crate::ErrorKind::TextTooLong).
    ///
    /// # Panics
    ///
    /// If `scores` has another length than [`Classifier::n_outputs`].
    pub fn scores_into(&mut self, text: &str, scores: &mut [f32]) -> Result<()> {
        if text.len() > SURELY_SHORT || !self.read(text, Runs::goes_on)? {
            // The words of the whole text are segments that have nothing more to do with each other.
            let words = self.normalizer.normalize(text)?.to_string();
            self.read(&words, |_, _| true)?;
        }
        self.text.sums.scores(self.text.classifier, scores);
        Ok(())
    }

    /// Reads a text, segment by segment, as long as `goes_on`; whether it came to the end.
    fn read(&mut self, text: &str, goes_on: impl Fn(&mut Runs, Edges) -> bool) -> Result<bool> {
        self.text.clear();
        let mut runs = Runs::default();
        for segment in text.split_ascii_whitespace() {
            let key = Key::new(segment);
            if let Some(kept) = key.as_ref().and_then(|key| self.cache.get(key)) {
                if !goes_on(&mut runs, kept.edges()) {
                    return Ok(false);
                }
                self.text.sums.add(kept.sums);
                self.text.push_words(|channel| kept.words(channel));
                continue;
            }
            let read = self.segments.read(segment)?;
            if let Some(key) = &key {
                self.cache.insert(key, read);
            }
            if !goes_on(&mut runs, read.edges) {
                return Ok(false);
            }
            self.text.sums.add_all(&read.sums);
            self.text.push_words(|channel| &read.words[channel]);
        }
        self.text.add_pairs();
        Ok(true)
    }

    /// Writes the probability of every label of every head, in the order of [`Classifier::heads`].
    ///
    /// Makes no decision: for a caller with thresholds of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TextTooLong`](crate::ErrorKind::TextTooLong).
    ///
    /// # Panics
    ///
    /// If `probabilities` has another length than [`Classifier::n_outputs`].
    pub fn probabilities_into(&mut self, text: &str, probabilities: &mut [f32]) -> Result<()> {
        self.scores_into(text, probabilities)?;
        for head in self.text.classifier.heads() {
            head.calibrate(&mut probabilities[head.outputs()]);
        }
        Ok(())
    }

    /// What the model says of a text.
    ///
    /// A text without a known n-gram, an empty one for instance, gets the scores of the intercepts.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TextTooLong`](crate::ErrorKind::TextTooLong).
    pub fn predict(&mut self, text: &str) -> Result<Prediction<'a>> {
        let classifier = self.text.classifier;
        let mut scores = vec![0.0; classifier.n_outputs()];
        self.scores_into(text, &mut scores)?;
        Ok(Prediction::new(classifier, scores, Diagnostics::of(text)))
    }
}

impl TextSums<'_> {
    fn clear(&mut self) {
        self.sums.clear(self.classifier);
        for pairs in &mut self.pairs {
            pairs.recent = RecentWords::default();
            pairs.ngrams.clear();
        }
    }

    /// Adds the n-grams of two and more words.
    fn add_pairs(&mut self) {
        for pairs in &self.pairs {
            self.sums
                .add_ngrams(self.classifier, pairs.position, &pairs.ngrams);
        }
    }

    /// Takes in the next words of each channel of pairs.
    #[inline]
    fn push_words<'w>(&mut self, words: impl Fn(usize) -> &'w [u64]) {
        for (channel, pairs) in self.pairs.iter_mut().enumerate() {
            for &word in words(channel) {
                pairs.recent.push(word, 0);
                pairs
                    .recent
                    .ngrams(pairs.channel, 2, |hash, _| pairs.ngrams.push(hash));
            }
        }
    }
}

impl SegmentReader<'_> {
    /// What a segment gives, by itself.
    fn read(&mut self, segment: &str) -> Result<&Segment> {
        let Self {
            classifier,
            normalizer,
            ngrams,
            hashes,
            segment: read,
        } = self;
        let vectorizer = classifier.vectorizer();
        let (text, edges) = normalizer.normalize_segment(segment)?;
        read.edges = edges;
        read.sums.clear(classifier);
        read.words.iter_mut().for_each(Vec::clear);
        for &token in text.tokens() {
            let word = text.word(token);
            let mut pair_channel = 0;
            for (position, &channel) in vectorizer.channels().iter().enumerate() {
                hashes.clear();
                match channel.unit() {
                    Unit::Character if token.kind == TokenKind::Word => {
                        ngram::in_word(word, channel, ngrams, |hash, _| hashes.push(hash));
                    }
                    Unit::Character => {}
                    Unit::Word => {
                        let hash = ngram::hash_word(word, channel, ngrams);
                        if let Some(hash) = hash {
                            let mut alone = RecentWords::default();
                            alone.push(hash, 0);
                            alone.ngrams(channel, 1, |hash, _| hashes.push(hash));
                        }
                        if channel.max_n() > 1 {
                            read.words[pair_channel].extend(hash);
                            pair_channel += 1;
                        }
                    }
                }
                read.sums.add_ngrams(classifier, position, hashes);
            }
        }
        Ok(read)
    }
}
