//! Deletion of what is not seen, and NFKC, a cluster at a time.
//!
//! A *cluster* is a character with the marks that may compose with it. NFKC never looks across the border
//! of a cluster, so normalizing cluster by cluster gives what normalizing the whole text gives, and every
//! character that comes out can name the bytes of the cluster it came from.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::Span;
use super::confusables::is_arabic;

/// The most marks that one letter keeps, as in Unicode's stream-safe form; no language needs more.
///
/// The rest is dropped, not set apart as that form does: the parts would melt together when runs are cut.
const MAX_MARKS: usize = 30;

/// Receives cleaned characters and the bytes they came from.
pub(super) trait Sink {
    /// One more character.
    fn push(&mut self, c: char, span: Span);
    /// The last character received.
    fn last(&self) -> Option<char>;
    /// Puts `c` in the place of the last character and widens its span.
    fn replace_last(&mut self, c: char, end: u32);
}

/// The text in NFKC, without invisible characters, tatweel and Arabic marks, digits in ASCII.
///
/// Letters with marks are in lower case already: `H` with a line below has no composed form, `h` has.
pub(super) fn clean(text: &str, sink: &mut impl Sink) {
    let mut cluster = Cluster::default();
    let mut characters = text.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        let (start, end) = (start as u32, (start + c.len_utf8()) as u32);
        if is_plain(c) && characters.peek().is_none_or(|&(_, next)| is_plain(next)) {
            cluster.flush(sink);
            sink.push(c, Span { start, end });
            continue;
        }
        if is_deleted(c) {
            continue;
        }
        if starts_cluster(c) {
            cluster.flush(sink);
        }
        cluster.push(c, start, end);
    }
    cluster.flush(sink);
}

/// The characters of the cluster being read; nearly always one.
#[derive(Default)]
struct Cluster {
    first: Option<char>,
    rest: String,
    /// The letter that a mark read now would stand on.
    letter: Option<char>,
    span: Span,
}

impl Cluster {
    fn push(&mut self, c: char, start: u32, end: u32) {
        if is_foreign_mark(c) && self.letter.is_some_and(is_arabic) {
            return;
        }
        // Where they make no other letter, they would only keep other marks from composing.
        if matches!(c, '\u{0653}'..='\u{0655}') && !self.letter.is_some_and(|letter| joins(letter, c)) {
            return;
        }
        if self.first.is_none() {
            self.first = Some(c);
            self.span.start = start;
        } else {
            self.rest.push(c);
        }
        self.letter = last_letter(c).or(self.letter);
        self.span.end = end;
    }

    fn flush(&mut self, sink: &mut impl Sink) {
        let Some(first) = self.first.take() else {
            return;
        };
        self.letter = None;
        let span = self.span;
        let mut emit = |c| emit(c, span, sink);
        if self.rest.is_empty() && is_stable(first) && spelled_out(first).is_none() {
            emit(first);
            return;
        }
        let mut buffer = [0; 4];
        let letters = spelled_out(first).unwrap_or_else(|| first.encode_utf8(&mut buffer));
        if self.rest.is_empty() {
            letters.nfkc().for_each(emit);
            return;
        }
        let mut marks = 0;
        letters
            .chars()
            .chain(self.rest.chars())
            .nfkd()
            .filter(|&c| {
                marks = if canonical_combining_class(c) == 0 {
                    0
                } else {
                    marks + 1
                };
                marks <= MAX_MARKS
            })
            .flat_map(char::to_lowercase)
            .nfc()
            .for_each(emit);
        self.rest.clear();
    }
}

/// The last character that is no mark of what `c` is made of.
fn last_letter(c: char) -> Option<char> {
    let has_marks = matches!(c, '\u{0622}'..='\u{0626}');
    if is_plain(c) && !has_marks {
        return Some(c);
    }
    if let Some(word) = spelled_out(c) {
        return word.chars().next_back();
    }
    let mut letter = None;
    decompose_compatible(c, |part| {
        if canonical_combining_class(part) == 0 {
            letter = Some(part);
        }
    });
    letter
}

