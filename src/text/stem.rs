//! Light stemming: what is left of a word of the folded view without its most common affixes.
//!
//! For Arabic, particles written with the word and the endings of number and possession, after light10 (Larkey,
//! Ballesteros & Connell 2007), which found that taking off a few affixes serves retrieval better than finding roots;
//! for English, the endings of number, tense and adverbs. A few letters must be left, so that short words stay.

use super::confusables::is_arabic;

/// Longest first, like all lists here.
#[rustfmt::skip]
const ARABIC_PREFIXES: &[&[char]] = &[
    &['و', 'ا', 'ل'],
    &['ب', 'ا', 'ل'],
    &['ف', 'ا', 'ل'],
    &['ك', 'ا', 'ل'],
    &['ل', 'ل'],
    &['ا', 'ل'],
    &['و'],
    &['ف'],
    &['ب'],
    &['ل'],
    &['ك'],
    &['س'],
];
#[rustfmt::skip]
const ARABIC_SUFFIXES: &[&[char]] = &[
    &['ه', 'م', 'ا'],
    &['ه', 'م'],
    &['ه', 'ا'],
    &['ه', 'ن'],
    &['ك', 'م'],
    &['ن', 'ا'],
    &['و', 'ن'],
    &['ي', 'ن'],
    &['ا', 'ت'],
    &['ا', 'ن'],
    &['و', 'ا'],
    &['ه'],
    &['ي'],
    &['ك'],
];
#[rustfmt::skip]
const ENGLISH_SUFFIXES: &[&[char]] = &[
    &['i', 'n', 'g'],
    &['e', 'r', 's'],
    &['e', 'd'],
    &['e', 's'],
    &['l', 'y'],
    &['e', 'r'],
    &['s'],
];

/// Letters of an Arabic word that must be left.
const ARABIC_STEM: usize = 3;
/// Letters of another word that must be left.
const OTHER_STEM: usize = 4;

/// Where the stem of a word stands among its letters.
pub(super) fn stem(word: &[char]) -> std::ops::Range<usize> {
    if !word.iter().all(|&c| is_arabic(c)) {
        let suffix = longest(ENGLISH_SUFFIXES, word, OTHER_STEM, <[char]>::ends_with);
        return 0..word.len() - suffix;
    }
    let start = longest(ARABIC_PREFIXES, word, ARABIC_STEM, <[char]>::starts_with);
    let suffix = longest(ARABIC_SUFFIXES, &word[start..], ARABIC_STEM, <[char]>::ends_with);
    start..word.len() - suffix
}

/// The length of the longest affix that the word has and that leaves enough letters; 0 if there is none.
fn longest(affixes: &[&[char]], word: &[char], stem: usize, has: impl Fn(&[char], &[char]) -> bool) -> usize {
    let fits = |affix: &&&[char]| word.len() >= stem + affix.len() && has(word, affix);
    affixes.iter().find(fits).map_or(0, |affix| affix.len())
}
