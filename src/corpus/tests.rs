//! Tests of the corpus.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::records::Format;

fn head(name: &str, kind: HeadKind) -> HeadSpec {
    HeadSpec::new(name, kind)
}

/// The heads of these tests: `topics` of any number of labels, `tone` of one.
fn heads() -> Vec<HeadSpec> {
    vec![
        head("topics", HeadKind::MultiLabel),
        head("tone", HeadKind::SingleLabel),
    ]
}

/// Labels of one head, as the tests write them.
type Labels<'a> = Option<&'a [&'a str]>;

fn owned(labels: Labels) -> Option<Vec<String>> {
    labels.map(|labels| labels.iter().map(ToString::to_string).collect())
}

fn document(line: u64, topics: Labels, tone: Labels) -> Document {
    Document {
        location: Location { file: None, line },
        id: Some(line.to_string()),
        text: format!("text {line}"),
        group: None,
        weight: 1.0,
        labels: vec![owned(topics), owned(tone)],
        extra: Vec::new(),
    }
}

fn corpus() -> Corpus {
    let documents = vec![
        document(1, Some(&["b", "a"]), Some(&["warm"])),
        document(2, None, Some(&["cold"])),
        document(3, Some(&[]), None),
        document(4, Some(&["c"]), Some(&["warm"])),
    ];
    Corpus::new(heads(), documents).expect("a valid corpus")
}

#[test]
fn labels_are_sorted_and_targets_leave_the_unknown_out() {
    let corpus = corpus();
    assert_eq!(corpus.heads()[0].labels, ["a", "b", "c"]);
    assert_eq!(corpus.heads()[1].labels, ["cold", "warm"]);

    let (rows, targets) = corpus.targets(0);
    assert_eq!(rows, [0, 2, 3]);
    let expected = ndarray::array![[true, true, false], [false; 3], [false, false, true]];
    assert_eq!(targets, expected);

    let (rows, targets) = corpus.targets(1);
    assert_eq!(rows, [0, 1, 3]);
    assert_eq!(
        targets,
        ndarray::array![[false, true], [true, false], [false, true]]
    );
}

#[test]
fn a_head_without_known_documents_has_no_targets() {
    let corpus = Corpus::new(heads(), vec![document(1, None, None)]).expect("a valid corpus");
    let (rows, targets) = corpus.targets(0);
    assert_eq!((rows.len(), targets.dim()), (0, (0, 0)));
}

#[test]
fn heads_are_found_by_name() {
    let corpus = corpus();
    assert_eq!(corpus.head("tone").expect("it is there"), 1);
    let message = corpus.head("tune").expect_err("it is refused").to_string();
    assert_eq!(message, "there is no head \"tune\"; expected one of topics, tone");
}

#[test]
fn heads_need_names_of_their_own() {
    for name in ["", "topics"] {
        let mut heads = heads();
        heads[1].name = name.to_owned();
        let error = Corpus::new(heads, vec![document(1, None, None)]).expect_err("it is refused");
        assert!(
            matches!(error.kind(), ErrorKind::InvalidParameter { .. }),
            "{error}"
        );
    }
}

#[test]
fn documents_are_needed() {
    let error = Corpus::new(heads(), Vec::new()).expect_err("it is refused");
    assert_eq!(error.to_string(), "the corpus has no document");
}

#[test]
fn ids_are_unique() {
    let mut documents = vec![
        document(1, None, None),
        document(2, None, None),
        document(3, None, None),
    ];
    documents[0].id = None;
    documents[1].id = None;
    assert!(Corpus::new(heads(), documents.clone()).is_ok());
    documents[0].id = Some("3".to_owned());
    let error = Corpus::new(heads(), documents).expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        "id \"3\" of document 3 was already used at document 1"
    );
}

