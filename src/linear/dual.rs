//! Dual coordinate descent for logistic regression, several labels to one pass over the rows.
//!
//! Yu, Huang & Lin (2011), "Dual coordinate descent methods for logistic regression and maximum entropy
//! models", Machine Learning 85, Algorithm 5. The dual of one label is
//!
//! `min ½‖w‖² + Σᵢ αᵢ ln αᵢ + (Cᵢ − αᵢ) ln (Cᵢ − αᵢ)`, `0 ≤ αᵢ ≤ Cᵢ`, with `w = Σᵢ αᵢ yᵢ xᵢ`,
//!
//! and is solved one `αᵢ` at a time. Three things differ from the paper, for speed and for a criterion
//! that means something:
//!
//! * Labels are taken in blocks of [`LANES`]. One visit to a row reads its columns once for all labels of
//!   the block, and the weights of a column are one cache line.
//! * With `αᵢ = Cᵢ σ(t)` the one-variable problem is the root of
//!   `t + ‖xᵢ‖² (Cᵢ σ(t) − αᵢ) + mᵢ`, `mᵢ = yᵢ w · xᵢ`, whose slope lies between 1 and `1 + ‖xᵢ‖² Cᵢ / 4`: a
//!   bracketed Newton iteration finds it in a few steps, starting from `t = −mᵢ`, exact at the optimum.
//! * It stops on the duality gap, which is `Σᵢ Cᵢ KL(αᵢ/Cᵢ ‖ σ(−mᵢ))`: a sum over rows, so that each pass
//!   estimates it on the way and only a promising estimate is checked by a pass of its own.

use super::Convergence;
use crate::features::FeatureMatrix;
use crate::random::SplitMix64;

/// Labels of one block: eight `f64` are one cache line.
pub(super) const LANES: usize = 8;

type Lanes = [f64; LANES];

/// The weights of one column, on a cache line of their own.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Column(pub(super) Lanes);

/// The labels of one block.
pub(super) struct Problem<'a> {
    /// Rows.
    pub(super) matrix: &'a FeatureMatrix,
    /// `yᵢ Cᵢ` of each row and label: positive for documents that have the label.
    pub(super) signed_costs: Vec<Lanes>,
    /// How many of the lanes are labels.
    pub(super) n_labels: usize,
    /// Relative duality gap to reach.
    pub(super) tolerance: f64,
    /// Limit on passes.
    pub(super) max_iterations: u32,
}

/// Weights of a block: one entry a column, the intercepts last.
pub(super) struct Solution {
    pub(super) weights: Vec<Column>,
    pub(super) convergence: Vec<Convergence>,
}

struct State<'a> {
    problem: &'a Problem<'a>,
    weights: Vec<Column>,
    /// `αᵢ` of each row and label.
    duals: Vec<Lanes>,
    squares: Vec<f64>,
    is_active: [bool; LANES],
}

/// Minimizes the objective of every label of the block.
pub(super) fn solve(problem: &Problem<'_>) -> Solution {
    let n_samples = problem.matrix.n_samples();
    let mut state = State::new(problem);
    let mut order: Vec<u32> = (0..n_samples as u32).collect();
    let mut random = SplitMix64::new(0);
    let mut convergence = vec![Convergence::default(); problem.n_labels];
    for iteration in 1..=problem.max_iterations {
        random.shuffle(&mut order);
        let estimates = state.pass(&order);
        let is_last = iteration == problem.max_iterations;
        if is_last || state.is_promising(&estimates) {
            state.check(iteration, &mut convergence);
        }
        if !state.is_active.contains(&true) {
            break;
        }
    }
    Solution {
        weights: state.weights,
        convergence,
    }
}

impl<'a> State<'a> {
    fn new(problem: &'a Problem<'a>) -> Self {
        let n_samples = problem.matrix.n_samples();
        let mut state = Self {
            problem,
            weights: vec![Column([0.0; LANES]); problem.matrix.n_features() + 1],
            duals: vec![[0.0; LANES]; n_samples],
            squares: (0..n_samples)
                .map(|row| squared_length(problem.matrix, row))
                .collect(),
            is_active: std::array::from_fn(|lane| lane < problem.n_labels),
        };
        for row in 0..n_samples {
            state.start(row);
        }
        state
    }

    /// A feasible start near the optimum of an easy row: a small part of the cost.
    fn start(&mut self, row: usize) {
        const PART: f64 = 1e-3;
        let costs = self.problem.signed_costs[row];
        self.duals[row] = costs.map(|cost| PART * cost.abs());
        add_row(
            &mut self.weights,
            self.problem.matrix,
            row,
            &costs.map(|cost| PART * cost),
        );
    }

    /// Visits every row once; returns, for each label, the gap and the objective as seen on the way.
    fn pass(&mut self, order: &[u32]) -> [(f64, f64); LANES] {
        let mut estimates = [(0.0, 0.0); LANES];
        for &row in order {
            let row = row as usize;
            let scores = scores(&self.weights, self.problem.matrix, row);
            let steps = self.visit(row, &scores, &mut estimates);
            if steps != [0.0; LANES] {
                add_row(&mut self.weights, self.problem.matrix, row, &steps);
            }
        }
        estimates
    }

    /// Solves the one-variable problem of each label at a row; returns what to add to `w` per unit of `x`.
    fn visit(&mut self, row: usize, scores: &Lanes, estimates: &mut [(f64, f64); LANES]) -> Lanes {
        let mut steps = [0.0; LANES];
        for lane in 0..self.problem.n_labels {
            if !self.is_active[lane] {
                continue;
            }
            let signed_cost = self.problem.signed_costs[row][lane];
            let (cost, sign) = (signed_cost.abs(), signed_cost.signum());
            let margin = sign * scores[lane];
            let dual = self.duals[row][lane];
            let point = Point::new(cost, margin, dual);
            estimates[lane].0 += point.gap();
            estimates[lane].1 += point.loss();
            let new = point.minimize(self.squares[row]);
            self.duals[row][lane] = new;
            steps[lane] = sign * (new - dual);
        }
        steps
    }

