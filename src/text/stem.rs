//! Light stemming: what is left of a word of the folded view without its most common affixes.
//!
//! For Arabic, particles written with the word and the endings of number and possession, after light10 (Larkey,
//! Ballesteros & Connell 2007), which found that taking off a few affixes serves retrieval better than finding roots;
//! for English, the endings of number, tense and adverbs. A few letters must be left, so that short words stay.

use super::confusables::is_arabic;

const ARABIC_PREFIXES: &[&str] = &[
    "وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س",
];
const ARABIC_SUFFIXES: &[&str] = &[
    "هما", "هم", "ها", "هن", "كم", "نا", "ون", "ين", "ات", "ان", "وا", "ه", "ي", "ك",
];
const ENGLISH_SUFFIXES: &[&str] = &["ing", "ed", "es", "s", "ly", "ers", "er"];

/// Letters of an Arabic word that must be left.
const ARABIC_STEM: usize = 3;
/// Letters of another word that must be left.
const OTHER_STEM: usize = 4;

/// Where the stem of a word stands among its letters.
pub(super) fn stem(word: &[char]) -> std::ops::Range<usize> {
    if !word.iter().all(|&c| is_arabic(c)) {
        return 0..word.len()
            - longest(ENGLISH_SUFFIXES, word.len(), OTHER_STEM, |affix| {
                ends_with(word, affix)
            });
    }
    let start = longest(ARABIC_PREFIXES, word.len(), ARABIC_STEM, |affix| {
        starts_with(word, affix)
    });
    let rest = &word[start..];
    start
        ..word.len()
            - longest(ARABIC_SUFFIXES, rest.len(), ARABIC_STEM, |affix| {
                ends_with(rest, affix)
            })
}

/// The length of the longest affix that the word has and that leaves enough letters; 0 if there is none.
fn longest(affixes: &[&str], word: usize, stem: usize, has: impl Fn(&str) -> bool) -> usize {
    let lengths = affixes
        .iter()
        .filter(|affix| has(affix))
        .map(|affix| affix.chars().count());
    lengths.filter(|length| word >= stem + length).max().unwrap_or(0)
}

fn starts_with(word: &[char], affix: &str) -> bool {
    word.len() >= affix.chars().count() && affix.chars().eq(word[..affix.chars().count()].iter().copied())
}

fn ends_with(word: &[char], affix: &str) -> bool {
    affix
        .chars()
        .rev()
        .zip(word.iter().rev())
        .filter(|(a, b)| a == *b)
        .count()
        == affix.chars().count()
}
