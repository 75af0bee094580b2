//! Words of a text as the rules compare them.

use crate::error::Result;
use crate::text::{Normalizer, TokenKind};

/// A word of the light view; numbers, links and mentions count as words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Its letters.
    pub(super) text: String,
    /// Whether it is the first of the text or stands after the end of a sentence, a colon or an opening quote.
    pub(super) begins_sentence: bool,
    /// Whether its first letter in the input is upper case.
    pub(super) is_capitalized: bool,
}

/// The words of a text, read with a normalizer that keeps spans.
pub(super) fn words(text: &str, normalizer: &mut Normalizer) -> Result<Vec<Word>> {
    let normalized = normalizer.normalize(text)?;
    let mut words = Vec::new();
    let mut end = 0;
    let mut begins_sentence = true;
    for &token in normalized.tokens() {
        let input = normalized.span(token.range()).unwrap_or_default();
        let gap = text.get(end..input.start as usize).unwrap_or_default();
        begins_sentence |= gap.contains(ends_sentence);
        end = input.end as usize;
        if token.kind == TokenKind::Symbol {
            begins_sentence |= normalized.word(token) != [','];
            continue;
        }
        let spelling = text.get(input.range()).unwrap_or_default();
        words.push(Word {
            text: normalized.word(token).iter().collect(),
            begins_sentence,
            is_capitalized: spelling.starts_with(char::is_uppercase),
        });
        begins_sentence = false;
    }
    Ok(words)
}

fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | '…' | ':' | ';' | '؛' | '"' | '“' | '«' | '\n' | '–' | '—'
    )
}

/// An Arabic word as it stands and without the particles that are written as its first letters.
pub(super) fn forms(word: &str) -> impl Iterator<Item = &str> {
    let conjunctions = std::iter::once(word).chain(without(word, &["و", "ف"]));
    conjunctions.flat_map(|word| {
        std::iter::once(word).chain(without(
            word,
            &["ال", "لل", "ب", "ل", "ك", "بال", "كال", "هال", "عال"],
        ))
    })
}

/// `word` without each of the prefixes it has, if two letters or more are left.
fn without<'a>(word: &'a str, prefixes: &'static [&str]) -> impl Iterator<Item = &'a str> {
    prefixes
        .iter()
        .filter_map(move |prefix| word.strip_prefix(prefix))
        .filter(|rest| rest.chars().nth(1).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Word> {
        words(text, &mut Normalizer::with_spans()).expect("short")
    }

    #[test]
    fn sentences_begin_after_stops_quotes_and_symbols() {
        let first = |text: &str| -> Vec<String> {
            read(text)
                .into_iter()
                .filter(|word| word.begins_sentence)
                .map(|word| word.text)
                .collect()
        };
        assert_eq!(
            first("One, two. Three said: \"four five!\" Six"),
            ["one", "three", "four", "six"]
        );
        assert_eq!(first("واحد، اثنان. ثلاثة؟ أربعة"), ["واحد", "ثلاثة", "اربعة"]);
        assert_eq!(first(""), [""; 0]);
    }

    #[test]
    fn capitals_are_those_of_the_input() {
        let capitals: Vec<bool> = read("in Dorvanesh and elsewhere")
            .iter()
            .map(|word| word.is_capitalized)
            .collect();
        assert_eq!(capitals, [false, true, false, false]);
    }

    #[test]
    fn particles_come_off() {
        let has = |word, bare| forms(word).any(|form| form == bare);
        assert!(has("وبالعرب", "عرب") && has("للعرب", "عرب") && has("عرب", "عرب") && has("فلكم", "لكم"));
        assert!(!has("ذلك", "لك") && !has("would", "ould"));
        assert!(forms("وب").all(|form| form == "وب"));
    }
}
