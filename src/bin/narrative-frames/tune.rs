//! `tune`: labelled records in, the recipe that suits them out.

use std::fmt::Write as _;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use narrative_frames::tune::{Journal, Trial, Tuned, Tuning, TuningReport, Watch, tune};
use serde_json::json;

use crate::args::TuneArgs;
use crate::command::Words;
use crate::exit::Exit;
use crate::messages::{Messages, warn};
use crate::report::table;
use crate::whole_file::WholeFile;
use crate::{progress, reading, recipe};

/// The time to search if nothing is said of it.
const BUDGET: Duration = Duration::from_secs(600);

/// Recipes that the table shows.
const SHOWN: usize = 20;

pub(crate) fn run(arguments: &TuneArgs) -> anyhow::Result<Exit> {
    let mut clock = Clock::new(arguments);
    let recipe = recipe::recipe(&arguments.learn)?;
    let (corpus, reading) = reading::read(&arguments.learn, &recipe)?;
    let tuning = Tuning {
        folds: arguments.folds.map_or(recipe.calibration.folds, usize::from),
        seed: arguments.seed,
        trials: arguments.trials.map(std::num::NonZero::get),
    };
    // What cannot be written is found now, not after an hour.
    let mut output = WholeFile::create(&arguments.output)?;
    let journal = arguments.journal.as_ref();
    let mut journal = journal
        .map(|path| Journal::open(path, &corpus, &tuning))
        .transpose()?;
    if let Some(journal) = &journal {
        say_resumed(journal);
    }
    let report = tune(&recipe, &corpus, &tuning, journal.as_mut(), &mut clock)?;
    clock.bar.finish_and_clear();
    let toml = comment(arguments, &tuning, &report) + &report.best.recipe.to_toml();
    output
        .writer()
        .write_all(toml.as_bytes())
        .with_context(|| format!("cannot write {}", arguments.output.display()))?;
    output.finish()?;
    print(arguments, &report)?;
    reading::print(&mut std::io::stdout().lock(), &reading)?;
    Ok(Exit::Success)
}

/// Ends the search when its time is over, and shows how far it is.
struct Clock {
    begun: Instant,
    budget: Option<Duration>,
    /// When the trial that is running, or the reading before it, began, and how many documents it has.
    trial: (Instant, usize),
    /// The most seconds for a document that one of the last trials took.
    seconds_per_document: f64,
    trials: usize,
    bar: ProgressBar,
}

impl Clock {
    fn new(arguments: &TuneArgs) -> Self {
        let default = arguments.trials.is_none().then_some(BUDGET);
        let now = Instant::now();
        Self {
            begun: now,
            budget: arguments.budget.or(default),
            trial: (now, 0),
            seconds_per_document: 0.0,
            trials: 0,
            bar: progress::step("tuning"),
        }
    }
}

impl Watch for Clock {
    /// Whether a trial would probably end in time.
    fn go_on(&mut self, documents: usize) -> bool {
        self.trial = (Instant::now(), documents);
        let expected = Duration::try_from_secs_f64(self.seconds_per_document * documents as f64);
        let end = self
            .begun
            .elapsed()
            .saturating_add(expected.unwrap_or(Duration::MAX));
        self.budget.is_none_or(|budget| end <= budget)
    }

    fn finished(&mut self, trial: &Trial, best: &Tuned) {
        self.trials += 1;
        if self.trial.1 == trial.documents && !trial.is_resumed {
            let took = self.trial.0.elapsed().as_secs_f64() / trial.documents as f64;
            // What was slow counts less with every trial after it.
            self.seconds_per_document = took.max(0.9 * self.seconds_per_document + 0.1 * took);
        }
        if let Err(error) = &trial.figures {
            let warning = format!("{}: {error}", name_of(&trial.changes));
            self.bar.suspend(|| warn(&warning));
        }
        self.bar.set_message(format!(
            "{} trials, the last on {} documents; best {:.4} on {}: {}",
            self.trials,
            trial.documents,
            best.figures.macro_f1,
            best.documents,
            name_of(&best.changes)
        ));
    }
}

fn say_resumed(journal: &Journal) {
    if journal.torn() > 0 {
        let torn = journal.torn();
        warn(&format!(
            "the last line of the journal had no end; its {torn} bytes were cut off"
        ));
    }
    if !journal.is_empty() {
        let trials = journal.len();
        Messages::default().report(
            &format!("{trials} trials in the journal"),
            "journal",
            json!(trials),
        );
    }
}

/// What differs from the starting recipe, in a line.
fn name_of(changes: &[String]) -> String {
    match changes {
        [] => "the starting recipe".to_owned(),
        changes => changes.join(" "),
    }
}

/// What stands at the head of the recipe.
fn comment(arguments: &TuneArgs, tuning: &Tuning, report: &TuningReport) -> String {
    let TuningReport { best, start, .. } = report;
    let mut comment = String::new();
    let lines = [
        format!(
            "Macro-F1 {:.4} in {}-fold cross-validation of {} documents; the starting recipe: {:.4}.",
            best.figures.macro_f1, tuning.folds, best.documents, start.figures.macro_f1
        ),
        "The best of many looks a little better than it is: only documents the search has not seen tell how much.".to_owned(),
        format!("Differs by: {}.", match best.changes.as_slice() {
            [] => "nothing".to_owned(),
            changes => changes.join(" "),
        }),
        format!("narrative-frames {}: {}", env!("CARGO_PKG_VERSION"), command(arguments, tuning, report)),
    ];
    for line in lines {
        // A file name may have a line break; writing to a string does not fail.
        let _ = writeln!(comment, "# {}", line.replace(char::is_control, " "));
    }
    comment + "\n"
}

/// The command that gives the same recipe again, whatever the clock says.
fn command(arguments: &TuneArgs, tuning: &Tuning, report: &TuningReport) -> String {
    Words::new("tune", &arguments.learn.files)
        .learn(&arguments.learn)
        .records(&arguments.learn.labels, &arguments.learn.input)
        .option("folds", Some(tuning.folds.to_string()))
        .option("seed", Some(tuning.seed.to_string()))
        .option("trials", Some(report.trials.to_string()))
        .line()
}

/// The best recipes and those that failed.
fn print(arguments: &TuneArgs, report: &TuningReport) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: macro-F1 {:.4}, the starting recipe {:.4}; {} trials, {} recipes, {} trials failed",
        arguments.output.display(),
        report.best.figures.macro_f1,
        report.start.figures.macro_f1,
        report.trials,
        report.ranking.len(),
        report.failed.len()
    )?;
    let shown = report.ranking.iter().take(SHOWN).zip(1..);
    let shown = shown.map(|(tuned, rank)| (format!("{rank}"), tuned));
    let rows = shown
        .chain([("start".to_owned(), &report.start)])
        .map(|(rank, tuned)| {
            let folds = tuned.figures.folds.iter().copied();
            vec![
                rank,
                name_of(&tuned.changes),
                tuned.documents.to_string(),
                format!("{:.4}", tuned.figures.macro_f1),
                format!("{:.4}", folds.clone().fold(f64::INFINITY, f64::min)),
                format!("{:.4}", folds.fold(0.0, f64::max)),
            ]
        });
    let header = [
        "rank",
        "recipe",
        "documents",
        "macro-F1",
        "worst fold",
        "best fold",
    ];
    write!(out, "{}", table(&header, rows))?;
    for trial in &report.failed {
        let error = trial.figures.as_ref().err().map_or("", String::as_str);
        writeln!(
            out,
            "failed on {} documents: {}: {error}",
            trial.documents,
            name_of(&trial.changes)
        )?;
    }
    Ok(())
}
