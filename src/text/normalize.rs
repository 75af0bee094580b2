//! The normalizer and what it gives.

use std::fmt;
use std::ops::Range;

use super::MAX_TEXT_BYTES;
use super::clean::{Sink, clean};
use super::tokenize::{Tokenizer, write_words};
use crate::error::{ErrorKind, Result};

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
    /// An emoji, a question mark or an exclamation mark.
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

/// Normalizes texts, one after the other, in buffers that it keeps.
///
/// ```
/// use narrative_frames::text::Normalizer;
///
/// let mut normalizer = Normalizer::default();
/// let text = normalizer.normalize("قالـــت الوكالةُ: ٣٫٥ مليون!! https://example.org")?;
/// assert_eq!(text.to_string(), "قالت الوكالة 0 مليون ! ! http://");
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Normalizer {
    cleaned: Cleaned,
    tokenizer: Tokenizer,
    text: NormalizedText,
}

impl Normalizer {
    /// A normalizer that also keeps, for each letter, the bytes of the input it came from.
    ///
    /// ```
    /// use narrative_frames::text::Normalizer;
    ///
    /// let input = "so-called «ﷲ»";
    /// let mut normalizer = Normalizer::with_spans();
    /// let text = normalizer.normalize(input)?;
    /// let token = text.tokens()[2];
    /// let span = text.span(token.range()).expect("spans are kept");
    /// assert_eq!(text.word(token).iter().collect::<String>(), "الله");
    /// assert_eq!(&input[span.range()], "ﷲ");
    /// # Ok::<(), narrative_frames::Error>(())
    /// ```
    #[must_use]
    pub fn with_spans() -> Self {
        let mut normalizer = Self::default();
        normalizer.cleaned.keeps_spans = true;
        normalizer
    }

    /// Normalizes one text. Time and memory are linear in its length.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TextTooLong`] if the text, or what normalization makes of it, is longer than
    /// [`MAX_TEXT_BYTES`].
    pub fn normalize(&mut self, text: &str) -> Result<&NormalizedText> {
        check_length(text.len(), "")?;
        self.cleaned.clear();
        clean(text, &mut self.cleaned);
        check_length(self.cleaned.bytes, " after normalization")?;
        let raw = self.tokenizer.tokenize(&mut self.cleaned.letters);
        write_words(&self.cleaned.letters, &self.cleaned.spans, raw, &mut self.text);
        Ok(&self.text)
    }
}

fn check_length(bytes: usize, when: &'static str) -> Result<()> {
    if bytes <= MAX_TEXT_BYTES {
        return Ok(());
    }
    Err(ErrorKind::TextTooLong {
        bytes,
        limit: MAX_TEXT_BYTES,
        when,
    }
    .into())
}

/// Cleaned letters; stops growing once the text is known to be too long.
#[derive(Debug, Clone, Default)]
struct Cleaned {
    letters: Vec<char>,
    spans: Vec<Span>,
    bytes: usize,
    keeps_spans: bool,
}

impl Cleaned {
    fn clear(&mut self) {
        self.letters.clear();
        self.spans.clear();
        self.bytes = 0;
    }
}

impl Sink for Cleaned {
    fn push(&mut self, c: char, span: Span) {
        self.bytes += c.len_utf8();
        if self.bytes > MAX_TEXT_BYTES {
            return;
        }
        self.letters.push(c);
        if self.keeps_spans {
            self.spans.push(span);
        }
    }

    fn last(&self) -> Option<char> {
        self.letters.last().copied()
    }

    fn replace_last(&mut self, c: char, end: u32) {
        if let Some(last) = self.letters.last_mut() {
            *last = c;
        }
        if let Some(span) = self.spans.last_mut() {
            span.end = end;
        }
    }
}
