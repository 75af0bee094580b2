//! The views of a word.

use serde::{Deserialize, Serialize};

use super::concept::concept;
use super::skeleton::skeleton;
use super::stem::stem;

/// One spelling of the normalized text.
///
/// The folded view is a letter map over the light one, and the views after it are made of the folded one: texts equal
/// in the light view are equal in all views, and those equal in the folded view in all but the light one.
///
/// | view | what it merges | for |
/// |---|---|---|
/// | light | keyboard and typographic variants of one letter: alef seats, Persian kaf, yeh and heh, alef maksura | meaning: keeps كرة / كره and سأل / سال apart |
/// | folded | letters that writers exchange: ة ه, hamza seats, Persian letters | robustness |
/// | dotless | letters that differ by dots alone | text written without dots |
/// | stem | forms of a word: Arabic particles and endings, English endings | few words of each meaning |
/// | concept | words that mean roughly the same, in both languages (`data/concepts.txt`) | words never met in training |
/// | skeleton | vowels, emphatic consonants, Latin and Arabic script | Arabic in Latin letters |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// Keyboard variants merged; the spelling is kept.
    Light,
    /// Letters that writers exchange merged.
    Folded,
    /// Letters that differ by their dots merged.
    Dotless,
    /// The most common affixes taken off.
    Stem,
    /// Consonants alone, in one alphabet for both scripts.
    Skeleton,
    /// The concept that stands for words that mean roughly the same, in both languages; the stem of a word that has
    /// none.
    Concept,
}

/// Stands before the name of a concept, so that it is no word.
const CONCEPT_SIGN: &str = "#";

impl View {
    /// All views.
    pub(crate) const ALL: [Self; 6] = [
        Self::Light,
        Self::Folded,
        Self::Dotless,
        Self::Stem,
        Self::Skeleton,
        Self::Concept,
    ];

    /// Writes one word of the light view, seen in this view, over what `out` holds.
    ///
    /// A run of three or more equal letters becomes two again, since the map may make new runs. The result is empty
    /// for a word of bare hamzas alone (U+0621) in all views but the light one, and of vowels alone in the skeleton
    /// view.
    ///
    /// ```
    /// use narrative_frames::text::View;
    ///
    /// let mut out = Vec::new();
    /// for (view, word, seen) in [
    ///     (View::Folded, "مدرسة", "مدرسه"),
    ///     (View::Stem, "والمدرسون", "مدرس"),
    ///     (View::Stem, "setbacks", "setback"),
    ///     (View::Concept, "setbacks", "#setback"),
    ///     (View::Concept, "نكسات", "#setback"),
    ///     (View::Skeleton, "مدرسة", "مدرس"),
    ///     (View::Skeleton, "madrasa", "مدرس"),
    /// ] {
    ///     view.fold(&word.chars().collect::<Vec<_>>(), &mut out, |_| {});
    ///     assert_eq!(out.iter().collect::<String>(), seen);
    /// }
    /// ```
    ///
    /// `kept` is called with the position in `word` of each letter written, in order; a caller that
    /// needs no positions passes an empty closure, which costs nothing.
    pub fn fold(self, word: &[char], out: &mut Vec<char>, kept: impl FnMut(usize)) {
        match self {
            Self::Light | Self::Folded | Self::Dotless => self.map(word, out, kept),
            Self::Stem | Self::Skeleton | Self::Concept => self.of_folded(word, out, kept),
        }
    }

    /// As [`fold`](Self::fold), for the views that are made of the folded one.
    fn of_folded(self, word: &[char], out: &mut Vec<char>, mut kept: impl FnMut(usize)) {
        let (mut folded, mut positions) = (Vec::new(), Vec::new());
        Self::Folded.map(word, &mut folded, |position| positions.push(position));
        if self == Self::Skeleton {
            return skeleton(&folded, out, |letter| kept(positions[letter]));
        }
        out.clear();
        if self == Self::Concept
            && let Some(name) = concept(&folded)
        {
            for (letter, c) in CONCEPT_SIGN.chars().chain(name.chars()).enumerate() {
                out.push(c);
                kept(positions[letter.min(positions.len() - 1)]);
            }
            return;
        }
        let stem = stem(&folded);
        out.extend(&folded[stem.clone()]);
        positions[stem].iter().for_each(|&position| kept(position));
    }

