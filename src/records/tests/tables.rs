//! CSV and TSV.

use std::io::{self, Read};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::error::ErrorKind;
use crate::records::MAX_LINE_BYTES;

fn csv_texts(input: &str) -> Vec<(u64, String)> {
    texts(input, Format::Csv)
}

#[test]
fn rows_are_records() {
    let cases: &[(&str, &[(u64, &str)])] = &[
        ("text", &[]),
        ("text\n", &[]),
        ("text\na\nb", &[(2, "a"), (3, "b")]),
        ("text\r\na\r\n\"b\"\r\n", &[(2, "a"), (3, "b")]),
        ("\u{feff}text\na\n\u{feff}b\n", &[(2, "a"), (3, "\u{feff}b")]),
        ("\u{feff}\"text\"\n\"\u{feff}a\"\n", &[(2, "\u{feff}a")]),
        ("\n\r\ntext\n\n\r\na\n\n\r\n\nb\n\r", &[(6, "a"), (10, "b")]),
        ("text\n\"a\nb\"\nc\n", &[(2, "a\nb"), (4, "c")]),
        ("text\n\"a\r\nb\r\n\"\r\nc\n", &[(2, "a\r\nb\r\n"), (5, "c")]),
        ("text\n\"\n\"\n\"\"\nc", &[(2, "\n"), (4, ""), (5, "c")]),
        ("text\n\"a \"\"b\"\"\"\n", &[(2, "a \"b\"")]),
        ("text\na \"b\"\n", &[(2, "a \"b\"")]),
        ("text\n\"a\" b\n", &[(2, "a b")]),
        ("text\n\"a\rb\r\"\nc\rd\r\n", &[(2, "a\rb\r"), (3, "c\rd")]),
        ("text,\"i\nd\"\na,1\n", &[(3, "a")]),
        ("id,text\n1,\"a,b\"\n2,\"a\tb\"\n", &[(2, "a,b"), (3, "a\tb")]),
        ("id,text\n,\n", &[(2, "")]),
    ];
    for (input, expected) in cases {
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, text)| (*line, text.to_string()))
            .collect();
        assert_eq!(csv_texts(input), expected, "{input:?}");
    }
    let rows = texts("id\ttext\n1\ta,b\n2\t\"a\tb\"\n", Format::Tsv);
    assert_eq!(rows, [(2, "a,b".to_owned()), (3, "a\tb".to_owned())]);
}

#[test]
fn cells_are_strings_and_an_empty_id_is_none() {
    let schema = schema(&["label", "missing", "id"]);
    let records = read("label,id,text\n[1],7,a\n,,b\n", Format::Csv, &schema);
    let found: Vec<_> = records.into_iter().flatten().map(|r| (r.id, r.extra)).collect();
    let expected = [
        (Some(json!("7")), vec![Some(json!("[1]")), None, Some(json!("7"))]),
        (None, vec![Some(json!("")), None, Some(json!(""))]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn bad_rows_are_errors_in_their_place() {
    let ragged = |found| RecordErrorKind::RaggedRow { found, expected: 2 };
    let cases: &[(&[u8], RecordErrorKind)] = &[
        (b"a", ragged(1)),
        (b"\"\"", ragged(1)),
        (b"a,b,c", ragged(3)),
        (b",,\r", ragged(3)),
        (&b",".repeat(200), ragged(201)),
        (b"a,\xFF", RecordErrorKind::InvalidUtf8 { byte: 0 }),
        (b"a,\"x\"\"\xC3\"", RecordErrorKind::InvalidUtf8 { byte: 2 }),
        (b"\xC3,\xA9", RecordErrorKind::InvalidUtf8 { byte: 0 }),
    ];
    for (row, kind) in cases {
        let input = [b"id,text\n1,good\n", *row, b"\n2,good\n"].concat();
        let records = read(input, Format::Csv, &Schema::default());
        let error = records[1].clone().expect_err("it is refused");
        assert_eq!((error.line, &error.kind), (3, kind));
        assert!(records.len() == 3 && records[2].is_ok());
    }
}

#[test]
fn an_unclosed_quote_is_an_error_not_a_text() {
    for rest in ["\"b\n3,c\n", "\"", "\"b\"\"", "\"b\r"] {
        let input = format!("id,text\n1,a\n2,{rest}");
        let records = read(input, Format::Csv, &Schema::default());
        let expected = RecordError {
            line: 3,
            kind: RecordErrorKind::UnclosedQuote,
        };
        assert_eq!(records.len(), 2);
        assert_eq!(records[1], Err(expected), "{rest:?}");
    }
}

#[test]
fn a_long_row_is_passed_over() {
    let long = |end: &'static [u8]| io::repeat(b'x').take(20 << 20).chain(end);
    let limit = MAX_LINE_BYTES;
    let quoted = (&b"text\n\"x\n"[..]).chain(long(b"\n\"\ngood\n"));
    let unclosed = (&b"text\n\"x\n"[..]).chain(long(b"\ngood\n"));
    let plain = (&b"text\n"[..]).chain(long(b"\ngood\n"));
    let drain = |input| drain(input, &Schema::default(), 9, 99);
    for (records, good) in [
        (drain(reader(quoted, Format::Csv)), Some(5)),
        (drain(reader(unclosed, Format::Csv)), None),
        (drain(reader(plain, Format::Csv)), Some(3)),
    ] {
        let error = records[0].clone().expect_err("it is refused");
        assert_eq!(
            (error.line, error.kind),
            (2, RecordErrorKind::LineTooLong { limit })
        );
        let rest: Vec<u64> = records.iter().flatten().map(|record| record.line).collect();
        assert_eq!(rest, Vec::from_iter(good));
    }
}

#[test]
fn a_row_that_has_half_arrived_does_not_hold_the_others_back() {
    let parts = ["te", "xt\na\n\"b\n", "c\"", "\nd\n"];
    let mut reader = reader(Parts::new(parts.map(Ok)), Format::Csv);
    let (mut chunk, mut found) = (Chunk::default(), Vec::new());
    while reader.read_chunk(&mut chunk, 100, 1 << 20).expect("it reads") {
        let texts = (0..chunk.len()).map(|index| {
            chunk
                .parse(index, &Schema::default())
                .expect("a good record")
                .text
                .into_owned()
        });
        found.push(texts.collect::<Vec<_>>());
    }
    assert_eq!(found, [vec!["a"], vec!["b\nc", "d"]]);
}

#[test]
fn bad_headers_are_errors_at_once() {
    let cases: &[(&[u8], u64, RecordErrorKind)] = &[
        (b"", 1, RecordErrorKind::MissingHeader),
        (b"\xEF\xBB\xBF\n\r\n", 3, RecordErrorKind::MissingHeader),
        (b"\n\"text\n", 2, RecordErrorKind::UnclosedQuote),
        (b"id,te\xFFxt\n", 1, RecordErrorKind::InvalidUtf8 { byte: 2 }),
    ];
    for (input, line, kind) in cases {
        let error = RecordReader::from_reader(*input, Format::Csv, "input").expect_err("it is refused");
        let ErrorKind::Record {
            location,
            kind: found,
        } = error.kind()
        else {
            panic!("{error:?}");
        };
        assert_eq!((location.file.as_deref(), location.line), (Some("input"), *line));
        assert_eq!(found, kind);
    }
    let broken = Parts::new([Err(io::Error::other("unplugged"))]);
    let error = RecordReader::from_reader(broken, Format::Csv, "input").expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::Io { .. }));
}

#[test]
fn columns_are_checked_against_the_schema() {
    let check = |header: &'static [u8]| {
        let checked = reader(header, Format::Csv).check(&schema(&["label"]));
        checked.map_err(|error| error.to_string())
    };
    assert_eq!(check(b"text"), Ok(()));
    assert_eq!(check(b"label,x,text,x"), Ok(()));
    let missing = "there is no column \"text\"; expected one of label, Text";
    assert_eq!(check(b"label,Text"), Err(missing.to_owned()));
    assert_eq!(
        check(b"\nlabel,text,label"),
        Err("input:2: field \"label\" stands twice".to_owned())
    );
    assert_eq!(
        check(b"text,text"),
        Err("input:1: field \"text\" stands twice".to_owned())
    );
    assert_eq!(
        reader(&b"a,b\n"[..], Format::Csv).columns(),
        Some(&["a".to_owned(), "b".to_owned()][..])
    );
    let unchecked = error("id\n1\n", Format::Csv, &Schema::default());
    assert_eq!(unchecked.name(), "missing_field");
}

