//! The files researchers have, read as they are: through the library and through the command line.

use std::path::PathBuf;
use std::process::{Command, Output};

use narrative_frames::corpus::{
    Corpus, CorpusFields, HeadKind, HeadSpec, ReadReport, read_corpus, read_corpus_with_report,
};
use narrative_frames::records::{Format, RecordReader};
use narrative_frames::{Error, ErrorKind};

/// What the first twelve documents of every file say.
const TOPICS: [&[&str]; 12] = [
    &["weather"],
    &["football"],
    &["weather", "football"],
    &["weather"],
    &["football"],
    &["weather"],
    &["football"],
    &["weather", "football"],
    &["weather"],
    &["football"],
    &[],
    &[],
];

/// A file of `tests/formats` and where its texts and labels stand.
struct File {
    name: &'static str,
    /// What its first record, or its extension, says it is.
    detected: Format,
    /// What it must be called if that is not enough.
    named: Option<&'static str>,
    text: &'static str,
    id: &'static str,
    labels: &'static str,
    /// Documents behind the twelve, all without known labels.
    unknown: usize,
    /// Which of the twelve are unknown too.
    open: &'static [usize],
    left_out: &'static [(&'static str, usize)],
}

const PLAIN: File = File {
    name: "",
    detected: Format::Jsonl,
    named: None,
    text: "text",
    id: "id",
    labels: "topics",
    unknown: 0,
    open: &[],
    left_out: &[],
};

const CANCELLED: (&str, usize) = ("cancelled by the annotator", 2);
const IGNORED: (&str, usize) = ("ignored by the annotator", 1);
const DISCARDED: (&str, usize) = ("discarded by the annotator", 1);

const FILES: [File; 15] = [
    File {
        name: "hub.jsonl",
        text: "sentence",
        id: "idx",
        labels: "tags",
        ..PLAIN
    },
    File {
        name: "hub.json",
        detected: Format::Json,
        text: "sentence",
        id: "idx",
        labels: "tags",
        ..PLAIN
    },
    File {
        name: "hub.csv",
        detected: Format::Csv,
        text: "Sentence text",
        id: "idx",
        labels: "tags",
        ..PLAIN
    },
    File {
        name: "hub.tsv",
        detected: Format::Tsv,
        text: "Sentence text",
        id: "idx",
        labels: "tags",
        ..PLAIN
    },
    File {
        name: "label-studio.json",
        detected: Format::LabelStudio,
        text: "body",
        unknown: 3,
        left_out: &[CANCELLED],
        ..PLAIN
    },
    // Its exporter leaves out cancelled annotations, and with them one task.
    File {
        name: "label-studio-min.json",
        detected: Format::LabelStudioMin,
        text: "body",
        unknown: 2,
        ..PLAIN
    },
    File {
        name: "doccano.jsonl",
        labels: "label",
        ..PLAIN
    },
    File {
        name: "doccano.jsonl",
        named: Some("doccano"),
        labels: "label",
        ..PLAIN
    },
    File {
        name: "doccano-old.jsonl",
        named: Some("doccano"),
        labels: "label",
        ..PLAIN
    },
    File {
        name: "prodigy-choice.jsonl",
        detected: Format::Prodigy,
        labels: "accept",
        unknown: 3,
        left_out: &[IGNORED, ("rejected without a choice", 1)],
        ..PLAIN
    },
    // Nobody was asked whether the twelfth text is about football.
    File {
        name: "prodigy-binary.jsonl",
        detected: Format::Prodigy,
        labels: "label",
        unknown: 1,
        open: &[11],
        left_out: &[IGNORED],
        ..PLAIN
    },
    File {
        name: "argilla.json",
        detected: Format::Argilla,
        unknown: 3,
        left_out: &[("a draft", 1), DISCARDED],
        ..PLAIN
    },
    File {
        name: "argilla-feedback.jsonl",
        detected: Format::Argilla,
        id: "external_id",
        unknown: 3,
        left_out: &[("a draft", 1), DISCARDED],
        ..PLAIN
    },
    File {
        name: "argilla-columns.jsonl",
        named: Some("argilla"),
        unknown: 3,
        left_out: &[("a draft", 1), DISCARDED],
        ..PLAIN
    },
    File {
        name: "argilla-classification.jsonl",
        detected: Format::Argilla,
        labels: "annotation",
        unknown: 2,
        left_out: &[DISCARDED],
        ..PLAIN
    },
];

