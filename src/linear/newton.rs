//! Trust-region Newton method for smooth, 1-strongly convex functions.
//!
//! The steps are those of Lin, Weng & Keerthi (2008), "Trust region Newton method for large-scale logistic
//! regression", JMLR 9: conjugate gradients inside a trust region (Steihaug 1983; Nocedal & Wright 2006,
//! Algorithm 7.2), the radius by how well the quadratic model did (Nocedal & Wright 2006, Algorithm 4.1).

use super::Convergence;

/// A smooth function with `f(x) − min f ≤ ‖∇f(x)‖² / 2`.
pub(super) trait Objective {
    /// Number of variables.
    fn len(&self) -> usize;
    /// The value at `x`.
    fn value(&self, x: &[f64]) -> f64;
    /// Moves to `x` and writes the gradient there.
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]);
    /// Writes the product of the Hessian where it was moved to with a direction.
    fn curvature(&self, direction: &[f64], product: &mut [f64]);
}

/// Minimizes from `x = 0` until the bound on the relative distance to the optimum is at most `tolerance`.
pub(super) fn minimize(
    objective: &mut impl Objective,
    tolerance: f64,
    max_iterations: u32,
) -> (Vec<f64>, Convergence) {
    let n = objective.len();
    let mut x = vec![0.0; n];
    let mut gradient = vec![0.0; n];
    let mut value = objective.value(&x);
    objective.gradient(&x, &mut gradient);
    let mut radius = norm(&gradient);
    let mut convergence = Convergence::default();
    for iteration in 0..=max_iterations {
        let criterion = 0.5 * dot(&gradient, &gradient) / value;
        convergence = Convergence {
            iterations: iteration,
            objective: value,
            criterion,
            converged: criterion <= tolerance,
        };
        if convergence.converged || radius == 0.0 {
            break;
        }
        let (step, predicted) = steihaug(objective, &gradient, radius);
        let trial: Vec<f64> = x.iter().zip(&step).map(|(x, s)| x + s).collect();
        let trial_value = objective.value(&trial);
        let quality = (value - trial_value) / predicted;
        let length = norm(&step);
        if quality < 0.25 {
            radius = 0.25 * length;
        } else if quality > 0.75 && length > 0.99 * radius {
            radius *= 2.0;
        }
        if quality > 1e-4 {
            x = trial;
            value = trial_value;
            objective.gradient(&x, &mut gradient);
        }
    }
    (x, convergence)
}

/// A step that lowers the quadratic model within the radius, and by how much.
fn steihaug(objective: &impl Objective, gradient: &[f64], radius: f64) -> (Vec<f64>, f64) {
    let n = gradient.len();
    let mut step = vec![0.0; n];
    let mut residual: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut direction = residual.clone();
    let mut product = vec![0.0; n];
    let mut squares = dot(&residual, &residual);
    let goal = 0.01 * squares;
    let mut predicted = 0.0;
    while squares > goal {
        objective.curvature(&direction, &mut product);
        let curvature = dot(&direction, &product);
        let full = squares / curvature;
        let to_border = distance_to_border(&step, &direction, radius);
        let along = full.min(to_border);
        predicted += along * squares - 0.5 * along * along * curvature;
        add(&mut step, along, &direction);
        if full >= to_border {
            break;
        }
        add(&mut residual, -along, &product);
        let new = dot(&residual, &residual);
        let ratio = new / squares;
        for (d, r) in direction.iter_mut().zip(&residual) {
            *d = r + ratio * *d;
        }
        squares = new;
    }
    (step, predicted)
}

/// The largest `t` for which `‖step + t · direction‖` is at most the radius.
fn distance_to_border(step: &[f64], direction: &[f64], radius: f64) -> f64 {
    let a = dot(direction, direction);
    let b = dot(step, direction);
    let c = dot(step, step) - radius * radius;
    (-b + (b * b - a * c).max(0.0).sqrt()) / a
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

fn add(a: &mut [f64], factor: f64, b: &[f64]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += factor * b;
    }
}
