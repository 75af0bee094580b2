//! Cleaning a whole text at once: what `clean` does a cluster at a time.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose};

use super::super::Span;
use super::super::clean::{Sink, clean, is_deleted, is_foreign_mark};
use super::super::confusables::is_arabic;
use super::samples::hard_text;

struct Letters(Vec<char>);

impl Sink for Letters {
    fn push(&mut self, c: char, _: Span) {
        self.0.push(c);
    }

    fn last(&self) -> Option<char> {
        self.0.last().copied()
    }

    fn replace_last(&mut self, c: char, _: u32) {
        *self.0.last_mut().expect("a last character") = c;
    }
}

fn cleaned(text: &str) -> String {
    let mut out = Letters(Vec::new());
    clean(text, &mut out);
    // Letters without marks are put in lower case only once look-alikes are repaired.
    out.0.into_iter().flat_map(char::to_lowercase).collect()
}

fn cleaned_at_once(text: &str) -> String {
    let text: String = text.chars().filter(|&c| !is_deleted(c)).collect();
    let text = text
        .replace('\u{FDFC}', "ريال")
        .replace('\u{FDFD}', "بسم الله الرحمن الرحيم");
    let text = without_excess_marks(&without_loose_marks(&text.nfkd().collect::<String>()));
    let text: String = text.chars().flat_map(char::to_lowercase).nfc().collect();
    let text: String = text.chars().filter(|&c| !is_deleted(c)).collect();
    let text = text.replace("ى\u{654}", "ئ").replace("ی\u{654}", "ئ");
    text.chars().filter(|&c| !is_hamza(c)).map(ascii_digit).collect()
}

fn is_hamza(c: char) -> bool {
    ('\u{653}'..='\u{655}').contains(&c)
}

fn ascii_digit(c: char) -> char {
    let digits = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"];
    let value = digits
        .iter()
        .find_map(|digits| digits.chars().position(|digit| digit == c));
    value.map_or(c, |value| "0123456789".as_bytes()[value] as char)
}

/// Decomposed text without the combining madda and hamzas that make no other letter, and without marks of
/// other scripts on Arabic letters.
fn without_loose_marks(text: &str) -> String {
    let mut letter = None;
    let mut out = String::new();
    for c in text.chars() {
        if canonical_combining_class(c) == 0 {
            letter = Some(c);
        }
        let joins = |letter| compose(letter, c).is_some() || (c == '\u{654}' && "ىی".contains(letter));
        let is_foreign = is_foreign_mark(c) && letter.is_some_and(is_arabic);
        if !is_foreign && (!is_hamza(c) || letter.is_some_and(joins)) {
            out.push(c);
        }
    }
    out
}

/// Decomposed text with the first thirty marks of each letter.
fn without_excess_marks(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let is_mark = |c: &char| canonical_combining_class(*c) != 0;
    let excess = |end: usize| end >= 30 && text[end - 30..=end].iter().all(is_mark);
    (0..text.len())
        .filter(|&end| !excess(end))
        .map(|end| text[end])
        .collect()
}

proptest! {
    #[test]
    fn clusterwise_equals_at_once(text in hard_text()) {
        prop_assert_eq!(cleaned(&text), cleaned_at_once(&text));
    }

    #[test]
    fn clusterwise_equals_at_once_on_any_text(text in any::<String>()) {
        prop_assert_eq!(cleaned(&text), cleaned_at_once(&text));
    }
}

#[test]
fn clusterwise_equals_at_once_on_every_character() {
    let planes = ('\0'..='\u{1FFFF}').chain('\u{E0000}'..='\u{E0FFF}');
    for c in planes {
        let text = format!("{c} e{c}\u{301} و{c}\u{654} か{c}\u{3099} \u{1100}{c}\u{11A8}");
        assert_eq!(cleaned(&text), cleaned_at_once(&text), "U+{:04X}", c as u32);
    }
}

/// Texts that were cleaned wrongly once.
#[test]
fn clusterwise_equals_at_once_on_old_findings() {
    for text in [
        "\u{FDFD}",
        "\u{FDFD}\u{301}",
        "\u{FDFC}\u{301}",
        "\u{FEED}\u{654}",
        "و\u{653}\u{654}",
        "H\u{331}",
        "\u{FC5D}\u{654}",
    ] {
        assert_eq!(cleaned(text), cleaned_at_once(text), "{text:?}");
    }
}