    /// As [`fold`](Self::fold), for the views that are letter maps.
    fn map(self, word: &[char], out: &mut Vec<char>, mut kept: impl FnMut(usize)) {
        out.clear();
        for (position, &letter) in word.iter().enumerate() {
            let Some(letter) = self.letter(letter) else {
                continue;
            };
            if !ends_in_pair(out, letter) {
                out.push(letter);
                kept(position);
            }
        }
    }

    /// One letter of the light view in this view; `None` if this view leaves it out.
    fn letter(self, c: char) -> Option<char> {
        match self {
            Self::Light => Some(c),
            _ if c < '\u{0621}' => Some(c),
            Self::Dotless => folded(c).map(dotless),
            Self::Folded | Self::Stem | Self::Skeleton | Self::Concept => folded(c),
        }
    }
}

/// Whether `letters` ends in two of `letter`, so that a third would make a run.
pub(super) fn ends_in_pair(letters: &[char], letter: char) -> bool {
    matches!(letters, [.., a, b] if *a == letter && *b == letter)
}

/// Variants of one Arabic letter that keyboards and typography produce, as the usual letter.
///
/// Alef maksura is a yeh without its dots: Egyptian writing puts one for the other at the end of a word,
/// where alone alef maksura stands, and a Persian keyboard has one key for both, so no view can keep them
/// apart.
pub(super) fn light(c: char) -> char {
    match c {
        '\u{0622}' | '\u{0623}' | '\u{0625}' | '\u{0671}' | '\u{0672}' | '\u{0673}' => '\u{0627}',
        '\u{06BE}' | '\u{06C0}' | '\u{06C1}' | '\u{06C2}' | '\u{06D5}' | '\u{06FF}' => '\u{0647}',
        '\u{06A9}'..='\u{06AE}' => '\u{0643}',
        '\u{06A2}' => '\u{0641}',
        '\u{06A7}' | '\u{06A8}' => '\u{0642}',
        '\u{06C3}' => '\u{0629}',
        '\u{0649}' | '\u{06CC}' => '\u{064A}',
        _ => c,
    }
}

/// Letters that writers exchange for one another; the bare hamza is left out.
fn folded(c: char) -> Option<char> {
    Some(match c {
        '\u{0621}' | '\u{0674}' => return None,
        '\u{0626}' | '\u{06CD}' | '\u{06CE}' | '\u{06D0}'..='\u{06D3}' => '\u{064A}',
        '\u{0629}' => '\u{0647}',
        '\u{0624}' => '\u{0648}',
        '\u{067E}' => '\u{0628}',
        '\u{0686}' => '\u{062C}',
        '\u{0698}' => '\u{0632}',
        '\u{06A4}' => '\u{0641}',
        '\u{06AF}' => '\u{0643}',
        _ => c,
    })
}

/// The bare letter shape (rasm) under the dots; medial nun and yeh share the tooth of beh.
fn dotless(c: char) -> char {
    match c {
        'ب' | 'ت' | 'ث' | 'ن' | 'ي' | '\u{06BA}' => '\u{066E}',
        'ج' | 'ح' | 'خ' => 'ح',
        'د' | 'ذ' => 'د',
        'ر' | 'ز' => 'ر',
        'س' | 'ش' => 'س',
        'ص' | 'ض' => 'ص',
        'ط' | 'ظ' => 'ط',
        'ع' | 'غ' => 'ع',
        'ف' | 'ق' | '\u{06A1}' => '\u{066F}',
        'ك' => '\u{06A9}',
        _ => c,
    }
}