/// The message about the second of two documents.
fn refusal(second: Document) -> String {
    let error = Corpus::new(heads(), vec![document(1, None, None), second]).expect_err("it is refused");
    match error.kind() {
        ErrorKind::InvalidDocument { location, message } => {
            assert_eq!(location.line, 2);
            message.clone()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn weights_are_finite_and_above_zero() {
    for (weight, shown) in [
        (0.0, "0"),
        (-1.0, "-1"),
        (f32::NAN, "NaN"),
        (f32::INFINITY, "inf"),
    ] {
        let mut document = document(2, None, None);
        document.weight = weight;
        let expected = format!("the weight is {shown}, expected a finite number above 0");
        assert_eq!(refusal(document), expected);
    }
}

#[test]
fn labels_suit_their_heads() {
    let cases: &[(Labels, Labels, &str)] = &[
        (
            None,
            Some(&[]),
            "0 labels of the single-label head \"tone\", expected exactly 1",
        ),
        (
            None,
            Some(&["a", "b"]),
            "2 labels of the single-label head \"tone\", expected exactly 1",
        ),
        (None, Some(&[""]), "an empty label of head \"tone\""),
        (Some(&["a", ""]), None, "an empty label of head \"topics\""),
        (
            Some(&["a", "b", "a"]),
            None,
            "label \"a\" of head \"topics\" stands twice",
        ),
    ];
    for (topics, tone, message) in cases {
        assert_eq!(refusal(document(2, *topics, *tone)), *message);
    }
    let mut narrow = document(2, None, None);
    narrow.labels.pop();
    assert_eq!(refusal(narrow), "labels for 1 heads, expected 2");
}

#[test]
fn the_digest_is_of_the_documented_bytes() {
    use sha2::Digest;

    let mut only = document(1, Some(&["b", "a"]), None);
    only.group = Some("g".to_owned());
    let corpus = Corpus::new(heads(), vec![only]).expect("a valid corpus");
    let number = |number: u64| number.to_le_bytes().to_vec();
    let text = |text: &str| [number(text.len() as u64), text.as_bytes().to_vec()].concat();
    let bytes = [
        text("narrative-frames corpus 1"),
        number(2),
        text("topics"),
        text("multi-label"),
        text("tone"),
        text("single-label"),
        number(1),
        vec![1],
        text("1"),
        text("text 1"),
        vec![1],
        text("g"),
        1.0_f32.to_le_bytes().to_vec(),
        vec![1],
        number(2),
        text("b"),
        text("a"),
        vec![0],
    ]
    .concat();
    let expected: String = sha2::Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(corpus.digest(), expected);
}

#[test]
fn the_digest_tells_corpora_apart() {
    let changes: &[fn(&mut Document)] = &[
        |_| {},
        |document| document.id = None,
        |document| document.id = Some(String::new()),
        |document| document.text.push(' '),
        |document| document.group = Some(String::new()),
        |document| document.weight = 2.0,
        |document| document.labels[0] = None,
        |document| document.labels[0] = Some(vec![]),
        |document| document.labels[0] = Some(vec!["a b".to_owned()]),
        |document| document.labels[1] = Some(vec!["cold".to_owned()]),
    ];
    let digest = |change: &fn(&mut Document)| {
        let mut document = document(1, Some(&["a", "b"]), Some(&["warm"]));
        change(&mut document);
        Corpus::new(heads(), vec![document])
            .expect("a valid corpus")
            .digest()
    };
    let digests: BTreeSet<String> = changes.iter().map(digest).collect();
    assert_eq!(digests.len(), changes.len());
    let unhashed: fn(&mut Document) = |document| {
        document.location.line = 7;
        document.extra.push(None);
    };
    assert!(digests.contains(&digest(&unhashed)));
}

#[test]
fn kinds_are_written_in_kebab_case() {
    let json = serde_json::to_string(&heads()[1]).expect("JSON");
    assert_eq!(json, r#"{"name":"tone","kind":"single-label"}"#);
    assert_eq!(serde_json::from_str::<HeadSpec>(&json).expect("JSON"), heads()[1]);
}

fn fields() -> CorpusFields {
    CorpusFields {
        group: Some("group".to_owned()),
        weight: Some("weight".to_owned()),
        heads: heads(),
        extra: vec!["lang".to_owned(), "id".to_owned()],
        label_separator: Some(";".to_owned()),
        ..CorpusFields::default()
    }
}

/// Reads files of the given names and contents.
fn read(files: &[(&str, &str)], fields: &CorpusFields) -> Result<Corpus, Error> {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |(name, content): &(&str, &str)| {
        let path = directory.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    read_corpus(&paths, None, fields)
}

fn labels_of_line(line: &str) -> Result<Vec<Option<Vec<String>>>, Error> {
    Ok(read(&[("a.jsonl", line)], &fields())?.documents()[0]
        .labels
        .clone())
}

#[test]
fn labels_are_lists_or_text_or_values() {
    let cases: &[(&str, Labels, Labels)] = &[
        (r#"{"text":""}"#, None, None),
        (r#"{"text":"","topics":null,"tone":null}"#, None, None),
        (r#"{"text":"","topics":"","tone":""}"#, Some(&[]), None),
        (r#"{"text":"","topics":" ","tone":" "}"#, Some(&[]), None),
        (r#"{"text":"","topics":[]}"#, Some(&[]), None),
        (
            r#"{"text":"","topics":["a"," b;c"],"tone":["x"]}"#,
            Some(&["a", " b;c"]),
            Some(&["x"]),
        ),
        (
            r#"{"text":"","topics":"a; b","tone":"x; y"}"#,
            Some(&["a", "b"]),
            Some(&["x; y"]),
        ),
        (
            r#"{"text":"","topics":"[\"a\", 1, true]","tone":"[2]"}"#,
            Some(&["a", "1", "true"]),
            Some(&["2"]),
        ),
        (
            r#"{"text":"","topics":3,"tone":false}"#,
            Some(&["3"]),
            Some(&["false"]),
        ),
        (
            r#"{"text":"","topics":[1.5],"tone":" x "}"#,
            Some(&["1.5"]),
            Some(&["x"]),
        ),
    ];
    for (line, topics, tone) in cases {
        assert_eq!(
            labels_of_line(line).expect("a valid corpus"),
            [owned(*topics), owned(*tone)],
            "{line}"
        );
    }
}

#[test]
fn text_is_one_label_without_a_separator() {
    let fields = CorpusFields {
        label_separator: None,
        ..fields()
    };
    let corpus = read(&[("a.jsonl", r#"{"text":"","topics":"a; b"}"#)], &fields).expect("a valid corpus");
    assert_eq!(corpus.heads()[0].labels, ["a; b"]);
    let fields = CorpusFields {
        label_separator: Some(String::new()),
        ..fields
    };
    let error = read(&[], &fields).expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        "label_separator is empty, expected at least one character"
    );
}

#[test]
fn unfit_values_name_file_line_and_field() {
    let cases = [
        (
            r#""topics":{"a":"b"}"#,
            "field \"topics\" is an object in which \"a\" is a string",
        ),
        (
            r#""topics":["a",null]"#,
            "field \"topics\" is null in the place of a label",
        ),
        (
            r#""tone":[["a"]]"#,
            "field \"tone\" is a list in the place of a label",
        ),
        (
            r#""topics":"['a']""#,
            "field \"topics\" is text that starts with \"[\"",
        ),
        (r#""group":["a"]"#, "field \"group\" is a list"),
        (r#""weight":"heavy""#, "field \"weight\" is \"heavy\""),
        (r#""weight":[1]"#, "field \"weight\" is \"[1]\""),
        (r#""id":true"#, "field \"id\" is a boolean"),
        (r#""lang":1,"#, "invalid JSON at byte 20"),
    ];
    for (field, message) in cases {
        let lines = format!("{{\"text\":\"\"}}\n{{\"text\":\"\",{field}}}\n{{}}\n");
        let error = read(&[("a.jsonl", &lines)], &fields()).expect_err("it is refused");
        let ErrorKind::Record { location, kind } = error.kind() else {
            panic!("{error:?}");
        };
        assert_eq!(location.line, 2);
        assert!(
            location
                .file
                .as_deref()
                .is_some_and(|file| file.ends_with("a.jsonl"))
        );
        assert!(kind.to_string().starts_with(message), "{kind}");
    }
}

#[test]
fn an_empty_list_is_no_single_label() {
    let error = labels_of_line(r#"{"text":"","tone":[]}"#).expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::InvalidDocument { .. }));
}

#[test]
fn ids_groups_weights_and_further_fields_are_kept() {
    let lines = concat!(
        r#"{"id":18446744073709551615,"text":"a","group":7,"weight":0.5,"lang":"ar"}"#,
        "\n",
        r#"{"id":"","text":"b","group":"","weight":"2","lang":["x"]}"#,
        "\n",
        r#"{"text":"c","weight":null}"#,
    );
    let corpus = read(&[("a.jsonl", lines)], &fields()).expect("a valid corpus");
    let id = Some("18446744073709551615".to_owned());
    let [a, b, c] = corpus.documents() else {
        panic!("three documents");
    };
    assert_eq!((&a.id, a.group.as_deref(), a.weight), (&id, Some("7"), 0.5));
    assert_eq!(a.extra, [Some("ar".to_owned()), id]);
    assert_eq!((&b.id, &b.group, b.weight), (&None, &None, 2.0));
    assert_eq!(b.extra, [Some("[\"x\"]".to_owned()), Some(String::new())]);
    assert_eq!((&c.id, &c.group, c.weight), (&None, &None, 1.0));
    assert_eq!(c.location.line, 3);
}

#[test]
fn files_follow_one_another_and_share_their_ids() {
    let line = |id: u64| format!("{{\"id\":{id},\"text\":\"t\"}}\n");
    let (first, second) = ([line(1), line(2)].concat(), line(3));
    let corpus = read(&[("a.jsonl", &first), ("b.ndjson", &second)], &fields()).expect("a valid corpus");
    let ids: Vec<_> = corpus
        .documents()
        .iter()
        .filter_map(|document| document.id.as_deref())
        .collect();
    assert_eq!(ids, ["1", "2", "3"]);
    let error = read(&[("a.jsonl", &first), ("b.jsonl", &first)], &fields()).expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::DuplicateId { .. }));
    let error = read(&[("a.jsonl", "")], &fields()).expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::EmptyCorpus { .. }));
}

#[test]
fn a_format_given_goes_before_the_extension() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("posts");
    std::fs::write(&path, "one\ntwo\n").expect("a file");
    let corpus = read_corpus(&[path], Some(Format::Txt), &fields()).expect("a valid corpus");
    assert_eq!(corpus.documents().len(), 2);
    assert_eq!(corpus.documents()[1].labels, [None, None]);
}

#[cfg(feature = "files")]
#[test]
fn tables_say_the_same_as_json_lines() {
    let lines = concat!(
        r#"{"id":"1","text":"a","topics":["x","y"],"tone":"warm","weight":2}"#,
        "\n",
        r#"{"id":"2","text":"b","topics":[],"tone":null}"#,
        "\n",
        r#"{"id":"3","text":"c","topics":["z"],"tone":"1"}"#,
    );
    let table = "id,text,topics,tone,weight\n1,a,\"[\"\"x\"\", \"\"y\"\"]\",warm,2\n2,b,,,\n3,c,z,1,\n";
    let fields = CorpusFields {
        group: None,
        ..fields()
    };
    let from_lines = read(&[("a.jsonl", lines)], &fields).expect("a valid corpus");
    let from_table = read(&[("a.csv", table)], &fields).expect("a valid corpus");
    assert_eq!(from_lines.digest(), from_table.digest());
    assert_eq!(from_lines.heads(), from_table.heads());

    let error = read(&[("a.csv", "id,post\n")], &fields).expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::Unknown { what: "column", .. }));
    let error = read(&[("a.csv", "id,text\n1\n")], &fields).expect_err("it is refused");
    let ErrorKind::Record { kind, .. } = error.kind() else {
        panic!("{error:?}");
    };
    assert_eq!(kind.to_string(), "1 columns, expected 2");
}

proptest! {
    /// Each known row of the targets says what the document says.
    #[test]
    fn targets_are_the_labels(entries in prop::collection::vec(
        prop::option::of(prop::collection::btree_set("[a-e]", 0..4)), 1..20,
    )) {
        let document = |(line, labels): (u64, &Option<BTreeSet<String>>)| Document {
            labels: vec![labels.clone().map(Vec::from_iter)],
            ..document(line, None, None)
        };
        let documents = (1..).zip(&entries).map(document).collect();
        let corpus = Corpus::new(heads()[..1].to_vec(), documents).expect("a valid corpus");
        let (rows, targets) = corpus.targets(0);
        let names = &corpus.heads()[0].labels;
        let known: Vec<usize> = (0..entries.len()).filter(|&row| entries[row].is_some()).collect();
        prop_assert_eq!(&rows, &known);
        for (row, target) in rows.iter().zip(targets.outer_iter()) {
            let found = names.iter().zip(target).filter(|(_, has)| **has).map(|(name, _)| name.clone());
            prop_assert_eq!(Some(found.collect()), entries[*row].clone());
        }
    }
}

#[test]
fn an_object_says_which_labels_are_known() {
    let lines = concat!(
        r#"{"text":"1","topics":{"a":true,"b":false},"tone":{"x":true,"y":false}}"#,
        "\n",
        r#"{"text":"2","topics":{"a":1.0},"tone":{"x":false}}"#,
        "\n",
        r#"{"text":"3","topics":{"a":0,"b":0},"tone":{}}"#,
        "\n",
        r#"{"text":"4","topics":{"a":0,"b":null}}"#,
    );
    let corpus = read(&[("a.jsonl", lines)], &fields()).expect("a valid corpus");
    let labels: Vec<&[Option<Vec<String>>]> = corpus
        .documents()
        .iter()
        .map(|document| document.labels.as_slice())
        .collect();
    assert_eq!(labels[0], [owned(Some(&["a"])), owned(Some(&["x"]))]);
    assert_eq!(labels[1], [None, None]);
    assert_eq!(labels[2], [owned(Some(&[])), None]);
    assert_eq!(labels[3], [None, None]);

    // A label that no file names makes what was complete incomplete.
    let labels = [("topics".to_owned(), BTreeSet::from(["c".to_owned()]))];
    let fields = CorpusFields {
        labels: labels.into(),
        ..fields()
    };
    let corpus = read(&[("a.jsonl", lines)], &fields).expect("a valid corpus");
    assert!(
        corpus
            .documents()
            .iter()
            .all(|document| document.labels[0].is_none())
    );
}

/// The labels of the one document that several annotators say something of.
fn majority(rows: &[(&str, &str)]) -> Result<Vec<Option<Vec<String>>>, Error> {
    let lines: String = rows
        .iter()
        .map(|(who, labels)| format!("{{\"text\":\"t\",\"who\":\"{who}\",{labels}}}\n"))
        .collect();
    let fields = CorpusFields {
        annotator: Some("who".to_owned()),
        ..fields()
    };
    let corpus = read(&[("a.jsonl", &lines)], &fields)?;
    assert_eq!(corpus.documents().len(), 1);
    Ok(corpus.documents()[0].labels.clone())
}

#[test]
fn most_annotators_decide() {
    type Rows = &'static [(&'static str, &'static str)];
    let cases: &[(Rows, Labels, Labels)] = &[
        (
            &[
                ("a", r#""topics":["x"],"tone":"1""#),
                ("b", r#""topics":["x","y"],"tone":"2""#),
                ("c", r#""topics":["z"],"tone":"2""#),
            ],
            Some(&["x"]),
            Some(&["2"]),
        ),
        // One against one, on one label of two.
        (
            &[
                ("a", r#""topics":["x"],"tone":"1""#),
                ("b", r#""topics":["x","y"],"tone":"2""#),
            ],
            None,
            None,
        ),
        // Who says nothing does not count.
        (
            &[("a", r#""topics":["x"],"tone":"1""#), ("b", r#""topics":null"#)],
            Some(&["x"]),
            Some(&["1"]),
        ),
        // The same annotator again: the later answer stands.
        (
            &[
                ("a", r#""topics":["x"],"tone":"1""#),
                ("a", r#""topics":[],"tone":"2""#),
            ],
            Some(&[]),
            Some(&["2"]),
        ),
        // One label after the other.
        (
            &[("a", r#""topics":{"x":true}"#), ("a", r#""topics":{"y":false}"#)],
            Some(&["x"]),
            None,
        ),
        (
            &[
                ("a", r#""topics":["x"]"#),
                ("a", r#""topics":{"x":false,"y":true}"#),
            ],
            Some(&["y"]),
            None,
        ),
        // Without a name each counts for itself.
        (
            &[
                ("", r#""topics":["x"]"#),
                ("", r#""topics":["x"]"#),
                ("", r#""topics":[]"#),
            ],
            Some(&["x"]),
            None,
        ),
    ];
    for (rows, topics, tone) in cases {
        let labels = majority(rows).expect("a valid corpus");
        assert_eq!(labels, [owned(*topics), owned(*tone)], "{rows:?}");
    }
    let error = majority(&[("a", r#""topics":["x","x"]"#)]).expect_err("it is refused");
    assert!(
        matches!(error.kind(), ErrorKind::InvalidDocument { .. }),
        "{error}"
    );
}

#[test]
fn whether_there_is_any_label_is_asked_of_each_annotator() {
    let heads = vec![HeadSpec {
        any_of: Some("topics".to_owned()),
        ..HeadSpec::new("any topic", HeadKind::MultiLabel)
    }];
    let fields = CorpusFields {
        annotator: Some("who".to_owned()),
        heads,
        ..fields()
    };
    let lines = concat!(
        r#"{"text":"t","who":1,"topics":["x"]}"#,
        "\n",
        r#"{"text":"t","who":2,"topics":["y"]}"#,
        "\n",
        r#"{"text":"u","who":1,"topics":{"x":false}}"#,
    );
    let corpus = read(&[("a.jsonl", lines)], &fields).expect("a valid corpus");
    assert_eq!(corpus.documents()[0].labels, [owned(Some(&["any"]))]);
    assert_eq!(corpus.documents()[1].labels, [None]);
}
