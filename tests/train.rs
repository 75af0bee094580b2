//! What `train` tells its user, and what it leaves behind when something goes wrong.

mod support;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use support::{names, stderr, stdout};

const WEATHER: [&str; 5] = [
    "heavy rain",
    "a cold fog",
    "bright sun",
    "strong wind",
    "late snow",
];
const FOOD: [&str; 5] = [
    "fresh bread",
    "hot soup",
    "ripe apples",
    "a bean stew",
    "plum cake",
];
const PLACES: [&str; 6] = [
    "the hills",
    "the harbour",
    "the old town",
    "the valley",
    "the market",
    "the station",
];
const TIMES: [&str; 4] = ["at dawn", "before noon", "in the evening", "on holidays"];

/// A folder with a corpus of 120 rows about weather and food.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        bench.write("a.csv", rows().join("\n").as_bytes());
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.path(name), content).expect("a file");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
        command.args(arguments).current_dir(self.folder.path());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// `train FILE --single-label topic --output m` and more.
    fn train(&self, file: &str, more: &[&str]) -> Output {
        self.run(&[&["train", file, "--single-label", "topic", "--output", "m"], more].concat())
    }

    fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

fn rows() -> Vec<String> {
    let mut rows = vec!["id,lang,topic,text".to_owned()];
    for place in PLACES {
        for time in TIMES {
            for number in 0..5 {
                let (topic, thing) = if (rows.len() + number) % 2 == 0 {
                    ("weather", WEATHER[number])
                } else {
                    ("food", FOOD[number])
                };
                rows.push(format!("r{},en,{topic},{thing} near {place} {time}", rows.len()));
            }
        }
    }
    rows
}

#[track_caller]
fn assert_success(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
}

#[test]
fn wrong_labels_a_curve_and_a_card() {
    let bench = Bench::new();
    let mut rows = rows();
    rows[3] = if rows[3].contains(",food,") {
        rows[3].replace(",food,", ",weather,")
    } else {
        rows[3].replace(",weather,", ",food,")
    };
    bench.write("b.csv", rows.join("\n").as_bytes());
    let more = [
        "--check-labels",
        "doubt.jsonl",
        "--learning-curve",
        "--card",
        "card.json",
    ];
    let output = bench.train("b.csv", &more);
    assert_success(&output);
    let doubt = bench.read("doubt.jsonl");
    let first: Value = serde_json::from_str(doubt.lines().next().expect("a doubtful label")).expect("JSON");
    assert_eq!(
        (&first["id"], &first["line"], &first["head"]),
        (&"r3".into(), &4.into(), &"topic".into())
    );
    assert_eq!((&first["file"], &first["given"]), (&"b.csv".into(), &true.into()));
    assert_ne!(first["label"], first["suggested"]);
    assert!(first["probability"].as_f64().expect("a number") < 0.5 && first.get("text").is_none());
    let text = stdout(&output);
    assert!(
        text.contains("topic: learning curve") && text.contains("Twice the documents changed"),
        "{text}"
    );
    let card: Value = serde_json::from_str(&bench.read("card.json")).expect("JSON");
    assert_eq!(card["languages"][0], "en: 120 documents");
    assert_eq!(card["training_data"]["documents"], 120);
    let label = &card["performance_benchmarks"]["heads"][0]["labels"][0];
    assert!(
        label["high_precision"]["precision"]
            .as_f64()
            .expect("a threshold")
            >= 0.9,
        "{label}"
    );
    assert!(
        label["high_recall"]["recall"].as_f64().expect("a threshold") >= 0.9,
        "{label}"
    );
    let again = bench.train(
        "b.csv",
        &[
            "--check-labels",
            "again.jsonl",
            "--learning-curve",
            "--with-text",
            "--threads",
            "1",
        ],
    );
    assert_eq!(stdout(&again).replace("again", "doubt"), text);
    assert!(
        bench
            .read("again.jsonl")
            .lines()
            .next()
            .expect("a line")
            .contains("\"text\":\"")
    );
}

#[test]
fn a_card_is_written_for_people_and_for_the_model_file() {
    let bench = Bench::new();
    assert_success(&bench.train("a.csv", &["--card", "card.md"]));
    let card = bench.read("card.md");
    for section in [
        "## Training data",
        "## Policy and taxonomy",
        "## Annotation methodology",
        "## Performance benchmarks",
        "## Bias and limitations",
        "## Implementation guidance",
        "## Links",
        "## Supported languages",
        "TODO(author)",
        "| label | precision 0.9 | recall there |",
    ] {
        assert!(card.contains(section), "{section} is not in {card}");
    }
    assert_success(&bench.train("a.csv", &["--card", "card.toml"]));
    assert_success(&bench.run(&["card", "m", "--about", "card.toml"]));
    assert!(stdout(&bench.run(&["inspect", "m"])).contains("annotation_methodology"));
}

