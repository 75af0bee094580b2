//! Texts for property tests: words of both languages, letters at random, and characters that are hard.

use std::ops::RangeInclusive;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Words as people write them, in both languages; no alef maksura inside a word.
pub(super) const WORDS: &[&str] = &[
    "قال",
    "على",
    "علي",
    "إلى",
    "مستشفى",
    "سؤال",
    "رئيس",
    "شيء",
    "أن",
    "آخر",
    "الله",
    "ريال",
    "صلى الله عليه وسلم",
    "جل جلاله",
    "بسم الله الرحمن الرحيم",
    "الأخبار",
    "الإسلام",
    "لآخر",
    "لأن",
    "كتاب",
    "يكتبون",
    "هذه",
    "كرة",
    "المدرسة",
    "موسى",
    "كلهم",
    "پارک",
    "چاى",
    "hospital",
    "Don't",
    "naïve",
    "MOSQUE",
    "İstanbul",
    "дом",
    "Ελλάδα",
    "東京",
    "한국",
    "شكرااا",
    "soooo",
];

/// Words with marks typed apart from their letter.
const MARKED: &[&str] = &[
    "سو\u{654}ال",
    "ري\u{654}يس",
    "شاطى\u{654}",
    "ا\u{654}ن",
    "ا\u{655}لا",
    "ا\u{653}خر",
    "cafe\u{301}",
    "H\u{331}illa",
    "a\u{323}\u{302}b",
    "\u{1112}\u{1161}\u{11AB}",
    "ｶﾞｽ",
];

/// Tokens that are no plain words, and words that need a repair.
const OTHERS: &[&str] = &[
    "http://example.org/a?b=1",
    "https://t.co/x",
    "www.example.com",
    "@user_1",
    "name.surname+x@mail.example.org",
    "#الموصل_تنتصر",
    "#two_words",
    "123",
    "2017-07-10",
    "3.5",
    "1,234",
    "covid19",
    "\u{1F525}",
    "\u{1F468}\u{200D}\u{1F469}",
    "!!!",
    "؟",
    "p\u{430}ypal",
    "مoم",
    "feedbackنا",
    "k i l l",
    "ق ت ل",
    "a.b.c.d",
    "½",
];

/// Letters, marks and forms that are hard to normalize one after the other.
const HARD: &str = "[ اأإآوؤىيئیےےةهہۂەكکلموlLoOIİßſKKa-eH01٠۱۲'’@._:/#?!\u{1F525}\
    \u{640}\u{64B}\u{651}\u{653}-\u{655}\u{670}\u{674}\u{675}\u{6E5}\u{6DD}\u{200C}\u{200D}\u{200F}\u{AD}\u{34F}\u{FE0F}\u{FEFF}\
    \u{FBEA}\u{FC5B}\u{FC5E}\u{FCF2}\u{FD3C}\u{FDF2}\u{FDFA}-\u{FDFD}\u{FE70}\u{FE80}-\u{FEFC}\u{1EE00}\u{1EE03}\u{1EE05}\
    \u{300}\u{301}\u{302}\u{308}\u{323}\u{327}\u{331}\u{344}\u{20E3}\u{9C7}\u{9BE}\u{9D7}\
    \u{1100}-\u{1103}\u{1161}-\u{1163}\u{11A8}-\u{11AA}\u{115F}\u{1160}\u{3164}\u{FFA0}\u{FFA1}\u{FFC2}가각\
    ｶﾊ\u{FF9E}\u{FF9F}\u{309B}\u{3099}\u{304B}éǺệΆаоВαΑϓ㎏℀½ﬃΣς\u{2126}\u{345}]";

/// Characters to insert, as ranges.
pub(super) type Ranges = &'static [RangeInclusive<char>];

