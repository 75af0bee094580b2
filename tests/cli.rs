//! The command line as its users call it.

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use support::{assert_told, stderr};

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn a_text_is_labelled() {
    let text =
        "The movement told followers that losing the town was only a small setback in a much longer war.";
    let output = run(&["predict", "--text", text], b"");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let [record] = lines(&output).try_into().expect("one record");
    assert_eq!(record["id"], Value::Null);
    assert_eq!(record["line"], 1);
    assert!(record["abstained"].is_boolean());
    assert!(record.get("diagnostics").is_none(), "nothing hides words in it");
    let frames = &record["predictions"]["frames"];
    assert!(
        frames["labels"]
            .as_array()
            .expect("a list")
            .contains(&"minor_setback".into()),
        "{record}"
    );
    assert_eq!(frames["probabilities"].as_object().expect("an object").len(), 12);
    let stance = &record["predictions"]["stance"];
    assert_eq!(stance["labels"], serde_json::json!(["report"]));
    assert_eq!(stance["probabilities"].as_object().expect("an object").len(), 4);
}

#[test]
fn what_hides_words_is_counted() {
    let output = run(
        &[
            "predict",
            "--text",
            "The b\u{200B}akery \u{202E}opens\u{202C} s o o n.",
        ],
        b"",
    );
    let expected =
        serde_json::json!({"invisible": 3, "bidi_overrides": 1, "mixed_script_words": 0, "spaced_words": 1});
    assert_eq!(lines(&output)[0]["diagnostics"], expected);
}

#[test]
fn an_ordinary_text_has_no_frame_and_no_stance() {
    let output = run(
        &["predict", "--text", "افتتح المخبز الجديد أبوابه صباح اليوم"],
        b"",
    );
    let record = &lines(&output)[0];
    assert_eq!(record["predictions"]["frames"]["labels"], serde_json::json!([]));
    assert_eq!(record["predictions"]["stance"]["labels"], serde_json::json!([]));
}

/// Good and bad lines in turn: one record each, in order.
#[test]
fn bad_records_keep_their_place() {
    let mut input = Vec::new();
    for line in [
        &br#"{"id":"a","text":"the rain stopped"}"#[..],
        b"{\"id\":\"b\",\"text\":\"\xFF\"}",
        br#"{"id":7,"text":"the train was late"}"#,
        br#"{"id":"d"}"#,
        br#"{"id":"e","text":3}"#,
        b"not json",
        b"",
        br#"{"id":"h","text":"one","text":"two"}"#,
        br#"{"text":""}"#,
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    let output = run(&["predict"], &input);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("6 of 9 posts"), "{}", stderr(&output));
    let records = lines(&output);
    let kinds: Vec<&str> = records
        .iter()
        .map(|record| record["error"]["kind"].as_str().unwrap_or("scored"))
        .collect();
    assert_eq!(
        kinds,
        [
            "scored",
            "invalid_utf8",
            "scored",
            "missing_field",
            "wrong_type",
            "invalid_json",
            "invalid_json",
            "duplicate_field",
            "scored"
        ]
    );
    for (number, record) in records.iter().enumerate() {
        assert_eq!(record["line"], number + 1);
    }
    assert_eq!(records[0]["id"], "a");
    assert_eq!(records[2]["id"], 7);
    assert_eq!(records[1]["error"]["byte"], 18);
}

/// Several thousand posts: more than one chunk, any number of threads.
#[test]
fn threads_do_not_change_a_byte() {
    let mut input = String::new();
    for number in 0..9000 {
        input +=
            &format!("{{\"id\":{number},\"text\":\"the envoy said post {number} was lost, قال المبعوث\"}}\n");
    }
    let outputs = ["1", "2", "3"].map(|threads| run(&["predict", "--threads", threads], input.as_bytes()));
    assert_eq!(lines(&outputs[0]).len(), 9000);
    assert!(
        outputs
            .iter()
            .all(|output| output.status.success() && output.stdout == outputs[0].stdout)
    );
}

