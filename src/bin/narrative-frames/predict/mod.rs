//! `predict`: posts in, one JSON record a post out.
//!
//! `run` reads chunks of records, scores them on all threads (`scoring`) as their `shape` says (`record`), and writes them
//! in order to an `output`, which may be a `job` that survives interruptions. `monitor` shows the `state`.

mod args;
mod counts;
mod files;
mod job;
mod metrics;
mod monitor;
mod output;
mod record;
mod run;
mod scoring;
mod shape;
mod state;
mod summary;

pub(crate) use args::PredictArgs;
pub(crate) use run::run;
