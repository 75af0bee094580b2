//! Signs that a text was written to be read by people and not by programs.

use serde::Serialize;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

use super::clean::is_invisible;
use super::confusables::is_arabic;

/// How often a text holds what normalization undoes because it hides words: for the people who look at a text, not
/// for the model, which sees none of it.
///
/// None of these is evidence of anything: senders of ordinary messages use them, too, and code-switching mixes
/// scripts.
///
/// ```
/// use narrative_frames::text::Diagnostics;
///
/// let found = Diagnostics::of("p\u{200B}lain, pаlm with a Cyrillic letter, and s p a c e d");
/// assert_eq!(found.invisible, 1);
/// assert_eq!(found.mixed_script_words, 1);
/// assert_eq!(found.spaced_words, 1);
/// assert_eq!(found.bidi_overrides, 0);
/// assert_eq!(Diagnostics::of("قال: a plain text"), Diagnostics::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Diagnostics {
    /// Invisible characters: zero-width ones, soft hyphens, format and tag characters, bidirectional controls. Not
    /// counted are variation selectors, joiners outside words (both belong to emoji), Arabic marks and tatweel.
    pub invisible: u32,
    /// Characters that turn the direction of text around (U+202D, U+202E); they count as invisible, too.
    pub bidi_overrides: u32,
    /// Words with letters of two or more scripts.
    pub mixed_script_words: u32,
    /// Runs of three or more single letters of one script with anything but letters between them.
    pub spaced_words: u32,
}

/// The word being read.
#[derive(Default)]
struct Word {
    letters: u32,
    script: Option<Script>,
    is_mixed: bool,
}

/// The run of single letters being read.
#[derive(Default)]
struct Run {
    letters: u32,
    is_arabic: bool,
}

impl Diagnostics {
    /// Looks at a text once. Cost: linear in its length.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut found = Self::default();
        let (mut word, mut run) = (Word::default(), Run::default());
        for c in text.chars() {
            if c.is_alphanumeric() {
                word.push(c);
            } else if is_invisible(c) {
                let is_part_of_emoji =
                    matches!(c, '\u{FE00}'..='\u{FE0F}') || (c == '\u{200D}' && word.letters == 0);
                found.invisible += u32::from(!is_part_of_emoji);
                found.bidi_overrides += u32::from(matches!(c, '\u{202D}' | '\u{202E}'));
            } else if !is_combining_mark(c) && c != '\u{640}' {
                found.end_word(&mut word, &mut run);
            }
        }
        found.end_word(&mut word, &mut run);
        found.end_run(&mut run);
        found
    }

    fn end_word(&mut self, word: &mut Word, run: &mut Run) {
        let Word {
            letters,
            script,
            is_mixed,
        } = std::mem::take(word);
        self.mixed_script_words += u32::from(is_mixed);
        let is_arabic = script == Some(Script::Arabic);
        match (letters, script) {
            (0, _) => return,
            (1, Some(_)) if run.letters == 0 || run.is_arabic == is_arabic => {}
            (1, Some(_)) => self.end_run(run),
            _ => return self.end_run(run),
        }
        run.letters += 1;
        run.is_arabic = is_arabic;
    }

    fn end_run(&mut self, run: &mut Run) {
        self.spaced_words += u32::from(run.letters >= 3);
        *run = Run::default();
    }
}

impl Word {
    fn push(&mut self, c: char) {
        self.letters += 1;
        if let Some(script) = script(c) {
            self.is_mixed |= self.script.is_some_and(|before| before != script);
            self.script = Some(script);
        }
    }
}

/// The script of a letter; `None` for digits and letters of all scripts.
fn script(c: char) -> Option<Script> {
    if c.is_ascii() {
        return c.is_ascii_alphabetic().then_some(Script::Latin);
    }
    if !c.is_alphabetic() {
        return None;
    }
    if is_arabic(c) {
        return Some(Script::Arabic);
    }
    Some(c.script()).filter(|script| !matches!(script, Script::Common | Script::Inherited))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(text: &str) -> [u32; 4] {
        let found = Diagnostics::of(text);
        [
            found.invisible,
            found.bidi_overrides,
            found.mixed_script_words,
            found.spaced_words,
        ]
    }

    #[test]
    fn each_sign_is_counted() {
        for (text, expected) in [
            ("", [0; 4]),
            ("The convoy arrived, and left: 3 lorries, 2017-07-10.", [0; 4]),
            ("وصلت القافلةُ ثمّ غادرتــت", [0; 4]),
            ("I saw a cat", [0; 4]),
            ("مد\u{200B}ينة \u{00AD}\u{2066}x\u{2069}", [4, 0, 0, 0]),
            ("\u{202E}abc\u{202C} \u{202D}abc\u{202C}", [4, 2, 0, 0]),
            (
                "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{2764}\u{FE0F}",
                [0; 4],
            ),
            ("wo\u{200D}rd", [1, 0, 0, 0]),
            ("\u{0440}aper p\u{03B1}per الcovid covid19", [0, 0, 3, 0]),
            ("日本のニュース", [0, 0, 1, 0]),
            ("م د ي ن ة and t.o.w.n and a_b", [0, 0, 0, 2]),
            ("م د t o", [0; 4]),
            ("م د ي t o w", [0, 0, 0, 2]),
            ("1 2 3 4", [0; 4]),
        ] {
            assert_eq!(counts(text), expected, "{text:?}");
        }
    }
}
