//! What holds of every text: normalizing again, spans, views.

use proptest::prelude::*;

use super::samples::{hard_text, text};
use super::*;

/// A text that its own normal form does not change.
fn assert_idempotent(text: &str) -> Result<(), TestCaseError> {
    let once = normalized(text);
    prop_assert_eq!(normalized(&once), once, "{:?}", text);
    Ok(())
}

/// Spans are ranges of whole characters, in order, and keeping them changes nothing else.
fn assert_spans(input: &str) -> Result<(), TestCaseError> {
    let mut normalizer = Normalizer::with_spans();
    let text = normalizer.normalize(input).expect("short enough");
    let without = words_of(input);
    prop_assert_eq!(text.letters(), without.letters());
    prop_assert_eq!(text.tokens(), without.tokens());
    let mut last = 0;
    for letter in 0..text.letters().len() {
        prop_assert_eq!(without.span(letter..letter + 1), None);
        let span = text.span(letter..letter + 1).expect("spans are kept");
        prop_assert!(span.start < span.end);
        prop_assert!(input.get(span.range()).is_some(), "{:?} {:?}", span, input);
        prop_assert!(span.start >= last);
        last = span.start;
    }
    let mut end = 0;
    for token in text.tokens() {
        prop_assert_eq!(token.range().start, end);
        prop_assert!(!token.range().is_empty());
        end = token.range().end;
        let span = text.span(token.range()).expect("spans are kept");
        prop_assert!(input.get(span.range()).is_some());
    }
    prop_assert_eq!(end, text.letters().len());
    Ok(())
}

/// The bytes that a word came from hold the word.
///
/// Unless it was spaced out: the gaps around it, or a third letter, told that it is one word. Then only
/// its letters are there.
fn assert_substrings(input: &str) -> Result<(), TestCaseError> {
    let mut normalizer = Normalizer::with_spans();
    let text = normalizer.normalize(input).expect("short enough");
    for &token in text.tokens() {
        let span = text.span(token.range()).expect("spans are kept");
        let part = words_of(&input[span.range()]);
        let word = text.word(token);
        let same = |other: &Token| other.kind == token.kind && part.word(*other) == word;
        let is_there = part.tokens().iter().any(same);
        prop_assert!(
            is_there || part.letters() == word,
            "{:?} of {:?}",
            &input[span.range()],
            input
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn idempotent(text in text()) {
        assert_idempotent(&text)?;
    }

    #[test]
    fn idempotent_on_hard_text(text in hard_text()) {
        assert_idempotent(&text)?;
    }

    #[test]
    fn spans_are_ordered_ranges(text in text()) {
        assert_spans(&text)?;
    }

    #[test]
    fn spans_are_ordered_ranges_of_hard_text(text in hard_text()) {
        assert_spans(&text)?;
    }

    #[test]
    fn the_span_of_a_word_holds_the_word(text in text()) {
        assert_substrings(&text)?;
    }

    #[test]
    fn a_buffer_used_before_changes_nothing(texts in prop::collection::vec(hard_text(), 1..4)) {
        let mut normalizer = Normalizer::default();
        for text in texts {
            let again = normalizer.normalize(&text).expect("short enough");
            prop_assert_eq!(again, &words_of(&text));
        }
    }

    /// Each view names the letters it writes; all but the light one see no more than the folded one.
    #[test]
    fn views_are_maps_of_the_folded_one(text in hard_text()) {
        let text = words_of(&text);
        let [mut folded, mut seen, mut of_folded] = [const { Vec::new() }; 3];
        for &token in text.tokens() {
            let word = text.word(token);
            View::Folded.fold(word, &mut folded, |_| {});
            for view in View::ALL {
                let mut positions = Vec::new();
                view.fold(word, &mut seen, |position| positions.push(position));
                prop_assert_eq!(positions.len(), seen.len());
                // The name of a concept may be longer than the word.
                prop_assert!(positions.is_sorted_by(|a, b| a < b || view == View::Concept && a == b));
                prop_assert!(positions.iter().all(|&position| position < word.len()));
                view.fold(&folded, &mut of_folded, |_| {});
                prop_assert!(view == View::Light || seen == of_folded, "{:?}", view);
            }
            View::Light.fold(word, &mut seen, |_| {});
            prop_assert_eq!(word, seen.as_slice());
            for view in [View::Folded, View::Dotless] {
                let mut once = Vec::new();
                view.fold(word, &mut once, |_| {});
                view.fold(&once, &mut seen, |_| {});
                prop_assert_eq!(&once, &seen);
            }
        }
    }
}

#[test]
fn every_character() {
    // Most ideographs and Hangul syllables are left out: they are all alike.
    let alike =
        |c: &char| matches!(c, '\u{5000}'..='\u{9F00}' | '\u{AD00}'..='\u{D700}' | '\u{17000}'..='\u{1AFFF}');
    for c in ('\0'..='\u{1FFFF}').filter(|c| !alike(c)) {
        let text = format!("{c} a{c}b ب{c}ب H{c}\u{331}");
        assert_idempotent(&text)
            .and(assert_spans(&text))
            .unwrap_or_else(|e| panic!("U+{:04X} {e}", c as u32));
    }
}

/// Texts that normalizing again changed once.
#[test]
fn old_findings() -> Result<(), TestCaseError> {
    let zalgo = format!("a{}", "\u{316}\u{302}".repeat(20));
    for text in [
        // Capitals whose small letter alone has a composed form.
        "H\u{331}illa",
        "T\u{308}",
        "J\u{30C}",
        "\u{3AA}\u{301}",
        // Marks put in order thirty at a time.
        &zalgo,
        // An apostrophe behind the Latin mark of an Arabic letter kept a single letter from being joined.
        "ک\u{301}'s k s",
    ] {
        assert_idempotent(text)?;
    }
    Ok(())
}

/// Bytes that the words came from.
#[test]
fn spans_of_words() {
    let cases: &[(&str, &[&str])] = &[
        // What is deleted inside a word is in its span; what is deleted behind it is not.
        ("قَالَ الوكيل", &["قَال", "الوكيل"]),
        ("\u{FEFF}قــا\u{200C}ل،", &["قــا\u{200C}ل", "،"]),
        ("e\u{301}té", &["e\u{301}té"]),
        ("\u{FDFA}", &["\u{FDFA}"; 4]),
        ("جزا\u{FEF7}ن", &["جزا\u{FEF7}ن"]),
        ("شاطى\u{654}!", &["شاطى\u{654}", "!"]),
        ("sooooo what", &["soo", "what"]),
        ("الـfeedback", &["ال", "feedback"]),
        ("k.i.l.l it", &["k.i.l.l", "it"]),
        ("Don't", &["Don't"]),
        (
            "see https://t.co/x, at 3.5",
            &["see", "https://t.co/x,", "at", "3.5"],
        ),
        ("a.b@mail.org @ha_ha", &["a.b@mail.org", "@ha_ha"]),
    ];
    for &(input, expected) in cases {
        let mut normalizer = Normalizer::with_spans();
        let text = normalizer.normalize(input).expect("short enough");
        let parts: Vec<&str> = text
            .tokens()
            .iter()
            .map(|token| &input[text.span(token.range()).expect("spans are kept").range()])
            .collect();
        assert_eq!(parts, expected, "{input}");
    }
}
