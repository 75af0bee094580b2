//! JSON lines.

use serde_json::json;

use super::*;

fn one(input: &str, schema: &Schema) -> Found {
    let mut records = read(input, Format::Jsonl, schema);
    assert_eq!(records.len(), 1, "{input}");
    records.remove(0).expect("a good record")
}

fn json_error(input: impl AsRef<[u8]>) -> RecordErrorKind {
    error(input, Format::Jsonl, &schema(&["label"]))
}

#[test]
fn named_fields_are_taken_and_others_skipped() {
    let line =
        r#" { "other": [1, {"text": 2}], "label": ["a"], "te\u0078t": "x\ny", "id": 17, "more": 1e999 } "#;
    let expected = Found {
        line: 1,
        id: Some(json!(17)),
        text: "x\ny".to_owned(),
        extra: vec![Some(json!(["a"])), None],
    };
    assert_eq!(one(line, &schema(&["label", "missing"])), expected);
}

#[test]
fn a_text_without_escapes_is_borrowed() {
    let mut chunk = Chunk::default();
    let mut reader = reader(&br#"{"text":"plain"}"#[..], Format::Jsonl);
    assert!(reader.read_chunk(&mut chunk, 1, 1).expect("it reads"));
    let record = chunk.parse(0, &Schema::default()).expect("a good record");
    assert!(matches!(record.text, std::borrow::Cow::Borrowed("plain")));
}

#[test]
fn null_is_missing_except_for_the_text() {
    let found = one(r#"{"id": null, "label": null, "text": ""}"#, &schema(&["label"]));
    assert_eq!((found.id, found.extra, &*found.text), (None, vec![None], ""));
}

#[test]
fn one_field_can_serve_several_purposes() {
    let schema = Schema {
        text: "a".to_owned(),
        id: Some("b".to_owned()),
        extra: ["b", "a", "c", "c", "b"].map(str::to_owned).to_vec(),
    };
    let found = one(r#"{"a": "A", "b": "B", "c": "C"}"#, &schema);
    let value = |text: &str| Some(json!(text));
    assert_eq!((found.id, &*found.text), (value("B"), "A"));
    assert_eq!(found.extra, ["B", "A", "C", "C", "B"].map(value));
}

#[test]
fn no_id_is_taken_unless_asked_for() {
    let schema = Schema {
        id: None,
        ..Schema::default()
    };
    assert_eq!(one(r#"{"id": [], "id": 3, "text": "t"}"#, &schema).id, None);
}

#[test]
fn unfit_fields_are_named() {
    let missing = |field: &str| RecordErrorKind::MissingField {
        field: field.to_owned(),
    };
    let duplicate = |field: &str| RecordErrorKind::DuplicateField {
        field: field.to_owned(),
    };
    let text = |found: &str| RecordErrorKind::WrongType {
        field: "text".to_owned(),
        found: found.to_owned(),
        expected: "a string",
    };
    let id = |found: &str| RecordErrorKind::WrongType {
        field: "id".to_owned(),
        found: found.to_owned(),
        expected: "a string or a number",
    };
    let cases = [
        ("{}", missing("text")),
        (r#"{"id": 3}"#, missing("text")),
        (r#"{"text": null}"#, text("null")),
        (r#"{"text": true}"#, text("a boolean")),
        (r#"{"text": 3}"#, text("a number")),
        (r#"{"text": -3}"#, text("a number")),
        (r#"{"text": 3.5}"#, text("a number")),
        (r#"{"text": ["a", [{}]]}"#, text("a list")),
        (r#"{"text": {"a": {"b": 1}}}"#, text("an object")),
        (r#"{"id": true, "text": "a"}"#, id("a boolean")),
        (r#"{"id": [1], "text": "a"}"#, id("a list")),
        (r#"{"id": {}, "text": "a"}"#, id("an object")),
        (r#"{"text": "a", "text": "a"}"#, duplicate("text")),
        (r#"{"text": null, "te\u0078t": "a"}"#, duplicate("text")),
        (r#"{"text": "a", "id": 1, "id": 1}"#, duplicate("id")),
        (r#"{"text": "a", "label": null, "label": 1}"#, duplicate("label")),
    ];
    for (line, kind) in cases {
        assert_eq!(json_error(line), kind, "{line}");
    }
}

#[test]
fn malformed_json_names_its_byte() {
    let cases = [
        ("\n", 0, "EOF while parsing a value"),
        ("[]", 0, "invalid type: sequence, expected an object"),
        ("3", 0, "invalid type: integer `3`, expected an object"),
        ("null", 3, "invalid type: null, expected an object"),
        (r#"{"text": "a"} x"#, 14, "trailing characters"),
        (r#"{"text": "a"}{}"#, 13, "trailing characters"),
        (r#"{"text": "a",}"#, 13, "trailing comma"),
        (r#"{"text" "a"}"#, 8, "expected `:`"),
        (r#"{"ت" 1}"#, 6, "expected `:`"),
        (r#"{text: "a"}"#, 1, "key must be a string"),
        (r#"{"text": "a"#, 10, "EOF while parsing a string"),
        (r#"{"text": 'a'}"#, 9, "expected value"),
        (r#"{"text": 1e999}"#, 13, "number out of range"),
        (r#"{"label": 1e999, "text": "a"}"#, 14, "number out of range"),
        (r#"{"text": "\q"}"#, 11, "invalid escape"),
        (r#"{"text": "\ud800"}"#, 16, "unexpected end of hex escape"),
        (
            r#"{"text": "\udc00"}"#,
            15,
            "lone leading surrogate in hex escape",
        ),
        (
            "{\"text\": \"a\u{1}b\"}",
            11,
            "control character (\\u0000-\\u001F) found while parsing a string",
        ),
        ("\u{feff}\u{feff}{}", 0, "expected value"),
    ];
    for (line, byte, message) in cases {
        let message = message.to_owned();
        assert_eq!(
            json_error(line),
            RecordErrorKind::InvalidJson { byte, message },
            "{line}"
        );
    }
}

#[test]
fn malformed_json_goes_before_unfit_fields() {
    let kind = json_error(r#"{"text": 3, "text": 4, "#);
    assert_eq!(kind.name(), "invalid_json");
}

#[test]
fn deep_and_wide_lines_need_no_stack() {
    let nested = |name: &str| {
        format!(
            "{{\"{name}\": {}{}, \"text\": \"a\"}}",
            "[".repeat(1 << 20),
            "]".repeat(1 << 20)
        )
    };
    let keys: String = (0..1_000_000).map(|key| format!("\"{key}\":0,")).collect();
    let check = move || {
        assert_eq!(one(&nested("other"), &Schema::default()).text, "a");
        assert_eq!(json_error(nested("text")).name(), "duplicate_field");
        let kind = json_error(nested("label"));
        assert!(
            matches!(&kind, RecordErrorKind::InvalidJson { message, .. } if message == "recursion limit exceeded")
        );
        assert_eq!(json_error("[".repeat(1 << 20)).name(), "invalid_json");
        assert_eq!(
            one(&format!("{{{keys}\"text\":\"a\"}}"), &Schema::default()).text,
            "a"
        );
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(check);
    thread.expect("a thread").join().expect("a thread");
}
