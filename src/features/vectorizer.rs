//! Weighted rows: sublinear term frequency, smooth inverse document frequency, unit length by channel.

use std::cmp::Reverse;

use linfa::ParamGuard;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::lookup_cache::LookupCache;
use super::ngram::{self, NgramScratch};
use super::word_cache::WordCache;
use super::{Channel, FeatureMatrix, TermCounts, Unit, Vocabulary};
use crate::error::{Error, ErrorKind, Result};
use crate::text::{NormalizedText, TokenKind, View};

/// Choices of a [`Vectorizer`], not yet checked.
///
/// | key | default | range |
/// |---|---|---|
/// | `channels` | light words 1..2, folded characters 2..5 | at least one, each view and unit once |
/// | `min_df` | 2 documents | 1 and more |
/// | `max_df` | 1.0 of the documents | above 0, at most 1 |
/// | `sublinear_tf` | true | |
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VectorizerParams(VectorizerValidParams);

/// Checked choices of a [`Vectorizer`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VectorizerValidParams {
    min_df: usize,
    max_df: f64,
    sublinear_tf: bool,
    channels: Vec<Channel>,
}

impl Default for VectorizerValidParams {
    fn default() -> Self {
        let channels = [
            Channel::new(View::Light, Unit::Word, 1, 2),
            Channel::new(View::Folded, Unit::Character, 2, 5),
        ];
        Self {
            min_df: 2,
            max_df: 1.0,
            sublinear_tf: true,
            channels: channels.into_iter().flatten().collect(),
        }
    }
}

impl VectorizerParams {
    /// Sets the channels.
    #[must_use]
    pub fn channels(mut self, channels: impl Into<Vec<Channel>>) -> Self {
        self.0.channels = channels.into();
        self
    }

    /// Keeps only n-grams that stand in at least so many documents.
    #[must_use]
    pub fn min_df(mut self, documents: usize) -> Self {
        self.0.min_df = documents;
        self
    }

    /// Keeps only n-grams that stand in at most this part of the documents.
    #[must_use]
    pub fn max_df(mut self, part: f64) -> Self {
        self.0.max_df = part;
        self
    }

    /// Whether a term frequency counts as `1 + ln(tf)` instead of `tf`.
    #[must_use]
    pub fn sublinear_tf(mut self, sublinear: bool) -> Self {
        self.0.sublinear_tf = sublinear;
        self
    }
}

impl ParamGuard for VectorizerParams {
    type Checked = VectorizerValidParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&Self::Checked> {
        let params = &self.0;
        if params.channels.is_empty() {
            return Err(Error::invalid(
                "features.channels",
                "empty",
                "at least one channel",
            ));
        }
        let mut seen: Vec<_> = params.channels.iter().map(|c| (c.view(), c.unit())).collect();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() < params.channels.len() {
            return Err(Error::invalid(
                "features.channels",
                "one view and unit twice",
                "each view and unit once",
            ));
        }
        if params.min_df == 0 {
            return Err(Error::invalid("features.min_df", 0, "1 or more documents"));
        }
        if !(params.max_df > 0.0 && params.max_df <= 1.0) {
            return Err(Error::invalid(
                "features.max_df",
                params.max_df,
                "above 0, at most 1",
            ));
        }
        Ok(params)
    }

    fn check(self) -> Result<Self::Checked> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl VectorizerValidParams {
    /// The channels.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Whether term frequencies count as `1 + ln(tf)`.
    #[must_use]
    pub fn uses_sublinear_tf(&self) -> bool {
        self.sublinear_tf
    }

    /// Chooses the vocabulary and its weights from some documents of `terms`.
    ///
    /// An n-gram is kept if its document frequency `df` lies within the limits; its weight is
    /// `ln((1 + n) / (1 + df)) + 1` for `n` documents, as scikit-learn's `smooth_idf`. Cost: one sort of
    /// the n-grams of the documents, in parallel.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::EmptyCorpus`] if no n-gram is kept; [`ErrorKind::InvalidParameter`] if `terms` were
    /// drawn from other channels.
    pub fn fit(&self, terms: &TermCounts, documents: &[usize]) -> Result<Vectorizer> {
        if terms.channels() != self.channels {
            return Err(Error::invalid(
                "channels",
                format_args!("{:?}", terms.channels()),
                format!("{:?}", self.channels),
            ));
        }
        let n = documents.len();
        let max_df = (self.max_df * n as f64).floor() as usize;
        let mut hashes = Vec::with_capacity(self.channels.len());
        let mut idf = Vec::new();
        for channel in 0..self.channels.len() {
            let mut kept = document_frequencies(terms, documents, channel);
            kept.retain(|(_, df)| (self.min_df..=max_df).contains(df));
            kept.par_sort_unstable_by_key(|&(hash, df)| (Reverse(df), hash));
            idf.extend(kept.iter().map(|&(_, df)| inverse_document_frequency(n, df)));
            hashes.push(kept.into_iter().map(|(hash, _)| hash).collect());
        }
        if idf.is_empty() {
            return Err(ErrorKind::EmptyCorpus {
                reason: ", once n-grams outside min_df and max_df are left out".to_owned(),
            }
            .into());
        }
        Vectorizer::new(
            &self.channels,
            self.sublinear_tf,
            Vocabulary::new(hashes)?,
            idf,
            n,
        )
    }
}

/// `ln((1 + n) / (1 + df)) + 1`
fn inverse_document_frequency(n: usize, df: usize) -> f32 {
    (libm::log((1.0 + n as f64) / (1.0 + df as f64)) + 1.0) as f32
}

/// Hashes of one channel, ascending, with the number of documents each stands in.
fn document_frequencies(terms: &TermCounts, documents: &[usize], channel: usize) -> Vec<(u64, usize)> {
    let mut hashes: Vec<u64> = documents
        .par_iter()
        .flat_map_iter(|&document| terms.document(document, channel).0.iter().copied())
        .collect();
    hashes.par_sort_unstable();
    hashes
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run.len()))
        .collect()
}

