//! What a line is, and what a chunk is.

use std::io::{self, Read};

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::records::MAX_LINE_BYTES;

#[test]
fn only_lf_ends_a_line() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("\n", &[""]),
        ("\r\n", &[""]),
        ("\r", &[""]),
        ("a", &["a"]),
        ("a\n", &["a"]),
        ("a\nb", &["a", "b"]),
        ("a\n\n\nb\n", &["a", "", "", "b"]),
        ("a\r\nb\r\n", &["a", "b"]),
        ("a\r\r\nb\r", &["a\r", "b"]),
        ("a\rb\u{2028}c\u{85}d\u{b}e\n", &["a\rb\u{2028}c\u{85}d\u{b}e"]),
        ("a\0b\n", &["a\0b"]),
        ("\u{feff}a\n\u{feff}b\n", &["a", "\u{feff}b"]),
        ("\u{feff}\u{feff}a", &["\u{feff}a"]),
        ("\u{feff}", &[]),
        ("\u{feff}\n", &[""]),
        ("\u{feff}\r\na", &["", "a"]),
        ("a\u{feff}", &["a\u{feff}"]),
        ("\u{f900}a", &["\u{f900}a"]),
    ];
    for (input, lines) in cases {
        let expected: Vec<_> = (1..).zip(lines.iter().map(ToString::to_string)).collect();
        assert_eq!(texts(input, Format::Txt), expected, "{input:?}");
    }
}

#[test]
fn part_of_a_byte_order_mark_is_not_one() {
    for input in [&b"\xEF"[..], b"\xEF\xBB", b"\xEF\xBBa\n", b"\xEFa\n"] {
        let expected = RecordErrorKind::InvalidUtf8 { byte: 0 };
        assert_eq!(error(input, Format::Txt, &Schema::default()), expected);
    }
}

#[test]
fn plain_text_has_no_fields() {
    let records = read("{}", Format::Txt, &schema(&["label"]));
    let expected = Found {
        line: 1,
        id: None,
        text: "{}".to_owned(),
        extra: vec![None],
    };
    assert_eq!(records, [Ok(expected)]);
}

#[test]
fn invalid_utf8_names_its_byte() {
    let cases: &[(&[u8], usize)] = &[
        (b"\xFF", 0),
        (b"ab\x80", 2),
        (b"ab\xC0\xAF", 2),
        (b"\xD8\xA7\xED\xA0\x80", 2),
        (b"\xF4\x90\x80\x80", 0),
        (b"abc\xE2\x82", 3),
        (b"\xEF\xBB\xBFa\xFF", 1),
    ];
    for (input, byte) in cases {
        for format in [Format::Txt, Format::Jsonl] {
            let kind = error(input, format, &Schema::default());
            assert_eq!(kind, RecordErrorKind::InvalidUtf8 { byte: *byte }, "{input:x?}");
        }
    }
}

#[test]
fn every_byte_in_every_place_is_text_or_an_error() {
    let text: [u8; 64] = std::array::from_fn(|place| "aء\u{202e}😀".as_bytes()[place % 10]);
    for (place, byte) in (0..64).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
        let mut line = text;
        line[place] = byte;
        let records = read(line, Format::Txt, &Schema::default());
        for (record, line) in records.iter().zip(lines(&line)) {
            let found = record.as_ref().map(|record| record.text.as_str()).ok();
            assert_eq!(found, std::str::from_utf8(line).ok(), "{byte:x} at {place}");
        }
        assert_eq!(records.len(), lines(&line).len());
    }
}

#[test]
fn a_million_empty_lines_are_a_million_records() {
    let reader = reader(io::repeat(b'\n').take(1_000_000), Format::Txt);
    let records = drain(reader, &Schema::default(), 4096, 1 << 20);
    assert_eq!(records.len(), 1_000_000);
    assert!(records.iter().all(Result::is_ok));
}

#[test]
fn a_line_at_the_limit_is_read_and_a_longer_one_passed_over() {
    let ends = ["", "\n", "\r\n"];
    for (extra, end) in [0, 1, 2, 3, 4 << 20]
        .into_iter()
        .flat_map(|n| ends.map(|end| (n, end)))
    {
        let long = io::repeat(b'x').take((MAX_LINE_BYTES + extra) as u64);
        let input = (&b"\xEF\xBB\xBF"[..]).chain(long).chain(end.as_bytes());
        let next = if end.is_empty() { "" } else { "good\n" };
        let records = drain(
            reader(input.chain(next.as_bytes()), Format::Txt),
            &Schema::default(),
            10,
            1 << 10,
        );
        match &records[0] {
            Ok(record) => assert_eq!((extra, record.text.len()), (0, MAX_LINE_BYTES)),
            Err(error) => {
                let limit = MAX_LINE_BYTES;
                assert_eq!(error.kind, RecordErrorKind::LineTooLong { limit });
                assert_eq!((error.line, extra > 0), (1, true));
            }
        }
        let rest: Vec<_> = records[1..]
            .iter()
            .flatten()
            .map(|r| (r.line, &*r.text))
            .collect();
        let expected = if end.is_empty() { vec![] } else { vec![(2, "good")] };
        assert_eq!(rest, expected, "{extra} {end:?}");
    }
}

