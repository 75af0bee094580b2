//! Changes of a text that hide words from programs and not from people; the same on every run.

use unicode_normalization::UnicodeNormalization;

/// A small generator of numbers (Steele, Lea & Flood 2014), so that each case is changed in its own way.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: &str) -> Self {
        Self(
            seed.bytes()
                .fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))),
        )
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 33) as usize % n
    }
}

/// The text in a disguise; `None` if it has nothing to disguise.
pub(crate) fn disguise(name: &str, text: &str, numbers: &mut Numbers) -> Option<String> {
    let changed = match name {
        "marks" => after_letters(text, is_arabic, &MARKS, numbers),
        "tatweel" => within_words(text, &["\u{640}", "\u{640}\u{640}\u{640}"], numbers),
        "letter_variants" => text.chars().map(|c| letter_variant(c, numbers)).collect(),
        "invisible" => after_letters(text, char::is_alphanumeric, &INVISIBLE, numbers),
        "bidi" => after_letters(text, |_| true, &BIDI, numbers),
        "homoglyphs" => homoglyphs(text, numbers),
        "presentation_forms" => presentation_forms(text, numbers),
        "keyboard" => text.chars().map(|c| other_key(c, numbers)).collect(),
        "spaced" => change_word(text, 5, numbers, |word, numbers| {
            let gap = [" ", ".", "_", "\u{640}", "\u{1F525}"][numbers.below(5)];
            word.iter().map(char::to_string).collect::<Vec<_>>().join(gap)
        }),
        "elongated" => change_word(text, 4, numbers, |word, numbers| {
            let at = 1 + numbers.below(word.len() - 2);
            let drawn_out = word[at].to_string().repeat(3 + numbers.below(5));
            word[..at].iter().collect::<String>() + &drawn_out + &word[at + 1..].iter().collect::<String>()
        }),
        "dotless" => text.chars().map(without_dots).collect(),
        _ => panic!("no disguise is named {name}"),
    };
    (changed != text).then_some(changed)
}

const MARKS: [&str; 12] = [
    "\u{64B}",
    "\u{64C}",
    "\u{64D}",
    "\u{64E}",
    "\u{64F}",
    "\u{650}",
    "\u{651}",
    "\u{652}",
    "\u{651}\u{64E}",
    "\u{670}",
    "\u{6D6}",
    "\u{6ED}",
];
const INVISIBLE: [&str; 8] = [
    "\u{200B}",
    "\u{200C}",
    "\u{200D}",
    "\u{AD}",
    "\u{34F}",
    "\u{FE0F}",
    "\u{2060}",
    "\u{E0061}",
];
const BIDI: [&str; 10] = [
    "\u{200E}", "\u{200F}", "\u{61C}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}",
    "\u{2066}", "\u{2069}",
];

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}')
}

fn after_letters(
    text: &str,
    letter: impl Fn(char) -> bool,
    additions: &[&str],
    numbers: &mut Numbers,
) -> String {
    let mut changed = String::new();
    for c in text.chars() {
        changed.push(c);
        if letter(c) && numbers.below(3) == 0 {
            changed += additions[numbers.below(additions.len())];
        }
    }
    changed
}

/// Between two Arabic letters.
fn within_words(text: &str, additions: &[&str], numbers: &mut Numbers) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut changed = String::new();
    for (position, &c) in letters.iter().enumerate() {
        changed.push(c);
        if is_arabic(c) && letters.get(position + 1).is_some_and(|&c| is_arabic(c)) && numbers.below(3) == 0 {
            changed += additions[numbers.below(additions.len())];
        }
    }
    changed
}

/// Letters that writers exchange.
fn letter_variant(c: char, numbers: &mut Numbers) -> char {
    if numbers.below(2) == 0 {
        return c;
    }
    match c {
        'أ' | 'إ' | 'آ' => 'ا',
        'ة' => 'ه',
        'ى' => 'ي',
        'ي' => 'ى',
        'ؤ' => 'و',
        'ئ' => 'ي',
        c => c,
    }
}

fn other_key(c: char, numbers: &mut Numbers) -> char {
    match c {
        '0'..='9' => char::from_u32([0x660, 0x6F0][numbers.below(2)] + c as u32 - '0' as u32).unwrap_or(c),
        'ك' => 'ک',
        'ي' => 'ی',
        'ه' if numbers.below(2) == 0 => 'ہ',
        c => c,
    }
}

/// One letter of another script in every third word or so.
fn homoglyphs(text: &str, numbers: &mut Numbers) -> String {
    let change = |word: &str, numbers: &mut Numbers| {
        let twin = |c: char| {
            Some(match c {
                'a' => 'а',
                'e' => 'е',
                'o' => 'ο',
                'p' => 'р',
                'c' => 'с',
                'x' => 'х',
                'ه' => 'o',
                'ا' => 'l',
                _ => return None,
            })
        };
        let letters: Vec<char> = word.chars().collect();
        let candidates: Vec<usize> = (1..letters.len().saturating_sub(1))
            .filter(|&p| twin(letters[p]).is_some())
            .collect();
        if letters.len() < 4 || candidates.is_empty() || numbers.below(3) > 0 {
            return word.to_owned();
        }
        let at = candidates[numbers.below(candidates.len())];
        let changed = letters
            .iter()
            .enumerate()
            .map(|(p, &c)| if p == at { twin(c).unwrap_or(c) } else { c });
        changed.collect()
    };
    text.split(' ')
        .map(|word| change(word, numbers))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Letters in the forms that old encodings give each place in a word, and lam-alef as one character.
fn presentation_forms(text: &str, numbers: &mut Numbers) -> String {
    let forms = |c: char| -> Vec<char> {
        let is_form = |form: &char| std::iter::once(*form).nfkc().eq(std::iter::once(c));
        ('\u{FE80}'..='\u{FEF4}').filter(is_form).collect()
    };
    let text = text.replace("لا", "\u{FEFB}");
    let change = |c: char| {
        let forms = if is_arabic(c) { forms(c) } else { Vec::new() };
        if forms.is_empty() || numbers.below(2) == 0 {
            c
        } else {
            forms[numbers.below(forms.len())]
        }
    };
    text.chars().map(change).collect()
}

/// Changes one word of letters alone, of at least so many.
fn change_word(
    text: &str,
    length: usize,
    numbers: &mut Numbers,
    change: impl Fn(&[char], &mut Numbers) -> String,
) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let is_long = |word: &String| word.chars().count() >= length && word.chars().all(char::is_alphabetic);
    let long: Vec<usize> = (0..words.len()).filter(|&word| is_long(&words[word])).collect();
    if !long.is_empty() {
        let at = long[numbers.below(long.len())];
        let letters: Vec<char> = words[at].chars().collect();
        words[at] = change(&letters, numbers);
    }
    words.join(" ")
}

fn without_dots(c: char) -> char {
    match c {
        'ب' | 'ت' | 'ث' | 'ن' => '\u{66E}',
        'ي' => '\u{649}',
        'ج' | 'خ' => 'ح',
        'ذ' => 'د',
        'ز' => 'ر',
        'ش' => 'س',
        'ض' => 'ص',
        'ظ' => 'ط',
        'غ' => 'ع',
        'ف' | 'ق' => '\u{66F}',
        'ة' => 'ه',
        c => c,
    }
}
