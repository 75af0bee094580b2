//! `tune` as its users call it.

mod support;

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use support::{assert_told, stderr, stdout};

/// Seventy-two short texts about two things or none, four to a group.
fn corpus(folder: &TempDir) -> String {
    let subjects = [
        ("rain", "the rain over the hills"),
        ("bread", "bread from the old bakery"),
        ("", "minutes of the last meeting"),
    ];
    let places = ["harbour", "library", "station", "market", "garden", "bridge"];
    let times = ["yesterday", "at noon", "on Sunday", "again"];
    let mut lines = String::new();
    for (topic, words) in subjects {
        for place in places {
            for time in times {
                let topics: Vec<&str> = [topic].into_iter().filter(|topic| !topic.is_empty()).collect();
                let record = serde_json::json!({
                    "text": format!("{words} near the {place} {time}"), "topics": topics, "author": format!("{topic}{place}"),
                });
                writeln!(lines, "{record}").expect("a string takes it");
            }
        }
    }
    let path = folder.path().join("corpus.jsonl");
    std::fs::write(&path, lines).expect("a folder of the test");
    path.display().to_string()
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

/// `tune` on the corpus of the test, with more arguments.
fn tune(folder: &TempDir, more: &[&str]) -> Output {
    let mut arguments = vec![
        "tune",
        "corpus.jsonl",
        "--output",
        "best.toml",
        "--multi-label",
        "topics",
    ];
    arguments.extend(["--group-field", "author"]);
    arguments.extend(more);
    run(folder, &arguments)
}

fn read(folder: &TempDir, name: impl AsRef<Path>) -> String {
    std::fs::read_to_string(folder.path().join(name)).expect("a file of the test")
}

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    corpus(&folder);
    folder
}

const FIXED: [&str; 6] = ["--trials", "12", "--folds", "3", "--seed", "5"];

#[test]
fn the_same_answer_at_any_number_of_threads_and_after_an_interruption() {
    let folder = folder();
    let whole = tune(&folder, &[&FIXED[..], &["--journal", "all.jsonl"]].concat());
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    let (recipe, journal) = (read(&folder, "best.toml"), read(&folder, "all.jsonl"));
    assert!(stdout(&whole).contains("12 trials"), "{}", stdout(&whole));
    assert!(recipe.starts_with("# Macro-F1 "), "{recipe}");
    assert!(recipe.contains("--trials 12"), "{recipe}");
    assert_eq!(journal.lines().count(), 13);

    let again = tune(&folder, &[&FIXED[..], &["--threads", "1"]].concat());
    assert_eq!(
        (read(&folder, "best.toml"), stdout(&again)),
        (recipe.clone(), stdout(&whole))
    );

    // Interrupted while the sixth trial was written.
    let kept: usize = journal.split_inclusive('\n').take(6).map(str::len).sum();
    std::fs::write(folder.path().join("part.jsonl"), &journal[..kept + 40]).expect("a file");
    let resumed = tune(&folder, &[&FIXED[..], &["--journal", "part.jsonl"]].concat());
    assert!(
        stderr(&resumed).contains("5 trials in the journal"),
        "{}",
        stderr(&resumed)
    );
    assert!(
        stderr(&resumed).contains("its 40 bytes were cut off"),
        "{}",
        stderr(&resumed)
    );
    assert_eq!(
        (read(&folder, "best.toml"), stdout(&resumed)),
        (recipe, stdout(&whole))
    );
    assert_eq!(read(&folder, "part.jsonl"), journal);
}

/// A journal with another figure shows that trials in it are not run again.
#[test]
fn finished_trials_are_not_run_again() {
    let folder = folder();
    tune(&folder, &[&FIXED[..], &["--journal", "j.jsonl"]].concat());
    let journal = read(&folder, "j.jsonl");
    let mut lines: Vec<serde_json::Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    lines[7]["figures"][0]["macro_f1"] = 1.5.into();
    let changed: Vec<String> = lines.iter().map(ToString::to_string).collect();
    std::fs::write(folder.path().join("j.jsonl"), changed.join("\n") + "\n").expect("a file");
    let output = tune(&folder, &[&FIXED[..], &["--journal", "j.jsonl"]].concat());
    assert!(stdout(&output).contains("macro-F1 1.5000"), "{}", stdout(&output));
}

#[test]
fn the_best_recipe_trains() {
    let folder = folder();
    let tuned = tune(&folder, &[&FIXED[..], &["--set", "training.c=0.01"]].concat());
    assert_eq!(tuned.status.code(), Some(0), "{}", stderr(&tuned));
    let trained = run(
        &folder,
        &[
            "train",
            "corpus.jsonl",
            "--recipe",
            "best.toml",
            "--group-field",
            "author",
            "--output",
            "m.safetensors",
        ],
    );
    assert_eq!(trained.status.code(), Some(0), "{}", stderr(&trained));
}

#[test]
fn bad_arguments_are_told() {
    let folder = folder();
    for (arguments, code, message) in [
        (&["--budget", "ten"][..], 2, "expected such as 90s, 10m or 1h30m"),
        (&["--budget", "0s"], 2, "expected more than no time"),
        (&["--folds", "1"], 2, "1 is not in 2..=20"),
        (&["--trials", "0"], 2, "--trials"),
        (&["--set", "training.c=-1"], 1, "training.c is -1"),
        (&["--journal", "corpus.jsonl"], 1, "corpus.jsonl:1: "),
        (&["--group-field", "writer"], 2, "cannot be used multiple times"),
    ] {
        let before = read(&folder, "corpus.jsonl");
        let output = tune(&folder, arguments);
        assert_told(&output, arguments, code, message);
        assert!(!folder.path().join("best.toml").exists(), "{arguments:?}");
        assert_eq!(read(&folder, "corpus.jsonl"), before);
    }
    let output = run(&folder, &["tune", "corpus.jsonl", "--output", "best.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--multi-label"), "{}", stderr(&output));
}

#[test]
fn a_journal_of_another_search_is_refused() {
    let folder = folder();
    let begin = tune(
        &folder,
        &["--trials", "1", "--folds", "3", "--journal", "j.jsonl"],
    );
    assert_eq!(begin.status.code(), Some(0), "{}", stderr(&begin));
    let other = tune(
        &folder,
        &[
            "--trials",
            "1",
            "--folds",
            "3",
            "--seed",
            "1",
            "--journal",
            "j.jsonl",
        ],
    );
    assert_eq!(other.status.code(), Some(1));
    let message = stderr(&other);
    assert!(
        message.contains("3 folds and seed 0, expected one of version"),
        "{message}"
    );
}
