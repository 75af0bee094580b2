//! What `predict` writes and tells: the shape of its records, faulty lines, streams, summary, metrics.

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use narrative_frames::Classifier;
use narrative_frames::records::{Chunk, Format, MAX_LINE_BYTES, RecordReader, Schema};
use rayon::prelude::*;
use serde_json::{Value, json};

use support::{assert_told, stderr};

const FRAMED: &str =
    "The movement told followers that losing the town was only a small setback in a much longer war.";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
    command.current_dir(folder).arg("predict").args(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the program starts")
}

/// The records of a run that ends with `code`.
fn records(folder: &Path, arguments: &[&str], code: i32) -> Vec<Value> {
    let output = run(folder, arguments);
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}: {}",
        stderr(&output)
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

#[test]
fn fields_of_the_input_are_kept() {
    let line = br#"{"id":1,"text":"rain","lang":"en","place":{"town":"Aden","at":[1.5]},"n":null}"#;
    let folder = folder(&[
        (
            "a.jsonl",
            &[&line[..], b"\n{\"text\":\"fog\"}\n{\"lang\":\"en\"}\n"].concat(),
        ),
        ("b.csv", b"id,text,lang\n1,rain,en\n"),
        ("c.txt", b"rain\n"),
        ("twice.jsonl", b"{\"text\":\"a\",\"n\":1,\"n\":2}\n"),
    ]);
    let path = folder.path();
    let found = records(path, &["a.jsonl", "--keep", "lang,place,n"], 3);
    assert_eq!(
        found[0]["input"],
        json!({"lang": "en", "place": {"town": "Aden", "at": [1.5]}, "n": null})
    );
    assert_eq!(found[1]["input"], json!({"lang": null, "place": null, "n": null}));
    assert!(found[2].get("input").is_none() && found[2].get("error").is_some());
    let found = records(path, &["a.jsonl", "--keep", "all"], 3);
    assert_eq!(
        found[0]["input"],
        serde_json::from_slice::<Value>(line).expect("JSON")
    );
    assert_eq!(found[1]["input"], json!({"text": "fog"}));
    let found = records(path, &["b.csv", "--keep", "lang", "--keep", "id"], 0);
    assert_eq!(found[0]["input"], json!({"lang": "en", "id": "1"}));
    let found = records(path, &["b.csv", "--keep", "all"], 0);
    assert_eq!(
        found[0]["input"],
        json!({"id": "1", "text": "rain", "lang": "en"})
    );
    for keep in ["all", "text"] {
        let found = records(path, &["c.txt", "--keep", keep], 0);
        assert_eq!(found[0]["input"], json!({"text": "rain"}));
    }
    let found = records(path, &["twice.jsonl", "--keep", "all"], 3);
    assert_eq!(found[0]["error"]["kind"], "duplicate_field");
    assert_eq!(records(path, &["twice.jsonl", "--keep", "text"], 0).len(), 1);
}

#[test]
fn records_are_as_small_as_asked() {
    let folder = folder(&[("a.txt", format!("{FRAMED}\nrain\n").as_bytes())]);
    let path = folder.path();
    let whole = records(path, &["a.txt"], 0);
    let labels_only = records(path, &["a.txt", "--labels-only"], 0);
    let most = records(path, &["a.txt", "--min-probability", "0.5"], 0);
    let stance = records(path, &["a.txt", "--only", "stance", "--only", "framed"], 0);
    for number in 0..2 {
        let heads = whole[number]["predictions"].as_object().expect("an object");
        for (name, head) in heads {
            let labels = json!({"labels": head["labels"]});
            assert_eq!(labels_only[number]["predictions"][name], labels);
            let all = head["probabilities"].as_object().expect("an object").clone();
            let expected: serde_json::Map<String, Value> =
                all.into_iter().filter(|(_, p)| p.as_f64() >= Some(0.5)).collect();
            assert_eq!(most[number]["predictions"][name]["labels"], head["labels"]);
            assert_eq!(
                most[number]["predictions"][name]["probabilities"],
                Value::Object(expected)
            );
        }
        let expected = json!({"stance": heads["stance"], "framed": heads["framed"]});
        assert_eq!(stance[number]["predictions"], expected);
    }
    assert_eq!(labels_only[0]["predictions"]["framed"]["labels"], json!(["any"]));
}