#[test]
fn what_looks_wrong_is_said() {
    let bench = Bench::new();
    let mut rows = rows();
    for (number, row) in [
        "x1,en,weather,\u{200B}",
        "x2,en,rare,a rare thing",
        "x3,en,rare,another rare thing",
    ]
    .into_iter()
    .enumerate()
    {
        rows.insert(1 + 9 * number, row.to_owned());
    }
    rows.push("x4,en,weather,nothing special near the market".to_owned());
    rows.push("x5,en,food,nothing  special near the Market".to_owned());
    let rows: Vec<String> = rows
        .into_iter()
        .map(|row| {
            if row.contains(",weather,") && !row.starts_with('x') {
                row + " via forecast"
            } else {
                row
            }
        })
        .collect();
    bench.write("b.csv", rows.join("\n").as_bytes());
    let output = bench.train("b.csv", &["--check-labels", "doubtful.jsonl"]);
    assert_success(&output);
    let said = stderr(&output);
    for expected in [
        "nothing is left of 1 texts once normalized: b.csv:2",
        "2 documents have an exact copy with other labels of head \"topic\": b.csv:125 and b.csv:126",
        "label \"weather\" of head \"topic\" can be told by",
        "label \"rare\" of head \"topic\" has 2 positive documents in 2 groups, of 125 documents",
    ] {
        assert!(said.contains(expected), "{expected} is not in {said}");
    }
    let output = bench.run(&[
        "train",
        "a.csv",
        "--single-label",
        "topic",
        "--output",
        "m",
        "--set",
        "calibration.method='none'",
        "--check-labels",
        "d",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("--check-labels needs out-of-fold"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_label_without_negatives_is_an_error() {
    let bench = Bench::new();
    bench.write("b.csv", b"text,topic\none,food\ntwo,food\n");
    let output = bench.train("b.csv", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("2 positive and 0 negative"),
        "{}",
        stderr(&output)
    );
    assert_eq!(bench.names(), ["a.csv", "b.csv"]);
}

#[test]
fn copies_across_a_split_are_counted() {
    let bench = Bench::new();
    let rows = rows();
    bench.write("train.csv", rows[..100].join("\n").as_bytes());
    let test = [
        &rows[..1],
        &rows[100..],
        &[
            "y1,en,food,Fresh BREAD near the hills  at dawn!".to_owned(),
            rows[8].clone(),
        ],
    ]
    .concat();
    bench.write("test.csv", test.join("\n").as_bytes());
    assert_success(&bench.train("train.csv", &[]));
    let output = bench.run(&[
        "evaluate",
        "test.csv",
        "--model",
        "m",
        "--against",
        "train.csv",
        "--json",
        "figures.json",
    ]);
    assert_success(&output);
    let figures: Value = serde_json::from_str(&bench.read("figures.json")).expect("JSON");
    let against = &figures["against"];
    assert_eq!(
        (&against["documents"], &against["against"]),
        (&23.into(), &99.into())
    );
    assert_eq!(against["exact"], 1, "{against}");
    assert!(against["near"].as_u64().expect("a number") < 22, "{against}");
    assert!(
        stderr(&output).contains("the figures may be too good"),
        "{}",
        stderr(&output)
    );
    assert!(stdout(&output).contains("1 are exact"), "{}", stdout(&output));
}

#[test]
fn outputs_that_cannot_be_written_are_found_first() {
    let bench = Bench::new();
    // A corpus that cannot be read either: the output is what is told.
    let train =
        |more: &[&str]| bench.run(&[&["train", "nowhere.csv", "--single-label", "topic"], more].concat());
    for (arguments, expected) in [
        (&["--output", "no/where/m"][..], "cannot write no/where/m"),
        (&["--output", "."], "cannot write ."),
        (
            &["--output", "m", "--card", "no/card.md"],
            "cannot write no/card.md",
        ),
        (
            &["--output", "m", "--check-labels", "m"],
            "--output and --check-labels name the same file m",
        ),
        (
            &["--output", "nowhere.csv"],
            "--output nowhere.csv would take the place of an input",
        ),
    ] {
        let output = train(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            stderr(&output).contains(expected),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    assert_eq!(bench.names(), ["a.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let bench = Bench::new();
    for arguments in [
        &["--output", "/dev/full"][..],
        &["--output", "m", "--card", "/dev/full"],
    ] {
        let output = bench.run(&[&["train", "a.csv", "--single-label", "topic"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(
            stderr(&output).contains("cannot write /dev/full: No space left"),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(bench.names(), ["a.csv"]);
}

#[test]
fn recipes_that_are_wrong_name_key_value_and_what_is_allowed() {
    let bench = Bench::new();
    for (recipe, expected) in [
        (
            "[trainning]\nc = 1",
            &[
                "line 1",
                "unknown field `trainning`",
                "`calibration`",
                "did you mean `training`?",
            ][..],
        ),
        (
            "[training]\nC = 1.0",
            &["unknown field `C`", "`solver`", "did you mean `c`?"],
        ),
        (
            "[training]\nc = \"big\"",
            &["line 2", "c = \"big\"", "expected f64"],
        ),
        ("[training]\nc = -1.0", &["training.c is -1", "expected"]),
        (
            "[calibration]\nfolds = 1",
            &["calibration.folds is 1, expected 2 to 20"],
        ),
        (
            "[calibration]\nmethod = \"plat\"",
            &["unknown variant `plat`", "did you mean `platt`?"],
        ),
        (
            "[calibration]\nmethod = \"none\"\n[decision]\nthreshold = { precision = 0.9 }",
            &["decision.threshold", "calibration.method none"],
        ),
        (
            "[decision]\nthreshold = { precision = 1.5 }",
            &["decision.threshold is 1.5, expected above 0, below 1"],
        ),
        (
            "[features]\nmax_df = 2.0",
            &["features.max_df is 2, expected above 0, at most 1"],
        ),
        (
            "[features]\nchannels = [{ view = \"light\", unit = \"word\", n = [2, 1] }]",
            &["features.channels.n is [2, 1]", "1 <= first"],
        ),
        (
            "[heads.topic]\nkind = \"multi-label\"",
            &["\"topic\" is named as a head of both kinds"],
        ),
        (
            "[heads.topic]\nkind = \"single-label\"\nrequires = \"moon\"",
            &["heads.topic.requires is \"moon\"", "expected"],
        ),
        (
            "[heads.topic]\nkind = \"single-label\"\nminimum = { fod = 0.5 }",
            &["there is no label \"fod\"", "food, weather"],
        ),
        ("[training\nc = 1", &["line 1"]),
    ] {
        bench.write("r.toml", recipe.as_bytes());
        let output = bench.train("a.csv", &["--recipe", "r.toml"]);
        assert_eq!(output.status.code(), Some(1), "{recipe}");
        for expected in expected {
            assert!(
                stderr(&output).contains(expected),
                "{recipe}: {expected} is not in {}",
                stderr(&output)
            );
        }
    }
    assert_eq!(bench.names(), ["a.csv", "r.toml"]);
}

#[test]
fn inputs_that_cannot_be_read_name_file_and_line() {
    let bench = Bench::new();
    let utf_16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    bench.write("wide.csv", &utf_16("text,topic\nsoup,food\n"));
    bench.write("wide.jsonl", &utf_16("{\"text\":\"soup\",\"topic\":\"food\"}\n"));
    bench.write("latin.csv", b"text,topic\nsoup,food\ncr\xE8me,food\n");
    bench.write("latin.jsonl", b"{\"text\":\"cr\xE8me\",\"topic\":\"food\"}\n");
    bench.write("ragged.csv", b"text,topic\nsoup,food\nsoup, hot,food\n");
    bench.write("open.csv", b"text,topic\nsoup,food\n\"soup,food\n");
    bench.write("empty.csv", b"");
    for (file, expected) in [
        ("wide.csv", &["wide.csv", "UTF-16, expected UTF-8"][..]),
        ("wide.jsonl", &["wide.jsonl", "UTF-16, expected UTF-8"]),
        (
            "latin.csv",
            &["latin.csv:3: invalid UTF-8 at byte 2", "not Latin-1"],
        ),
        ("latin.jsonl", &["latin.jsonl:1: invalid UTF-8 at byte 11"]),
        ("ragged.csv", &["ragged.csv:3: 3 columns, expected 2"]),
        ("open.csv", &["open.csv:3: a quoted cell"]),
        ("empty.csv", &["empty.csv:1: no header line"]),
        ("nowhere.csv", &["cannot read nowhere.csv: No such file"]),
        (".", &["no input format"]),
    ] {
        let output = bench.train(file, &[]);
        assert_eq!(output.status.code(), Some(1), "{file}");
        for expected in expected {
            assert!(
                stderr(&output).contains(expected),
                "{file}: {expected} is not in {}",
                stderr(&output)
            );
        }
        assert!(!bench.path("m").exists());
    }
}

/// A run that is told to end leaves the old model and nothing else.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing() {
    for signal in ["-INT", "-TERM"] {
        let bench = Bench::new();
        bench.write("m", b"the old model");
        // A pipe that nobody writes to: the run waits in the middle.
        let made = Command::new("mkfifo")
            .arg(bench.path("slow.csv"))
            .status()
            .expect("mkfifo");
        assert!(made.success());
        let before = bench.names();
        let mut child = bench
            .command(&[
                "train",
                "slow.csv",
                "--single-label",
                "topic",
                "--output",
                "m",
                "--card",
                "card.md",
            ])
            .spawn()
            .expect("the program starts");
        while bench.names().len() < before.len() + 2 {
            assert_eq!(child.try_wait().expect("a child"), None, "it ended by itself");
            std::thread::yield_now();
        }
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .expect("kill");
        assert!(sent.success());
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{signal}");
        assert_eq!(bench.names(), before, "{signal}");
        assert_eq!(bench.read("m"), "the old model");
    }
}
