//! Letters of another script that look like a letter of the word they stand in.
//!
//! Unicode Technical Standard 39 gives every character a *skeleton*; two characters that look alike have
//! the same one. Only words that mix scripts are touched, so Cyrillic and Greek text stays as it is.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::confusable_detection::skeleton;

/// Whether the character is an Arabic letter, told by its block.
pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{0870}'..='\u{08FF}')
}

fn is_greek_or_cyrillic(c: char) -> bool {
    !c.is_ascii() && matches!(c.script(), Script::Cyrillic | Script::Greek)
}

/// Puts Latin letters in the place of Cyrillic and Greek ones in a word that has a Latin letter.
pub(super) fn repair_latin(word: &mut [char]) {
    if word.is_empty() || word.iter().all(|c| c.is_ascii() || is_arabic(*c)) {
        return;
    }
    if !word.iter().any(|c| c.script() == Script::Latin) {
        return;
    }
    for position in 0..word.len() {
        let has_mark = word.get(position + 1).is_some_and(|&c| is_combining_mark(c));
        if !has_mark
            && is_greek_or_cyrillic(word[position])
            && let Some(letter) = latin_twin(word[position])
        {
            word[position] = letter;
        }
    }
}

/// The Latin letter that looks like this one, in its own case or else in lower case.
fn latin_twin(c: char) -> Option<char> {
    std::iter::once(c)
        .chain(c.to_lowercase())
        .filter_map(single_skeleton)
        .find(char::is_ascii_alphabetic)
}

/// Puts Arabic letters in the place of a lone Latin letter or inner digit beside Arabic letters.
pub(super) fn repair_arabic(word: &mut [char]) {
    for position in 0..word.len() {
        let arabic = |position: usize| word.get(position).map(|&c| is_arabic(c));
        let c = word[position];
        let is_lone = match (position.checked_sub(1).and_then(arabic), arabic(position + 1)) {
            (Some(before), Some(after)) => before && after,
            (Some(one), None) | (None, Some(one)) => one && c.is_ascii_alphabetic(),
            (None, None) => false,
        };
        if is_lone && let Some(letter) = arabic_twin(c) {
            word[position] = letter;
        }
    }
}

/// The Arabic letter with the skeleton of this ASCII character.
fn arabic_twin(c: char) -> Option<char> {
    if !c.is_ascii_alphanumeric() {
        return None;
    }
    match single_skeleton(c)? {
        'l' => Some('\u{0627}'),
        'o' | 'O' => Some('\u{0647}'),
        _ => None,
    }
}

/// The skeleton of a character, if it is one character.
fn single_skeleton(c: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut letters = skeleton(c.encode_utf8(&mut buffer));
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(letter),
        _ => None,
    }
}