/// Vowel marks, dagger alef, madda, honorifics and the marks of the Quran, and those that stand alone.
pub(super) const ARABIC_MARKS: Ranges = &[
    '\u{0610}'..='\u{061A}',
    '\u{064B}'..='\u{0653}',
    '\u{0655}'..='\u{065F}',
    '\u{0670}'..='\u{0670}',
    '\u{06D6}'..='\u{06ED}',
    '\u{0898}'..='\u{089F}',
    '\u{08CA}'..='\u{08FF}',
    '\u{10EFA}'..='\u{10EFF}',
    '\u{FC5E}'..='\u{FC63}',
    '\u{FCF2}'..='\u{FCF4}',
    '\u{FE70}'..='\u{FE72}',
    '\u{FE74}'..='\u{FE74}',
    '\u{FE76}'..='\u{FE7F}',
    '\u{FBB2}'..='\u{FBC1}',
];

/// Characters that nobody sees.
pub(super) const INVISIBLE: Ranges = &[
    '\u{00AD}'..='\u{00AD}',
    '\u{034F}'..='\u{034F}',
    '\u{061C}'..='\u{061C}',
    '\u{115F}'..='\u{1160}',
    '\u{17B4}'..='\u{17B5}',
    '\u{180B}'..='\u{180F}',
    '\u{200B}'..='\u{200F}',
    '\u{2060}'..='\u{206F}',
    '\u{3164}'..='\u{3164}',
    '\u{FE00}'..='\u{FE0F}',
    '\u{FEFF}'..='\u{FEFF}',
    '\u{FFA0}'..='\u{FFA0}',
    '\u{FFF9}'..='\u{FFFB}',
    '\u{E0000}'..='\u{E0FFF}',
];

/// Marks, embeddings, overrides and isolates that turn the direction of writing.
pub(super) const BIDI: Ranges = &[
    '\u{061C}'..='\u{061C}',
    '\u{200E}'..='\u{200F}',
    '\u{202A}'..='\u{202E}',
    '\u{2066}'..='\u{2069}',
];

/// A text of words, letters at random and other tokens.
pub(super) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(WORDS).prop_map(String::from),
        2 => select(MARKED).prop_map(String::from),
        2 => select(OTHERS).prop_map(String::from),
        2 => "[ء-غف-ي]{1,8}",
        1 => "[a-zA-Z]{1,8}",
    ];
    joined(piece)
}

/// A text of words in which alef maksura stands at the end of words alone.
pub(super) fn plain_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(WORDS).prop_map(String::from),
        2 => select(OTHERS).prop_map(String::from),
        2 => "[ء-غف-وي]{1,7}[ء-غف-ي]",
    ];
    joined(piece)
}

/// A text of the hardest characters, some of them many times.
pub(super) fn hard_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => HARD.prop_map(String::from).boxed(),
        3 => prop::collection::vec(HARD, 0..24).prop_map(|letters| letters.concat()).boxed(),
        1 => "[eHو] ?[\u{300}-\u{362}\u{344}\u{653}-\u{655}]{25,45}[ab]".boxed(),
        1 => text().boxed(),
        1 => "\\PC{0,40}".boxed(),
    ]
}

fn joined(piece: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let separator = select(&[" ", " ", " ", "  ", "، ", "؟", ". ", "\n", "_", "-"][..]);
    prop::collection::vec((piece, separator), 0..7).prop_map(|pieces| {
        let mut text = String::new();
        for (piece, separator) in pieces {
            text.push_str(&piece);
            text.push_str(separator);
        }
        text
    })
}

/// A text, and the same with characters of `ranges` inserted anywhere.
pub(super) fn with_insertions(
    text: impl Strategy<Value = String>,
    ranges: Ranges,
) -> impl Strategy<Value = (String, String)> {
    let all: Vec<char> = ranges.iter().cloned().flatten().collect();
    let insertions = prop::collection::vec((any::<Index>(), select(all)), 1..16);
    (text, insertions).prop_map(|(text, insertions)| {
        let mut letters: Vec<char> = text.chars().collect();
        for (place, c) in insertions {
            letters.insert(place.index(letters.len() + 1), c);
        }
        (text, letters.into_iter().collect())
    })
}
