//! The command line. It uses the public API of the library, like any other program.

mod args;
mod card;
mod command;
mod evaluate;
mod exit;
mod input;
mod inspect;
mod lint;
mod messages;
mod overlap;
mod predict;
mod progress;
mod reading;
mod recipe;
mod report;
mod split;
mod train;
mod tune;
mod whole_file;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;
use messages::Messages;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_broken_pipe(&error) => Exit::Success.into(),
        Err(error) => {
            messages(&arguments).error(&error);
            Exit::Failure.into()
        }
    }
}

/// How the command speaks.
fn messages(arguments: &Arguments) -> Messages {
    match &arguments.command {
        Command::Predict(arguments) => Messages(arguments.log_format),
        _ => Messages::default(),
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    if let Some(threads) = arguments.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads.get())
            .build_global()?;
    }
    whole_file::remove_when_interrupted()?;
    match &arguments.command {
        Command::Predict(arguments) => predict::run(arguments),
        Command::Train(arguments) => train::run(arguments),
        Command::Tune(arguments) => tune::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Card(arguments) => card::run(arguments),
        Command::Lint(arguments) => lint::run(arguments),
        Command::Split(arguments) => split::run(arguments),
    }
}
