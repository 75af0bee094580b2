//! Dual coordinate descent for logistic regression, several labels to one pass over the rows.
//!
//! Yu, Huang & Lin (2011), "Dual coordinate descent methods for logistic regression and maximum entropy
//! models", Machine Learning 85, Algorithm 5. The dual of one label is
//!
//! `min ½‖w‖² + Σᵢ αᵢ ln αᵢ + (Cᵢ − αᵢ) ln (Cᵢ − αᵢ)`, `0 ≤ αᵢ ≤ Cᵢ`, with `w = Σᵢ αᵢ yᵢ xᵢ`,
//!
//! and is solved one `αᵢ` at a time. Five things differ from the paper, for speed and for a criterion
//! that means something:
//!
//! * Labels are taken in blocks of [`LANES`]. One visit to a row reads its columns once for all labels of
//!   the block, and the weights of a column are one cache line. What is done to one label does not depend on the others.
//! * With `αᵢ = Cᵢ σ(t)` the one-variable problem is the root of
//!   `t + ‖xᵢ‖² Cᵢ (σ(t) − αᵢ/Cᵢ) + mᵢ`, `mᵢ = yᵢ w · xᵢ`: a few steps of Newton's method from a side from which it cannot
//!   overshoot; the same number for all labels, so that they are vector instructions.
//! * It stops on the duality gap, which is `Σᵢ Cᵢ KL(αᵢ/Cᵢ ‖ σ(−mᵢ))`: a sum over rows, so that each pass
//!   estimates it on the way and only a promising estimate is checked by a pass of its own.
//! * A weight has a prior variance `v` (see [`Prior`](super::Prior)): the penalty is `½ Σ w²/v`, `w = v · Σᵢ αᵢ yᵢ xᵢ`, and `‖xᵢ‖²` is `Σ v x²`.
//! * A row whose part of the gap is a small share of the tolerance is left alone: most rows, after some passes, so that
//!   their columns are read and not written.

use super::Convergence;
use super::scalar::Scalar;
use crate::features::FeatureMatrix;
use crate::random::SplitMix64;

/// Labels of one block: sixteen `f32` are one cache line.
pub(super) const LANES: usize = 16;

/// From this tolerance on `f32` is precise enough: its sums are off by 10⁻⁴ of a weight at worst, which adds its square to the gap.
pub(super) const F32_TOLERANCE: f64 = 1e-6;

/// A number for each label of a block.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Lanes<S>(pub(super) [S; LANES]);

/// The labels of one block.
pub(super) struct Problem<'a, S> {
    /// Rows.
    pub(super) matrix: &'a FeatureMatrix,
    /// `yᵢ Cᵢ` of each row and label: positive for documents that have the label, 0 for lanes without a label.
    pub(super) signed_costs: Vec<[S; LANES]>,
    /// Prior variance of the weights of each column, 1 for all if there are none; see [`super::Prior`].
    pub(super) variances: Option<Vec<Lanes<S>>>,
    /// How many of the lanes are labels.
    pub(super) n_labels: usize,
    /// Relative duality gap to reach.
    pub(super) tolerance: f64,
    /// Limit on passes.
    pub(super) max_iterations: u32,
}

/// Weights of a block: one entry a column, the intercepts last.
pub(super) struct Solution<S> {
    pub(super) weights: Vec<Lanes<S>>,
    pub(super) convergence: Vec<Convergence>,
}

struct State<'a, S> {
    problem: &'a Problem<'a, S>,
    weights: Vec<Lanes<S>>,
    /// `αᵢ / Cᵢ` of each row and label.
    parts: Vec<Lanes<S>>,
    /// `Cᵢ ‖xᵢ‖²` of each row and label, in units of the prior.
    slopes: Vec<Lanes<S>>,
    /// Steps for a one-variable problem.
    newton_steps: usize,
    /// 1 for a label that is still being solved.
    active: [S; LANES],
    /// The part of the gap below which a row is left alone.
    negligible: [S; LANES],
}

/// Sums over the rows of one pass.
struct Estimates {
    gaps: [f64; LANES],
    losses: [f64; LANES],
}

/// Minimizes the objective of every label of the block.
pub(super) fn solve<S: Scalar>(problem: &Problem<'_, S>) -> Solution<S> {
    let n_samples = problem.matrix.n_samples();
    let mut state = State::new(problem);
    let mut order: Vec<u32> = (0..n_samples as u32).collect();
    let mut random = SplitMix64::new(0);
    let mut convergence = vec![Convergence::default(); problem.n_labels];
    for iteration in 1..=problem.max_iterations {
        random.shuffle(&mut order);
        let is_promising = state.pass(&order);
        if is_promising || iteration == problem.max_iterations {
            state.check(iteration, &mut convergence);
        }
        if state.active == [S::ZERO; LANES] {
            break;
        }
    }
    Solution {
        weights: state.weights,
        convergence,
    }
}