#[test]
fn wrong_options_are_told() {
    let folder = folder(&[
        ("a.csv", b"id,text\n1,rain\n"),
        ("a.txt", b"rain\n"),
        ("a.jsonl", b"{\"text\":\"rain\"}\n"),
    ]);
    let cases: [(&[&str], &str, i32); 13] = [
        (
            &["--text", "rain", "--summary", "s.json"],
            "cannot be used with",
            2,
        ),
        (
            &["a.csv", "--summary", "nowhere/s.json"],
            "cannot write nowhere",
            1,
        ),
        (
            &["a.csv", "--metrics", "nowhere/m.prom"],
            "cannot write nowhere",
            1,
        ),
        (
            &["a.csv", "--only", "mood"],
            "there is no head \"mood\"; expected one of",
            1,
        ),
        (
            &["a.csv", "--keep", "lang"],
            "a.csv: there is no field \"lang\" to keep; expected one of id, text",
            1,
        ),
        (
            &["a.txt", "--keep", "lang"],
            "a.txt: there is no field \"lang\" to keep; expected one of text",
            1,
        ),
        (&["a.csv", "--keep", "id,id"], "\"id\" is empty or named twice", 1),
        (
            &["a.csv", "--min-probability", "1.5"],
            "expected a number from 0 to 1",
            2,
        ),
        (
            &["a.csv", "--min-probability", "NaN"],
            "expected a number from 0 to 1",
            2,
        ),
        (
            &["a.csv", "--min-probability", "0.5", "--labels-only"],
            "cannot be used with",
            2,
        ),
        (
            &["a.csv", "--checkpoint", "0", "--output", "x"],
            "--checkpoint",
            2,
        ),
        (&["*.zip"], "no file has a name like *.zip", 1),
        (
            &["a.jsonl", "--keep", "lang"],
            "no record has the field \"lang\" of --keep",
            0,
        ),
    ];
    for (arguments, expected, code) in cases {
        let output = run(folder.path(), arguments);
        assert_told(&output, arguments, code, expected);
    }
    let output = run(
        folder.path(),
        &["a.csv", "--only", "mood", "--log-format", "json"],
    );
    let message: Value = serde_json::from_str(stderr(&output).trim()).expect("one JSON object");
    assert_eq!(message["level"], "error");
}

#[test]
fn wildcards_name_files_in_order() {
    let folder = folder(&[
        ("b.txt", b"b\n"),
        ("a.txt", b"a\n"),
        ("c[1].txt", b"c\n"),
        ("d.csv", b"text\nd\n"),
    ]);
    let names = |arguments: &[&str]| -> Vec<Value> {
        let records = records(folder.path(), arguments, 0);
        records.into_iter().map(|record| record["file"].clone()).collect()
    };
    assert_eq!(names(&["d.csv", "[ab].txt"]), ["d.csv", "a.txt", "b.txt"]);
    assert_eq!(names(&["?.txt", "c[1].txt"]), ["a.txt", "b.txt", "c[1].txt"]);
}

#[test]
fn bytes_that_are_not_utf8_can_be_read() {
    let folder = folder(&[
        ("a.txt", b"caf\xE9 rain\n"),
        ("b.txt", "caf\u{FFFD} rain\n".as_bytes()),
    ]);
    let strict = records(folder.path(), &["a.txt"], 3);
    assert_eq!(strict[0]["error"]["kind"], "invalid_utf8");
    let lossy = records(folder.path(), &["a.txt", "--lossy"], 0);
    assert_eq!(lossy, records(folder.path(), &["b.txt"], 0));
}

