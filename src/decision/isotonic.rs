//! A probability for each score that rises in steps.

use crate::error::{Error, Result};

/// A nondecreasing map from scores to probabilities: points, straight lines between them, level beyond the ends.
///
/// Nothing is said of its shape but that it rises, so it needs more documents than [`Platt`](super::Platt).
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    /// Scores and probabilities, ascending.
    points: Vec<[f32; 2]>,
}

impl Isotonic {
    /// The most points that a map has.
    pub const MAX_POINTS: usize = 64;

    /// A map through points, `[score, probability]` each.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`](crate::ErrorKind::InvalidParameter) unless there are 1 to
    /// [`MAX_POINTS`](Self::MAX_POINTS), their scores finite and ascending, none twice, their probabilities above 0, below
    /// 1 and never falling.
    ///
    /// ```
    /// use narrative_frames::decision::Isotonic;
    ///
    /// let map = Isotonic::new(vec![[-1.0, 0.2], [1.0, 0.6]])?;
    /// assert_eq!(map.probability(0.0), 0.4);
    /// assert_eq!(map.probability(9.0), 0.6);
    /// assert!(Isotonic::new(vec![[-1.0, 0.6], [1.0, 0.2]]).is_err());
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    pub fn new(points: Vec<[f32; 2]>) -> Result<Self> {
        let invalid = |found: String, expected: &str| Err(Error::invalid("isotonic.points", found, expected));
        if !(1..=Self::MAX_POINTS).contains(&points.len()) {
            return invalid(format!("{} points", points.len()), "1 to 64");
        }
        for point in &points {
            if !point[0].is_finite() {
                return invalid(format!("{point:?}"), "a finite score");
            }
            if !(point[1] > 0.0 && point[1] < 1.0) {
                return invalid(format!("{point:?}"), "a probability above 0, below 1");
            }
        }
        for pair in points.windows(2) {
            let ([low, p], [high, q]) = (pair[0], pair[1]);
            if low >= high {
                return invalid(format!("{pair:?}"), "scores in ascending order, none twice");
            }
            if p > q {
                return invalid(format!("{pair:?}"), "probabilities that never fall");
            }
        }
        Ok(Self { points })
    }

    /// Scores and probabilities of the points, ascending.
    #[must_use]
    pub fn points(&self) -> &[[f32; 2]] {
        &self.points
    }

    /// The probability for a score; a higher score never has a lower one.
    ///
    /// Cost: a binary search of the points.
    #[must_use]
    pub fn probability(&self, score: f32) -> f32 {
        let above = self.points.partition_point(|point| point[0] <= score);
        let Some(&[high, q]) = self.points.get(above) else {
            return self.points[above - 1][1];
        };
        let Some(&[low, p]) = above.checked_sub(1).and_then(|below| self.points.get(below)) else {
            return q;
        };
        // In f64, since rounding must not lift a point above its neighbour, nor may the difference overflow.
        let [low, high, p, q, score] = [low, high, p, q, score].map(f64::from);
        (p + (q - p) * ((score - low) / (high - low))) as f32
    }

    /// The least squared error of any nondecreasing map, by pooling adjacent violators (Ayer, Brunk, Ewing, Reid &
    /// Silverman 1955), used for calibration by Zadrozny & Elkan (2002).
    ///
    /// Each level stands with its lowest and its highest score; while these are more than [`MAX_POINTS`](Self::MAX_POINTS)
    /// points, the two neighbouring levels are pooled that add least to the squared error. Probabilities stay as far from 0
    /// and 1 as one more document of each class would keep them: 1/(n+2) to (n+1)/(n+2).
    ///
    /// Cost: a sort, and the square of the number of levels, which are few.
    pub(crate) fn fit(scores: &[f64], truth: &[bool]) -> Self {
        let mut levels = rising(ties(scores, truth));
        while levels.iter().map(Level::points).sum::<usize>() > Self::MAX_POINTS {
            pool_nearest(&mut levels);
        }
        let least = 1.0 / (truth.len() as f64 + 2.0);
        // Of more documents than f32 can tell apart, the highest is the last number below 1.
        let most = (1.0 - least).min(1.0 - f64::from(f32::EPSILON) / 2.0);
        let mut points = Vec::new();
        for level in &levels {
            let p = level.mean().clamp(least, most) as f32;
            points.push([level.low, p]);
            points.extend((level.high > level.low).then_some([level.high, p]));
        }
        if points.is_empty() {
            points.push([0.0, 0.5]);
        }
        Self { points }
    }
}

/// Neighbouring scores with one probability.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub(super) low: f32,
    pub(super) high: f32,
    /// Weight of the documents, and of those with the label.
    pub(super) weight: f64,
    pub(super) positives: f64,
}

impl Level {
    pub(super) fn mean(&self) -> f64 {
        self.positives / self.weight
    }

    fn points(&self) -> usize {
        1 + usize::from(self.high > self.low)
    }

    /// This level and the one above it.
    fn pooled(&self, above: &Self) -> Self {
        Self {
            low: self.low,
            high: above.high,
            weight: self.weight + above.weight,
            positives: self.positives + above.positives,
        }
    }

    /// What the squared error rises by if this level and the one above are pooled.
    fn cost(&self, above: &Self) -> f64 {
        let gap = above.mean() - self.mean();
        gap * gap * self.weight * above.weight / (self.weight + above.weight)
    }
}

/// A level for each score, ascending: documents that no threshold parts. Scores are told apart as scoring does, in f32.
fn ties(scores: &[f64], truth: &[bool]) -> Vec<Level> {
    let mut pairs: Vec<(f32, bool)> = scores
        .iter()
        .map(|&score| (score as f32).clamp(f32::MIN, f32::MAX))
        .zip(truth.iter().copied())
        .collect();
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    pairs
        .chunk_by(|a, b| a.0 == b.0)
        .map(|tied| Level {
            low: tied[0].0,
            high: tied[0].0,
            weight: tied.len() as f64,
            positives: tied.iter().filter(|(_, has)| *has).count() as f64,
        })
        .collect()
}

/// Pools levels until each is above the one before.
pub(super) fn rising(levels: Vec<Level>) -> Vec<Level> {
    let mut rising: Vec<Level> = Vec::new();
    for mut level in levels {
        // Products, not quotients: those of whole numbers are exact.
        while let Some(below) =
            rising.pop_if(|below| below.positives * level.weight >= level.positives * below.weight)
        {
            level = below.pooled(&level);
        }
        rising.push(level);
    }
    rising
}

/// Pools the two neighbours that differ least, the first of equals.
fn pool_nearest(levels: &mut Vec<Level>) {
    let costs = levels.windows(2).map(|pair| pair[0].cost(&pair[1])).enumerate();
    if let Some((nearest, _)) = costs.min_by(|a, b| a.1.total_cmp(&b.1)) {
        let above = levels.remove(nearest + 1);
        levels[nearest] = levels[nearest].pooled(&above);
    }
}
