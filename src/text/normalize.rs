//! The normalizer: its steps in order, and the buffers they share.

use super::MAX_TEXT_BYTES;
use super::clean::{Sink, clean};
use super::normalized::{NormalizedText, Span};
use super::segment::Edges;
use super::tokenize::{Tokenizer, write_words};
use crate::error::{ErrorKind, Result};

/// Normalizes texts, one after the other, in buffers that it keeps.
///
/// ```
/// use narrative_frames::text::Normalizer;
///
/// let mut normalizer = Normalizer::default();
/// let text = normalizer.normalize("قالـــت الوكالةُ: ٣٫٥ مليون!! https://example.org")?;
/// assert_eq!(text.to_string(), "قالت الوكالة : 0 مليون ! ! http://");
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
    /// let token = text.tokens()[3];
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
        self.normalize_segment(text).map(|(text, _)| text)
    }

    /// As [`normalize`](Self::normalize), with what the text shows to its neighbours in a longer one.
    pub(crate) fn normalize_segment(&mut self, text: &str) -> Result<(&NormalizedText, Edges)> {
        check_length(text.len(), "")?;
        self.cleaned.clear();
        clean(text, &mut self.cleaned);
        check_length(self.cleaned.bytes, " after normalization")?;
        let (raw, edges) = self.tokenizer.tokenize(&mut self.cleaned.letters);
        write_words(&self.cleaned.letters, &self.cleaned.spans, raw, &mut self.text);
        Ok((&self.text, edges))
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
