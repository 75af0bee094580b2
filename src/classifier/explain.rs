//! Why a text got its score: what each of its parts adds.

use std::collections::BTreeMap;

use super::{Classifier, scorer};
use crate::error::Result;
use crate::features::ngram::{self, NgramScratch};
use crate::text::{Normalizer, Span};

/// What one part of a text adds to the score of a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The bytes of the text that its n-grams came from.
    pub span: Span,
    /// The sum over all known n-grams of exactly these bytes, in all channels: above 0 if they speak for the label,
    /// below if against; in units of the score before calibration (natural log-odds).
    pub weight: f64,
}

impl Classifier {
    /// The parts of a text that speak for or against a label, in the order in which they stand in it, shorter ones first
    /// where they start together.
    ///
    /// The weights sum, up to rounding, to the score of [`Scorer::scores_into`](crate::Scorer::scores_into) less the
    /// intercept. They are not independent of each other: a channel is divided by a function of all its n-grams in the
    /// text, and the parts overlap. Cost: that of reading the text once, without
    /// what a [`Scorer`](crate::Scorer) keeps of words.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unknown`](crate::ErrorKind::Unknown) for a head or label that the model does not have;
    /// [`ErrorKind::TextTooLong`](crate::ErrorKind::TextTooLong).
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(feature = "embedded")] {
    /// use narrative_frames::Classifier;
    ///
    /// let classifier = Classifier::embedded();
    /// let text = "The spokesman called the loss of the town a minor setback.";
    /// let evidence = classifier.explain(text, "frames", "minor_setback")?;
    /// assert!(evidence.iter().any(|part| &text[part.span.range()] == "setback" && part.weight > 0.0));
    ///
    /// let head = classifier.head("frames")?;
    /// let output = head.outputs().start + head.position("minor_setback")?;
    /// let mut scores = vec![0.0; classifier.n_outputs()];
    /// classifier.scorer().scores_into(text, &mut scores)?;
    /// let sum: f64 = evidence.iter().map(|part| part.weight).sum();
    /// assert!((sum - f64::from(scores[output] - classifier.intercepts()[output])).abs() < 1e-4);
    /// # }
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    pub fn explain(&self, text: &str, head: &str, label: &str) -> Result<Vec<Evidence>> {
        let head = self.head(head)?;
        let output = head.outputs.start + head.position(label)?;
        let mut normalizer = Normalizer::with_spans();
        let text = normalizer.normalize(text)?;
        let mut scratch = NgramScratch::default();
        let mut sums = BTreeMap::<(u32, u32), f64>::new();
        for (position, &channel) in self.vectorizer.channels().iter().enumerate() {
            let mut squares = 0;
            let mut found = Vec::new();
            ngram::for_each(text, channel, &mut scratch, |hash, letters| {
                let known = self.vectorizer.vocabulary().get(hash);
                if let Some((id, span)) = known.zip(text.span(letters)) {
                    let (weights, idf) = self.weights.of(id);
                    squares += scorer::square(idf);
                    found.push((span, weights[output]));
                }
            });
            let factor = scorer::factor(self, position, squares);
            for (span, weight) in found {
                *sums.entry((span.start, span.end)).or_default() += f64::from(weight) * factor;
            }
        }
        let evidence = |((start, end), weight)| Evidence {
            span: Span { start, end },
            weight,
        };
        Ok(sums.into_iter().map(evidence).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{corpus, recipe};
    use super::*;
    use crate::ErrorKind;

    /// The score less the intercept, and the sum of the explanation.
    fn both(classifier: &Classifier, text: &str, head: &str, label: &str) -> (f64, f64) {
        let mut scores = vec![0.0; classifier.n_outputs()];
        classifier
            .scorer()
            .scores_into(text, &mut scores)
            .expect("a short text");
        let found = classifier.head(head).expect("a head");
        let output = found.outputs().start + found.position(label).expect("a label");
        let evidence = classifier.explain(text, head, label).expect("a short text");
        (
            f64::from(scores[output]) - f64::from(classifier.intercepts()[output]),
            evidence.iter().map(|evidence| evidence.weight).sum(),
        )
    }

    #[test]
    fn an_explanation_sums_to_the_score() {
        let (classifier, _) = recipe().fit(&corpus()).expect("it can be learned");
        let long = "rain and bread, bread and rain; ".repeat(3000);
        for text in [
            "",
            "the rain over the northern hills was a welcome surprise",
            "r a i n !!!! ra\u{200B}in « bread » bread bread",
            "خبز bread ومطر",
            &long,
        ] {
            for (head, label) in [("topic", "rain"), ("topic", "bread"), ("tone", "sad")] {
                let (score, sum) = both(&classifier, text, head, label);
                assert!(
                    (score - sum).abs() <= 1e-5 * score.abs().max(1.0),
                    "{score} {sum}"
                );
            }
        }
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn an_explanation_of_the_shipped_model_sums_to_the_score() {
        let classifier = Classifier::embedded();
        for text in [
            "The coach said the defeat was only a minor setback, and the season is long.",
            "قالت المكتبة إن الإغلاق عثرة صغيرة في عام طويل.",
        ] {
            for (head, label) in [
                ("frames", "minor_setback"),
                ("stance", "report"),
                ("framed", "any"),
            ] {
                let (score, sum) = both(classifier, text, head, label);
                assert!((score - sum).abs() < 1e-4, "{score} {sum}");
            }
        }
    }

    #[test]
    fn parts_are_bytes_of_the_text_in_order() {
        let (classifier, _) = recipe().fit(&corpus()).expect("it can be learned");
        let text = "the br\u{200B}ead from the old bakery";
        let evidence = classifier.explain(text, "topic", "bread").expect("it is known");
        assert!(evidence.iter().any(|part| part.weight > 0.0));
        let spans: Vec<Span> = evidence.iter().map(|part| part.span).collect();
        assert!(spans.iter().any(|span| &text[span.range()] == "br\u{200B}ead"));
        assert!(spans.is_sorted_by_key(|span| (span.start, span.end)));
    }

    #[test]
    fn unknown_names_are_told() {
        let (classifier, _) = recipe().fit(&corpus()).expect("it can be learned");
        for (head, label, what) in [
            ("weather", "rain", "head"),
            ("topic", "snow", "label of the model"),
        ] {
            let error = classifier.explain("rain", head, label).expect_err(what);
            assert!(matches!(error.kind(), ErrorKind::Unknown { what: found, .. } if *found == what));
        }
    }
}