impl<'a, S: Scalar> State<'a, S> {
    fn new(problem: &'a Problem<'a, S>) -> Self {
        /// A feasible start near the optimum of an easy row: a small part of the cost.
        const PART: f64 = 1e-3;
        let matrix = problem.matrix;
        let n_samples = matrix.n_samples();
        let part = Lanes([S::from_f64(PART); LANES]);
        let slopes: Vec<Lanes<S>> = (0..n_samples).map(|row| problem.slopes(row)).collect();
        let mut state = Self {
            problem,
            weights: vec![Lanes([S::ZERO; LANES]); matrix.n_features() + 1],
            parts: vec![part; n_samples],
            newton_steps: newton_steps(&slopes),
            slopes,
            active: std::array::from_fn(|lane| S::from_f64(f64::from(u8::from(lane < problem.n_labels)))),
            negligible: [S::ZERO; LANES],
        };
        for (row, costs) in problem.signed_costs.iter().enumerate() {
            let steps = costs.map(|cost| S::from_f64(PART) * cost);
            problem.add_row(&mut state.weights, row, &steps);
        }
        state
    }

    /// Visits every row once; returns whether it saw a gap small enough to be worth a check.
    fn pass(&mut self, order: &[u32]) -> bool {
        let mut seen = Estimates {
            gaps: [0.0; LANES],
            losses: [0.0; LANES],
        };
        for &row in order {
            let row = row as usize;
            let scores = scores(&self.weights, self.problem.matrix, row);
            let steps = self.visit(row, &scores, &mut seen);
            if steps != [S::ZERO; LANES] {
                self.problem.add_row(&mut self.weights, row, &steps);
            }
        }
        self.weigh(&seen)
    }

    /// Solves the one-variable problem of each label at a row; returns what to add to `w` per unit of `x`.
    #[inline]
    fn visit(&mut self, row: usize, scores: &[S; LANES], seen: &mut Estimates) -> [S; LANES] {
        let costs = &self.problem.signed_costs[row];
        let parts = &mut self.parts[row].0;
        let points = Points::new(scores, costs, parts);
        let best = points.minimize(&self.slopes[row].0, self.newton_steps);
        let mut steps = [S::ZERO; LANES];
        for lane in 0..LANES {
            let (gap, bound) = points.gap(lane);
            let cost = costs[lane].abs();
            seen.gaps[lane] += (cost * gap).to_f64();
            seen.losses[lane] += (cost * points.loss(lane)).to_f64();
            let is_left = cost * bound <= self.negligible[lane];
            let moved = if is_left {
                S::ZERO
            } else {
                (best[lane] - parts[lane]) * self.active[lane]
            };
            parts[lane] += moved;
            steps[lane] = costs[lane] * moved;
        }
        steps
    }

    /// Learns from a pass what is negligible, and whether a label may be done.
    fn weigh(&mut self, seen: &Estimates) -> bool {
        /// Of the tolerance, for all rows that are left alone together.
        const SHARE: f64 = 0.1;
        let penalties = self.penalties();
        let rows = self.problem.matrix.n_samples() as f64;
        let mut is_promising = false;
        for (lane, penalty) in penalties.into_iter().enumerate() {
            let allowed = self.problem.tolerance * (seen.losses[lane] + penalty);
            self.negligible[lane] = S::from_f64(SHARE * allowed / rows);
            is_promising |= self.active[lane] != S::ZERO && seen.gaps[lane] <= allowed;
        }
        is_promising
    }

    /// Computes gap and objective of the active labels at the present weights; retires those done.
    fn check(&mut self, iteration: u32, convergence: &mut [Convergence]) {
        let mut gaps = [0.0; LANES];
        let mut objectives = self.penalties();
        for row in 0..self.problem.matrix.n_samples() {
            let scores = scores(&self.weights, self.problem.matrix, row);
            for lane in 0..self.problem.n_labels {
                let signed_cost = self.problem.signed_costs[row][lane].to_f64();
                let margin = signed_cost.signum() * scores[lane].to_f64();
                let loss = softplus(-margin);
                gaps[lane] += signed_cost.abs() * divergence(self.parts[row].0[lane].to_f64(), margin, loss);
                objectives[lane] += signed_cost.abs() * loss;
            }
        }
        for (lane, convergence) in convergence.iter_mut().enumerate() {
            if self.active[lane] == S::ZERO {
                continue;
            }
            let gap = gaps[lane] / objectives[lane];
            *convergence = Convergence {
                iterations: iteration,
                objective: objectives[lane],
                criterion: gap,
                converged: gap <= self.problem.tolerance,
            };
            if convergence.converged {
                self.active[lane] = S::ZERO;
            }
        }
    }