/// Faulty lines of more than 25 kinds, and what each is called.
fn faulty() -> Vec<(Vec<u8>, &'static str)> {
    let json = "invalid_json";
    let cases: [(&[u8], &str); 42] = [
        (b"{\"text\":\"\xFF\"}", "invalid_utf8"),
        (b"{\"text\":\"\xC0\x80\"}", "invalid_utf8"),
        (b"{\"text\":\"\xED\xA0\x80\"}", "invalid_utf8"),
        (b"{\"text\":\"\xF4\x90\x80\x80\"}", "invalid_utf8"),
        (b"{\"text\":\"\xE2\x82\"}", "invalid_utf8"),
        (b"{\"text\":\"\x80\"}", "invalid_utf8"),
        (b"\xFF\xFE{\0", "invalid_utf8"),
        (b"", json),
        (b"   ", json),
        (b"rain and fog", json),
        (b"17", json),
        (b"\"rain\"", json),
        (b"[\"rain\"]", json),
        (b"null", json),
        (b"{", json),
        (b"}", json),
        (b"{\"text\":\"rain", json),
        (b"{\"text\" \"rain\"}", json),
        (b"{\"text\":\"rain\",}", json),
        (b"{\"text\":\"rain\"} fog", json),
        (b"{\"text\":\"rain\"}{\"text\":\"fog\"}", json),
        (b"{'text':'rain'}", json),
        (b"{\"text\":NaN}", json),
        (b"{\"text\":1e999}", json),
        (b"{\"text\":\"\\ud800\"}", json),
        (b"{\"text\":\"\\x41\"}", json),
        (b"{\"text\":\"a\tb\"}", json),
        (b"{\"text\":\"a\0b\"}", json),
        (b"\xEF\xBB\xBF{\"text\":\"rain\"}", json),
        (b"{text:\"rain\"}", json),
        (b"{\"id\":1}", "missing_field"),
        (b"{}", "missing_field"),
        (b"{\"Text\":\"rain\"}", "missing_field"),
        (b"{\"text\":null}", "wrong_type"),
        (b"{\"text\":7}", "wrong_type"),
        (b"{\"text\":true}", "wrong_type"),
        (b"{\"text\":[\"rain\"]}", "wrong_type"),
        (b"{\"text\":{\"en\":\"rain\"}}", "wrong_type"),
        (b"{\"id\":[1],\"text\":\"rain\"}", "wrong_type"),
        (b"{\"id\":{},\"text\":\"rain\"}", "wrong_type"),
        (b"{\"text\":\"rain\",\"text\":\"fog\"}", "duplicate_field"),
        (b"{\"id\":1,\"id\":2,\"text\":\"rain\"}", "duplicate_field"),
    ];
    let mut faulty: Vec<_> = cases
        .into_iter()
        .map(|(line, kind)| (line.to_vec(), kind))
        .collect();
    faulty.push(("[".repeat(1 << 20).into_bytes(), json));
    faulty.push((format!("{{\"id\":{}", "[".repeat(1 << 20)).into_bytes(), json));
    faulty.push((vec![b'a'; MAX_LINE_BYTES + 1], "line_too_long"));
    let long = "rain ".repeat(1 << 20);
    faulty.push((format!("{{\"text\":\"{long}\"}}").into_bytes(), "text_too_long"));
    faulty
}

