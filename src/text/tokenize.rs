//! Tokens of a cleaned text, and their final spelling.

use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use super::clean::starts_cluster;
use super::confusables::{is_arabic, repair_arabic, repair_latin};
use super::fold::{ends_in_pair, light};
use super::normalized::{NormalizedText, Span, Token, TokenKind};
use super::segment::Edges;

/// Finds tokens as ranges of the cleaned letters.
///
/// A word may hold characters that are no letters (apostrophes, the gaps of a word spaced out); they are
/// left out when the word is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokenizer {
    tokens: Vec<Token>,
}

impl Tokenizer {
    /// The tokens, in order, not overlapping, and what they show to a text around them; look-alikes in Arabic words
    /// are repaired in `text`. Each character is looked at a bounded number of times.
    pub(super) fn tokenize(&mut self, text: &mut [char]) -> (&[Token], Edges) {
        self.tokens.clear();
        let mut position = 0;
        while let Some(&c) = text.get(position) {
            position = if is_word(c) && !is_combining_mark(c) {
                self.word(text, position)
            } else if c == '@' {
                self.address(text, position)
            } else {
                if is_symbol(c) || is_stop(text, position) {
                    self.symbol(text, position);
                }
                position + 1
            };
        }
        let single = |token: &Token| is_single_letter(text, token);
        let edges = Edges::of(&self.tokens, single);
        join_spaced_letters(text, &mut self.tokens);
        (&self.tokens, edges)
    }

    /// Reads a word, number or link that starts at `start`; returns where it ends.
    fn word(&mut self, text: &mut [char], start: usize) -> usize {
        let mut end = start + 1;
        while end < text.len() && (is_word(text[end]) || is_inner_apostrophe(text, end)) {
            end += 1;
        }
        if let Some(end) = link_end(text, start, end) {
            self.push(TokenKind::Link, start, end);
            return end;
        }
        let word = &mut text[start..end];
        if word.iter().any(|&c| is_arabic(c)) && !word.iter().all(|&c| is_arabic(c)) {
            repair_arabic(word);
        }
        let (mut piece, mut letter) = (start, text[start]);
        for next in start + 1..end {
            // Marks stay with their letter.
            if is_combining_mark(text[next]) {
                continue;
            }
            if is_arabic(letter) != is_arabic(text[next]) {
                self.piece(text, piece, next);
                piece = next;
            }
            letter = text[next];
        }
        self.piece(text, piece, end);
        end
    }

    /// A word of Arabic letters alone, or of other letters alone.
    fn piece(&mut self, text: &[char], start: usize, end: usize) {
        if !text[start..end]
            .iter()
            .all(|&c| c.is_numeric() || is_apostrophe(c))
        {
            self.push(TokenKind::Word, start, end);
        } else if !self.extend_number(text, start, end) {
            self.push(TokenKind::Number, start, end);
        }
    }

    /// Joins digits to the number before them, as in `1,234.5` or `2017-07-10`.
    fn extend_number(&mut self, text: &[char], start: usize, end: usize) -> bool {
        match self.tokens.last_mut() {
            Some(last)
                if last.kind == TokenKind::Number
                    && last.end as usize + 1 == start
                    && matches!(text[start - 1], '.' | ',' | ':' | '/' | '-' | '٫' | '٬') =>
            {
                last.end = end as u32;
                true
            }
            _ => false,
        }
    }

    /// Reads a mention, or an e-mail address whose local part is already read, at the sign `@`.
    fn address(&mut self, text: &[char], at: usize) -> usize {
        let is_name = |position: usize| text.get(position).is_some_and(|&c| is_word(c) || c == '_');
        let mut end = at + 1;
        while is_name(end) || (end > at + 1 && matches!(text.get(end), Some('.' | '-')) && is_name(end + 1)) {
            end += 1;
        }
        let start = if end > at + 1 {
            self.take_local_part(text, at)
        } else {
            at
        };
        self.push(TokenKind::Address, start, end);
        end
    }

    /// Takes back the tokens that touch the sign `@` from the left; returns where they start.
    fn take_local_part(&mut self, text: &[char], at: usize) -> usize {
        let mut start = at;
        while let Some(last) = self.tokens.last() {
            let touches = last.end as usize == start
                || (start < at
                    && last.end as usize + 1 == start
                    && matches!(text[start - 1], '.' | '_' | '+' | '-'));
            if !touches || !matches!(last.kind, TokenKind::Word | TokenKind::Number) {
                break;
            }
            start = last.start as usize;
            self.tokens.pop();
        }
        start
    }

