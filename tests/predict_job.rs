//! Jobs of `predict` that are interrupted: what is gone on with, and what is refused.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use twox_hash::XxHash3_128;

use support::{names, stderr};

/// Input files of every kind, and what comes out of them in one go.
struct Bench {
    folder: TempDir,
    inputs: Vec<String>,
    expected: Vec<u8>,
}

impl Bench {
    fn new(records: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let third = records / 3;
        let (json, csv) = (json_lines(third), table(third));
        let files = [
            ("a.jsonl", json.clone()),
            ("b.csv.gz", gzip(&csv)),
            ("c.jsonl.zst", zstd::encode_all(&*json, 1).expect("memory")),
        ];
        for (name, content) in &files {
            std::fs::write(folder.path().join(name), content).expect("a file");
        }
        let inputs = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut bench = Self {
            folder,
            inputs,
            expected: Vec::new(),
        };
        let output = bench.run(&[]);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        assert_eq!(bench.names(), ["a.jsonl", "b.csv.gz", "c.jsonl.zst", "out"]);
        bench.expected = bench.read("out");
        let lines = bench.expected.split(|&byte| byte == b'\n').count() - 1;
        assert_eq!(lines, third * 3);
        std::fs::remove_file(bench.path("out")).expect("a file");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("a file")
    }

    fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.path(name), content).expect("a file");
    }

    fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }

    fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
        command
            .current_dir(self.folder.path())
            .arg("predict")
            .args(&self.inputs);
        command.args(["--output", "out"]).args(options);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, options: &[&str]) -> Output {
        self.command(options).output().expect("the program starts")
    }

    /// Finishes the job, and checks what came out.
    fn resume(&self) {
        let output = self.run(&["--resume"]);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        self.check_finished();
    }

    fn check_finished(&self) {
        assert!(self.read("out") == self.expected, "the output has other bytes");
        let left: Vec<String> = self
            .names()
            .into_iter()
            .filter(|name| name.starts_with("out"))
            .collect();
        assert_eq!(left, ["out"]);
    }

    fn partial_bytes(&self) -> u64 {
        self.path("out.partial")
            .metadata()
            .map_or(0, |metadata| metadata.len())
    }

    /// A job that was killed behind its first checkpoints and before its end.
    fn killed(&self) {
        let _ = std::fs::remove_file(self.path("out"));
        let half = self.expected.len() as u64 / 2;
        let mut child = self
            .command(&["--checkpoint", "2000"])
            .spawn()
            .expect("the program starts");
        assert!(
            kill_when(&mut child, || self.partial_bytes() >= half),
            "it ended too early"
        );
        assert!(checkpoints(&self.read("out.journal")).len() > 3);
    }

    /// Sets the files of a killed job up again.
    fn set(&self, journal: &[u8], partial: Option<&[u8]>) {
        let _ = std::fs::remove_file(self.path("out"));
        let _ = std::fs::remove_file(self.path("out.partial"));
        self.write("out.journal", journal);
        if let Some(partial) = partial {
            self.write("out.partial", partial);
        }
    }
}

/// Posts with a fault here and there.
fn json_lines(count: usize) -> Vec<u8> {
    let mut lines = Vec::new();
    for number in 0..count {
        match number % 50 {
            17 => lines.extend_from_slice(b"{\"text\":\"caf\xE9\"}\n"),
            31 => lines.extend_from_slice(b"{\"text\":\n"),
            _ => {
                let words = [
                    "the envoy said",
                    "heavy rain in",
                    "قال المبعوث",
                    "a minor setback for",
                ][number % 4];
                let line = format!("{{\"id\":{number},\"text\":\"{words} town {}\"}}\n", number / 3);
                lines.extend_from_slice(line.as_bytes());
            }
        }
    }
    lines
}

fn table(count: usize) -> Vec<u8> {
    let row = |number: usize| match number % 40 {
        9 => "1,2,3\n".to_owned(),
        _ => format!("r{number},\"bread, soup\nand {} rolls\"\n", number * 7),
    };
    let rows: String = (0..count).map(row).collect();
    format!("id,text\n{rows}").into_bytes()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// Kills the program as soon as something is so; tells whether it was still running.
fn kill_when(child: &mut Child, is_so: impl Fn() -> bool) -> bool {
    while !is_so() {
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(100));
    }
    child.kill().expect("a child");
    child
        .wait()
        .expect("a child")
        .code()
        .is_none_or(|code| code == 1 && cfg!(windows))
}