/// A line without label is unknown, so that this file is unlike the others.
const FASTTEXT: File = File {
    name: "fasttext.txt",
    detected: Format::FastText,
    labels: "label",
    open: &[10, 11],
    ..PLAIN
};

impl File {
    fn path(&self) -> PathBuf {
        PathBuf::from("tests/formats").join(self.name)
    }

    fn read(&self, format: Option<Format>) -> Result<(Corpus, ReadReport), Error> {
        let fields = CorpusFields {
            text: self.text.to_owned(),
            id: Some(self.id.to_owned()),
            heads: vec![HeadSpec::new(self.labels, HeadKind::MultiLabel)],
            label_separator: Some("|".to_owned()),
            ..CorpusFields::default()
        };
        read_corpus_with_report(&[self.path()], format, &fields)
    }

    fn named(&self) -> Option<Format> {
        self.named.map(|name| name.parse().expect("a format"))
    }

    /// Holds a reading against what is said above.
    fn check(&self, format: Option<Format>) {
        let name = self.name;
        let (corpus, report) = self.read(format).expect(name);
        assert_eq!(corpus.documents().len(), 12 + self.unknown, "{name}");
        for (row, document) in corpus.documents().iter().enumerate() {
            let mut labels = document.labels[0].clone();
            labels.iter_mut().for_each(|labels| labels.sort());
            let mut expected: Option<Vec<&str>> = TOPICS.get(row).map(|labels| labels.to_vec());
            expected.iter_mut().for_each(|labels| labels.sort_unstable());
            if self.open.contains(&row) {
                expected = None;
            }
            assert_eq!(
                labels,
                expected.map(|labels| labels.into_iter().map(str::to_owned).collect()),
                "{name}: {row}"
            );
        }
        assert_eq!(
            corpus.documents()[0].text,
            "Rain is expected over the valley on Tuesday.",
            "{name}"
        );
        let left_out = self
            .left_out
            .iter()
            .map(|(why, count)| ((*why).to_owned(), *count));
        assert_eq!(report.left_out, left_out.collect(), "{name}");
        assert_eq!(report.unused, self.unknown + self.open.len(), "{name}");
        assert_eq!(report.heads[0].known, 12 - self.open.len(), "{name}");
    }
}

fn all() -> impl Iterator<Item = &'static File> {
    FILES.iter().chain([&FASTTEXT])
}

#[test]
fn every_file_says_the_same() {
    for file in all() {
        file.check(file.named());
    }
}

#[test]
fn first_records_tell_the_format() {
    for file in all() {
        let reader = RecordReader::open(file.path(), None).expect(file.name);
        assert_eq!(reader.format(), file.detected, "{}", file.name);
    }
    // What is named goes before what is seen.
    let reader = RecordReader::open("tests/formats/label-studio.json", Some(Format::Json)).expect("it opens");
    assert_eq!(reader.format(), Format::Json);
}

#[test]
fn annotators_are_counted_and_compared() {
    let file = |name: &str| all().find(|file| file.name == name).expect("it is there");
    let (_, report) = file("label-studio.json").read(None).expect("a corpus");
    assert_eq!((report.records, report.annotators), (15, 3));
    assert_eq!((report.heads[0].tied, report.heads[0].unlabelled), (1, 2));
    // Three tasks have two annotators or more: (0, 0, 1), (1, 1) and (0, 1) for football.
    let [football, weather] = &report.heads[0].agreement[..] else {
        panic!("two labels")
    };
    assert_eq!((football.documents, weather.documents), (3, 3));
    assert_eq!(football.alpha, Some(0.0));
    let (_, min) = file("label-studio-min.json").read(None).expect("a corpus");
    assert_eq!(min.heads[0].agreement, report.heads[0].agreement);
    let (_, choice) = file("prodigy-choice.jsonl").read(None).expect("a corpus");
    assert_eq!((choice.heads[0].incomplete, choice.annotators), (1, 3));
    let (_, binary) = file("prodigy-binary.jsonl").read(None).expect("a corpus");
    assert_eq!(binary.heads[0].incomplete, 1);
}