    /// Whether the last pass saw a gap small enough to be worth a check.
    fn is_promising(&self, estimates: &[(f64, f64); LANES]) -> bool {
        let penalties = self.penalties();
        (0..self.problem.n_labels).any(|lane| {
            let (gap, loss) = estimates[lane];
            self.is_active[lane] && gap <= self.problem.tolerance * (loss + penalties[lane])
        })
    }

    /// Computes gap and objective of the active labels at the present weights; retires those done.
    fn check(&mut self, iteration: u32, convergence: &mut [Convergence]) {
        let mut gaps = [0.0; LANES];
        let mut objectives = self.penalties();
        for row in 0..self.problem.matrix.n_samples() {
            let scores = scores(&self.weights, self.problem.matrix, row);
            for lane in 0..self.problem.n_labels {
                let signed_cost = self.problem.signed_costs[row][lane];
                let margin = signed_cost.signum() * scores[lane];
                let point = Point::new(signed_cost.abs(), margin, self.duals[row][lane]);
                gaps[lane] += point.gap();
                objectives[lane] += point.loss();
            }
        }
        for (lane, convergence) in convergence.iter_mut().enumerate() {
            if !self.is_active[lane] {
                continue;
            }
            let gap = gaps[lane] / objectives[lane];
            *convergence = Convergence {
                iterations: iteration,
                objective: objectives[lane],
                criterion: gap,
                converged: gap <= self.problem.tolerance,
            };
            self.is_active[lane] = !convergence.converged;
        }
    }

    /// `½‖w‖²` of every label.
    fn penalties(&self) -> Lanes {
        let mut penalties = [0.0; LANES];
        for Column(weights) in &self.weights {
            for lane in 0..LANES {
                penalties[lane] += 0.5 * weights[lane] * weights[lane];
            }
        }
        penalties
    }
}

/// One row as one label sees it.
struct Point {
    cost: f64,
    margin: f64,
    dual: f64,
    /// `σ(−margin)`: where `dual / cost` is at the optimum.
    target: f64,
}

impl Point {
    fn new(cost: f64, margin: f64, dual: f64) -> Self {
        Self {
            cost,
            margin,
            dual,
            target: sigmoid(-margin),
        }
    }

    /// `C ln(1 + exp(−margin))`.
    fn loss(&self) -> f64 {
        self.cost * softplus(-self.margin)
    }

    /// The part of the duality gap that this row adds: `C · KL(α/C ‖ σ(−margin))`, never below 0.
    fn gap(&self) -> f64 {
        let part = self.dual / self.cost;
        // ln σ(−m) = −softplus(m), ln (1 − σ(−m)) = −softplus(−m) = m − softplus(m).
        let cross = softplus(self.margin) - (1.0 - part) * self.margin;
        self.cost * (x_ln_x(part) + x_ln_x(1.0 - part) + cross).max(0.0)
    }

    /// The `α` that minimizes the dual when this row's moves alone.
    fn minimize(&self, square: f64) -> f64 {
        const MAX_STEPS: usize = 20;
        let slope = square * self.cost;
        let value = |t: f64, part: f64| t + square * (self.cost * part - self.dual) + self.margin;
        let (mut t, mut part) = (-self.margin, self.target);
        let first = value(t, part);
        if first == 0.0 {
            return self.cost * part;
        }
        let other = t - first / (1.0 + 0.25 * slope);
        let far = t - first;
        let (mut low, mut high) = (other.min(far), other.max(far));
        for _ in 0..MAX_STEPS {
            let value = value(t, part);
            if value.abs() <= 1e-3 * first.abs() {
                break;
            }
            let newton = t - value / (1.0 + slope * part * (1.0 - part));
            t = if newton >= low && newton <= high {
                newton
            } else {
                0.5 * (low + high)
            };
            part = sigmoid(t);
            if t + square * (self.cost * part - self.dual) + self.margin > 0.0 {
                high = t;
            } else {
                low = t;
            }
        }
        self.cost * part
    }
}

fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

/// `ln(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

fn x_ln_x(x: f64) -> f64 {
    if x > 0.0 { x * libm::log(x) } else { 0.0 }
}

fn squared_length(matrix: &FeatureMatrix, row: usize) -> f64 {
    let values = matrix.row(row).1;
    1.0 + values.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>()
}

/// `w · x` of every label, the intercept included.
fn scores(weights: &[Column], matrix: &FeatureMatrix, row: usize) -> Lanes {
    let mut scores = weights[matrix.n_features()].0;
    let (columns, values) = matrix.row(row);
    for (&column, &value) in columns.iter().zip(values) {
        let weights = &weights[column as usize].0;
        for lane in 0..LANES {
            scores[lane] += f64::from(value) * weights[lane];
        }
    }
    scores
}

/// Adds a multiple of a row to the weights of every label.
fn add_row(weights: &mut [Column], matrix: &FeatureMatrix, row: usize, steps: &Lanes) {
    let (columns, values) = matrix.row(row);
    for (&column, &value) in columns.iter().zip(values) {
        let weights = &mut weights[column as usize].0;
        for lane in 0..LANES {
            weights[lane] += f64::from(value) * steps[lane];
        }
    }
    let intercepts = &mut weights[matrix.n_features()].0;
    for lane in 0..LANES {
        intercepts[lane] += steps[lane];
    }
}