/// One character after NFKC.
fn emit(c: char, span: Span, sink: &mut impl Sink) {
    match c {
        '\u{0654}' if sink.last().is_some_and(is_dotless_yeh) => sink.replace_last('\u{0626}', span.end),
        '\u{0653}'..='\u{0655}' => {}
        c if is_deleted(c) => {}
        '\u{0660}'..='\u{0669}' => sink.push(digit(c, '\u{0660}'), span),
        '\u{06F0}'..='\u{06F9}' => sink.push(digit(c, '\u{06F0}'), span),
        c => sink.push(c, span),
    }
}

/// Marks of other scripts: on an Arabic letter they can only be a disguise.
pub(super) fn is_foreign_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}')
}

/// Whether the combining madda or hamza makes another letter of `letter`.
fn joins(letter: char, mark: char) -> bool {
    compose(letter, mark).is_some() || (is_dotless_yeh(letter) && mark == '\u{0654}')
}

/// Alef maksura and the Persian yeh: with a combining hamza they make a yeh with hamza, though Unicode has
/// no composition for it.
fn is_dotless_yeh(c: char) -> bool {
    matches!(c, '\u{0649}' | '\u{06CC}')
}

fn digit(c: char, zero: char) -> char {
    char::from(b'0' + (c as u32 - zero as u32) as u8)
}

/// Whether the character, alone, is its own NFKC form.
fn is_stable(c: char) -> bool {
    is_plain(c) || is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// Whether nothing before `c` can compose with it or be reordered after it.
pub(super) fn starts_cluster(c: char) -> bool {
    if is_plain(c) {
        return true;
    }
    let mut first = None;
    decompose_compatible(c, |d| {
        first.get_or_insert(d);
    });
    let first = first.unwrap_or(c);
    canonical_combining_class(first) == 0 && is_nfkc_quick(std::iter::once(first)) == IsNormalized::Yes
}

/// ASCII and the Arabic letters: kept as they are, and told apart without a table.
fn is_plain(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{060C}' | '\u{061B}' | '\u{061F}')
}

/// Ligatures that NFKC leaves alone or spells with a Persian letter.
fn spelled_out(c: char) -> Option<&'static str> {
    match c {
        '\u{FDFC}' => Some("ريال"),
        '\u{FDFD}' => Some("بسم الله الرحمن الرحيم"),
        _ => None,
    }
}

/// Characters that are deleted: invisible ones, tatweel, Arabic marks and loose dots.
///
/// Deleted before NFKC, so that none of them can stand between a letter and the mark that composes with
/// it, and again after NFKC, which makes new ones. The combining madda and hamzas (U+0653 to U+0655) must
/// compose first and are deleted only after.
pub(super) fn is_deleted(c: char) -> bool {
    match c {
        ..='\u{00AC}' => false,
        // Skin tones: the emoji under them stays.
        '\u{1F3FB}'..='\u{1F3FF}' => true,
        // Arabic number signs, honorifics, vowel marks, tatweel, Quranic marks.
        '\u{0600}'..='\u{0605}' | '\u{0610}'..='\u{061A}' | '\u{0640}' => true,
        '\u{064B}'..='\u{0652}' | '\u{0656}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' => true,
        '\u{0890}'..='\u{089F}' | '\u{08CA}'..='\u{08FF}' | '\u{10EFA}'..='\u{10EFF}' => true,
        // Marks that stand alone: NFKC would give each a space. Loose dots.
        '\u{FC5E}'..='\u{FC63}' | '\u{FE70}'..='\u{FE7F}' | '\u{FCF2}'..='\u{FCF4}' => true,
        '\u{FBB2}'..='\u{FBC2}' => true,
        _ => is_invisible(c),
    }
}

/// Default-ignorable and format characters.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{E0000}'..='\u{E0FFF}')
}
