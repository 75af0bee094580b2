//! A text is its segments, unless its runs say that it may not be.

use proptest::prelude::*;

use super::super::{Edges, Runs};
use super::samples::{hard_text, text};
use super::*;

/// Kind and letters of every token.
fn tokens(text: &NormalizedText) -> Vec<(TokenKind, String)> {
    let token = |token: &Token| (token.kind, text.word(*token).iter().collect());
    text.tokens().iter().map(token).collect()
}

/// The tokens of all segments, and whether the runs say that they are those of the text.
fn by_segment(text: &str) -> (Vec<(TokenKind, String)>, bool) {
    let mut normalizer = Normalizer::default();
    let (mut found, mut runs, mut independent) = (Vec::new(), Runs::default(), true);
    for segment in text.split_ascii_whitespace() {
        let (segment, edges): (_, Edges) = normalizer.normalize_segment(segment).expect("short");
        found.extend(tokens(segment));
        independent &= runs.goes_on(edges);
    }
    (found, independent)
}

fn assert_segments(text: &str) -> Result<(), TestCaseError> {
    let (found, independent) = by_segment(text);
    let whole = words_of(text);
    prop_assert!(!independent || found == tokens(&whole), "{:?}", text);
    // What a whole text is normalized to has nothing to do across its words any more.
    prop_assert_eq!(by_segment(&whole.to_string()).0, tokens(&whole), "{:?}", text);
    Ok(())
}

proptest! {
    #[test]
    fn of_texts(text in text()) {
        assert_segments(&text)?;
    }

    #[test]
    fn of_hard_texts(text in hard_text()) {
        assert_segments(&text)?;
    }

    #[test]
    fn of_letters_and_symbols(text in "[abاب!?\u{1F525}.'\u{301}\u{654}@ \t\n]{0,24}") {
        assert_segments(&text)?;
    }
}

#[test]
fn runs_end_at_words() {
    for (text, independent) in [
        ("so far so good", true),
        ("I saw a cat", true),
        ("a b c", false),
        ("I, a fool, I", true),
        ("a ! b ? c", false),
        ("a ! word ? b c", true),
        ("! ! !", false),
        ("!!! word !!!", true),
        ("no!! !", false),
        ("a.b.c word", true),
    ] {
        assert_eq!(by_segment(text).1, independent, "{text}");
    }
}
