//! How much annotators agree.

use std::collections::BTreeMap;

/// Krippendorff's alpha for nominal values: 1 is perfect agreement, 0 what chance would give, below 0 systematic
/// disagreement.
///
/// Each unit holds the values that annotators gave it, in any order, any number of them; units with fewer than two
/// say nothing about agreement and do not count. With `n` values in the units that count, `n_c` of them equal to `c`,
/// and, in unit `u`, `m_u` values, `n_uc` of them equal to `c`:
///
/// `alpha = 1 − (n − 1) · (Σ_u (m_u² − Σ_c n_uc²) / (m_u − 1)) / (n² − Σ_c n_c²)`
///
/// `None` if no unit has two values, or if all values are the same: then there is nothing to agree about.
///
/// Source: A. F. Hayes and K. Krippendorff, *Answering the call for a standard reliability measure for coding data*,
/// Communication Methods and Measures 1 (2007), 77–89; K. Krippendorff, *Computing Krippendorff's
/// Alpha-Reliability* (2011), part C.
///
/// Costs one pass over the values, and a table of the values in each unit.
///
/// ```
/// use narrative_frames::metrics::krippendorff_alpha;
///
/// assert_eq!(krippendorff_alpha([[0, 0], [1, 1], [2, 2]]), Some(1.0));
/// assert_eq!(krippendorff_alpha([[0, 1], [1, 0]]), Some(-0.5));
/// assert_eq!(krippendorff_alpha([[0, 0], [0, 0]]), None);
/// ```
#[must_use]
pub fn krippendorff_alpha(units: impl IntoIterator<Item = impl AsRef<[usize]>>) -> Option<f64> {
    let mut totals: BTreeMap<usize, u64> = BTreeMap::new();
    let mut observed = 0.0;
    for unit in units {
        let values = unit.as_ref();
        if values.len() < 2 {
            continue;
        }
        let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
        for &value in values {
            *counts.entry(value).or_default() += 1;
            *totals.entry(value).or_default() += 1;
        }
        observed += unequal_pairs(&counts) as f64 / (values.len() - 1) as f64;
    }
    let expected = unequal_pairs(&totals);
    let values: u64 = totals.values().sum();
    (expected > 0).then(|| 1.0 - (values - 1) as f64 * observed / expected as f64)
}

/// Ordered pairs of values that are not the same.
fn unequal_pairs(counts: &BTreeMap<usize, u64>) -> u64 {
    let all: u64 = counts.values().sum();
    all * all - counts.values().map(|count| count * count).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The units of a table with a row for each observer; 0 is a missing value.
    fn units(observers: &[&[usize]]) -> Vec<Vec<usize>> {
        let unit = |column: usize| {
            let values = observers.iter().map(|row| row[column]);
            values.filter(|&value| value != 0).collect()
        };
        (0..observers[0].len()).map(unit).collect()
    }

    /// Krippendorff (2011), part C: four observers, twelve units, missing values; alpha = 0.743.
    #[test]
    fn the_published_example_with_missing_values() {
        let table = units(&[
            &[1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            &[1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            &[0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            &[1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]);
        let alpha = krippendorff_alpha(&table).expect("there is disagreement to expect");
        assert!((alpha - 0.743).abs() < 5e-4, "{alpha}");
    }

    /// Krippendorff (2011), part A: two observers, ten units, two values; alpha = 0.095.
    #[test]
    fn the_published_example_of_two_observers() {
        let table = units(&[&[1, 2, 1, 1, 1, 1, 1, 1, 2, 1], &[2, 2, 2, 1, 1, 2, 1, 1, 1, 1]]);
        let alpha = krippendorff_alpha(&table).expect("there is disagreement to expect");
        assert!((alpha - 0.095).abs() < 5e-4, "{alpha}");
    }

    #[test]
    fn nothing_to_compare_is_no_agreement() {
        assert_eq!(krippendorff_alpha(Vec::<Vec<usize>>::new()), None);
        assert_eq!(krippendorff_alpha([vec![1], vec![2], vec![]]), None);
        assert_eq!(krippendorff_alpha([vec![1, 1, 1], vec![2]]), None);
    }
}
