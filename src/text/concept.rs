//! Words that mean roughly the same, in English, Arabic and Arabic in Latin letters, as one concept.
//!
//! Word classes let a linear model say something of words it never met in training (Miller, Guinness & Zamanian 2004;
//! Turian, Ratinov & Bengio 2010). Ours are written by hand in `data/concepts.txt`, for what the frames speak of, and
//! hold the words of both languages, so that what is learned in one is known in the other.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::View;
use super::fold::light;
use super::stem::stem;

/// `data/concepts.txt`: comments after `#`; the name of a concept in brackets; its words, any number a line.
const CONCEPTS: &str = include_str!("../../data/concepts.txt");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(CONCEPTS));

/// The concept of a word of the folded view, by name.
pub(super) fn concept(folded: &[char]) -> Option<&'static str> {
    LEXICON.find(folded)
}

/// Words by their hashes: 64 bits, so that two of the words there are hardly share one, and no word is kept.
struct Lexicon {
    words: Table<&'static str>,
    /// By stem; one that words of two concepts share has none.
    stems: Table<Option<&'static str>>,
}

type Table<T> = HashMap<u64, T, BuildHasherDefault<Hashed>>;

impl Lexicon {
    fn new(text: &'static str) -> Self {
        let n_words = text.len() / 8;
        let mut lexicon = Self {
            words: Table::with_capacity_and_hasher(n_words, BuildHasherDefault::default()),
            stems: Table::with_capacity_and_hasher(n_words, BuildHasherDefault::default()),
        };
        let (mut letters, mut folded) = (Vec::new(), Vec::new());
        for (concept, word) in words(text) {
            letters.clear();
            letters.extend(word.chars().map(light));
            View::Folded.fold(&letters, &mut folded, |_| {});
            lexicon.words.entry(hash(&folded)).or_insert(concept);
            let stem = lexicon.stems.entry(hash(root(&folded)));
            stem.and_modify(|known| *known = known.filter(|known| *known == concept))
                .or_insert(Some(concept));
        }
        lexicon
    }

    fn find(&self, folded: &[char]) -> Option<&'static str> {
        let known = self.words.get(&hash(folded)).copied();
        known.or_else(|| self.stems.get(&hash(root(folded))).copied().flatten())
    }
}

/// The words of a lexicon, each with the name of its concept.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut concept = "";
    text.lines().flat_map(move |line| {
        let name = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        concept = name.unwrap_or(concept);
        let words = if name.is_some() || line.starts_with('#') {
            ""
        } else {
            line
        };
        words.split_ascii_whitespace().map(move |word| (concept, word))
    })
}

/// The stem of a word, without the ta of a feminine noun that has a possessive.
fn root(folded: &[char]) -> &[char] {
    let stem = &folded[stem(folded)];
    match stem {
        [rest @ .., 'ت'] if rest.len() >= 3 => rest,
        _ => stem,
    }
}

/// FNV-1a (Fowler, Noll & Vo 1991) over letters.
fn hash(letters: &[char]) -> u64 {
    letters.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &letter| {
        (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Takes a hash as it is.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = self.0.rotate_left(8) ^ hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::text::{Normalizer, TokenKind};

    fn of(word: &str) -> Option<&'static str> {
        let mut normalizer = Normalizer::default();
        let text = normalizer.normalize(word).expect("a short word");
        let mut folded = Vec::new();
        View::Folded.fold(text.word(text.tokens()[0]), &mut folded, |_| {});
        concept(&folded)
    }

    #[test]
    fn words_of_both_languages_meet() {
        for words in [
            ["setback", "setbacks", "نكسة", "والنكسات", "naksa"],
            ["defeat", "Defeated", "هزيمة", "هزيمتهم", "hazima"],
            ["leader", "leaders", "قائد", "للقائد", "za3im"],
        ] {
            let concepts = words.map(of);
            assert!(
                concepts[0].is_some_and(|first| concepts.iter().all(|other| *other == Some(first))),
                "{words:?} {concepts:?}"
            );
        }
        assert_eq!(of("xylophonically"), None);
    }

    /// What the head of the file promises.
    #[test]
    fn the_lexicon_is_one_of_single_words_in_one_concept_each() {
        let mut normalizer = Normalizer::default();
        let mut folded = Vec::new();
        let mut concepts: BTreeMap<Vec<char>, (&str, &str)> = BTreeMap::new();
        for (concept, word) in words(CONCEPTS) {
            assert!(!concept.is_empty(), "{word} stands before the first concept");
            let text = normalizer.normalize(word).expect("a short word");
            let [token] = text.tokens() else {
                panic!("{word} of {concept} is {} words", text.tokens().len())
            };
            assert_eq!(token.kind, TokenKind::Word, "{word} of {concept}");
            View::Folded.fold(text.word(*token), &mut folded, |_| {});
            let twin = concepts.insert(folded.clone(), (concept, word));
            assert_eq!(twin, None, "{word} of {concept}");
        }
        let mut hashes: Vec<u64> = concepts.keys().map(|folded| hash(folded)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), concepts.len(), "two words share a hash");
    }
}
