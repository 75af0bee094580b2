//! The longest text, before and after normalization, and long clusters.

use super::*;
use crate::error::ErrorKind;

/// Bytes and stage of the refusal of a text.
fn refusal(text: &str) -> (usize, &'static str) {
    let mut normalizer = Normalizer::with_spans();
    let error = normalizer.normalize(text).expect_err("too long");
    match error.kind() {
        &ErrorKind::TextTooLong { bytes, limit, when } => {
            assert_eq!(limit, MAX_TEXT_BYTES);
            (bytes, when)
        }
        kind => panic!("{kind:?}"),
    }
}

#[test]
fn length_before_normalization() {
    let longest = "ab ".repeat(MAX_TEXT_BYTES / 3) + "a";
    assert_eq!(longest.len(), MAX_TEXT_BYTES);
    assert_eq!(words_of(&longest).tokens().len(), MAX_TEXT_BYTES / 3 + 1);
    assert_eq!(refusal(&(longest + "b")), (MAX_TEXT_BYTES + 1, ""));
    // Bytes that normalization deletes count too.
    assert_eq!(
        refusal(&"\u{640}".repeat(MAX_TEXT_BYTES / 2 + 1)),
        (MAX_TEXT_BYTES + 2, "")
    );
}

#[test]
fn length_after_normalization() {
    // Eighteen characters, 33 bytes.
    let longest = MAX_TEXT_BYTES / 33;
    let text = words_of(&"\u{FDFA}".repeat(longest));
    assert_eq!(text.tokens().len(), 3 * longest + 1);
    let bytes = 33 * (longest + 1);
    assert_eq!(
        refusal(&"\u{FDFA}".repeat(longest + 1)),
        (bytes, " after normalization")
    );
    // All of it is counted, but not kept.
    let most = MAX_TEXT_BYTES / 3;
    assert_eq!(
        refusal(&"\u{FDFA}".repeat(most)),
        (33 * most, " after normalization")
    );
}

#[test]
fn a_refused_text_leaves_no_trace() {
    let mut normalizer = Normalizer::with_spans();
    for long in [
        "a".repeat(MAX_TEXT_BYTES + 1),
        "\u{FDFA}".repeat(MAX_TEXT_BYTES / 3),
    ] {
        normalizer.normalize(&long).expect_err("too long");
        let text = normalizer.normalize("قال").expect("short enough").clone();
        assert_eq!(text.to_string(), "قال");
        assert_eq!(text.span(0..3), Some(Span { start: 0, end: 6 }));
    }
}

#[test]
fn many_marks_on_one_letter() {
    let marks = (MAX_TEXT_BYTES - 2) / 2;
    // Deleted marks, marks that compose, marks of two classes in turn.
    assert_eq!(normalized(&format!("ا{}", "\u{64B}".repeat(marks))), "ا");
    assert_eq!(normalized(&format!("و{}", "\u{654}".repeat(marks))), "ؤ");
    assert_eq!(normalized(&format!("ب{}", "\u{654}".repeat(marks))), "ب");
    // Marks below come before marks above; thirty of them are left, then two.
    let zalgo = normalized(&format!("a{}b", "\u{302}\u{316}".repeat(marks / 2)));
    assert_eq!(zalgo, "a\u{316}\u{316}b");
    assert_eq!(normalized(&zalgo), zalgo);
}

#[test]
fn marks_after_the_thirtieth_are_dropped() {
    let marks = |range: std::ops::Range<u32>| range.filter_map(char::from_u32).collect::<String>();
    // Thirty marks of class 230 that compose with no letter and differ.
    let thirty = marks(0x0363..0x0370) + &marks(0x1DD1..0x1DE2);
    assert_eq!(thirty.chars().count(), 30);
    assert_eq!(normalized(&format!("x{thirty}")), format!("x{thirty}"));
    assert_eq!(normalized(&format!("x{thirty}\u{301}y")), format!("x{thirty}y"));
}

#[test]
fn many_vowels_on_one_consonant() {
    // Hangul vowels open no cluster and are no marks: all of them stay.
    let text = format!("\u{1100}{}", "\u{1161}\u{1163}".repeat(1000));
    assert_eq!(normalized(&text).chars().count(), 2000);
}

#[test]
fn one_long_word_and_many_symbols() {
    assert_eq!(normalized(&"ا".repeat(MAX_TEXT_BYTES / 2)), "اا");
    assert_eq!(normalized(&"!".repeat(MAX_TEXT_BYTES)), "! !");
    assert_eq!(
        words_of(&"!?".repeat(MAX_TEXT_BYTES / 2)).tokens().len(),
        MAX_TEXT_BYTES
    );
    assert_eq!(normalized(&"a ".repeat(MAX_TEXT_BYTES / 2)), "aa");
    assert_eq!(normalized(&"@".repeat(1000)).len(), 1999);
}

#[test]
fn nothing() {
    for text in [
        "",
        " ",
        "\u{FEFF}",
        "\u{640}\u{64B}",
        "\u{301}",
        "---",
        "\u{202E}\n",
        "\u{1F1EE}\u{1F1F6}",
    ] {
        assert!(words_of(text).tokens().is_empty(), "{text:?}");
    }
}