#[test]
fn a_carriage_return_at_the_limit_counts_unless_a_line_end_follows() {
    let long = || io::repeat(b'x').take(MAX_LINE_BYTES as u64);
    let input = long().chain(&b"\r\r\n"[..]).chain(long()).chain(&b"\r\n"[..]);
    let records = drain(reader(input, Format::Txt), &Schema::default(), 1, 1);
    assert!(records[0].is_err() && records[1].is_ok());
}

#[test]
fn chunks_stop_at_their_limits() {
    let input = "aaaa\nbbbb\ncccc\ndddd\n";
    let cases: &[(usize, usize, &[usize])] = &[
        (10, 100, &[4]),
        (3, 100, &[3, 1]),
        (2, 100, &[2, 2]),
        (10, 8, &[2, 2]),
        (10, 9, &[3, 1]),
        (10, 1, &[1, 1, 1, 1]),
        (0, 0, &[1, 1, 1, 1]),
        (usize::MAX, usize::MAX, &[4]),
    ];
    for (records, bytes, lengths) in cases {
        let mut reader = reader(input.as_bytes(), Format::Txt);
        let (mut chunk, mut found) = (Chunk::default(), Vec::new());
        while reader.read_chunk(&mut chunk, *records, *bytes).expect("it reads") {
            found.push(chunk.len());
        }
        // The first byte, read alone to look for a mark, does not change the chunks.
        assert_eq!(found, *lengths, "{records} {bytes}");
        assert!(!reader.read_chunk(&mut chunk, *records, *bytes).expect("it reads"));
    }
}

#[test]
fn what_has_arrived_is_given_out() {
    let parts = ["a\nb\nc", "d", "\n", "e", "\nf\n", "g"];
    let mut reader = reader(Parts::new(parts.map(Ok)), Format::Txt);
    let mut chunk = Chunk::default();
    let mut found = Vec::new();
    while reader.read_chunk(&mut chunk, 100, 1 << 20).expect("it reads") {
        let texts = (0..chunk.len()).map(|index| {
            chunk
                .parse(index, &Schema::default())
                .expect("a good record")
                .text
        });
        found.push(texts.collect::<Vec<_>>().join(" "));
    }
    assert_eq!(found, ["a b", "cd", "e f", "g"]);
}

#[test]
fn records_come_before_the_error_after_them() {
    let parts = [
        Ok("a\nb\nhalf"),
        Err(io::Error::other("unplugged")),
        Ok(" more\n"),
    ];
    let mut reader = reader(Parts::new(parts), Format::Txt);
    // As for a file, where the error comes while the chunk is being filled.
    reader.fills_chunks = true;
    let mut chunk = Chunk::default();
    assert!(reader.read_chunk(&mut chunk, 100, 1 << 20).expect("it reads"));
    assert_eq!(chunk.len(), 2);
    let error = reader
        .read_chunk(&mut chunk, 100, 1 << 20)
        .expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::Io { action: "read", .. }));
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(source.as_deref(), Some("unplugged"));
    assert!(!reader.read_chunk(&mut chunk, 100, 1 << 20).expect("it reads"));
}

#[test]
fn an_interrupted_read_is_tried_again() {
    let interrupted = || Err(io::ErrorKind::Interrupted.into());
    let parts = [interrupted(), Ok("a"), interrupted(), Ok("b\n"), interrupted()];
    let records = drain(reader(Parts::new(parts), Format::Txt), &Schema::default(), 9, 99);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].as_ref().expect("a good record").text, "ab");
}

/// The lines of an input, found in the obvious way.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
        .into_iter()
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect()
}

proptest! {
    #[test]
    fn every_line_is_one_record_or_one_error(
        bytes in any_bytes(), step in 1_usize..9, records in 1_usize..5, size in 1_usize..20,
        fills_chunks: bool, is_json: bool,
    ) {
        let format = if is_json { Format::Jsonl } else { Format::Txt };
        let mut reader = reader(Trickle::new(bytes.as_slice(), step), format);
        reader.fills_chunks = fills_chunks;
        let found = drain(reader, &Schema::default(), records, size);

        let expected = lines(&bytes);
        prop_assert_eq!(found.len(), expected.len());
        for (index, (found, line)) in found.into_iter().zip(expected).enumerate() {
            let number = match &found { Ok(record) => record.line, Err(error) => error.line };
            prop_assert_eq!(number, index as u64 + 1);
            if is_json {
                let text = serde_json::from_slice::<Value>(line).ok();
                let text = text.as_ref().and_then(|object| object["text"].as_str());
                prop_assert_eq!(found.as_ref().ok().map(|record| record.text.as_str()), text);
            } else {
                let text = std::str::from_utf8(line).map_err(|error| error.valid_up_to());
                let found = found.as_ref().map(|record| &*record.text);
                prop_assert_eq!(found.map_err(|error| error.kind.byte().unwrap_or(0)), text);
            }
        }
    }
}