    /// A symbol, unless the two tokens before it are the same one.
    fn symbol(&mut self, text: &[char], position: usize) {
        let same = |token: &Token| {
            token.kind == TokenKind::Symbol && symbol(text[token.start as usize]) == symbol(text[position])
        };
        if !matches!(self.tokens.as_slice(), [.., a, b] if same(a) && same(b)) {
            self.push(TokenKind::Symbol, position, position + 1);
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.tokens.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
        });
    }
}

/// Letters, digits and the marks that belong to them.
fn is_word(c: char) -> bool {
    /// The answers for the basic plane, a bit each: 8 KB that stay in a cache, for tables that are searched.
    static BASIC_PLANE: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let bit = |code: u32| char::from_u32(code).is_some_and(is_word_by_tables);
        let word = |start: u32| (0..64).fold(0, |word, i| word | u64::from(bit(start + i)) << i);
        (0..0x1_0000).step_by(64).map(word).collect()
    });
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let code = c as usize;
    match BASIC_PLANE.get(code / 64) {
        Some(word) => word >> (code % 64) & 1 == 1,
        None => is_word_by_tables(c),
    }
}

fn is_word_by_tables(c: char) -> bool {
    (c.is_alphanumeric() && !is_apostrophe(c)) || is_combining_mark(c)
}

/// Positions of the letters that are written: no gaps, and no mark without its letter.
fn kept(letters: &[char]) -> impl Iterator<Item = usize> {
    let mut after_letter = false;
    letters.iter().enumerate().filter_map(move |(position, &c)| {
        after_letter = is_word(c) && (after_letter || !is_combining_mark(c));
        after_letter.then_some(position)
    })
}

/// Letters that need no look at their neighbours or at another script.
fn is_plain_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{0620}'..='\u{064A}')
}

/// Whether the letter never melts with the one before it, as marks and Hangul vowels do.
fn stands_alone(c: char) -> bool {
    starts_cluster(c) && !is_combining_mark(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}')
}

/// An apostrophe between two letters that are not Arabic belongs to the word.
fn is_inner_apostrophe(text: &[char], position: usize) -> bool {
    let is_letter = |c: &char| is_word(*c) && !is_arabic(*c);
    is_apostrophe(text[position])
        && text[..position]
            .iter()
            .rfind(|c| !is_combining_mark(**c))
            .is_some_and(is_letter)
        && text
            .get(position + 1)
            .is_some_and(|c| is_letter(c) && stands_alone(*c))
}

