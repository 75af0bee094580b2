//! Pearson's chi-square test of independence.

/// The test of one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ChiSquare {
    /// Sum of `(observed - expected)^2 / expected`.
    pub(super) statistic: f64,
    /// `(rows - 1) * (columns - 1)`.
    pub(super) degrees_of_freedom: usize,
    /// Probability of a statistic at least as large if rows and columns are independent.
    pub(super) p_value: f64,
}

/// Whether the rows of a table of counts differ in how they spread over the columns.
///
/// Columns without counts are left out, and rows are first added together, the rarest first, until each expected
/// count is at least `min_expected`, so that the chi-square distribution fits. `None` if fewer than two rows or two
/// columns are left: there are too few counts to say anything.
pub(super) fn independence(table: &[Vec<usize>], min_expected: f64) -> Option<ChiSquare> {
    let columns = column_sums(table);
    let total: usize = columns.iter().sum();
    let smallest = columns.iter().copied().filter(|&sum| sum > 0).min()?;
    let rows = pool(table, min_expected * total as f64 / smallest as f64);
    let filled = columns.iter().filter(|&&sum| sum > 0).count();
    if rows.len() < 2 || filled < 2 {
        return None;
    }
    let statistic = rows.iter().map(|row| row_statistic(row, &columns, total)).sum();
    let degrees_of_freedom = (rows.len() - 1) * (filled - 1);
    Some(ChiSquare {
        statistic,
        degrees_of_freedom,
        p_value: upper_tail(statistic, degrees_of_freedom),
    })
}

fn column_sums(table: &[Vec<usize>]) -> Vec<usize> {
    let width = table.iter().map(Vec::len).max().unwrap_or(0);
    let mut sums = vec![0; width];
    for row in table {
        add(&mut sums, row);
    }
    sums
}

fn add(sums: &mut [usize], row: &[usize]) {
    for (sum, count) in sums.iter_mut().zip(row) {
        *sum += count;
    }
}

/// Rows of at least `min_total` counts each, made by adding rows in ascending order; what is left over goes to the last.
fn pool(table: &[Vec<usize>], min_total: f64) -> Vec<Vec<usize>> {
    let mut rows: Vec<&Vec<usize>> = table.iter().collect();
    rows.sort_by_key(|row| row.iter().sum::<usize>());
    let mut pooled: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = vec![0; rows.first().map_or(0, |row| row.len())];
    for row in rows {
        add(&mut open, row);
        if open.iter().sum::<usize>() as f64 >= min_total {
            pooled.push(std::mem::replace(&mut open, vec![0; row.len()]));
        }
    }
    match pooled.last_mut() {
        Some(last) => add(last, &open),
        None => pooled.push(open),
    }
    pooled
}

fn row_statistic(row: &[usize], columns: &[usize], total: usize) -> f64 {
    let sum: usize = row.iter().sum();
    let cells = row.iter().zip(columns).filter(|(_, column)| **column > 0);
    cells
        .map(|(&observed, &column)| {
            let expected = sum as f64 * column as f64 / total as f64;
            (observed as f64 - expected).powi(2) / expected
        })
        .sum()
}

/// Probability that a chi-square variable exceeds `statistic`: the regularized upper incomplete gamma function
/// `Q(degrees / 2, statistic / 2)`.
///
/// By `Q(a + 1, x) = Q(a, x) + x^a e^-x / gamma(a + 1)`, from `Q(1/2, x) = erfc(sqrt x)` or `Q(1, x) = e^-x`
/// (Abramowitz & Stegun 1964, 6.5.21 and 6.5.17).
fn upper_tail(statistic: f64, degrees: usize) -> f64 {
    let x = statistic / 2.0;
    if x <= 0.0 || degrees == 0 {
        return 1.0;
    }
    let is_odd = degrees % 2 == 1;
    let first = if is_odd { 0.5 } else { 1.0 };
    let mut q = if is_odd {
        libm::erfc(x.sqrt())
    } else {
        libm::exp(-x)
    };
    for step in 0..(degrees - 1) / 2 {
        let a = first + step as f64;
        q += libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0));
    }
    q.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64) {
        let error = (found - expected).abs();
        assert!(
            error <= 1e-12 + 1e-10 * expected.abs(),
            "{found} is not {expected}"
        );
    }

    // scipy 1.17.1: scipy.stats.chi2.sf(x, k)
    #[test]
    fn upper_tail_agrees_with_scipy() {
        let golden = [
            (0.0, 3, 1.0),
            (0.5, 1, 0.47950012218695337),
            (3.841458820694124, 1, 0.04999999999999989),
            (2.0, 2, 0.36787944117144245),
            (9.21034037197618, 2, 0.010000000000000014),
            (11.3, 5, 0.04574583257311167),
            (20.0, 10, 0.029252688076961124),
            (150.0, 160, 0.7032013996321428),
            (200.0, 160, 0.01745132251627543),
            (400.0, 160, 1.5374595910830955e-22),
            (1500.0, 4, 0.0),
        ];
        for (statistic, degrees, expected) in golden {
            assert_close(upper_tail(statistic, degrees), expected);
        }
    }

    // scipy 1.17.1: scipy.stats.chi2_contingency(table, correction=False)
    #[test]
    fn independence_agrees_with_scipy() {
        let table = [vec![30, 14, 0, 6], vec![20, 31, 0, 9], vec![25, 25, 0, 25]];
        let test = independence(&table, 5.0).expect("enough counts");
        assert_close(test.statistic, 19.228988095238094);
        assert_eq!(test.degrees_of_freedom, 4);
        assert_close(test.p_value, 0.0007085615580935452);
    }

    #[test]
    fn rare_rows_are_pooled() {
        let table = [vec![1, 0], vec![0, 1], vec![40, 60], vec![1, 1], vec![60, 40]];
        assert_eq!(pool(&table, 3.0), [vec![2, 2], vec![40, 60], vec![60, 40]]);
        assert_eq!(pool(&table, 104.0), [vec![102, 102]]);
        assert_eq!(
            independence(&table, 1.0).map(|test| test.degrees_of_freedom),
            Some(3)
        );
    }

    #[test]
    fn too_few_counts_are_not_tested() {
        assert_eq!(independence(&[], 5.0), None);
        assert_eq!(independence(&[vec![], vec![]], 5.0), None);
        assert_eq!(independence(&[vec![0, 0], vec![0, 0]], 5.0), None);
        assert_eq!(independence(&[vec![9, 0], vec![9, 0]], 5.0), None);
        assert_eq!(independence(&[vec![3, 1], vec![1, 3]], 5.0), None);
    }
}
