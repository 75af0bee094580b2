//! How many wordings there are of each frame.

use std::collections::BTreeSet;

use super::corpus::Corpus;
use super::{Gazetteer, Row, Rules};
use crate::error::{Location, Result};
use crate::split::{SplitDocument, similarities_to_nearest};
use crate::taxonomy::Taxonomy;

/// The spread of wording among the rows of one frame; perturbed copies do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Id of the frame.
    pub frame: String,
    /// Rows with the frame.
    pub rows: usize,
    /// Distinct words in them, as [`Normalizer`](crate::text::Normalizer) reads them.
    pub distinct_words: usize,
    /// All words in them.
    pub words: usize,
    /// Similarity of each row to the one most like it, in ascending order: Jaccard index of the sets of character
    /// 5-grams, names masked, 0 to 1.
    pub nearest: Vec<f64>,
}

impl Spread {
    /// The similarity to the nearest row that a share of the rows stays below; 0 without rows.
    #[must_use]
    pub fn nearest_at(&self, share: f64) -> f64 {
        let position = (share * self.nearest.len() as f64) as usize;
        let last = self.nearest.len().saturating_sub(1);
        self.nearest.get(position.min(last)).copied().unwrap_or(0.0)
    }
}

/// The spread of each frame of the taxonomy, in its order. Every pair of rows of a frame is compared: a second for
/// 1,000 rows a frame.
///
/// # Errors
///
/// [`TextTooLong`](crate::ErrorKind::TextTooLong).
pub fn spread(
    rows: &[(Location, Row)],
    taxonomy: &Taxonomy,
    rules: &Rules,
    gazetteer: &Gazetteer,
) -> Result<Vec<Spread>> {
    let corpus = Corpus::new(rows, taxonomy, rules, gazetteer);
    let frames = taxonomy.frames().iter();
    frames.map(|frame| of_frame(&corpus, &frame.id)).collect()
}

fn of_frame(corpus: &Corpus<'_>, frame: &str) -> Result<Spread> {
    let entries: Vec<_> = corpus.of_frame(frame).filter(|entry| !entry.row.aug).collect();
    let documents: Vec<SplitDocument<'_>> = entries
        .iter()
        .map(|entry| SplitDocument {
            id: &entry.row.id,
            text: &entry.row.text,
            keys: Vec::new(),
        })
        .collect();
    let is_name = |word: &str| corpus.gazetteer.slot(word).is_some();
    let mut nearest = similarities_to_nearest(&documents, &is_name)?;
    nearest.sort_by(f64::total_cmp);
    let words = || entries.iter().flat_map(|entry| &entry.words);
    let distinct: BTreeSet<&str> = words().map(|word| word.text.as_str()).collect();
    Ok(Spread {
        frame: frame.to_owned(),
        rows: entries.len(),
        distinct_words: distinct.len(),
        words: words().count(),
        nearest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{framed, gazetteer, located, rules, taxonomy, with_text};

    #[test]
    fn copies_are_near_and_others_are_not() {
        let rows = [
            "Losing the town was a small setback.",
            "Losing the town was a small setback, he said.",
            "A wholly different wording of it.",
        ]
        .map(|text| with_text(framed(), text));
        let rows = located("rows.jsonl", &rows);
        let spreads = spread(&rows, &taxonomy(), &rules(), &gazetteer()).expect("short texts");
        let spread = spreads.iter().find(|spread| spread.rows == 3).expect("the frame");
        assert_eq!((spread.words, spread.distinct_words), (22, 14));
        assert!(spread.nearest[0] < 0.1 && spread.nearest[1] > 0.7);
        assert_eq!(spread.nearest_at(0.5), spread.nearest[1]);
        let empty = spreads
            .iter()
            .find(|spread| spread.rows == 0)
            .expect("another frame");
        assert_eq!(empty.nearest_at(0.5), 0.0);
    }
}