    /// `½‖w‖²` of every label, in units of the prior.
    fn penalties(&self) -> [f64; LANES] {
        let mut penalties = [0.0; LANES];
        let variances = self.problem.variances.as_deref();
        for (column, weights) in self.weights.iter().enumerate() {
            let halves = weights.0.map(|weight| 0.5 * weight.to_f64() * weight.to_f64());
            // The intercept has none.
            match variances.and_then(|variances| variances.get(column)) {
                Some(variances) => {
                    for lane in 0..LANES {
                        penalties[lane] += halves[lane] / variances.0[lane].to_f64();
                    }
                }
                None => {
                    for lane in 0..LANES {
                        penalties[lane] += halves[lane];
                    }
                }
            }
        }
        penalties
    }
}

/// Newton's method takes about one step for each factor of e in the slope, and then some for the digits.
fn newton_steps<S: Scalar>(slopes: &[Lanes<S>]) -> usize {
    let all = slopes.iter().flat_map(|slopes| &slopes.0);
    let steepest = all.fold(0.0, |most: f64, slope| most.max(slope.to_f64()));
    S::NEWTON_STEPS + libm::log1p(steepest / 40.0) as usize
}

/// One row as each label sees it. Loops over labels have no branches.
struct Points<S> {
    margins: [S; LANES],
    parts: [S; LANES],
    /// `exp(−|margin|)`
    tails: [S; LANES],
    /// `σ(−margin)`: where the part is at the optimum.
    targets: [S; LANES],
}

impl<S: Scalar> Points<S> {
    #[inline]
    fn new(scores: &[S; LANES], signed_costs: &[S; LANES], parts: &[S; LANES]) -> Self {
        let mut points = Self {
            margins: *scores,
            parts: *parts,
            tails: [S::ZERO; LANES],
            targets: [S::ZERO; LANES],
        };
        for lane in 0..LANES {
            let score = scores[lane];
            let margin = if signed_costs[lane] < S::ZERO {
                -score
            } else {
                score
            };
            let tail = (-margin.abs()).exp_of_negative();
            points.margins[lane] = margin;
            points.tails[lane] = tail;
            points.targets[lane] = sigmoid(-margin, tail);
        }
        points
    }

    /// `ln(1 + exp(−margin))`
    #[inline]
    fn loss(&self, lane: usize) -> S {
        (-self.margins[lane]).max(S::ZERO) + self.tails[lane].ln_1p_of_unit()
    }

    /// About `KL(part ‖ target)`, exact to second order where they are close, and a bound of it from above (`χ²`): no
    /// logarithm in either.
    #[inline]
    fn gap(&self, lane: usize) -> (S, S) {
        let (part, target) = (self.parts[lane], self.targets[lane]);
        let square = (part - target) * (part - target);
        let variance = target * (S::ONE - target) + S::TINY;
        (square / (variance + part * (S::ONE - part)), square / variance)
    }

    /// The parts that minimize the dual when this row's move alone, slopes being `‖x‖² C`.
    ///
    /// A root lies on the side of 0 that the sign there tells, and between `−margin` and a full step of slope 1 from it. Newton's
    /// method comes to it from the side of 0 without ever passing it, since there the function bends away from 0.
    #[inline]
    fn minimize(&self, slopes: &[S; LANES], steps: usize) -> [S; LANES] {
        let (mut t, mut best) = ([S::ZERO; LANES], [S::ZERO; LANES]);
        for lane in 0..LANES {
            let (margin, part) = (self.margins[lane], self.parts[lane]);
            let near = -margin;
            let far = near - slopes[lane] * (self.targets[lane] - part);
            let is_below = margin + slopes[lane] * (S::HALF - part) > S::ZERO;
            let below = near.max(far).min(S::ZERO);
            let above = near.min(far).max(S::ZERO);
            let start = if is_below { below } else { above };
            t[lane] = start;
            best[lane] = sigmoid(start, (-start.abs()).exp_of_negative());
        }
        for _ in 0..steps {
            for lane in 0..LANES {
                let value = t[lane] + slopes[lane] * (best[lane] - self.parts[lane]) + self.margins[lane];
                let next = t[lane] - value / (S::ONE + slopes[lane] * best[lane] * (S::ONE - best[lane]));
                t[lane] = next;
                best[lane] = sigmoid(next, (-next.abs()).exp_of_negative());
            }
        }
        best
    }
}