/// IL1 in small: ten thousand lines, one in a hundred faulty. Each has its record, and the good ones are as if there
/// were no others.
#[test]
fn faulty_lines_change_no_other() {
    const LINES: usize = 10_000;
    let faulty = faulty();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut places = BTreeSet::new();
    while places.len() < LINES / 100 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        places.insert((state >> 33) as usize % LINES);
    }
    let kind_at = |line: usize| {
        places
            .iter()
            .position(|&place| place == line)
            .map(|rank| &faulty[rank % faulty.len()])
    };
    let (mut clean, mut mixed) = (Vec::new(), Vec::new());
    for line in 0..LINES {
        let good = format!(
            "{{\"id\":\"p{line}\",\"text\":\"rain in town {}, قال المبعوث\"}}\n",
            line % 977
        );
        clean.extend_from_slice(good.as_bytes());
        match kind_at(line) {
            Some((bad, _)) => mixed.extend_from_slice(&[&bad[..], b"\n"].concat()),
            None => mixed.extend_from_slice(good.as_bytes()),
        }
    }
    let folder = folder(&[("clean.jsonl", &clean), ("mixed.jsonl", &mixed)]);
    let lines = |name: &str, code: i32| -> Vec<String> {
        let output = run(folder.path(), &[name]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines().map(str::to_owned).collect()
    };
    let (clean, mixed) = (lines("clean.jsonl", 0), lines("mixed.jsonl", 3));
    assert_eq!((clean.len(), mixed.len()), (LINES, LINES));
    for line in 0..LINES {
        let Some((_, kind)) = kind_at(line) else {
            assert_eq!(clean[line], mixed[line]);
            continue;
        };
        let record: Value = serde_json::from_str(&mixed[line]).expect("JSON");
        assert_eq!(
            (&record["line"], &record["error"]["kind"]),
            (&json!(line + 1), &json!(kind))
        );
        let has_place = *kind == "invalid_utf8" || *kind == "invalid_json";
        assert_eq!(record["error"]["byte"].is_u64(), has_place, "{record}");
    }
}

fn mixed_texts(count: usize) -> String {
    let line = |number: usize| match number % 7 {
        3 => "{\"text\":\n".to_owned(),
        5 => format!("{{\"id\":{number},\"text\":\"{FRAMED} {number}\"}}\n"),
        _ => format!("{{\"id\":{number},\"text\":\"the envoy said post {number} was lost, قال المبعوث\"}}\n"),
    };
    (0..count).map(line).collect()
}

/// DT1: the same bytes for any number of threads and any distance of checkpoints, which also bounds the chunks.
#[test]
fn threads_and_chunks_change_no_byte() {
    let folder = folder(&[("a.jsonl", mixed_texts(400).as_bytes())]);
    let mut outputs = BTreeSet::new();
    for threads in ["1", "2", "3", "8", "32"] {
        for checkpoint in ["1", "700", "9000", "67108864"] {
            let arguments = [
                "a.jsonl",
                "--threads",
                threads,
                "--checkpoint",
                checkpoint,
                "--output",
                "out",
            ];
            let output = run(folder.path(), &arguments);
            assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
            outputs.insert(std::fs::read(folder.path().join("out")).expect("a file"));
        }
    }
    assert_eq!(outputs.len(), 1);
}

/// DT1 through the library: the bits of every probability.
#[test]
fn threads_and_chunks_change_no_bit() {
    let input = mixed_texts(500);
    let (classifier, schema) = (Classifier::embedded(), Schema::default());
    let bits = |threads: usize, records: usize| -> Vec<Vec<u32>> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        let input = std::io::Cursor::new(input.clone());
        let mut reader = RecordReader::from_reader(input, Format::Jsonl, "input").expect("it opens");
        let (mut chunk, mut all) = (Chunk::default(), Vec::new());
        while reader.read_chunk(&mut chunk, records, 1 << 20).expect("it reads") {
            let score = |index: usize| -> Vec<u32> {
                let Ok(record) = chunk.parse(index, &schema) else {
                    return Vec::new();
                };
                let prediction = classifier.predict(&record.text).expect("it scores");
                let probabilities = prediction.heads().flat_map(|head| head.probabilities());
                probabilities.map(|p| p.to_bits()).collect()
            };
            all.extend(pool.install(|| (0..chunk.len()).into_par_iter().map(score).collect::<Vec<_>>()));
        }
        all
    };
    let expected = bits(1, 1);
    assert_eq!(expected.len(), 500);
    for threads in [1, 2, 3, 8, 32] {
        for records in [1, 7, 64, 1000, 4096] {
            assert!(
                bits(threads, records) == expected,
                "{threads} threads, {records} records"
            );
        }
    }
}