#[test]
fn formats_and_compression_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder
            .write_all(b"{\"text\":\"the envoy left\"}\n")
            .expect("memory");
        encoder.finish().expect("memory")
    };
    let zstd = zstd::encode_all(&b"{\"text\":\"the envoy left\"}\n"[..], 1).expect("memory");
    let files = [
        write("a.jsonl", b"{\"text\":\"the envoy left\"}\n"),
        write("a.csv", b"n,text\n1,the envoy left\n"),
        write("a.tsv", b"text\tn\nthe envoy left\t1\n"),
        write("a.txt", b"the envoy left\r\n"),
        write("a.jsonl.gz", &gzip),
        write("a.ndjson.zst", &zstd),
    ];
    let predictions: Vec<Value> = files
        .iter()
        .map(|file| {
            let output = run(&["predict", file], b"");
            assert!(output.status.success(), "{file}: {}", stderr(&output));
            lines(&output)[0]["predictions"].clone()
        })
        .collect();
    assert!(predictions.iter().all(|prediction| *prediction == predictions[0]));
    let all: Vec<&str> = std::iter::once("predict")
        .chain(files.iter().map(String::as_str))
        .collect();
    let records = lines(&run(&all, b""));
    assert_eq!(records.len(), files.len());
    assert_eq!(records[3]["file"], files[3].as_str());
}

#[test]
fn output_gets_its_name_when_it_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.jsonl");
    let name = path.to_str().expect("UTF-8");
    let output = run(
        &["predict", "--input-format", "txt", "--output", name],
        b"one\ntwo\n",
    );
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(std::fs::read_to_string(&path).expect("a file").lines().count(), 2);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

/// A researcher's file: other columns, other labels, labels as text.
#[test]
fn a_model_of_ones_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (corpus, model, json) = (path("mine.csv"), path("mine.safetensors"), path("figures.json"));
    let mut csv = "key,post,topics,tone,region\n".to_owned();
    for number in 0..60 {
        let (topics, words) = [
            ("weather", "heavy rain and fog"),
            ("food|weather", "soup on a wet day"),
            ("food", "bread and soup"),
        ][number % 3];
        let (tone, phrase) = [("glad", "what a joy"), ("sad", "how dreary")][number % 2];
        csv += &format!(
            "k{number},{words} {phrase} {number},{topics},{tone},{}\n",
            ["north", "south"][number / 30]
        );
    }
    std::fs::write(&corpus, csv).expect("a file");
    let columns = [
        "--text-field",
        "post",
        "--id-field",
        "key",
        "--label-separator",
        "|",
    ];
    let train = [
        "train",
        &corpus,
        "--multi-label",
        "topics",
        "--single-label",
        "tone",
        "--set",
        "training.c=10",
        "--set",
        "decision.threshold={precision=0.9}",
        "--set",
        "decision.threshold={probability=0.45}",
        "--output",
        &model,
    ];
    let output = run(&[&train[..], &columns].concat(), b"");
    assert!(output.status.success(), "{}", stderr(&output));
    let evaluate = [
        "evaluate", &corpus, "--model", &model, "--slice", "region", "--json", &json, "--curves",
    ];
    let output = run(&[&evaluate[..], &columns].concat(), b"");
    assert!(output.status.success(), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        text.contains("topics: other thresholds\nthreshold  precision  recall\n0.05"),
        "{text}"
    );
    let figures: Value = serde_json::from_slice(&std::fs::read(&json).expect("a file")).expect("JSON");
    assert_eq!(
        figures["heads"][0]["micro_average"]["f1"]["value"], 1.0,
        "{figures}"
    );
    assert_eq!(figures["slices"].as_array().expect("a list").len(), 2);
    assert_eq!(figures["curves"][0]["cuts"].as_array().expect("a list").len(), 19);
    give_a_card(folder.path(), &model, &json);
    let output = run(&["inspect", &model], b"");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for expected in [
        "topics: any number of labels",
        "tone: one label",
        "--label-separator '|'",
        "c = 10",
        "probability = 0.45",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let output = run(
        &["predict", "--model", &model, "--text", "bread, what a joy"],
        b"",
    );
    let record = &lines(&output)[0]["predictions"];
    assert_eq!(record["topics"]["labels"], serde_json::json!(["food"]));
    assert_eq!(record["tone"]["labels"], serde_json::json!(["glad"]));
}

