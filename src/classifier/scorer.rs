//! The form of a model that scores.

use super::{Classifier, Prediction};
use crate::error::Result;
use crate::features::RowScratch;
use crate::text::Normalizer;

/// Scores texts with a [`Classifier`], one after the other, in buffers that it keeps.
///
/// Make one for each thread; it borrows the classifier.
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
    classifier: &'a Classifier,
    normalizer: Normalizer,
    row: RowScratch,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(classifier: &'a Classifier) -> Self {
        Self {
            classifier,
            normalizer: Normalizer::default(),
            row: RowScratch::default(),
        }
    }

    /// Writes the score of every label of every head, before calibration, in the order of
    /// [`Classifier::heads`].
    ///
    /// Cost: linear in the text; for each n-gram known, one addition for each label.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TextTooLong`](crate::ErrorKind::TextTooLong).
    ///
    /// # Panics
    ///
    /// If `scores` has another length than [`Classifier::n_outputs`].
    pub fn scores_into(&mut self, text: &str, scores: &mut [f32]) -> Result<()> {
        let text = self.normalizer.normalize(text)?;
        let (columns, values) = self.classifier.vectorizer().transform_text(text, &mut self.row);
        scores.copy_from_slice(self.classifier.intercepts());
        for (&column, &value) in columns.iter().zip(values) {
            let weights = self.classifier.weights_of(column);
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += value * weight;
            }
        }
        Ok(())
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
        for head in self.classifier.heads() {
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
        let mut scores = vec![0.0; self.classifier.n_outputs()];
        self.scores_into(text, &mut scores)?;
        Ok(Prediction::new(self.classifier, scores))
    }
}