fn is_symbol(c: char) -> bool {
    match c {
        '?' | '!' | '\u{061F}' | '"' | '\u{201C}'..='\u{201F}' | '«' | '»' => true,
        '\u{1F1E6}'..='\u{1F1FF}' => false,
        _ => {
            matches!(c, '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
        }
    }
}

/// A stop, comma or colon at the end of a word: inside of one it belongs to a number, a link or an address.
fn is_stop(text: &[char], position: usize) -> bool {
    matches!(text[position], '.' | ',' | ':' | ';' | '\u{060C}' | '\u{061B}')
        && !text
            .get(position + 1)
            .is_some_and(|&c| is_word(c) || matches!(c, '/' | '@'))
}

/// The one spelling of a symbol.
fn symbol(c: char) -> char {
    match c {
        '\u{061F}' => '?',
        '\u{060C}' => ',',
        '\u{061B}' => ';',
        '\u{201C}'..='\u{201F}' | '«' | '»' => '"',
        c => c,
    }
}

/// Where the link ends that the word `start..end` begins; `None` if it begins none.
fn link_end(text: &[char], start: usize, end: usize) -> Option<usize> {
    let word = &text[start..end];
    let is = |name: &str| {
        word.len() == name.len()
            && word
                .iter()
                .zip(name.chars())
                .all(|(a, b)| a.eq_ignore_ascii_case(&b))
    };
    let rest = &text[end..];
    let begins = ((is("http") || is("https")) && rest.starts_with(&[':', '/', '/']))
        || (is("www") && rest.first() == Some(&'.') && rest.get(1).is_some_and(|&c| is_word(c)));
    let is_link = |c: &char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>');
    begins.then(|| end + rest.iter().take_while(|c| is_link(c)).count())
}

/// Whether the token is a letter that could be part of a word spaced out.
fn is_single_letter(text: &[char], token: &Token) -> bool {
    token.kind == TokenKind::Word && token.end - token.start == 1 && stands_alone(text[token.start as usize])
}

/// Runs of three or more single letters of one script become words.
///
/// Wider gaps are taken as borders between words if every word then has two letters; otherwise the whole
/// run is one word, so that what comes out is never such a run again. Symbols inside a word are dropped.
fn join_spaced_letters(text: &[char], tokens: &mut Vec<Token>) {
    let single = |token: &Token| is_single_letter(text, token);
    if tokens.iter().filter(|token| single(token)).count() < 3 {
        return;
    }
    let mut joined = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some(first) = rest.first() {
        let arabic = is_arabic(text[first.start as usize]);
        let same = |token: &Token| single(token) && is_arabic(text[token.start as usize]) == arabic;
        let run = if single(first) { run_length(rest, same) } else { 1 };
        let (run, after) = rest.split_at(run);
        push_joined(run, single, &mut joined);
        rest = after;
    }
    *tokens = joined;
}

/// Tokens up to the last single letter that only single letters and symbols lead to.
fn run_length(tokens: &[Token], single: impl Fn(&Token) -> bool) -> usize {
    let run = tokens
        .iter()
        .take_while(|token| single(token) || token.kind == TokenKind::Symbol)
        .count();
    1 + tokens[..run].iter().rposition(single).unwrap_or(0)
}

fn push_joined(run: &[Token], single: impl Fn(&Token) -> bool, out: &mut Vec<Token>) {
    let letters: Vec<Token> = run.iter().copied().filter(|token| single(token)).collect();
    if letters.len() < 3 {
        out.extend_from_slice(run);
        return;
    }
    let gap = |pair: &[Token]| pair[1].start - pair[0].end;
    let narrowest = letters.windows(2).map(gap).min().unwrap_or(0);
    let words = || letters.chunk_by(|a, b| b.start - a.end <= narrowest);
    let join = |word: &[Token]| Token {
        kind: TokenKind::Word,
        start: word[0].start,
        end: word[word.len() - 1].end,
    };
    if words().all(|word| word.len() > 1) {
        out.extend(words().map(join));
    } else {
        out.push(join(&letters));
    }
}

/// Spells the tokens out: look-alikes repaired, case and keyboard variants folded, long runs cut.
pub(super) fn write_words(letters: &[char], spans: &[Span], tokens: &[Token], out: &mut NormalizedText) {
    out.letters.clear();
    out.spans.clear();
    out.tokens.clear();
    let mut writer = Writer {
        out,
        word: Vec::new(),
    };
    for &token in tokens {
        let letters = &letters[token.range()];
        let spans = spans.get(token.range()).unwrap_or_default();
        match token.kind {
            TokenKind::Word => writer.word(letters, spans),
            TokenKind::Symbol => writer.placeholder(token.kind, &[symbol(letters[0])], spans),
            TokenKind::Number => writer.placeholder(token.kind, &['0'], spans),
            TokenKind::Link => writer.placeholder(token.kind, &['h', 't', 't', 'p', ':', '/', '/'], spans),
            TokenKind::Address => writer.placeholder(token.kind, &['@'], spans),
        }
    }
}

struct Writer<'a> {
    out: &'a mut NormalizedText,
    word: Vec<char>,
}

impl Writer<'_> {
    /// A token of fixed spelling; each of its letters stands for the whole token.
    fn placeholder(&mut self, kind: TokenKind, spelling: &[char], spans: &[Span]) {
        let start = self.out.letters.len();
        self.out.letters.extend_from_slice(spelling);
        if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
            let span = Span {
                start: first.start,
                end: last.end,
            };
            self.out.spans.resize(self.out.letters.len(), span);
        }
        self.push_token(kind, start);
    }

    /// A word without its apostrophes and gaps.
    fn word(&mut self, letters: &[char], spans: &[Span]) {
        let first = self.out.letters.len();
        if letters.iter().all(|&c| is_plain_letter(c)) {
            for (position, c) in letters.iter().enumerate() {
                self.letter(first, light(c.to_ascii_lowercase()), spans.get(position));
            }
            return self.push_token(TokenKind::Word, first);
        }
        let mut word = std::mem::take(&mut self.word);
        word.clear();
        word.extend(kept(letters).map(|position| letters[position]));
        repair_latin(&mut word);
        let mut spans = kept(letters).filter_map(|position| spans.get(position));
        for &c in &word {
            let span = spans.next();
            for c in c.to_lowercase() {
                self.letter(first, light(c), span);
            }
        }
        self.word = word;
        self.push_token(TokenKind::Word, first);
    }

    /// One letter of the word that starts at `first`, unless two of it stand there already.
    fn letter(&mut self, first: usize, c: char, span: Option<&Span>) {
        if !ends_in_pair(&self.out.letters[first..], c) {
            self.out.letters.push(c);
            self.out.spans.extend(span);
        }
    }

    fn push_token(&mut self, kind: TokenKind, start: usize) {
        self.out.tokens.push(Token {
            kind,
            start: start as u32,
            end: self.out.letters.len() as u32,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_say_what_the_tables_say() {
        for c in '\u{80}'..=char::MAX {
            assert_eq!(is_word(c), is_word_by_tables(c), "{c:?}");
        }
    }
}
