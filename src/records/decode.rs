//! From bytes to text.

use std::borrow::Cow;

use crate::error::RecordErrorKind;

/// What becomes of bytes that are not UTF-8.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Decoding {
    /// The record is an error.
    #[default]
    Strict,
    /// Each maximal part of a sequence becomes U+FFFD, as the WHATWG Encoding Standard has it.
    Lossy,
}

impl Decoding {
    /// The bytes as text; borrowed unless something was replaced.
    pub(super) fn text(self, bytes: &[u8]) -> Result<Cow<'_, str>, RecordErrorKind> {
        match self {
            Self::Strict => utf8(bytes).map(Cow::Borrowed),
            Self::Lossy => Ok(String::from_utf8_lossy(bytes)),
        }
    }
}

/// The bytes as text, or where they stop being UTF-8.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, RecordErrorKind> {
    std::str::from_utf8(bytes).map_err(|error| RecordErrorKind::InvalidUtf8 {
        byte: error.valid_up_to(),
    })
}