/// Waits for one line after the other without end, unlike the program, which must not.
fn lines_of(stream: impl std::io::Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Long enough for any machine: what does not come by then never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Standard input stays open: each answer comes all the same, and the state where it is asked for.
#[test]
fn answers_do_not_wait_for_the_next_post() {
    let folder = folder(&[]);
    for (format, first) in [("jsonl", ""), ("txt", ""), ("csv", "text\n")] {
        let mut command = command(folder.path(), &["--input-format", format, "--metrics", "m.prom"]);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let answers = lines_of(child.stdout.take().expect("a pipe"));
        let messages = lines_of(child.stderr.take().expect("a pipe"));
        stdin.write_all(first.as_bytes()).expect("it reads");
        for number in 1..=5 {
            let line = match format {
                "jsonl" => "{\"text\":\"rain\"}\n",
                _ => "rain\n",
            };
            stdin.write_all(line.as_bytes()).expect("it reads");
            let answer = answers.recv_timeout(PATIENCE).expect("an answer");
            let answer: Value = serde_json::from_str(&answer).expect("JSON");
            assert_eq!(answer["line"], number + usize::from(format == "csv"));
        }
        #[cfg(unix)]
        {
            let status = Command::new("kill")
                .args(["-USR1", &child.id().to_string()])
                .status();
            assert!(status.expect("kill").success());
            let message = messages.recv_timeout(PATIENCE).expect("the state");
            assert!(message.contains(" posts, 0 failed"), "{message}");
        }
        drop(stdin);
        assert!(child.wait().expect("it ends").success());
        assert!(messages.iter().any(|line| line.contains("5 posts, 0 failed")));
    }
}

#[test]
fn what_was_done_is_told() {
    let input = format!("{FRAMED}\nrain\ncaf\u{e9}\n");
    let mut input = input.into_bytes();
    input.extend_from_slice(b"caf\xE9\n");
    let folder = folder(&[("a.txt", &input)]);
    let arguments = [
        "a.txt",
        "--summary",
        "s.json",
        "--metrics",
        "m.prom",
        "--log-format",
        "json",
        "--output",
        "out",
    ];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    let summary: Value = serde_json::from_str(&read("s.json")).expect("JSON");
    assert_eq!(
        (&summary["records"], &summary["scored"], &summary["failed"]),
        (&json!(4), &json!(3), &json!(1))
    );
    assert_eq!(summary["errors"], json!({"invalid_utf8": 1}));
    assert_eq!(
        summary["heads"]["framed"],
        json!({"labels": {"any": 1}, "without_label": 2})
    );
    assert_eq!(summary["heads"]["frames"]["labels"]["minor_setback"], 1);
    assert_eq!(summary["heads"]["stance"]["labels"]["report"], 1);
    assert_eq!(summary["input_bytes"], input.len());
    assert!(summary["duration_seconds"].is_f64() && summary["records_per_second"].is_f64());
    let messages: Vec<Value> = stderr(&output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(messages[0]["summary"]["heads"], summary["heads"]);
    assert_eq!(
        (&messages[0]["level"], &messages[1]["level"]),
        (&json!("info"), &json!("warning"))
    );
    let metrics = read("m.prom");
    for expected in [
        "# TYPE narrative_frames_records_total counter\nnarrative_frames_records_total 4\n",
        "narrative_frames_errors_total{kind=\"invalid_utf8\"} 1\n",
        "narrative_frames_labels_total{head=\"frames\",label=\"minor_setback\"} 1\n",
        "narrative_frames_without_label_total{head=\"framed\"} 2\n",
        "narrative_frames_finished 1\n",
    ] {
        assert!(metrics.contains(expected), "{expected} is not in {metrics}");
    }
    let text = stderr(&run(folder.path(), &["a.txt"]));
    for expected in [
        "4 posts, 1 failed",
        "errors: invalid_utf8 1",
        "framed: any 1, no label 2",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
}