/// Turns texts into weighted rows over a fixed vocabulary.
///
/// In each channel an n-gram with term frequency `tf` weighs `(1 + ln(tf)) · idf`, and the weights of a
/// channel are divided by their Euclidean length. N-grams outside the vocabulary have no column, but each
/// time one stands in the text it adds the square of the `idf` of an n-gram seen in no document: without
/// that, two or three known n-grams in a text of unknown words would speak as loud as a whole text.
///
/// ```
/// use linfa::ParamGuard;
/// use narrative_frames::features::{TermCounts, Vectorizer};
///
/// let params = Vectorizer::params().min_df(1).check()?;
/// let texts = ["the river rose", "the river fell"];
/// let terms = TermCounts::extract(&texts, params.channels())?;
/// let vectorizer = params.fit(&terms, &[0, 1])?;
/// let matrix = vectorizer.transform(&terms, &[0, 1]);
/// assert_eq!(matrix.n_samples(), 2);
/// let squares: f32 = matrix.row(0).1.iter().map(|x| x * x).sum();
/// assert!((squares - 2.0).abs() < 1e-5, "two channels of unit length");
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Vectorizer {
    channels: Vec<Channel>,
    sublinear_tf: bool,
    vocabulary: Vocabulary,
    idf: Vec<f32>,
    unknown_idf: f32,
}

/// Buffers of [`Vectorizer::transform_text`], to be used again with the same vectorizer.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowScratch {
    ngrams: NgramScratch,
    columns: Vec<u32>,
    words: WordCache,
    lookups: LookupCache,
    row: Row,
}

/// A row being built.
#[derive(Debug, Clone, Default)]
struct Row {
    indices: Vec<u32>,
    data: Vec<f32>,
}

impl Vectorizer {
    /// The default choices.
    #[must_use]
    pub fn params() -> VectorizerParams {
        VectorizerParams::default()
    }

    /// A vectorizer from its parts; `documents` is how many it was fitted on.
    pub(crate) fn new(
        channels: &[Channel],
        sublinear_tf: bool,
        vocabulary: Vocabulary,
        idf: Vec<f32>,
        documents: usize,
    ) -> Result<Self> {
        for (what, found, expected) in [
            (
                "number of vocabulary channels",
                vocabulary.channel_ends().len(),
                channels.len(),
            ),
            ("number of idf weights", idf.len(), vocabulary.len()),
        ] {
            if found != expected {
                return Err(ErrorKind::DimensionMismatch {
                    what,
                    found,
                    expected,
                }
                .into());
            }
        }
        Ok(Self {
            channels: channels.to_vec(),
            sublinear_tf,
            vocabulary,
            idf,
            unknown_idf: inverse_document_frequency(documents, 0),
        })
    }

    /// The channels, in the order of their columns.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// The n-grams it knows.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The inverse document frequency of every column.
    #[must_use]
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// The rows of some documents whose n-grams are already counted, in parallel over documents.
    ///
    /// # Panics
    ///
    /// If a document is not in `terms`, or `terms` has other channels.
    #[must_use]
    pub fn transform(&self, terms: &TermCounts, documents: &[usize]) -> FeatureMatrix {
        let rows: Vec<Row> = documents
            .par_iter()
            .map(|&document| self.counted_row(terms, document))
            .collect();
        let mut indptr = Vec::with_capacity(rows.len() + 1);
        indptr.push(0);
        let nnz = rows.iter().map(|row| row.data.len()).sum();
        let (mut indices, mut data) = (Vec::with_capacity(nnz), Vec::with_capacity(nnz));
        for row in rows {
            indices.extend_from_slice(&row.indices);
            data.extend_from_slice(&row.data);
            indptr.push(data.len());
        }
        FeatureMatrix::new(self.vocabulary.len(), indptr, indices, data)
            .expect("columns come from the vocabulary in ascending order, values are finite")
    }

