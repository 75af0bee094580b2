//! Tests of the records, and what they share.

mod arrays;
mod decoding;
mod json;
mod lines;
mod opening;
#[cfg(feature = "files")]
mod tables;

use std::collections::VecDeque;
use std::io::{self, Read};

use proptest::prelude::*;
use serde_json::Value;

use super::{Chunk, Format, Record, RecordError, RecordReader, Schema};
use crate::error::RecordErrorKind;

/// What [`Record`] holds, on its own.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    line: u64,
    id: Option<Value>,
    text: String,
    extra: Vec<Option<Value>>,
}

impl From<Record<'_>> for Found {
    fn from(record: Record<'_>) -> Self {
        Self {
            line: record.line,
            id: record.id,
            text: record.text.into_owned(),
            extra: record.extra,
        }
    }
}

/// An input that gives at most `step` bytes a read.
struct Trickle {
    bytes: Vec<u8>,
    position: usize,
    step: usize,
}

impl Trickle {
    fn new(bytes: impl Into<Vec<u8>>, step: usize) -> Self {
        Self {
            bytes: bytes.into(),
            position: 0,
            step,
        }
    }
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = &self.bytes[self.position..];
        rest = &rest[..rest.len().min(self.step)];
        let read = rest.read(buffer)?;
        self.position += read;
        Ok(read)
    }
}

/// An input that arrives in parts, some of them errors.
struct Parts(VecDeque<io::Result<Vec<u8>>>);

impl Parts {
    fn new(parts: impl IntoIterator<Item = io::Result<&'static str>>) -> Self {
        Self(parts.into_iter().map(|part| part.map(Vec::from)).collect())
    }
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(part) = self.0.pop_front() else {
            return Ok(0);
        };
        let part = part?;
        let read = part.as_slice().read(buffer)?;
        if read < part.len() {
            self.0.push_front(Ok(part[read..].to_vec()));
        }
        Ok(read)
    }
}

fn reader(input: impl Read + Send + 'static, format: Format) -> RecordReader {
    RecordReader::from_reader(input, format, "input").expect("it opens")
}

fn schema(extra: &[&str]) -> Schema {
    Schema {
        extra: extra.iter().map(ToString::to_string).collect(),
        ..Schema::default()
    }
}

/// Every record left, read in chunks of `records` records and `bytes` bytes.
fn drain(
    mut reader: RecordReader,
    schema: &Schema,
    records: usize,
    bytes: usize,
) -> Vec<Result<Found, RecordError>> {
    let (mut chunk, mut all) = (Chunk::default(), Vec::new());
    while reader.read_chunk(&mut chunk, records, bytes).expect("it reads") {
        assert!(chunk.len() <= records.max(1));
        all.extend((0..chunk.len()).map(|index| chunk.parse(index, schema).map(Found::from)));
    }
    assert!(chunk.is_empty());
    all
}

fn read(input: impl AsRef<[u8]>, format: Format, schema: &Schema) -> Vec<Result<Found, RecordError>> {
    let input = io::Cursor::new(input.as_ref().to_vec());
    drain(reader(input, format), schema, 1000, 1 << 20)
}

/// Line and text of each record, which are all good.
fn texts(input: impl AsRef<[u8]>, format: Format) -> Vec<(u64, String)> {
    let records = read(input, format, &Schema::default());
    records
        .into_iter()
        .map(|record| record.expect("a good record"))
        .map(|record| (record.line, record.text))
        .collect()
}

/// Line and error of the only record.
fn error(input: impl AsRef<[u8]>, format: Format, schema: &Schema) -> RecordErrorKind {
    let mut records = read(input, format, schema);
    assert_eq!(records.len(), 1);
    records.remove(0).expect_err("a bad record").kind
}

/// Any bytes, with many line ends, quotes, commas, marks and braces.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b"{\"text\":\"".to_vec()),
        Just(b"\"}\n".to_vec()),
        Just("،ء".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

#[test]
fn can_cross_threads() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<RecordReader>();
    send::<Chunk>();
    sync::<Chunk>();
}
