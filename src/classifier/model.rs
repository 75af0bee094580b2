//! The fitted model.

use std::cell::RefCell;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thread_local::ThreadLocal;

use super::weights::Weights;
use super::{Head, Prediction, Recipe, Scorer};
use crate::error::{Error, ErrorKind, Result};
use crate::features::Vectorizer;
use crate::model_file;

/// A fitted model: plain data, made by [`Recipe::fit`] or read from a file.
///
/// ```
/// use narrative_frames::Classifier;
/// # #[cfg(feature = "embedded")] {
/// let classifier = Classifier::embedded();
/// let prediction = classifier.predict("The bakery on the corner opens at seven.")?;
/// assert!(prediction.labels("frames").is_empty());
/// # }
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Classifier {
    pub(crate) vectorizer: Vectorizer,
    pub(crate) heads: Vec<Head>,
    pub(crate) weights: Weights,
    pub(crate) intercepts: Vec<f32>,
    pub(crate) recipe: Recipe,
    pub(crate) provenance: Provenance,
    pub(crate) card: Option<Card>,
}

/// A model card (Mitchell et al. 2019) that machines can read: any JSON object, carried in the model file as it is.
///
/// The command `card` writes `about`, what its authors say of the model, and `evaluation`, what `evaluate` measured.
pub type Card = serde_json::Map<String, serde_json::Value>;

/// Where a model comes from, as its file says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Version of this crate that trained it.
    pub crate_version: String,
    /// The command that trained it, without the paths of its output.
    pub command: Option<String>,
    /// SHA-256 of the taxonomy its labels were checked against.
    pub taxonomy_digest: Option<String>,
    /// SHA-256 of the corpus: see [`Corpus::digest`](crate::corpus::Corpus::digest).
    pub corpus_digest: String,
    /// Documents it was trained on.
    pub documents: usize,
    /// The features with the largest weights for each label, heaviest first, in the order of the labels
    /// of all heads.
    pub strongest: Vec<Vec<StrongFeature>>,
}

/// One feature that speaks for a label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrongFeature {
    /// Its channel, by position in the recipe.
    pub channel: usize,
    /// The n-gram as text; the border of a word is a space.
    pub ngram: String,
    /// Its weight.
    pub weight: f32,
}

impl Classifier {
    /// The model that comes with the library: frames and stance, Arabic and English.
    ///
    /// Read `models/README.md` before use: what it was trained on, what it was measured on, and that its
    /// recall on real propaganda is unknown. It labels texts, never persons. Cost: parsed once, at the
    /// first call.
    #[cfg(feature = "embedded")]
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: std::sync::LazyLock<Classifier> = std::sync::LazyLock::new(|| {
            Classifier::from_bytes(include_bytes!("../../models/narrative-frames.safetensors"))
                .expect("the tests read this file")
        });
        &EMBEDDED
    }

    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`], [`ErrorKind::ModelFile`]. Every byte is checked before anything is built.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = std::fs::File::open(path).map_err(|error| Error::io("read", path, error))?;
        let bytes = model_file::read_bounded(file).map_err(|error| match error {
            model_file::ReadError::Io(error) => Error::io("read", path, error),
            model_file::ReadError::Model(error) => error.into(),
        })?;
        Self::from_bytes(&bytes)
    }

    /// Reads a model from the bytes of its file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ModelFile`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        model_file::read(bytes)
    }

    /// The bytes of the model file: the same for the same model.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        model_file::write(self)
    }

    /// Writes the model file: to a temporary file beside it, which is then renamed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`]; the path then holds what it held before.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        model_file::save(&self.to_bytes(), path).map_err(|error| Error::io("write", path, error))
    }

    /// SHA-256 of the model, as it stands in its file. Cost: that of writing the file.
    #[must_use]
    pub fn digest(&self) -> String {
        model_file::digest_of(&self.to_bytes())
    }

    /// Notes the command that trained it, and the digest of the taxonomy its labels were checked against.
    pub fn set_training(&mut self, command: String, taxonomy_digest: Option<String>) {
        self.provenance.command = Some(command);
        self.provenance.taxonomy_digest = taxonomy_digest;
    }

    /// Its card; `None` if nobody gave it one.
    #[must_use]
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// Gives it a card, in the place of the one it has.
    ///
    /// ```
    /// # #[cfg(feature = "embedded")] {
    /// use narrative_frames::Classifier;
    ///
    /// let mut classifier = Classifier::embedded().clone();
    /// let mut card = classifier.card().cloned().unwrap_or_default();
    /// card.insert("reviewed".to_owned(), "2026-11".into());
    /// classifier.set_card(Some(card));
    /// let read = Classifier::from_bytes(&classifier.to_bytes())?;
    /// assert_eq!(read.card().expect("a card")["reviewed"], "2026-11");
    /// # }
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    pub fn set_card(&mut self, card: Option<Card>) {
        self.card = card;
    }

    /// A scorer with buffers of its own.
    #[must_use]
    pub fn scorer(&self) -> Scorer<'_> {
        Scorer::new(self)
    }

    /// What the model says of a text. For more than one, a [`Scorer`] saves the buffers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TextTooLong`].
    pub fn predict(&self, text: &str) -> Result<Prediction<'_>> {
        self.scorer().predict(text)
    }

    /// What the model says of each text, in order, in parallel on the ambient rayon pool.
    pub fn predict_batch<S: AsRef<str> + Sync>(&self, texts: &[S]) -> Vec<Result<Prediction<'_>>> {
        let scorers = ThreadLocal::new();
        let scorer = || scorers.get_or(|| RefCell::new(self.scorer())).borrow_mut();
        texts
            .par_iter()
            .map(|text| scorer().predict(text.as_ref()))
            .collect()
    }

    /// Its heads.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// One head by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`] with the names there are.
    pub fn head(&self, name: &str) -> Result<&Head> {
        let unknown = || {
            let names: Vec<&str> = self.heads.iter().map(Head::name).collect();
            ErrorKind::Unknown {
                what: "head",
                name: name.to_owned(),
                expected: names.join(", "),
            }
        };
        let found = self.heads.iter().find(|head| head.name() == name);
        Ok(found.ok_or_else(unknown)?)
    }

    /// Labels of all heads together: the length of a row of scores.
    #[must_use]
    pub fn n_outputs(&self) -> usize {
        self.intercepts.len()
    }

    /// What turns its texts into features.
    #[must_use]
    pub fn vectorizer(&self) -> &Vectorizer {
        &self.vectorizer
    }

    /// The recipe it was trained by.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Where it comes from.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The intercept of every output.
    #[must_use]
    pub fn intercepts(&self) -> &[f32] {
        &self.intercepts
    }
}