/// A card changes what `inspect` shows and nothing that the model answers.
fn give_a_card(folder: &Path, model: &str, figures: &str) {
    let predict = ["predict", "--model", model, "--text", "bread, what a joy"];
    let before = run(&predict, b"").stdout;
    let about = folder.join("about.toml");
    std::fs::write(&about, "use = \"Sorting letters to a bakery.\"\n").expect("a file");
    let about = about.to_str().expect("UTF-8");
    let output = run(&["card", model, "--about", about, "--evaluation", figures], b"");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(run(&predict, b"").stdout, before);
    let shown = String::from_utf8(run(&["inspect", model], b"").stdout).expect("UTF-8");
    assert!(
        shown.contains("\"use\": \"Sorting letters to a bakery.\""),
        "{shown}"
    );
    let shown: Value = serde_json::from_slice(&run(&["inspect", model, "--json"], b"").stdout).expect("JSON");
    let evaluation = &shown["card"]["evaluation"];
    assert_eq!(evaluation["heads"][0]["micro_average"]["f1"]["value"], 1.0);
    assert!(evaluation["slices"][0]["heads"][0]["micro_average"].is_object());
    assert!(evaluation["slices"][0]["heads"][0].get("labels").is_none());
    std::fs::write(folder.join("bad.json"), "[1, 2").expect("a file");
    let bad = folder.join("bad.json").display().to_string();
    let output = run(&["card", model, "--evaluation", &bad], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("bad.json"), "{}", stderr(&output));
}

#[test]
fn the_spread_of_a_corpus_is_told() {
    let output = run(&["lint", "--spread", "data/dev.jsonl"], b"");
    assert!(output.status.success(), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(text.lines().count(), 13, "{text}");
    assert!(
        text.contains("nearest, median") && text.contains("long_war"),
        "{text}"
    );
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad = folder.path().join("bad.jsonl");
    std::fs::write(&bad, "{\"text\":\"a\",\"topic\":[\"x\"]}\n{\"text\":\n").expect("a file");
    let bad = bad.to_str().expect("UTF-8");
    let cases: [(&[&str], &str, i32); 8] = [
        (&["predict", "nowhere.jsonl"], "nowhere.jsonl", 1),
        (&["predict", "Cargo.toml"], "no input format", 1),
        (
            &["predict", "--model", "Cargo.toml", "--text", "a"],
            "not a usable model file",
            1,
        ),
        (&["predict", "--text"], "--text", 2),
        (&["predict", "--text", "a", "b.txt"], "cannot be used with", 2),
        (
            &["train", bad, "--multi-label", "topic", "--output", "x"],
            "bad.jsonl:2",
            1,
        ),
        (&["train", bad, "--output", "x"], "--multi-label", 2),
        (
            &[
                "train",
                bad,
                "--multi-label",
                "topic",
                "--set",
                "training.d=1",
                "--output",
                "x",
            ],
            "unknown field `d`",
            1,
        ),
    ];
    for (arguments, expected, code) in cases {
        let output = run(arguments, b"");
        assert_told(&output, arguments, code, expected);
    }
    let names = std::fs::read_dir(".")
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name());
    assert!(
        names
            .into_iter()
            .all(|name| name != "x" && !name.to_string_lossy().starts_with("x."))
    );
}

/// `head` closes the pipe long before everything is written.
#[test]
fn a_broken_pipe_is_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .args(["predict", "--input-format", "txt"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || {
        for _ in 0..20_000 {
            if stdin.write_all(b"a post a line\n").is_err() {
                break;
            }
        }
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stderr.is_empty());
}

#[test]
fn the_embedded_model_is_inspected() {
    let output = run(&["inspect"], b"");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("frames: any number of labels"), "{text}");
    assert!(
        text.contains("stance: one label, where frames gives one"),
        "{text}"
    );
    assert!(text.contains("data/train.jsonl"), "{text}");
}
