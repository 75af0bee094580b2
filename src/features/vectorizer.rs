//! Weighted rows: term frequency, smooth inverse document frequency, and a length for each channel.

use std::cmp::Reverse;

use linfa::ParamGuard;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Channel, FeatureId, FeatureMatrix, TermCounts, Unit, Vocabulary};
use crate::error::{Error, ErrorKind, Result};
use crate::text::View;

/// Choices of a [`Vectorizer`], not yet checked.
///
/// | key | default | range |
/// |---|---|---|
/// | `channels` | light words 1..2, folded characters 2..5 | at least one, each view and unit once |
/// | `min_df` | 2 documents | 1 and more |
/// | `max_df` | 1.0 of the documents | above 0, at most 1 |
/// | `max_features` | no limit | 1 and more |
/// | `length.short`, `length.long` | 0.0 | 0 and more: see [`Length`] |
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VectorizerParams(VectorizerValidParams);

/// Checked choices of a [`Vectorizer`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VectorizerValidParams {
    min_df: usize,
    max_df: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_features: Option<usize>,
    channels: Vec<Channel>,
    length: Length,
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
            max_features: None,
            channels: channels.into_iter().flatten().collect(),
            length: Length::default(),
        }
    }
}

/// What the weights of a channel are divided by, so that long texts do not weigh more than short ones.
///
/// With `s` the sum of `idf²` over the known n-grams of a text and `m` its mean over the training texts, it is
/// `√(m · (short + x + long · x²))`, `x = s / m`. With both numbers 0, the default, that is `√s`: rows of unit length. But
/// then two known words of a short remark say as much as the thirty of a longer post, and few of the many words of
/// an article need to agree. `short` holds back texts with less to go by than usual, `long` those with more, as pivoted
/// normalization does for the one or the other (Singhal, Buckley & Mitra 1996).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Length {
    /// Weight of the usual length in that of a short text.
    pub short: f64,
    /// Weight of the square in that of a long text.
    pub long: f64,
}

impl Length {
    fn check(self) -> Result<()> {
        for (key, value) in [("short", self.short), ("long", self.long)] {
            if !(0.0..=1e6).contains(&value) {
                let parameter = format!("features.length.{key}");
                return Err(Error::invalid(parameter, value, "0 to 1000000"));
            }
        }
        Ok(())
    }

