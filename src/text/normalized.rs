//! What normalization gives: tokens, their letters, and the bytes they came from.

use std::fmt;
use std::ops::Range;

/// A range of bytes of the input text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span as a range that slices a `str`.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, possibly with digits: the only kind that has character n-grams.
    Word,
    /// An emoji, a quotation mark, or a mark at the end of a word: stop, comma, colon, question or exclamation mark.
    Symbol,
    /// A run of digits with its separators; always spelled `0`.
    Number,
    /// A link; always spelled `http://`.
    Link,
    /// A mention or an e-mail address; always spelled `@`.
    Address,
}

/// One token: a range of the letters of a [`NormalizedText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Token {
    /// Positions of its letters in [`NormalizedText::letters`].
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A normalized text: tokens in the light [`View`](super::View), never empty ones.
///
/// Its `Display` form is the tokens with a space between; normalizing that again changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NormalizedText {
    pub(super) letters: Vec<char>,
    pub(super) spans: Vec<Span>,
    pub(super) tokens: Vec<Token>,
}

impl NormalizedText {
    /// The tokens in text order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The letters of all tokens, one token after the other.
    #[must_use]
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// The letters of one token.
    #[must_use]
    pub fn word(&self, token: Token) -> &[char] {
        &self.letters[token.range()]
    }

    /// The bytes of the input that a range of letters came from; `None` for an empty range, or if the
    /// normalizer does not keep spans.
    #[must_use]
    pub fn span(&self, letters: Range<usize>) -> Option<Span> {
        let spans = self.spans.get(letters)?;
        Some(Span {
            start: spans.first()?.start,
            end: spans.iter().map(|span| span.end).max()?,
        })
    }
}

impl fmt::Display for NormalizedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for (position, token) in self.tokens.iter().enumerate() {
            if position > 0 {
                f.write_char(' ')?;
            }
            for &letter in self.word(*token) {
                f.write_char(letter)?;
            }
        }
        Ok(())
    }
}
