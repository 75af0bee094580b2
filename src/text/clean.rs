//! Deletion of what is not seen, and stream-safe NFKC, a cluster at a time.
//!
//! A *cluster* is a character with the marks that may compose with it. NFKC never looks across the border
//! of a cluster, so normalizing cluster by cluster gives what normalizing the whole text gives, and every
//! character that comes out can name the bytes of the cluster it came from.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::Span;
use super::confusables::is_arabic;

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
pub(super) fn clean(text: &str, sink: &mut impl Sink) {
    let mut cluster = Cluster::default();
    for (start, c) in text.char_indices() {
        if is_deleted(c) {
            continue;
        }
        if starts_cluster(c) {
            cluster.flush(sink);
        }
        cluster.push(c, start as u32, (start + c.len_utf8()) as u32);
    }
    cluster.flush(sink);
}

/// The characters of the cluster being read; nearly always one.
#[derive(Default)]
struct Cluster {
    first: Option<char>,
    rest: String,
    span: Span,
}

impl Cluster {
    fn push(&mut self, c: char, start: u32, end: u32) {
        // On a letter that is not Arabic they would only keep other marks from composing.
        if matches!(c, '\u{0653}'..='\u{0655}') && !self.first.is_some_and(is_arabic) {
            return;
        }
        if self.first.is_none() {
            self.first = Some(c);
            self.span.start = start;
        } else {
            self.rest.push(c);
        }
        self.span.end = end;
    }

    fn flush(&mut self, sink: &mut impl Sink) {
        let Some(first) = self.first.take() else {
            return;
        };
        let span = self.span;
        let mut emit = |c| emit(c, span, sink);
        if !self.rest.is_empty() {
            std::iter::once(first)
                .chain(self.rest.chars())
                .stream_safe()
                .nfkc()
                .for_each(emit);
            self.rest.clear();
        } else if is_stable(first) {
            emit(first);
        } else {
            match spelled_out(first) {
                Some(words) => words.chars().for_each(emit),
                None => std::iter::once(first).nfkc().for_each(emit),
            }
        }
    }
}

/// One character after NFKC.
fn emit(c: char, span: Span, sink: &mut impl Sink) {
    match c {
        // Alef maksura and a combining hamza make a yeh with hamza; Unicode has no composition for it.
        '\u{0654}' if sink.last() == Some('\u{0649}') => sink.replace_last('\u{0626}', span.end),
        '\u{0653}'..='\u{0655}' => {}
        c if is_deleted(c) => {}
        '\u{0660}'..='\u{0669}' => sink.push(digit(c, '\u{0660}'), span),
        '\u{06F0}'..='\u{06F9}' => sink.push(digit(c, '\u{06F0}'), span),
        c => sink.push(c, span),
    }
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

/// ASCII and the Arabic letters: stable starters, told apart without a table.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{0620}'..='\u{064A}' | '\u{060C}' | '\u{061B}' | '\u{061F}')
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
fn is_deleted(c: char) -> bool {
    match c {
        ..='\u{00AC}' => false,
        // Default-ignorable and format characters.
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => true,
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => true,
        '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{E0000}'..='\u{E0FFF}' => true,
        // Skin tones: the emoji under them stays.
        '\u{1F3FB}'..='\u{1F3FF}' => true,
        // Arabic number signs, honorifics, vowel marks, tatweel, Quranic marks.
        '\u{0600}'..='\u{0605}' | '\u{0610}'..='\u{061A}' | '\u{0640}' => true,
        '\u{064B}'..='\u{0652}' | '\u{0656}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' => true,
        '\u{0890}'..='\u{089F}' | '\u{08CA}'..='\u{08FF}' => true,
        // Marks that stand alone: NFKC would give each a space. Loose dots.
        '\u{FC5E}'..='\u{FC63}' | '\u{FE70}'..='\u{FE7F}' | '\u{FCF2}'..='\u{FCF4}' => true,
        '\u{FBB2}'..='\u{FBC2}' => true,
        _ => false,
    }
}