    /// The divisor for a sum of squares `s` where `mean` is usual; 1 for a text without anything known.
    fn divisor(self, s: f64, mean: f64) -> f64 {
        let x = s / mean;
        if s > 0.0 {
            (mean * (self.short + x + self.long * x * x)).sqrt()
        } else {
            1.0
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

    /// Sets what the weights of a channel are divided by.
    #[must_use]
    pub fn length(mut self, length: Length) -> Self {
        self.0.length = length;
        self
    }

    /// Keeps at most so many n-grams, for a small model: those that a first training gives the largest weights.
    #[must_use]
    pub fn max_features(mut self, n_grams: usize) -> Self {
        self.0.max_features = Some(n_grams);
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
        if params.max_features == Some(0) {
            return Err(Error::invalid("features.max_features", 0, "1 or more n-grams"));
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
        params.length.check()?;
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

    /// The fewest documents of an n-gram that is kept.
    #[must_use]
    pub fn min_df(&self) -> usize {
        self.min_df
    }

    /// What the weights of a channel are divided by.
    #[must_use]
    pub fn length(&self) -> Length {
        self.length
    }

    /// The most n-grams of a trained model.
    #[must_use]
    pub fn max_features(&self) -> Option<usize> {
        self.max_features
    }

    /// Chooses the vocabulary and its weights from some documents of `terms`. Of [`max_features`](Self::max_features)
    /// it knows nothing: which n-grams weigh most is learned with labels.
    ///
    /// An n-gram is kept if its document frequency `df` lies within the limits; its weight is
    /// its [`Idf`]. Cost: one sort of
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
            idf.extend(kept.iter().map(|&(_, df)| Idf::new(n, df)));
            hashes.push(kept.into_iter().map(|(hash, _)| hash).collect());
        }
        if idf.is_empty() {
            return Err(ErrorKind::EmptyCorpus {
                reason: ", once n-grams outside min_df and max_df are left out".to_owned(),
            }
            .into());
        }
        Vectorizer::new(self, Vocabulary::new(hashes)?, idf)
    }
}

/// How rare an n-gram is: `ln((1 + n) / (1 + df))` for `df` of `n` documents, to the nearest multiple of 2⁻¹⁰, so that
/// sums of it and of its square are exact. An n-gram of every document weighs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Idf(i16);

impl Idf {
    /// Steps in 1.
    pub(crate) const STEPS: f32 = 1024.0;

    /// Of an n-gram in `df` of `n` documents.
    fn new(n: usize, df: usize) -> Self {
        let idf = libm::log((1.0 + n as f64) / (1.0 + df as f64));
        Self(libm::round(idf * f64::from(Self::STEPS)) as i16)
    }

    /// That of so many steps; `None` if they are below zero.
    pub(crate) fn from_steps(steps: i16) -> Option<Self> {
        (steps >= 0).then_some(Self(steps))
    }

    /// The multiple of 2⁻¹⁰.
    #[must_use]
    pub fn steps(self) -> i16 {
        self.0
    }

    /// The value: from 0 to 32.
    #[must_use]
    pub fn value(self) -> f32 {
        f32::from(self.0) / Self::STEPS
    }
}

/// The mean of Σ idf² over the texts that the frequencies come from, an n-gram counted once a text: the part of the
/// texts that an n-gram stands in is e^−idf.
fn mean_squares(idf: &[Idf]) -> f64 {
    let idf = idf.iter().map(|idf| f64::from(idf.value()));
    idf.map(|idf| libm::exp(-idf) * idf * idf).sum()
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
/// In each channel an n-gram weighs its `idf` each time it stands in the text, and the weights of a channel are
/// divided by a function of the sum of `idf²` over all its known n-grams, repetitions and all: see [`Length`].
///
/// Weights and squares are sums over the words of a text, so that a scorer may keep what a word adds to them
/// ([`Scorer`](crate::Scorer)). Logarithms of term frequencies (`1 + ln(tf)`) do not allow that; they told no more on
/// six public sets (`models/README.md`).
///
/// ```
/// use linfa::ParamGuard;
/// use narrative_frames::features::{TermCounts, Vectorizer};
///
/// let params = Vectorizer::params().min_df(1).check()?;
/// let texts = ["a dog", "a cat"];
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
    params: VectorizerValidParams,
    vocabulary: Vocabulary,
    idf: Vec<Idf>,
    /// By channel: the mean of Σ idf² over the training texts.
    mean_squares: Vec<f64>,
}

/// Documents that one task turns into rows before the next is asked for.
const DOCUMENTS_PER_BLOCK: usize = 1024;

/// Rows being built.
#[derive(Debug, Default)]
struct Rows {
    /// Values of each row.
    lengths: Vec<usize>,
    indices: Vec<u32>,
    data: Vec<f32>,
}

impl Vectorizer {
    /// The default choices.
    #[must_use]
    pub fn params() -> VectorizerParams {
        VectorizerParams::default()
    }

    /// A vectorizer from its parts.
    pub(crate) fn new(params: &VectorizerValidParams, vocabulary: Vocabulary, idf: Vec<Idf>) -> Result<Self> {
        for (what, found, expected) in [
            (
                "number of vocabulary channels",
                vocabulary.channel_ends().len(),
                params.channels.len(),
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
        let ranges = vocabulary.channel_ranges();
        Ok(Self {
            params: params.clone(),
            mean_squares: ranges.map(|range| mean_squares(&idf[range])).collect(),
            vocabulary,
            idf,
        })
    }

    /// A vectorizer of some of the columns, in ascending order.
    pub(crate) fn select(&self, columns: &[FeatureId]) -> Result<Self> {
        let hashes = self.vocabulary.hashes();
        let channels = self.vocabulary.channel_ranges().map(|range| {
            let columns = columns.iter().map(|id| id.index());
            let columns = columns.filter(|column| range.contains(column));
            columns.map(|column| hashes[column]).collect()
        });
        let vocabulary = Vocabulary::new(channels.collect())?;
        let idf = columns.iter().map(|id| self.idf[id.index()]).collect();
        Self::new(&self.params, vocabulary, idf)
    }

    /// The channels, in the order of their columns.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.params.channels
    }

    /// The n-grams it knows.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The inverse document frequency of every column.
    #[must_use]
    pub fn idf(&self) -> &[Idf] {
        &self.idf
    }

    /// The rows of some documents whose n-grams are already counted, in parallel over documents.
    ///
    /// # Panics
    ///
    /// If a document is not in `terms`, or `terms` has other channels.
    #[must_use]
    pub fn transform(&self, terms: &TermCounts, documents: &[usize]) -> FeatureMatrix {
        let blocks: Vec<Rows> = documents
            .par_chunks(DOCUMENTS_PER_BLOCK)
            .map(|documents| self.rows(terms, documents))
            .collect();
        let nnz = blocks.iter().map(|block| block.data.len()).sum();
        let mut rows = Rows {
            lengths: Vec::new(),
            indices: Vec::with_capacity(nnz),
            data: Vec::with_capacity(nnz),
        };
        // Each block is freed as its rows are taken over.
        for block in blocks {
            rows.lengths.extend(block.lengths);
            rows.indices.extend(block.indices);
            rows.data.extend(block.data);
        }
        let ends = rows.lengths.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        });
        let indptr = std::iter::once(0).chain(ends).collect();
        FeatureMatrix::new(self.vocabulary.len(), indptr, rows.indices, rows.data)
            .expect("columns come from the vocabulary in ascending order, values are finite")
    }

    /// What the weights of a channel are divided by in a text whose known n-grams have this sum of `idf²`.
    pub(crate) fn divisor(&self, channel: usize, squares: f64) -> f64 {
        self.params.length.divisor(squares, self.mean_squares[channel])
    }

    fn rows(&self, terms: &TermCounts, documents: &[usize]) -> Rows {
        let mut rows = Rows::default();
        let mut known = Vec::new();
        for &document in documents {
            let start = rows.data.len();
            for channel in 0..self.params.channels.len() {
                let squares = self.look_up(terms.document(document, channel), &mut known);
                let length = self.divisor(channel, squares);
                let weights = known
                    .iter()
                    .map(|&(_, weight)| (f64::from(weight) / length) as f32);
                rows.data.extend(weights);
                rows.indices.extend(known.iter().map(|(column, _)| column));
            }
            rows.lengths.push(rows.data.len() - start);
        }
        rows
    }

    /// Columns, ascending, and weights of the known n-grams; returns the sum of `idf²` over all of them.
    fn look_up(&self, (hashes, counts): (&[u64], &[u32]), known: &mut Vec<(u32, f32)>) -> f64 {
        known.clear();
        let mut squares = 0.0;
        for (&hash, &count) in hashes.iter().zip(counts) {
            if let Some(id) = self.vocabulary.get(hash) {
                let idf = self.idf[id.index()].value();
                squares += f64::from(count) * f64::from(idf) * f64::from(idf);
                known.push((id.0, count as f32 * idf));
            }
        }
        known.sort_unstable_by_key(|&(column, _)| column);
        squares
    }
}