fn tone() -> CorpusFields {
    CorpusFields {
        id: Some("doc".to_owned()),
        annotator: Some("coder".to_owned()),
        heads: vec![HeadSpec::new("tone", HeadKind::SingleLabel)],
        ..CorpusFields::default()
    }
}

#[test]
fn a_column_of_annotators_makes_majorities() {
    let paths = [PathBuf::from("tests/formats/annotators.csv")];
    let (corpus, report) = read_corpus_with_report(&paths, None, &tone()).expect("a corpus");
    let label = |row: usize| {
        corpus.documents()[row].labels[0]
            .as_ref()
            .map(|labels| labels[0].as_str())
    };
    assert_eq!((report.records, report.documents, report.annotators), (36, 12, 3));
    assert_eq!(
        (label(0), label(2), label(4)),
        (Some("calm"), Some("calm"), Some("lively"))
    );
    assert_eq!((label(5), label(7)), (Some("calm"), None));
    let agreement = &report.heads[0].agreement;
    assert_eq!(agreement[0].label, None);
    // By hand: 18 of 34 values are calm, and coders differ in three documents: 1 − 33 · 6 / 576.
    let alpha = agreement[0].alpha.expect("coders differ");
    assert!((alpha - 0.656).abs() < 5e-4, "{alpha}");

    let without = CorpusFields {
        annotator: None,
        ..tone()
    };
    let error = read_corpus(&paths, None, &without).expect_err("rows share an id");
    assert!(matches!(error.kind(), ErrorKind::DuplicateId { .. }), "{error}");
}

#[test]
fn annotations_of_one_id_share_the_text() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("a.csv");
    std::fs::write(&path, "doc,text,coder,tone\n1,rain,a,calm\n1,snow,b,calm\n").expect("a file");
    let error = read_corpus(&[path], None, &tone()).expect_err("it is refused");
    let message = error.to_string();
    assert!(
        message.contains("a.csv:3: id \"1\" has another text than at"),
        "{message}"
    );
}

#[test]
fn spans_are_no_document_labels() {
    let spans = File {
        name: "doccano-spans.jsonl",
        labels: "label",
        ..PLAIN
    };
    let message = spans
        .read(Some(Format::Doccano))
        .expect_err("it is refused")
        .to_string();
    assert!(
        message.contains("doccano-spans.jsonl:1: field \"label\" is a list of spans"),
        "{message}"
    );
    assert!(
        message.contains("spans are not labels of a document"),
        "{message}"
    );
}