/// The entries of a journal behind the first.
fn checkpoints(journal: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(journal);
    let lines = text.lines().skip(1).filter_map(|line| line.split_once(' '));
    lines
        .filter_map(|(_, json)| serde_json::from_str(json).ok())
        .collect()
}

fn entry(json: &Value) -> String {
    let json = json.to_string();
    format!("{:032x} {json}\n", XxHash3_128::oneshot(json.as_bytes()))
}

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// KR1: killed at fifty seeded places of the output, and gone on with each time.
#[test]
fn fifty_kills_change_no_byte() {
    let bench = Bench::new(6000);
    let length = bench.expected.len() as u64;
    let (mut random, mut kills, mut runs) = (Random(0x9E37_79B9_7F4A_7C15), 0, 0);
    while kills < 50 {
        runs += 1;
        assert!(runs < 500, "{kills} kills");
        let target = bench.partial_bytes() + random.below(length / 6);
        let interval = ["1000", "3000", "20000"][random.below(3) as usize];
        let threads = ["1", "2", "5"][random.below(3) as usize];
        let options = ["--resume", "--checkpoint", interval, "--threads", threads];
        let mut child = bench.command(&options).spawn().expect("the program starts");
        if kill_when(&mut child, || bench.partial_bytes() > target) {
            kills += 1;
        }
        if !bench.path("out.journal").exists() && bench.path("out").exists() {
            bench.check_finished();
            std::fs::remove_file(bench.path("out")).expect("a file");
        }
    }
    bench.resume();
}

/// What it is called, the journal, and the partial output.
type State<'a> = (&'a str, &'a [u8], Option<&'a [u8]>);

/// Ended between any two steps of the journal, and torn in any way that a loss of power can tear it.
#[test]
fn every_step_of_the_journal_can_be_the_last() {
    let bench = Bench::new(600);
    bench.killed();
    let (journal, partial) = (bench.read("out.journal"), bench.read("out.partial"));
    let lines: Vec<&[u8]> = journal.split_inclusive(|&byte| byte == b'\n').collect();
    let (terms, last) = (lines[0], checkpoints(&journal).pop().expect("a checkpoint"));
    let mut torn = journal.clone();
    torn.extend_from_slice(&lines[1][..lines[1].len() / 2]);
    let mut garbage = journal.clone();
    garbage.extend_from_slice(&[0; 300]);
    let longer = [&partial[..], b"half a rec"].concat();
    let states: [State; 9] = [
        ("no terms", b"", None),
        ("half of the terms", &terms[..terms.len() / 2], None),
        ("no output", terms, None),
        ("no checkpoint", terms, Some(b"")),
        ("nothing certain", terms, Some(&partial)),
        ("first checkpoint", &[terms, lines[1]].concat(), Some(&partial)),
        ("more than certain", &journal, Some(&longer)),
        ("a torn checkpoint", &torn, Some(&longer)),
        ("zeros at the end", &garbage, Some(&longer)),
    ];
    for (name, journal, partial) in states {
        bench.set(journal, partial);
        let output = bench.run(&["--resume"]);
        assert_eq!(output.status.code(), Some(3), "{name}: {}", stderr(&output));
        bench.check_finished();
    }
    let all: Vec<u8> = bench.inputs.iter().flat_map(|name| bench.read(name)).collect();
    let mut complete = last.clone();
    complete["input"] = bench.inputs.len().into();
    complete["records"] = 0.into();
    complete["input_bytes"] = 0.into();
    complete["input_hash"] = format!("{:032x}", XxHash3_128::oneshot(&all)).into();
    complete["output_bytes"] = bench.expected.len().into();
    complete["complete"] = true.into();
    let complete = [&journal[..], entry(&complete).as_bytes()].concat();
    bench.set(&complete, Some(&bench.expected));
    bench.resume();
    bench.set(&complete, None);
    bench.write("out", &bench.expected);
    bench.resume();
}

