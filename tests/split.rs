//! `split`: labelled files into parts that share nothing.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{read_to_string, write};
use std::path::Path;
use std::process::{Command, Output};

use support::names;

fn split(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .current_dir(folder)
        .arg("split")
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn stdout(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// The rows of each part.
fn parts(folder: &Path, names: &[&str], extension: &str) -> Vec<Vec<String>> {
    let read = |name: &&str| {
        let path = folder.join(format!("{name}.{extension}"));
        let text = read_to_string(path).expect("a part");
        text.lines().map(str::to_owned).collect()
    };
    names.iter().map(read).collect()
}

const THREE: [&str; 3] = ["train", "dev", "test"];

/// Words that no other row has, so that no two rows are near copies by chance.
fn filler(row: usize) -> String {
    let words = (0..6).map(|word| {
        let mut number = (row * 6 + word + 1).wrapping_mul(2_654_435_761);
        let letter = |_| {
            let letter = b'a' + u8::try_from(number % 26).expect("a letter");
            number /= 26;
            letter as char
        };
        (0..6).map(letter).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// 600 rows with spaces that a JSON writer would not make: every tenth is a near copy of the row before, three rows have
/// one author; `rare` is a label of 30 rows, and of some rows nothing is known.
fn posts() -> Vec<String> {
    let row = |row: usize| {
        let copied = if row % 10 == 9 { row - 1 } else { row };
        let text = format!(
            "{} over the pitch and the kitchen{}",
            filler(copied),
            ".".repeat(row % 2)
        );
        let labels = match row % 20 {
            0 => r#"["rare", "sport"]"#,
            1..8 => r#"["weather"]"#,
            8..14 => r#"["sport", "weather"]"#,
            14..17 => "[]",
            _ => "null",
        };
        format!(
            r#"{{"id":  {row}, "text": "{text}",  "topics": {labels}, "by": "a{}"}}"#,
            row / 3
        )
    };
    (0..600).map(row).collect()
}

fn field(row: &str, name: &str) -> String {
    let row: serde_json::Value = serde_json::from_str(row).expect("a row");
    row[name].to_string()
}

#[test]
fn rows_are_split_by_labels_and_groups_and_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let posts = posts();
    // The last row has no line end, the others that of another system.
    write(folder.path().join("posts.jsonl"), posts.join("\r\n")).expect("written");
    let arguments = [
        "posts.jsonl",
        "--multi-label",
        "topics",
        "--group-field",
        "by",
        "--output",
        "out",
    ];
    let told = stdout(&split(folder.path(), &arguments));
    let parts = parts(&folder.path().join("out"), &THREE, "jsonl");
    let written: BTreeSet<&String> = parts.iter().flatten().collect();
    assert_eq!(written, posts.iter().collect());
    assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), posts.len());
    for (part, rows) in parts.iter().enumerate() {
        let ids: Vec<u64> = rows
            .iter()
            .map(|row| field(row, "id").parse().expect("a number"))
            .collect();
        assert!(ids.is_sorted(), "rows keep their order");
        let authors: BTreeSet<String> = rows.iter().map(|row| field(row, "by")).collect();
        for other in parts.iter().skip(part + 1).flatten() {
            assert!(!authors.contains(&field(other, "by")), "{other}");
        }
        for copy in ids.iter().filter(|id| **id % 10 == 9) {
            assert!(ids.contains(&(copy - 1)), "a near copy of {copy} is elsewhere");
        }
    }
    for (label, tolerance) in [("rare", 2.5), ("sport", 6.0), ("weather", 9.0)] {
        let having = |rows: &Vec<String>| {
            rows.iter()
                .filter(|row| field(row, "topics").contains(label))
                .count()
        };
        let counts: Vec<usize> = parts.iter().map(having).collect();
        let all = counts.iter().sum::<usize>() as f64;
        for (count, share) in counts.iter().zip([0.7, 0.1, 0.2]) {
            assert!(
                (*count as f64 - share * all).abs() <= tolerance,
                "{label}: {counts:?}"
            );
        }
        assert!(told.contains(&format!("{} (", counts[1])), "{told}");
    }
    assert!(
        told.contains("kept together: 0 pairs of exact and 60 of near copies"),
        "{told}"
    );
    assert!(
        told.contains("read 600 records of 600 documents: 510 used, 90 without a known label"),
        "{told}"
    );
}

#[test]
fn a_seed_gives_one_split() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path().join("posts.jsonl"), posts().join("\n")).expect("written");
    let of = |seed: &str, output: &str, threads: &str| {
        let base = [
            "posts.jsonl",
            "--multi-label",
            "topics",
            "--folds",
            "4",
            "--threads",
            threads,
        ];
        stdout(&split(
            folder.path(),
            &[&base[..], &["--seed", seed, "--output", output]].concat(),
        ));
        parts(
            &folder.path().join(output),
            &["fold-1", "fold-2", "fold-3", "fold-4"],
            "jsonl",
        )
    };
    let one = of("1", "a", "1");
    assert!(one.iter().all(|rows| (140..=160).contains(&rows.len())));
    assert_eq!(one, of("1", "b", "2"));
    assert_ne!(one, of("2", "c", "1"));
}