/// What the `csv` crate makes of the rows below a header.
fn oracle(input: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(input.as_bytes());
    let rows = reader.records().map(|row| row.expect("any text is CSV"));
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

proptest! {
    #[test]
    fn rows_are_those_of_the_csv_crate(
        body in "[ab,\"\u{feff}é\n]{0,40}", step in 1_usize..9, records in 1_usize..4, fills_chunks: bool,
    ) {
        let input = format!("text,id\n{body}");
        let mut reader = reader(Trickle::new(input.as_str(), step), Format::Csv);
        reader.fills_chunks = fills_chunks;
        let found = drain(reader, &schema(&["id"]), records, 1 << 20);

        let expected = oracle(&input);
        prop_assert_eq!(found.len(), expected.len());
        for (found, cells) in found.into_iter().zip(expected) {
            match found {
                Ok(record) => prop_assert_eq!(cells, [record.text, record.extra[0].as_ref().and_then(Value::as_str).unwrap_or("?").to_owned()]),
                Err(RecordError { kind: RecordErrorKind::RaggedRow { found, expected: 2 }, .. }) => {
                    prop_assert_eq!(cells.len(), found);
                }
                Err(error) => prop_assert_eq!(error.kind, RecordErrorKind::UnclosedQuote),
            }
        }
    }

    /// Each row starts on a line of its own, in order.
    #[test]
    fn any_bytes_can_be_a_table(
        bytes in any_bytes(), header in "(text|text,id|id,text)?", step in 1_usize..9, records in 1_usize..4,
    ) {
        let input = [header.as_bytes(), b"\n", &bytes].concat();
        let lines = input.split(|&byte| byte == b'\n').count() as u64;
        let Ok(reader) = RecordReader::from_reader(Trickle::new(input, step), Format::Csv, "input") else {
            return Ok(());
        };
        let mut previous = 1;
        for record in drain(reader, &schema(&["id"]), records, 99) {
            let line = record.map_or_else(|error| error.line, |record| record.line);
            prop_assert!((previous + 1..=lines).contains(&line));
            previous = line;
        }
    }

    #[test]
    fn written_texts_are_read_back(rows in prop::collection::vec(("\\PC*", "[\\PC\n\r\"\t,]*"), 1..5)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "text"]).expect("it writes");
        for (id, text) in &rows {
            writer.write_record([id, text]).expect("it writes");
        }
        let found = read(writer.into_inner().expect("a good record"), Format::Csv, &Schema::default());
        let texts: Vec<_> = found.into_iter().map(|record| record.expect("a good record").text).collect();
        prop_assert_eq!(texts, rows.into_iter().map(|(_, text)| text).collect::<Vec<_>>());
    }
}
