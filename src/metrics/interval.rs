//! Confidence intervals, and Wilson's for a share such as precision, recall or accuracy.

use serde::Serialize;

/// A range from `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// From 0 to 1: all that can be said of a share without data.
    pub const UNKNOWN_SHARE: Self = Self { low: 0.0, high: 1.0 };

    /// Whether `value` is in the interval, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The score interval for a share of independent trials (Wilson, 1927).
///
/// ```text
/// (s + (z^2 / 2) ± (z * sqrt((s * (n - s) / n) + (z^2 / 4)))) / (n + z^2)
/// ```
///
/// for s successes in n trials, with z the point that a standard normal variable exceeds in absolute
/// value with probability `1 - confidence` (1.96 for 0.95).
///
/// Within 0..=1, and good for few trials and shares near 0 or 1, where the textbook `p ± z * sqrt(p *
/// (1 - p) / n)` fails (Brown, Cai & DasGupta, 2001). Without trials it is
/// [`Interval::UNKNOWN_SHARE`]. Trials that depend on each other, such as near-duplicate documents,
/// make it too narrow. Constant cost.
///
/// # Panics
///
/// If `successes` exceeds `trials`, or `confidence` is not between 0 and 1 (both excluded).
///
/// # Example
///
/// ```
/// use narrative_frames::metrics::wilson;
///
/// let interval = wilson(8, 10, 0.95);
/// assert!((interval.low - 0.4902).abs() < 1e-4);
/// assert!((interval.high - 0.9433).abs() < 1e-4);
/// ```
#[must_use]
pub fn wilson(successes: u64, trials: u64, confidence: f64) -> Interval {
    assert!(successes <= trials, "{successes} successes in {trials} trials");
    assert!(
        is_confidence(confidence),
        "confidence is {confidence}, expected between 0 and 1"
    );
    if trials == 0 {
        return Interval::UNKNOWN_SHARE;
    }
    let z = normal_point(confidence);
    let (s, n) = (successes as f64, trials as f64);
    let middle = s + z * z / 2.0;
    let reach = z * (s * (n - s) / n + z * z / 4.0).sqrt();
    // The formula gives exactly 0 and 1 for none and all, but rounding would not.
    Interval {
        low: if successes == 0 {
            0.0
        } else {
            (middle - reach) / (n + z * z)
        },
        high: if successes == trials {
            1.0
        } else {
            (middle + reach) / (n + z * z)
        },
    }
}

/// Whether `value` is a usable confidence: between 0 and 1, both excluded.
pub(super) fn is_confidence(value: f64) -> bool {
    value > 0.0 && value < 1.0
}

/// The z for which `P(|Z| <= z)` is `confidence`, by bisection of `erfc(z / sqrt(2)) = 1 - confidence`.
///
/// `libm` gives the same bits on every machine. No confidence below 1 reaches z = 9.
fn normal_point(confidence: f64) -> f64 {
    let (mut low, mut high) = (0.0, 9.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if libm::erfc(middle * std::f64::consts::FRAC_1_SQRT_2) > 1.0 - confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Python 3.11.7, scipy 1.17.1:
    ///
    /// ```text
    /// from scipy.stats import binomtest
    /// for s, n, c in [(0, 10, .95), (8, 10, .95), (1, 3, .99), (1234, 5000, .95), (7, 7, .8)]:
    ///     i = binomtest(s, n).proportion_ci(c, method="wilson")
    ///     print((s, n, c, float(i.low), float(i.high)))
    /// ```
    const SCIPY: [(u64, u64, f64, f64, f64); 5] = [
        (0, 10, 0.95, 0.0, 0.277_532_799_862_889_26),
        (8, 10, 0.95, 0.490_162_471_536_641_8, 0.943_317_848_545_624_8),
        (1, 3, 0.99, 0.040_426_629_296_084_76, 0.855_783_984_952_333),
        (
            1234,
            5000,
            0.95,
            0.235_046_758_321_385_58,
            0.258_942_005_943_591_35,
        ),
        (7, 7, 0.8, 0.809_962_594_044_666_2, 1.0),
    ];

    #[test]
    fn agrees_with_scipy() {
        for (successes, trials, confidence, low, high) in SCIPY {
            let interval = wilson(successes, trials, confidence);
            assert!((interval.low - low).abs() < 1e-12, "{interval:?}");
            assert!((interval.high - high).abs() < 1e-12, "{interval:?}");
        }
    }

    #[test]
    fn points_of_the_normal_distribution() {
        // scipy.stats.norm.ppf((1 + c) / 2)
        for (confidence, expected) in [
            (0.01, 0.012_533_469_508_069_276),
            (0.5, 0.674_489_750_196_081_7),
            (0.8, 1.281_551_565_544_600_4),
            (0.95, 1.959_963_984_540_054),
            (0.999, 3.290_526_731_491_925_5),
        ] {
            assert!((normal_point(confidence) - expected).abs() < 1e-12);
        }
        assert!(normal_point(1.0_f64.next_down()) < 8.5);
    }

    #[test]
    fn no_trial_says_nothing() {
        assert_eq!(wilson(0, 0, 0.95), Interval::UNKNOWN_SHARE);
    }

    #[test]
    #[should_panic(expected = "3 successes in 2 trials")]
    fn more_successes_than_trials() {
        let _ = wilson(3, 2, 0.95);
    }

    #[test]
    #[should_panic(expected = "confidence is 95, expected between 0 and 1")]
    fn confidence_is_no_percentage() {
        let _ = wilson(1, 2, 95.0);
    }

    proptest! {
        #[test]
        fn contains_the_share_and_mirrors(trials in 1_u64..100_000, part in 0.0..=1.0, c in 0.01..0.999) {
            let successes = (part * trials as f64) as u64;
            let interval = wilson(successes, trials, c);
            prop_assert!(interval.contains(successes as f64 / trials as f64));
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
            let mirrored = wilson(trials - successes, trials, c);
            prop_assert!((interval.low - (1.0 - mirrored.high)).abs() < 1e-9);
        }
    }
}
