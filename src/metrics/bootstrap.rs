//! The bootstrap: how much would a score move with other documents of the same kind?

use super::confusion::Confusion;
use super::interval::{Interval, is_confidence};
use super::outcomes::Outcomes;
use crate::random::SplitMix64;
use crate::{Error, ErrorKind, Result};

/// Percentile bootstrap over documents, or over groups of documents (Efron, 1979).
///
/// A replicate draws as many documents as there are, with replacement, and computes the statistic on
/// them; the interval runs between the percentiles `(1 - confidence) / 2` and `(1 + confidence) / 2` of
/// the replicates. The generator is seeded, so the same input gives the same bits.
///
/// Where the data show no variation the bootstrap sees none: a score of exactly 0 or 1 gets an interval
/// of no width. With fewer than some 20 positives of a label the intervals are too narrow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Number of replicates, from 1; 1000 by default.
    pub replicates: usize,
    /// Start of the random numbers; 0 by default.
    pub seed: u64,
    /// Coverage aimed at, between 0 and 1 (both excluded); 0.95 by default.
    pub confidence: f64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self {
            replicates: 1000,
            seed: 0,
            confidence: 0.95,
        }
    }
}

impl Bootstrap {
    /// Checks the parameters.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`] without replicates, or with a confidence out of range.
    pub fn check(&self) -> Result<()> {
        if self.replicates == 0 {
            return Err(Error::invalid("replicates", 0, "at least 1"));
        }
        if !is_confidence(self.confidence) {
            let expected = "a number between 0 and 1, both excluded";
            return Err(Error::invalid("confidence", self.confidence, expected));
        }
        Ok(())
    }

    /// One interval for each value that `statistic` computes from the counts per label.
    ///
    /// `statistic` pushes its values, always equally many in the same order and none NaN, onto the
    /// vector it is given.
    ///
    /// Costs O(replicates * (documents + events + labels)), an event being a label of a document that
    /// is true or predicted, and one statistic and sort entry per replicate and value. Keeps all the
    /// values: 8 bytes per replicate and value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`] as for [`Bootstrap::check`]; [`ErrorKind::EmptyCorpus`] if the
    /// outcomes hold no document.
    ///
    /// # Example
    ///
    /// ```
    /// use narrative_frames::metrics::{Bootstrap, Confusion, Outcomes};
    /// use ndarray::array;
    ///
    /// let truth = array![[true], [true], [false], [true], [false]];
    /// let predicted = array![[true], [false], [false], [true], [true]];
    /// let outcomes = Outcomes::new(predicted.view(), truth.view(), None)?;
    /// let intervals = Bootstrap::default().intervals(&outcomes, |counts, values| {
    ///     values.extend(counts.iter().map(Confusion::f1));
    /// })?;
    /// assert!(intervals[0].contains(2.0 / 3.0));
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    pub fn intervals(
        &self,
        outcomes: &Outcomes,
        mut statistic: impl FnMut(&[Confusion], &mut Vec<f64>),
    ) -> Result<Vec<Interval>> {
        self.check()?;
        if outcomes.n_documents() == 0 {
            let reason = String::new();
            return Err(ErrorKind::EmptyCorpus { reason }.into());
        }
        let mut generator = SplitMix64::new(self.seed);
        let mut values = Vec::new();
        for _ in 0..self.replicates {
            let n_units = outcomes.n_units();
            let drawn = (0..n_units).map(|_| generator.below(n_units));
            statistic(&outcomes.count(drawn), &mut values);
        }
        Ok(self.percentile_intervals(&values))
    }

    /// The intervals of values that lie replicate after replicate.
    fn percentile_intervals(&self, values: &[f64]) -> Vec<Interval> {
        let n_values = values.len() / self.replicates;
        let column = |index| values[index..].iter().step_by(n_values).copied().collect();
        (0..n_values)
            .map(|index| self.percentile_interval(column(index)))
            .collect()
    }

    fn percentile_interval(&self, mut values: Vec<f64>) -> Interval {
        values.sort_unstable_by(f64::total_cmp);
        Interval {
            low: quantile(&values, (1.0 - self.confidence) / 2.0),
            high: quantile(&values, (1.0 + self.confidence) / 2.0),
        }
    }
}

/// The value below which a `part` of the sorted values lies, interpolated between neighbours: type 7 of
/// Hyndman & Fan (1996), the default of NumPy. There must be a value.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let position = part * (sorted.len() - 1) as f64;
    let below = sorted[position.floor() as usize];
    let above = sorted[position.ceil() as usize];
    below + (above - below) * position.fract()
}

#[cfg(test)]
mod tests;
