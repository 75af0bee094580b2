//! Weights of all labels, in fixed point.

use crate::features::{FeatureId, Idf};

/// What each n-gram adds to the score of each label: its weight times its inverse document frequency, as 16-bit
/// multiples of one unit.
///
/// Integer sums do not depend on the order of their terms, so that what a word adds may be computed once and kept.
/// The error is at most half a unit a weight: 2⁻¹⁶ of the largest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    /// By n-gram: a multiple for each output, then the steps of the [`Idf`], for they are needed together.
    rows: Vec<i16>,
    unit: f32,
    n_outputs: usize,
}

impl Weights {
    /// From weights by feature, then output, and the inverse document frequency of each feature.
    pub(super) fn new(weights: &[f32], idf: &[Idf], n_outputs: usize) -> Self {
        let added = || {
            let rows = weights.chunks_exact(n_outputs).zip(idf);
            rows.flat_map(|(row, idf)| row.iter().map(|weight| weight * idf.value()))
        };
        let unit = unit_for(added().map(f32::abs).fold(0.0, f32::max));
        let most = f32::from(i16::MAX);
        let units = added().map(|added| (added / unit).round().clamp(-most, most) as i16);
        Self::from_units(units, idf, unit, n_outputs)
    }

    /// From the parts of a model file, `units` by feature, then output.
    pub(crate) fn from_units(
        mut units: impl Iterator<Item = i16>,
        idf: &[Idf],
        unit: f32,
        n_outputs: usize,
    ) -> Self {
        let mut rows = Vec::with_capacity(idf.len() * (n_outputs + 1));
        for idf in idf {
            rows.extend(units.by_ref().take(n_outputs));
            rows.push(idf.steps());
        }
        Self {
            rows,
            unit,
            n_outputs,
        }
    }

    /// All multiples, by feature, then output.
    pub(crate) fn units(&self) -> impl Iterator<Item = i16> {
        let rows = self.rows.chunks_exact(self.n_outputs + 1);
        rows.flat_map(|row| &row[..self.n_outputs]).copied()
    }

    /// What the multiples are multiples of: a power of two.
    pub(crate) fn unit(&self) -> f32 {
        self.unit
    }

    /// The multiples of one n-gram, for every output, and the steps of its inverse document frequency.
    #[inline]
    pub(super) fn of(&self, ngram: FeatureId) -> (&[i16], i16) {
        let row = &self.rows[ngram.index() * (self.n_outputs + 1)..][..=self.n_outputs];
        (&row[..self.n_outputs], row[self.n_outputs])
    }
}

/// The smallest power of two of which `largest` is less than 2¹⁵, read from its bits: the same on every machine.
fn unit_for(largest: f32) -> f32 {
    let exponent = (largest.to_bits() >> 23) as i32 - 127;
    let exponent = (exponent + 1 - 15).clamp(-126, 127);
    f32::from_bits(((exponent + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_is_within_half_a_unit() {
        let weights = [0.5_f32, -3.0, 0.001, 1e-9];
        let idf = [2048, 7680].map(|steps| Idf::from_steps(steps).expect("positive"));
        let fixed = Weights::new(&weights, &idf, 2);
        assert_eq!(fixed.unit(), 2.0_f32.powi(3 - 15), "the largest is 6");
        for (position, weight) in weights.iter().enumerate() {
            let added = weight * idf[position / 2].value();
            let found = f32::from(fixed.of(FeatureId(position as u32 / 2)).0[position % 2]) * fixed.unit();
            assert!(
                (found - added).abs() <= fixed.unit() / 2.0,
                "{found} is not {added}"
            );
        }
    }

    #[test]
    fn extremes_fit() {
        let idf = [Idf::from_steps(1024).expect("positive")];
        for weight in [0.0, f32::MIN_POSITIVE, 1.0, 2.0 - f32::EPSILON, f32::MAX] {
            let fixed = Weights::new(&[weight, -weight], &idf, 2);
            assert!(fixed.unit().is_normal());
            let [a, b] = fixed.units().collect::<Vec<_>>()[..] else {
                panic!("two weights")
            };
            assert_eq!(a, -b);
        }
        let fixed = Weights::new(&[2.0 - f32::EPSILON], &idf, 1);
        assert_eq!(
            fixed.units().collect::<Vec<_>>(),
            [i16::MAX],
            "rounding stops at the largest"
        );
    }
}
