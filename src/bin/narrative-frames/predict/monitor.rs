//! Shows how far a job is: progress on a terminal, metrics, the signal USR1, and the summary.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::args::PredictArgs;
use super::state::State;
use super::{metrics, summary};
use crate::messages::Messages;
use crate::progress;
use crate::whole_file::WholeFile;

/// The least time between two writings of the metrics.
const METRICS_INTERVAL: Duration = Duration::from_secs(1);

pub(super) struct Monitor {
    state: Arc<Mutex<State>>,
    messages: Messages,
    bar: ProgressBar,
    /// Opened beforehand: a long job should not end with a file that cannot be written.
    summary: Option<WholeFile>,
    metrics: Option<PathBuf>,
    metrics_written: Option<Instant>,
}

impl Monitor {
    /// `total_bytes` of all inputs, if that is known.
    pub(super) fn new(
        state: State,
        total_bytes: Option<u64>,
        arguments: &PredictArgs,
    ) -> anyhow::Result<Self> {
        let state = Arc::new(Mutex::new(state));
        let messages = Messages(arguments.log_format);
        let bar = progress::posts(total_bytes);
        #[cfg(unix)]
        tell_when_asked(Arc::clone(&state), messages, bar.clone())?;
        let mut monitor = Self {
            state,
            messages,
            bar,
            summary: arguments.summary.as_deref().map(WholeFile::create).transpose()?,
            metrics: arguments.metrics.clone(),
            metrics_written: None,
        };
        monitor.write_metrics(false)?;
        Ok(monitor)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// After each change of the state.
    pub(super) fn show(&mut self) -> anyhow::Result<()> {
        let (bytes, message) = {
            let state = self.state();
            let counts = &state.counts;
            (
                state.input_bytes,
                format!("{} posts, {} failed", counts.records, counts.failed()),
            )
        };
        self.bar.set_position(bytes);
        self.bar.set_message(message);
        let is_due = self
            .metrics_written
            .is_none_or(|last| last.elapsed() >= METRICS_INTERVAL);
        if is_due {
            self.write_metrics(false)?;
        }
        Ok(())
    }

    fn write_metrics(&mut self, finished: bool) -> anyhow::Result<()> {
        if let Some(path) = &self.metrics {
            let mut file = WholeFile::create(path)?;
            file.writer()
                .write_all(metrics::text(&self.state(), finished).as_bytes())?;
            file.finish()?;
            self.metrics_written = Some(Instant::now());
        }
        Ok(())
    }

    /// Everything was scored: the summary, and the last metrics.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        self.write_metrics(true)?;
        let summary_file = self.summary.take();
        let state = self.state();
        if let Some(mut file) = summary_file {
            writeln!(file.writer(), "{:#}", summary::json(&state))?;
            file.finish()?;
        }
        for field in state.missing_fields() {
            self.messages
                .warning(&format!("no record has the field {field:?} of --keep"));
        }
        self.messages
            .report(&summary::text(&state), "summary", summary::json(&state));
        Ok(())
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        // An error is told on a line of its own.
        self.bar.finish_and_clear();
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints the state whenever the signal USR1 comes.
#[cfg(unix)]
fn tell_when_asked(state: Arc<Mutex<State>>, messages: Messages, bar: ProgressBar) -> anyhow::Result<()> {
    use signal_hook::consts::SIGUSR1;
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGUSR1])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            let state = locked(&state).clone();
            bar.suspend(|| messages.report(&summary::text(&state), "state", summary::json(&state)));
        }
    });
    Ok(())
}