#[test]
fn rows_of_tables_may_have_several_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: Vec<String> = (0..40)
        .map(|row| {
            format!(
                "\"{}\nand \"\"so\"\" on\",  {row} ,{}",
                filler(row),
                ["dry", "wet"][row % 2]
            )
        })
        .collect();
    let table = |rows: &[String], end: &str| format!("post,\"n\",sky{end}{}{end}{end}", rows.join(end));
    write(folder.path().join("a.csv"), table(&rows[..25], "\n")).expect("written");
    write(
        folder.path().join("b.csv"),
        format!("\u{feff}{}", table(&rows[25..], "\r\n")),
    )
    .expect("written");
    let arguments = [
        "a.csv",
        "b.csv",
        "--text-field",
        "post",
        "--single-label",
        "sky",
        "--shares",
        "75,25",
        "--output",
        ".",
    ];
    stdout(&split(folder.path(), &arguments));
    let mut found = BTreeMap::new();
    for (part, count) in [("train.csv", 30), ("test.csv", 10)] {
        let text = read_to_string(folder.path().join(part)).expect("a part");
        let text = text.strip_prefix("post,\"n\",sky\n").expect("the header");
        let of_part: Vec<&String> = rows.iter().filter(|row| text.contains(row.as_str())).collect();
        assert_eq!(of_part.len(), count, "{part}");
        let bytes: usize = of_part.iter().map(|row| row.len() + 1).sum();
        let returns = text.matches('\r').count();
        assert_eq!(text.len(), bytes + returns, "nothing else stands in it");
        of_part
            .into_iter()
            .for_each(|row| *found.entry(row).or_insert(0) += 1);
    }
    assert!(found.len() == 40 && found.values().all(|times| *times == 1));
}

#[test]
fn elements_of_arrays_stay_elements_and_annotations_of_a_document_together() {
    let folder = tempfile::tempdir().expect("a folder");
    // Two annotations of each text, as Label Studio's JSON-MIN has them, in one array.
    let record = |number: usize| {
        let (document, who) = (number % 12, number / 12);
        let sky = ["dry", "wet"][document % 2];
        format!(
            "{{\"id\": {document},\n \"text\": \"{}\", \"sky\": \"{sky}\", \"annotation_id\": {number}, \"annotator\": {who}, \"lead_time\": 1.5}}",
            filler(document)
        )
    };
    let records: Vec<String> = (0..24).map(record).collect();
    write(
        folder.path().join("export.json"),
        format!("[{}]", records.join(", ")),
    )
    .expect("written");
    let told = stdout(&split(
        folder.path(),
        &[
            "export.json",
            "--single-label",
            "sky",
            "--shares",
            "2,1",
            "--output",
            "out",
        ],
    ));
    assert!(
        told.contains("read 24 records of 12 documents by 2 annotators"),
        "{told}"
    );
    let mut sides = BTreeMap::new();
    for (part, count) in [("train", 16), ("test", 8)] {
        let text = read_to_string(folder.path().join(format!("out/{part}.json"))).expect("a part");
        let elements: Vec<serde_json::Value> = serde_json::from_str(&text).expect("an array");
        assert_eq!(elements.len(), count);
        for element in elements {
            assert_eq!(*sides.entry(element["id"].to_string()).or_insert(part), part);
            let number = element["annotation_id"].as_u64().expect("a number");
            assert!(text.contains(&records[usize::try_from(number).expect("small")]));
        }
    }
}

#[test]
fn what_cannot_be_split_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path().join("a.jsonl"), posts()[..30].join("\n")).expect("written");
    write(folder.path().join("train.jsonl"), posts()[30..].join("\n")).expect("written");
    write(folder.path().join("b.csv"), "text,topics\nrain,x\n").expect("written");
    write(folder.path().join("c.csv"), "topics,text\nx,snow\n").expect("written");
    let told = |arguments: &[&str]| stderr(&split(folder.path(), &[arguments, &["--output", "."]].concat()));
    let cases: [(&[&str], &str); 6] = [
        (
            &["a.jsonl", "b.csv"],
            "a.jsonl is jsonl in lines and b.csv is csv in lines; expected files of one format",
        ),
        (&["b.csv", "c.csv"], "b.csv and c.csv have different headers"),
        (&["train.jsonl"], "./train.jsonl would take the place of an input"),
        (
            &["a.jsonl", "--single-label", "tone"],
            "no record has a label in the field \"tone\"",
        ),
        (
            &["a.jsonl", "--group-field", "who"],
            "no record has the field \"who\" of --group-field",
        ),
        (
            &["a.jsonl", "--shares", "100"],
            "--shares is [100.0], expected two numbers above 0",
        ),
    ];
    for (arguments, expected) in cases {
        let found = told(arguments);
        assert!(found.contains(expected), "{found}");
    }
    let left = names(folder.path());
    assert_eq!(
        left,
        ["a.jsonl", "b.csv", "c.csv", "train.jsonl"],
        "nothing is left behind"
    );
}

/// The corpus of this project, which is split by `--rules`, is where it belongs.
#[test]
fn the_corpus_of_this_project_does_not_move() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    // Rows of development and test alone, so that the comparison is short.
    let rows = |part: &str| read_to_string(data.join(part)).expect("a part");
    let head = |part: &str| {
        rows(part)
            .lines()
            .take(60)
            .map(|line| line.to_owned() + "\n")
            .collect::<String>()
    };
    write(folder.path().join("dev.jsonl"), head("dev.jsonl")).expect("written");
    let path = |name: &str| data.join(name).display().to_string();
    let (rules, gazetteer) = (path("rules.toml"), path("gazetteer.toml"));
    let arguments = [
        "dev.jsonl",
        "--rules",
        &rules,
        "--gazetteer",
        &gazetteer,
        "--output",
        "out",
    ];
    let told = stdout(&split(folder.path(), &arguments));
    assert!(told.contains("dev.jsonl: "), "{told}");
    let out = parts(&folder.path().join("out"), &THREE, "jsonl");
    assert_eq!(out.iter().map(Vec::len).sum::<usize>(), 60);
    let both = split(
        folder.path(),
        &["dev.jsonl", "--rules", &rules, "--seed", "1", "--output", "out"],
    );
    assert_eq!(both.status.code(), Some(2), "{both:?}");
}
