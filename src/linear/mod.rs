//! L2-regularized logistic regression on sparse features; knows no text.
//!
//! | targets | model | solver |
//! |---|---|---|
//! | `Array2<bool>`, any number of labels a document | [`LogisticRegression`], one model a label | dual coordinate descent (Yu, Huang & Lin 2011), sixteen labels to a pass |
//! | `Array1<usize>`, one class a document | [`SoftmaxRegression`] | trust-region Newton (Lin, Weng & Keerthi 2008) |
//!
//! [`Solver::Dense`] hands either to `linfa-logistic`, for small vocabularies, and is the oracle in the
//! tests. All minimize the same objectives. For labels, each on its own,
//!
//! `½‖w‖² + C · Σᵢ cᵢ · ln(1 + exp(−yᵢ (w · xᵢ)))`, with `yᵢ = ±1`
//!
//! and for classes
//!
//! `½ Σₖ‖wₖ‖² + C · Σᵢ cᵢ · (ln Σₖ exp(wₖ · xᵢ) − w_yᵢ · xᵢ)`
//!
//! where `cᵢ` is the weight of the document times that of its class. The intercept is the weight of one
//! more feature that is 1 everywhere, and is penalized like every other weight (liblinear's `-B 1`).

mod dense;
mod dual;
mod newton;
mod one_vs_rest;
mod params;
mod prior;
mod scalar;
mod softmax;
#[cfg(test)]
mod tests;

pub use one_vs_rest::{Convergence, LogisticRegression};
pub use params::{ClassWeight, LogisticRegressionParams, LogisticRegressionValidParams, Solver};
pub use prior::Prior;
pub use softmax::SoftmaxRegression;

pub(crate) use one_vs_rest::decision_function;
pub(crate) use softmax::softmax;
