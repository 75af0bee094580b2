//! Formats, file extensions, files.

use std::path::Path;

use super::*;
use crate::error::ErrorKind;

#[test]
fn names_are_read_back() {
    for name in [
        "jsonl",
        "csv",
        "txt",
        "json",
        "label-studio",
        "label-studio-min",
        "prodigy",
        "fasttext",
    ] {
        assert_eq!(name.parse::<Format>().expect("a format").name(), name);
    }
    for format in [Format::Jsonl, Format::Csv, Format::Tsv, Format::Txt] {
        assert_eq!(format.to_string().parse::<Format>().expect("a name"), format);
    }
    assert_eq!("ndjson".parse::<Format>().expect("a name"), Format::Jsonl);
    let error = "xlsx".parse::<Format>().expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        "there is no input format \"xlsx\"; expected one of jsonl, csv, tsv, txt, json, label-studio, \
         label-studio-min, doccano, prodigy, argilla, fasttext"
    );
}

#[test]
fn extensions_name_the_format() {
    let cases = [
        ("a.jsonl", Some(Format::Jsonl)),
        ("a.b/c.NDJSON", Some(Format::Jsonl)),
        ("a.csv.gz", Some(Format::Csv)),
        ("a.tsv.ZST", Some(Format::Tsv)),
        (".x.txt", Some(Format::Txt)),
        ("a.json", Some(Format::Json)),
        ("a.xlsx", None),
        ("a.txt.bz2", None),
        ("a.txt.gz.gz", None),
        ("a.gz", None),
        ("txt", None),
        (".txt", None),
        ("", None),
    ];
    for (path, format) in cases {
        assert_eq!(Format::from_path(path).ok(), format, "{path}");
    }
}

fn write(directory: &Path, name: &str, content: &[u8]) -> std::path::PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

#[test]
fn files_are_read_by_extension_or_as_told() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write(directory.path(), "a.txt", b"{\"text\": \"a\"}\n");
    let open = |format| {
        drain(
            RecordReader::open(&path, format).expect("it opens"),
            &Schema::default(),
            9,
            99,
        )
    };
    assert_eq!(
        open(None)[0].as_ref().expect("a good record").text,
        "{\"text\": \"a\"}"
    );
    assert_eq!(
        open(Some(Format::Jsonl))[0].as_ref().expect("a good record").text,
        "a"
    );
    let reader = RecordReader::open(&path, None).expect("it opens");
    assert_eq!(**reader.name(), *path.display().to_string());
    assert_eq!(reader.columns(), None);
}

#[test]
fn a_file_fills_its_chunks() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write(directory.path(), "a.txt", &b"0123456789\n".repeat(100_000));
    let mut reader = RecordReader::open(path, None).expect("it opens");
    let mut chunk = Chunk::default();
    assert!(
        reader
            .read_chunk(&mut chunk, 90_000, usize::MAX)
            .expect("it reads")
    );
    assert_eq!(chunk.len(), 90_000);
}

#[test]
fn files_that_cannot_be_opened_are_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("missing.txt");
    let error = RecordReader::open(&missing, None).expect_err("it is refused");
    assert_eq!(error.to_string(), format!("cannot read {}", missing.display()));
    assert!(std::error::Error::source(&error).is_some());
    let error = RecordReader::open("missing.xlsx", None).expect_err("it is refused");
    assert!(matches!(error.kind(), ErrorKind::Unknown { .. }));
}

#[cfg(not(feature = "files"))]
#[test]
fn a_build_without_files_says_so() {
    let error = RecordReader::from_reader(&b"text\n"[..], Format::Csv, "input").expect_err("it is refused");
    assert!(error.to_string().contains("feature `files`"));
    let directory = tempfile::tempdir().expect("a directory");
    let path = write(directory.path(), "a.txt.gz", b"");
    let error = RecordReader::open(path, None).expect_err("it is refused");
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert!(source.expect("it is there").contains("feature `files`"));
}

#[cfg(feature = "files")]
mod compressed {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).expect("it writes");
        encoder.finish().expect("it writes")
    }

    fn zstd(content: &[u8]) -> Vec<u8> {
        zstd::encode_all(content, 1).expect("it writes")
    }

    #[test]
    fn members_and_frames_are_one_input() {
        let directory = tempfile::tempdir().expect("a directory");
        let (first, second) = (&b"\xEF\xBB\xBFtext\none\ntw"[..], &b"o\nthree"[..]);
        let content = [
            ("a.csv.gz", [gzip(first), gzip(second)].concat()),
            ("a.csv.zst", [zstd(first), zstd(second)].concat()),
        ];
        for (name, content) in content {
            let path = write(directory.path(), name, &content);
            let reader = RecordReader::open(path, None).expect("it opens");
            let records = drain(reader, &Schema::default(), 2, 99);
            let texts: Vec<_> = records.iter().flatten().map(|record| &*record.text).collect();
            assert_eq!(texts, ["one", "two", "three"], "{name}");
        }
    }

    #[test]
    fn a_truncated_file_gives_its_records_and_then_an_error() {
        let directory = tempfile::tempdir().expect("a directory");
        let lines: String = (0..50_000_u64)
            .map(|line| format!("{line} {}\n", line * line % 7919))
            .collect();
        let expected: Vec<&str> = lines.lines().collect();
        for (name, content) in [
            ("a.txt.gz", gzip(lines.as_bytes())),
            ("a.txt.zst", zstd(lines.as_bytes())),
        ] {
            let path = write(directory.path(), name, &content[..content.len() / 2]);
            let mut reader = RecordReader::open(path, None).expect("it opens");
            let (mut chunk, mut count) = (Chunk::default(), 0);
            let error = loop {
                match reader.read_chunk(&mut chunk, 1000, 1 << 20) {
                    Ok(more) => assert!(more, "{name}: an error comes before the end"),
                    Err(error) => break error,
                }
                for index in 0..chunk.len() {
                    let record = chunk.parse(index, &Schema::default()).expect("a good record");
                    assert_eq!(Some(&*record.text), expected.get(count).copied(), "{name}");
                    count += 1;
                }
            };
            assert!(matches!(error.kind(), ErrorKind::Io { .. }));
            assert!((1..50_000).contains(&count), "{name}: {count}");
            assert!(!reader.read_chunk(&mut chunk, 1000, 1 << 20).expect("it reads"));
        }
    }

    #[test]
    fn content_is_never_sniffed() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = write(directory.path(), "a.txt", &gzip(b"text"));
        let records = drain(
            RecordReader::open(path, None).expect("it opens"),
            &Schema::default(),
            9,
            99,
        );
        assert!(records[0].is_err());
        let path = write(directory.path(), "b.txt.gz", b"text");
        let mut reader = RecordReader::open(path, None).expect("it opens");
        assert!(reader.read_chunk(&mut Chunk::default(), 9, 99).is_err());
    }
}