/// KR3: another model, input or option, or parts that do not belong together.
#[test]
fn what_does_not_fit_is_refused() {
    let mut bench = Bench::new(600);
    bench.killed();
    let (journal, partial) = (bench.read("out.journal"), bench.read("out.partial"));
    let refuse = |bench: &Bench, options: &[&str], expected: &str| {
        let output = bench.run(options);
        assert_eq!(output.status.code(), Some(1), "{options:?}");
        assert!(
            stderr(&output).contains(expected),
            "{expected} is not in {}",
            stderr(&output)
        );
        assert!(!bench.path("out").exists());
    };
    refuse(&bench, &[], "--resume goes on with it");
    for (options, expected) in [
        (&["--labels-only"][..], "--labels-only option (false, now true)"),
        (&["--lossy"], "--lossy option"),
        (&["--only", "stance"], "--only option"),
        (&["--keep", "all"], "--keep option"),
        (&["--min-probability", "0.5"], "--min-probability option"),
        (&["--id-field", "key"], "--id-field option (\"id\", now \"key\")"),
        (&["--input-format", "jsonl"], "--input-format option"),
    ] {
        refuse(&bench, &[&["--resume"], options].concat(), expected);
    }
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/narrative-frames.safetensors");
    std::fs::copy(model, bench.path("mine.safetensors")).expect("a copy");
    let card = ["card", "mine.safetensors"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
    let status = command
        .current_dir(bench.folder.path())
        .args(card)
        .status()
        .expect("the program starts");
    assert!(status.success());
    refuse(
        &bench,
        &["--resume", "--model", "mine.safetensors"],
        "another model (",
    );
    bench.inputs.reverse();
    refuse(&bench, &["--resume"], "another input (a.jsonl");
    bench.inputs.reverse();
    let removed = bench.inputs.pop().expect("an input");
    refuse(&bench, &["--resume"], "another number of inputs (3, now 2)");
    bench.inputs.push(removed);
    refuse_other_bytes(&bench, &refuse);
    bench.set(&journal, None);
    refuse(&bench, &["--resume"], "is damaged: cannot read out.partial");
    bench.set(&journal, Some(b"{}\n"));
    refuse(&bench, &["--resume"], "out.partial has 3 bytes");
    bench.set(b"what is this\n", Some(&partial));
    refuse(&bench, &["--resume"], "its first entry cannot be read");
    std::fs::remove_file(bench.path("out.journal")).expect("a file");
    refuse(&bench, &["--resume"], "without its journal");
    bench.set(&journal, Some(&partial));
    bench.resume();
}

/// Inputs that were changed between two runs.
fn refuse_other_bytes(bench: &Bench, refuse: &impl Fn(&Bench, &[&str], &str)) {
    let good = bench.read("a.jsonl");
    let mut changed = good.clone();
    changed[40] ^= 1;
    bench.write("a.jsonl", &changed);
    refuse(
        bench,
        &["--resume"],
        "the input is not what out.journal was begun with",
    );
    bench.write("a.jsonl", &[&good[..], b"{\"text\":\"more\"}\n"].concat());
    refuse(bench, &["--resume"], "another input (a.jsonl, ");
    bench.write("a.jsonl", &good);
}

/// What cannot be read or written again cannot be gone on with.
#[test]
fn only_files_can_be_resumed() {
    let bench = Bench::new(60);
    for (arguments, expected, code) in [
        (&["predict", "--resume", "--output", "out"][..], "- is no file", 1),
        (
            &["predict", "--resume", "--output", "out", "nowhere.jsonl"],
            "nowhere.jsonl is no file",
            1,
        ),
        (&["predict", "--resume", "a.jsonl"], "--output", 2),
        (
            &["predict", "--resume", "--output", "out", "--text", "rain"],
            "--text",
            2,
        ),
        #[cfg(unix)]
        (
            &["predict", "--resume", "--output", "/dev/null", "a.jsonl"],
            "the output is no file",
            1,
        ),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
        let output = command
            .current_dir(bench.folder.path())
            .args(arguments)
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
    assert_eq!(bench.names(), ["a.jsonl", "b.csv.gz", "c.jsonl.zst"]);
}

/// An error before the first checkpoint leaves nothing behind that the next run would stumble over.
#[test]
fn an_early_error_leaves_nothing() {
    let mut bench = Bench::new(60);
    bench.write("d.csv", b"id,post\n1,rain\n");
    bench.inputs.push("d.csv".to_owned());
    let output = bench.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("no column \"text\""),
        "{}",
        stderr(&output)
    );
    assert!(!stderr(&output).contains("--resume"));
    assert_eq!(bench.names(), ["a.jsonl", "b.csv.gz", "c.jsonl.zst", "d.csv"]);
}

/// KR2 in small: the disk takes no more.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_can_be_resumed() {
    let bench = Bench::new(3000);
    // The largest file that the shell lets its children write; the signal that tells of it is switched off.
    let script = format!(
        "trap '' XFSZ; ulimit -f 300; exec {} predict {} --output out --checkpoint 2000",
        env!("CARGO_BIN_EXE_narrative-frames"),
        bench.inputs.join(" ")
    );
    let mut command = Command::new("sh");
    let output = command
        .current_dir(bench.folder.path())
        .args(["-c", &script])
        .output()
        .expect("sh");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("--resume goes on with it: cannot write out.partial"),
        "{}",
        stderr(&output)
    );
    assert!(!bench.path("out").exists());
    bench.resume();
}

