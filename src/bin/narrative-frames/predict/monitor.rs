//! Shows how far a job is: progress on a terminal, metrics, the signal USR1, and the summary.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

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
    metrics: Option<PathBuf>,
    metrics_written: Option<Instant>,
}

impl Monitor {
    /// `total_bytes` of all inputs, if that is known.
    pub(super) fn new(
        state: State,
        messages: Messages,
        total_bytes: Option<u64>,
        metrics: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let state = Arc::new(Mutex::new(state));
        let bar = progress::posts(total_bytes);
        #[cfg(unix)]
        tell_when_asked(Arc::clone(&state), messages, bar.clone())?;
        Ok(Self {
            state,
            messages,
            bar,
            metrics: metrics.map(Path::to_owned),
            metrics_written: None,
        })
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
            write(path, metrics::text(&self.state(), finished).as_bytes())?;
            self.metrics_written = Some(Instant::now());
        }
        Ok(())
    }

    /// Everything was scored: the summary, and the last metrics.
    pub(super) fn finish(&mut self, summary_path: Option<&Path>) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        self.write_metrics(true)?;
        let state = self.state();
        if let Some(path) = summary_path {
            write(path, format!("{:#}\n", summary::json(&state)).as_bytes())?;
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

fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.writer().write_all(content)?;
    file.finish()
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