#[test]
fn what_a_tool_did_not_write_is_an_error_with_its_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let cases = [
        (
            Format::LabelStudio,
            "[{\"id\": 1}]",
            "field \"data\" is missing or no object",
        ),
        (
            Format::LabelStudio,
            r#"[{"id":1,"data":{"text":"t"},"annotations":[{"result":[{"from_name":"label","type":"labels","value":{"start":0,"end":1,"labels":["a"]}}]}]}]"#,
            "field \"label\" is a result without choices",
        ),
        (
            Format::LabelStudio,
            r#"[{"id":1,"data":{"text":"t"},"annotations":[{"result":[{"from_name":"label","type":"choices","value":{"start":0,"end":1,"choices":["a"]}}]}]}]"#,
            "field \"label\" is a choice about a part of the text",
        ),
        (
            Format::Prodigy,
            r#"{"text":"t","label":"a","answer":"maybe"}"#,
            "field \"answer\" is \"maybe\"",
        ),
        (
            Format::Argilla,
            r#"{"fields":{"text":"t"},"responses":3}"#,
            "field \"responses\" is a number",
        ),
        (
            Format::Argilla,
            r#"{"fields":{"text":3},"responses":{}}"#,
            "field \"text\" is a number",
        ),
        (
            Format::Json,
            "[{\"text\": \"a\"}",
            "the input ends before the array does",
        ),
        (
            Format::Json,
            "[{\"text\": \"a\"} {}]",
            "expected a comma or the end of the array",
        ),
    ];
    for (format, content, message) in cases {
        let path = directory.path().join("a");
        std::fs::write(&path, content).expect("a file");
        let fields = CorpusFields {
            heads: vec![HeadSpec::new("label", HeadKind::MultiLabel)],
            ..CorpusFields::default()
        };
        let error = read_corpus(&[path], Some(format), &fields)
            .expect_err(content)
            .to_string();
        assert!(
            error.contains("a:1: ") && error.contains(message),
            "{content}: {error}"
        );
    }
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
    command.args(arguments).output().expect("the program runs")
}

fn stdout(output: &Output) -> String {
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_file_trains_and_evaluates() {
    let directory = tempfile::tempdir().expect("a directory");
    let model = directory.path().join("model.safetensors");
    let model = model.to_str().expect("a path");
    for file in all() {
        let path = file.path();
        let mut input = vec![
            path.to_str().expect("a path"),
            "--text-field",
            file.text,
            "--id-field",
            file.id,
        ];
        input.extend(["--label-separator", "|"]);
        input.extend(file.named.into_iter().flat_map(|name| ["--input-format", name]));
        let train = [
            "train",
            "--multi-label",
            file.labels,
            "--set",
            "calibration.method=\"none\"",
            "--output",
            model,
        ];
        let printed = stdout(&run(&[&train[..], &input[..]].concat()));
        let known = 12 - file.open.len();
        let unused = file.unknown + file.open.len();
        let expected = format!(": {known} used, {unused} without a known label");
        assert!(printed.contains(&expected), "{}: {printed}", file.name);
        for (why, count) in file.left_out {
            assert!(
                printed.contains(&format!("left out: {count} annotations, {why}")),
                "{printed}"
            );
        }
        let printed = stdout(&run(&[&["evaluate", "--model", model][..], &input[..]].concat()));
        assert!(printed.contains(&expected), "{}: {printed}", file.name);
    }
}

#[test]
fn training_prints_agreement_and_keeps_its_command() {
    let directory = tempfile::tempdir().expect("a directory");
    let model = directory.path().join("model.safetensors");
    let model = model.to_str().expect("a path");
    let common = [
        "tests/formats/annotators.csv",
        "--id-field",
        "doc",
        "--set",
        "calibration.method=\"none\"",
    ];
    let train = [
        "train",
        "--single-label",
        "tone",
        "--output",
        model,
        "--annotator-field",
    ];
    let printed = stdout(&run(&[&train[..], &["coder"], &common].concat()));
    assert!(
        printed.contains("read 36 records of 12 documents by 3 annotators: 11 used"),
        "{printed}"
    );
    assert!(
        printed.contains("tone: 11 documents known; unknown: 1 on which annotators are divided equally"),
        "{printed}"
    );
    assert!(
        printed.contains("Krippendorff") && printed.contains("0.656"),
        "{printed}"
    );
    let header = stdout(&run(&["inspect", model, "--json"]));
    assert!(header.contains("--annotator-field coder"), "{header}");

    let output = run(&[&train[..], &["codr"], &common].concat());
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("no record has the field \"codr\" of --annotator-field"),
        "{message}"
    );
}

/// A task is one post, however many annotations it has.
#[test]
fn exports_are_scored_once_a_task() {
    let output = run(&[
        "predict",
        "tests/formats/label-studio.json",
        "--text-field",
        "body",
    ]);
    assert_eq!(stdout(&output).lines().count(), 15);
}
