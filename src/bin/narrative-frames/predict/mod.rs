//! `predict`: posts in, one JSON record a post out.
//!
//! A `pass` reads chunks of records, scores them on all threads (`scoring`), writes them as their `shape` says (`record`)
//! and in order to an `output`, which may be a `job` that survives interruptions. `monitor` shows the `state`.

mod args;
mod begin;
mod counts;
mod files;
mod job;
mod metrics;
mod monitor;
mod output;
mod pass;
mod record;
mod run;
mod scoring;
mod shape;
mod state;
mod summary;

pub(crate) use args::PredictArgs;
pub(crate) use run::run;
