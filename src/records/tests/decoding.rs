//! Text that is not UTF-8, where that is allowed; fields by name; bytes counted.

use super::*;

fn lossy(input: impl Into<Vec<u8>>, format: Format, schema: &Schema) -> Vec<Result<Found, RecordError>> {
    let mut reader = reader(io::Cursor::new(input.into()), format);
    reader.set_lossy(true);
    drain(reader, schema, 1000, 1 << 20)
}

/// The replacements of the WHATWG Encoding Standard: one for each maximal part of a sequence.
#[test]
fn bytes_that_are_not_utf8_are_replaced() {
    let cases: [(&[u8], &str); 9] = [
        (b"a\xFFb", "a?b"),
        (b"\xC0\x80", "??"),
        (b"\xE2\x82", "?"),
        (b"\xF0\x9F\x98a", "?a"),
        (b"\xED\xA0\x80", "???"),
        (b"\xF4\x90\x80\x80", "????"),
        (b"\xF8\x80\x80\x80\x80", "?????"),
        (b"\x80\xC3\xA9", "?\u{e9}"),
        (b"\xC3\xC3\xA9", "?\u{e9}"),
    ];
    for (bytes, expected) in cases {
        let expected = expected.replace('?', "\u{FFFD}");
        for (format, before, after) in [
            (Format::Txt, &b""[..], &b""[..]),
            (Format::Jsonl, b"{\"text\":\"", b"\"}"),
            #[cfg(feature = "files")]
            (Format::Csv, b"text\n", b""),
        ] {
            let found = lossy([before, bytes, after].concat(), format, &Schema::default());
            let [record] = found.try_into().expect("one record");
            assert_eq!(
                record.expect("a good record").text,
                expected,
                "{format} {bytes:?}"
            );
        }
    }
}

#[test]
fn a_text_without_faults_is_borrowed_all_the_same() {
    let mut reader = reader(&b"{\"text\":\"rain\"}\n"[..], Format::Jsonl);
    reader.set_lossy(true);
    let mut chunk = Chunk::default();
    assert!(reader.read_chunk(&mut chunk, 10, 1000).expect("it reads"));
    let schema = Schema::default();
    let record = chunk.parse(0, &schema).expect("a good record");
    assert!(matches!(record.text, std::borrow::Cow::Borrowed("rain")));
}

fn fields(input: &'static [u8], format: Format) -> Result<serde_json::Value, String> {
    let mut reader = reader(input, format);
    let mut chunk = Chunk::default();
    assert!(reader.read_chunk(&mut chunk, 10, 1000).expect("it reads"));
    assert_eq!(reader.bytes_read(), input.len() as u64);
    let fields = chunk.fields(0, &Schema::default());
    fields.map(Into::into).map_err(|error| error.to_string())
}

#[test]
fn all_fields_are_given_by_name() {
    let json = serde_json::json!({"text": 3, "place": {"town": ["Aden"]}, "n": null});
    let line = b"{\"text\":3,\"place\":{\"town\":[\"Aden\"]},\"n\":null}\n";
    assert_eq!(fields(line, Format::Jsonl), Ok(json));
    let text = serde_json::json!({"text": "rain"});
    assert_eq!(fields(b"rain\r\n", Format::Txt), Ok(text.clone()));
    let twice = fields(b"{\"text\":\"a\",\"n\":1,\"n\":1}\n", Format::Jsonl);
    assert_eq!(twice, Err("line 1: field \"n\" stands twice".to_owned()));
    #[cfg(feature = "files")]
    {
        assert_eq!(fields(b"text\nrain\n", Format::Csv), Ok(text));
        let twice = fields(b"text,n,n\nrain,1,2\n", Format::Csv);
        assert_eq!(twice, Err("line 2: field \"n\" stands twice".to_owned()));
    }
}

#[test]
fn the_text_of_a_line_can_serve_several_purposes() {
    let found = read("rain\n", Format::Txt, &schema(&["text", "other"]));
    let extra = &found[0].as_ref().expect("a good record").extra;
    assert_eq!(*extra, [Some("rain".into()), None]);
}