#[cfg(unix)]
fn terminate_when(bench: &Bench, options: &[&str], is_so: impl Fn() -> bool) -> Output {
    let child = bench.command(options).spawn().expect("the program starts");
    while !is_so() {
        std::thread::sleep(Duration::from_micros(100));
    }
    let sent = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
    child.wait_with_output().expect("it ends")
}

/// Told to end, a job with a checkpoint stays and says so; one without leaves nothing.
#[cfg(unix)]
#[test]
fn a_terminated_job_can_be_resumed() {
    let bench = Bench::new(30_000);
    let before = bench.names();
    let output = terminate_when(&bench, &[], || bench.partial_bytes() > 0);
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert_eq!(bench.names(), before);
    let has_checkpoint =
        || std::fs::read(bench.path("out.journal")).is_ok_and(|journal| checkpoints(&journal).len() > 2);
    let output = terminate_when(&bench, &["--checkpoint", "2000"], has_checkpoint);
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("--resume goes on with it"),
        "{}",
        stderr(&output)
    );
    bench.resume();
}

/// Two processes never write one output.
#[cfg(unix)]
#[test]
fn a_job_in_use_is_refused() {
    let bench = Bench::new(30_000);
    let mut first = bench
        .command(&["--checkpoint", "1000"])
        .spawn()
        .expect("the program starts");
    while bench.partial_bytes() == 0 {
        std::thread::sleep(Duration::from_micros(100));
    }
    let output = bench.run(&["--resume"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("another process works on"),
        "{}",
        stderr(&output)
    );
    first.kill().expect("a child");
    first.wait().expect("a child");
    bench.resume();
}

/// The summary of a job that was resumed counts all of it.
#[test]
fn a_resumed_job_counts_everything() {
    let bench = Bench::new(600);
    let whole = bench.run(&["--summary", "whole.json"]);
    assert_eq!(whole.status.code(), Some(3), "{}", stderr(&whole));
    bench.killed();
    let output = bench.run(&["--resume", "--summary", "resumed.json"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let summary = |name: &str| -> Value {
        let mut summary: Value = serde_json::from_slice(&bench.read(name)).expect("JSON");
        let fields = summary.as_object_mut().expect("an object");
        fields.remove("duration_seconds").expect("a duration");
        fields.remove("records_per_second").expect("a rate");
        summary
    };
    let (mut whole, resumed) = (summary("whole.json"), summary("resumed.json"));
    let resumed_at = resumed["resumed_at_record"].as_u64().expect("a number");
    assert!((1..600).contains(&resumed_at));
    whole["resumed_at_record"] = resumed_at.into();
    assert_eq!(whole, resumed);
    assert_eq!(whole["records"], 600);
}