    fn counted_row(&self, terms: &TermCounts, document: usize) -> Row {
        let mut row = Row::default();
        for channel in 0..self.channels.len() {
            let (hashes, counts) = terms.document(document, channel);
            let mut unknown = 0;
            let mut known = Vec::with_capacity(hashes.len());
            for (&hash, &count) in hashes.iter().zip(counts) {
                match self.vocabulary.get(hash) {
                    Some(id) => known.push((id.0, count)),
                    None => unknown += count,
                }
            }
            known.sort_unstable();
            self.weigh(known.into_iter(), unknown, &mut row);
        }
        row
    }

    /// The row of one text: its columns, ascending, and their values.
    ///
    /// Cost: a hash and a look-up for each word n-gram and each word, and for each n-gram of a word that was not
    /// seen lately; one sort of the columns.
    pub(crate) fn transform_text<'a>(
        &self,
        text: &NormalizedText,
        scratch: &'a mut RowScratch,
    ) -> (&'a [u32], &'a [f32]) {
        scratch.row.indices.clear();
        scratch.row.data.clear();
        for channel in 0..self.channels.len() {
            scratch.columns.clear();
            let unknown = match self.channels[channel].unit() {
                Unit::Word => self.word_columns(text, channel, scratch),
                Unit::Character => self.character_columns(text, channel, scratch),
            };
            scratch.columns.sort_unstable();
            let runs = scratch.columns.chunk_by(|a, b| a == b);
            self.weigh(
                runs.map(|run| (run[0], run.len() as u32)),
                unknown,
                &mut scratch.row,
            );
        }
        (&scratch.row.indices, &scratch.row.data)
    }

    /// Appends the columns of the word n-grams; returns how many n-grams have none.
    fn word_columns(&self, text: &NormalizedText, channel: usize, scratch: &mut RowScratch) -> u32 {
        let mut unknown = 0;
        let RowScratch {
            ngrams,
            columns,
            lookups,
            ..
        } = scratch;
        ngram::for_each(text, self.channels[channel], ngrams, |hash, _| {
            match lookups.get(&self.vocabulary, hash) {
                Some(id) => columns.push(id.0),
                None => unknown += 1,
            }
        });
        unknown
    }

    /// Appends the columns of the character n-grams, word by word; returns how many n-grams have none.
    fn character_columns(&self, text: &NormalizedText, channel: usize, scratch: &mut RowScratch) -> u32 {
        let mut unknown = 0;
        let RowScratch {
            ngrams,
            columns,
            words,
            ..
        } = scratch;
        for token in text.tokens().iter().filter(|token| token.kind == TokenKind::Word) {
            let word = text.word(*token);
            let hash = ngram::hash_word(self.channels[channel], word);
            if let Some((kept, missing)) = words.get(hash, channel, word) {
                columns.extend_from_slice(kept);
                unknown += missing;
                continue;
            }
            let (start, before) = (columns.len(), unknown);
            ngram::in_word(word, self.channels[channel], ngrams, |hash, _| {
                match self.vocabulary.get(hash) {
                    Some(id) => columns.push(id.0),
                    None => unknown += 1,
                }
            });
            words.insert(hash, channel, word, &columns[start..], unknown - before);
        }
        unknown
    }

    /// Appends the n-grams of one channel, by ascending column with their counts, to a row; `unknown` is how
    /// often n-grams outside the vocabulary stand in the text.
    fn weigh(&self, counted: impl Iterator<Item = (u32, u32)>, unknown: u32, row: &mut Row) {
        let start = row.data.len();
        let mut squares = f64::from(unknown) * f64::from(self.unknown_idf) * f64::from(self.unknown_idf);
        for (id, count) in counted {
            let weight = self.term_frequency(count) * self.idf[id as usize];
            squares += f64::from(weight) * f64::from(weight);
            row.indices.push(id);
            row.data.push(weight);
        }
        let scale = if squares > 0.0 {
            (1.0 / squares.sqrt()) as f32
        } else {
            1.0
        };
        for weight in &mut row.data[start..] {
            *weight *= scale;
        }
    }

    fn term_frequency(&self, count: u32) -> f32 {
        if self.sublinear_tf && count > 1 {
            (1.0 + libm::log(f64::from(count))) as f32
        } else {
            count as f32
        }
    }
}