/// `1 / (1 + exp(−x))`, where `tail` is `exp(−|x|)`.
#[inline]
fn sigmoid<S: Scalar>(x: S, tail: S) -> S {
    let top = if x >= S::ZERO { S::ONE } else { tail };
    top / (S::ONE + tail)
}

/// `KL(part ‖ σ(−margin))`, never below 0, where `loss` is `−ln σ(margin)`.
fn divergence(part: f64, margin: f64, loss: f64) -> f64 {
    // ln σ(−m) = −loss − m, ln (1 − σ(−m)) = −loss.
    (x_ln_x(part) + x_ln_x(1.0 - part) + loss + part * margin).max(0.0)
}

/// `ln(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

fn x_ln_x(x: f64) -> f64 {
    if x > 0.0 { x * libm::log(x) } else { 0.0 }
}

/// `w · x` of every label, the intercept included.
#[inline]
fn scores<S: Scalar>(weights: &[Lanes<S>], matrix: &FeatureMatrix, row: usize) -> [S; LANES] {
    let mut scores = weights[matrix.n_features()].0;
    let (columns, values) = matrix.row(row);
    for (&column, &value) in columns.iter().zip(values) {
        let value = S::from_f32(value);
        let weights = &weights[column as usize].0;
        for lane in 0..LANES {
            scores[lane] += value * weights[lane];
        }
    }
    scores
}

impl<S: Scalar> Problem<'_, S> {
    /// `Cᵢ ‖xᵢ‖²` of a row, in units of the prior.
    fn slopes(&self, row: usize) -> Lanes<S> {
        let (columns, values) = self.matrix.row(row);
        let squares = match &self.variances {
            Some(variances) => scaled_squares(columns, values, variances),
            None => {
                [values
                    .iter()
                    .fold(1.0, |sum, &x| sum + f64::from(x) * f64::from(x)); LANES]
            }
        };
        let costs = &self.signed_costs[row];
        Lanes(std::array::from_fn(|lane| {
            S::from_f64(squares[lane]) * costs[lane].abs()
        }))
    }

    /// Adds a multiple of a row to the weights of every label.
    #[inline]
    fn add_row(&self, weights: &mut [Lanes<S>], row: usize, steps: &[S; LANES]) {
        let (columns, values) = self.matrix.row(row);
        match &self.variances {
            Some(variances) => add_scaled(weights, columns, values, steps, variances),
            None => add(weights, columns, values, steps),
        }
        let intercepts = &mut weights[self.matrix.n_features()].0;
        for lane in 0..LANES {
            intercepts[lane] += steps[lane];
        }
    }
}

/// `‖x‖²` of each label, the intercept included, in units of the prior.
fn scaled_squares<S: Scalar>(columns: &[u32], values: &[f32], variances: &[Lanes<S>]) -> [f64; LANES] {
    let mut squares = [1.0; LANES];
    for (&column, &value) in columns.iter().zip(values) {
        let square = f64::from(value) * f64::from(value);
        let variances = &variances[column as usize].0;
        for lane in 0..LANES {
            squares[lane] += square * variances[lane].to_f64();
        }
    }
    squares
}

#[inline]
fn add<S: Scalar>(weights: &mut [Lanes<S>], columns: &[u32], values: &[f32], steps: &[S; LANES]) {
    for (&column, &value) in columns.iter().zip(values) {
        let value = S::from_f32(value);
        let weights = &mut weights[column as usize].0;
        for lane in 0..LANES {
            weights[lane] += value * steps[lane];
        }
    }
}

#[inline]
fn add_scaled<S: Scalar>(
    weights: &mut [Lanes<S>],
    columns: &[u32],
    values: &[f32],
    steps: &[S; LANES],
    variances: &[Lanes<S>],
) {
    for (&column, &value) in columns.iter().zip(values) {
        let value = S::from_f32(value);
        let (weights, variances) = (&mut weights[column as usize].0, &variances[column as usize].0);
        for lane in 0..LANES {
            weights[lane] += value * steps[lane] * variances[lane];
        }
    }
}
