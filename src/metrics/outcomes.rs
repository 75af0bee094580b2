//! Decisions and truth of a corpus, laid out for counting it again and again.

use std::collections::BTreeMap;
use std::ops::Range;

use ndarray::{ArrayView1, ArrayView2};

use super::check_length;
use super::confusion::Confusion;
use crate::Result;

/// What each document adds to the counts per label.
///
/// Keeps the events only: the labels of a document that are true or predicted. They are few; all other
/// decisions are true negatives and follow from the number of documents.
///
/// Documents that depend on each other (near-duplicates, one author, one thread) can be given as one
/// group. [`Bootstrap`](super::Bootstrap) then draws them together or not at all, which is the cluster
/// bootstrap (Davison & Hinkley, 1997, section 3.8); its intervals would be too narrow otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcomes {
    n_labels: usize,
    /// What is drawn: documents, or groups of them.
    units: Vec<Unit>,
    /// The events of all units, one unit after the other.
    events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq)]
struct Unit {
    n_documents: usize,
    events: Range<usize>,
}

/// Where an event is counted: three cells per label, in the order of [`cell`].
type Event = usize;

impl Outcomes {
    /// Compares decisions with truth, both `(n_samples, n_labels)`.
    ///
    /// `groups` holds one id per document; documents with the same id are one group. Without it each
    /// document stands for itself. Costs O(n_samples * n_labels), and a look-up per document with
    /// groups.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DimensionMismatch`](crate::ErrorKind::DimensionMismatch) if the shapes differ, or if
    /// there is not one group id per document.
    pub fn new(
        predicted: ArrayView2<'_, bool>,
        truth: ArrayView2<'_, bool>,
        groups: Option<&[usize]>,
    ) -> Result<Self> {
        let (n_samples, n_labels) = truth.dim();
        check_length("number of rows of predicted", predicted.nrows(), n_samples)?;
        check_length("number of columns of predicted", predicted.ncols(), n_labels)?;
        if let Some(groups) = groups {
            check_length("number of group ids", groups.len(), n_samples)?;
        }
        let mut outcomes = Self {
            n_labels,
            units: Vec::new(),
            events: Vec::new(),
        };
        for rows in rows_by_unit(n_samples, groups) {
            let start = outcomes.events.len();
            for &row in &rows {
                outcomes.events.extend(events(predicted.row(row), truth.row(row)));
            }
            outcomes.units.push(Unit {
                n_documents: rows.len(),
                events: start..outcomes.events.len(),
            });
        }
        Ok(outcomes)
    }

    /// Number of documents.
    #[must_use]
    pub fn n_documents(&self) -> usize {
        self.units.iter().map(|unit| unit.n_documents).sum()
    }

    /// Number of units that are drawn: groups, or documents if there are no groups.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.units.len()
    }

    /// The counts per label over all documents, each taken once.
    #[must_use]
    pub fn counts(&self) -> Vec<Confusion> {
        self.count(0..self.units.len())
    }

    /// The counts per label over these units, each taken as often as it comes.
    pub(super) fn count(&self, units: impl Iterator<Item = usize>) -> Vec<Confusion> {
        let mut n_documents = 0;
        let mut cells = vec![[0; 3]; self.n_labels];
        for unit in units.map(|index| &self.units[index]) {
            n_documents += unit.n_documents as u64;
            for &event in &self.events[unit.events.clone()] {
                cells.as_flattened_mut()[event] += 1;
            }
        }
        cells.iter().map(|&cells| confusion(cells, n_documents)).collect()
    }
}

/// The rows of each document, or of each group in the order of the ids.
fn rows_by_unit(n_documents: usize, groups: Option<&[usize]>) -> Vec<Vec<usize>> {
    let Some(groups) = groups else {
        return (0..n_documents).map(|row| vec![row]).collect();
    };
    let mut rows = BTreeMap::<usize, Vec<usize>>::new();
    for (row, &group) in groups.iter().enumerate() {
        rows.entry(group).or_default().push(row);
    }
    rows.into_values().collect()
}

/// The events of one document.
fn events(predicted: ArrayView1<'_, bool>, truth: ArrayView1<'_, bool>) -> impl Iterator<Item = Event> {
    let decisions = predicted.into_iter().zip(truth).enumerate();
    decisions.filter_map(|(label, (&predicted, &truth))| Some(3 * label + cell(predicted, truth)?))
}

/// Which of the three cells of a label counts a decision; none counts true negatives.
fn cell(predicted: bool, truth: bool) -> Option<usize> {
    match (predicted, truth) {
        (true, true) => Some(0),
        (true, false) => Some(1),
        (false, true) => Some(2),
        (false, false) => None,
    }
}

/// The three cells of a label, completed with the true negatives.
fn confusion(cells: [u64; 3], n_documents: u64) -> Confusion {
    let [true_positives, false_positives, false_negatives] = cells;
    Confusion {
        true_positives,
        false_positives,
        false_negatives,
        true_negatives: n_documents - cells.iter().sum::<u64>(),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::ErrorKind;

    #[test]
    fn groups_keep_the_counts() -> Result<()> {
        let predicted = array![[true, false], [true, true], [false, false]];
        let truth = array![[true, true], [false, true], [false, false]];
        let expected = [0, 1].map(|label| {
            Confusion::from_predictions(&predicted.column(label).to_vec(), &truth.column(label).to_vec())
        });
        for (groups, n_units) in [(None, 3), (Some([9, 4, 9].as_slice()), 2)] {
            let outcomes = Outcomes::new(predicted.view(), truth.view(), groups)?;
            assert_eq!(outcomes.n_units(), n_units);
            assert_eq!(outcomes.n_documents(), 3);
            assert_eq!(outcomes.counts(), expected);
        }
        Ok(())
    }

    #[test]
    fn shapes_must_agree() {
        let truth = array![[true, false], [false, true]];
        let narrow = array![[true], [true]];
        let short = array![[true, false]];
        for (predicted, groups, what) in [
            (&narrow, None, "number of columns of predicted"),
            (&short, None, "number of rows of predicted"),
            (&truth, Some([1].as_slice()), "number of group ids"),
        ] {
            let error = Outcomes::new(predicted.view(), truth.view(), groups).expect_err(what);
            let expected = ErrorKind::DimensionMismatch {
                what,
                found: 1,
                expected: 2,
            };
            assert_eq!(error.kind(), &expected);
        }
    }
}
