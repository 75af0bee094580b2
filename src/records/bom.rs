//! The byte order mark at the start of an input.

use std::io::{self, Read};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The same mark in UTF-16, both ways round; no UTF-8 begins so.
const UTF_16: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];

fn is_half_utf16(head: &[u8]) -> bool {
    UTF_16
        .iter()
        .any(|mark| head.len() == 1 && mark.starts_with(head))
}

/// Reads what `inner` reads, without a UTF-8 byte order mark at its start.
pub(super) struct SkipBom<R> {
    inner: R,
    /// Bytes of the mark seen so far, or the first bytes of an input without mark.
    head: Vec<u8>,
    decided: bool,
}

impl<R: Read> SkipBom<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            head: Vec::new(),
            decided: false,
        }
    }

    /// Reads until it is clear whether there is a mark; never further, so that a short first line does not
    /// wait for the second.
    fn decide(&mut self) -> io::Result<()> {
        while !self.decided {
            let mut byte = [0];
            let read = self.inner.read(&mut byte)?;
            self.head.extend_from_slice(&byte[..read]);
            if self.head == BOM {
                self.head.clear();
                self.decided = true;
            } else {
                self.decided = read == 0 || !BOM.starts_with(&self.head) && !is_half_utf16(&self.head);
            }
            if UTF_16.iter().any(|mark| self.head == *mark) {
                let message = "it begins with the mark of UTF-16, expected UTF-8 (iconv -f UTF-16 -t UTF-8)";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for SkipBom<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decide()?;
        if self.head.is_empty() {
            return self.inner.read(buffer);
        }
        let length = self.head.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.head[..length]);
        self.head.drain(..length);
        Ok(length)
    }
}
