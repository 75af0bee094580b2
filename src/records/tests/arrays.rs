//! JSON arrays, cut into their elements.

use super::*;

#[test]
fn elements_are_records_with_their_lines() {
    let cases = [
        ("[]", &[][..]),
        (" \n [ ] \n", &[]),
        ("", &[]),
        ("[{\"text\":\"a\"},{\"text\":\"b\"}]", &[(1, "a"), (1, "b")]),
        (
            "\u{feff}\n[\n  {\n    \"text\": \"a\"\n  },\r\n  {\"text\": \"]}\\\"\\\\\"}\n]\n",
            &[(3, "a"), (6, "]}\"\\")],
        ),
        // No array: a record in each line.
        ("{\"text\":\"a\"}\n{\"text\":\"b\"}", &[(1, "a"), (2, "b")]),
        ("\n{\"text\":\"a\"}\n", &[(2, "a")]),
    ];
    for (input, expected) in cases {
        let expected: Vec<(u64, String)> = expected
            .iter()
            .map(|&(line, text)| (line, text.to_owned()))
            .collect();
        assert_eq!(texts(input, Format::Json), expected, "{input:?}");
    }
}

/// What is wrong with each record, or nothing.
fn messages(input: &str) -> Vec<Option<String>> {
    let records = read(input, Format::Json, &Schema::default());
    let message = |record: Result<Found, RecordError>| record.err().map(|error| error.to_string());
    records.into_iter().map(message).collect()
}

#[test]
fn broken_arrays_are_errors_in_their_place() {
    let good = "{\"text\":\"a\"}";
    let ends = "line 1: invalid JSON at byte 0: the input ends before the array does";
    assert_eq!(messages(&format!("[{good}")), [None, Some(ends.to_owned())]);
    assert_eq!(messages(&format!("[{good},")), [None, Some(ends.to_owned())]);
    assert_eq!(messages("[{\"text\":\"a"), [Some(ends.to_owned())]);
    let comma = "line 1: invalid JSON at byte 0: expected a comma or the end of the array; \
                 nothing behind this place was read";
    assert_eq!(
        messages(&format!("[{good} {good}]")),
        [None, Some(comma.to_owned())]
    );
    let behind = "line 2: invalid JSON at byte 0: expected nothing behind the array";
    assert_eq!(
        messages(&format!("[{good}]\n{good}")),
        [None, Some(behind.to_owned())]
    );
    // An element that is no object is wrong by itself.
    let [Some(number), None] = &messages(&format!("[7,{good}]"))[..] else {
        panic!("an error and a record");
    };
    assert!(number.starts_with("line 1: invalid JSON at byte"), "{number}");
}

#[test]
fn offsets_count_from_the_start_of_the_element() {
    let kind = error(
        "[{\n\"text\": \"a\",\n\"b\": x}]",
        Format::Json,
        &Schema::default(),
    );
    assert_eq!(kind.byte(), Some(20));
}

#[test]
fn elements_above_the_limit_are_passed_over() {
    let long = "x".repeat(crate::records::MAX_LINE_BYTES);
    let input = format!("[{{\"text\":\"{long}\"}},{{\"text\":\"b\"}}]");
    let records = read(&input, Format::Json, &Schema::default());
    assert_eq!(records.len(), 2);
    assert_eq!(
        records[0].as_ref().expect_err("too long").kind.name(),
        "line_too_long"
    );
    assert_eq!(records[1].as_ref().expect("it is good").text, "b");
}

proptest! {
    /// The slow twin is `serde_json`, which reads the whole array.
    #[test]
    fn elements_are_what_serde_json_finds(
        texts in prop::collection::vec(r#"[\[\]{},:"\\ \na-cء]{0,12}"#, 0..8), pretty: bool, step in 1_usize..40,
    ) {
        let array: Vec<Value> = texts.iter().map(|text| serde_json::json!({"text": text, "a": [text, {}]})).collect();
        let json = if pretty { serde_json::to_string_pretty(&array) } else { serde_json::to_string(&array) };
        let input = Trickle::new(json.expect("JSON"), step);
        let records = drain(reader(input, Format::Json), &Schema::default(), 3, 50);
        let found: Vec<String> = records.into_iter().map(|record| record.expect("a record").text).collect();
        prop_assert_eq!(found, texts);
    }

    /// Any bytes give records and errors, never a panic, at any step, and always the same.
    #[test]
    fn any_bytes_are_read(bytes in any_bytes(), step in 1_usize..9) {
        let input = [b"[".to_vec(), bytes].concat();
        for format in [Format::Json, Format::LabelStudio, Format::LabelStudioMin, Format::Prodigy, Format::Argilla, Format::Doccano] {
            let whole = read(&input, format, &Schema::default());
            let parts = drain(reader(Trickle::new(input.clone(), step), format), &Schema::default(), 2, 9);
            prop_assert_eq!(whole, parts);
        }
    }
}
