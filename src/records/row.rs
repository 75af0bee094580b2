//! One raw record while it is read.

use super::MAX_LINE_BYTES;
use crate::error::RecordErrorKind;

/// Bytes of a row's buffer that are kept for the next row.
const KEPT_BYTES: usize = 1 << 20;

/// One raw record: a line, or the lines of one row of a table.
///
/// What is read is first counted, so that a row that is too long is forgotten before it is kept.
#[derive(Default)]
pub(super) struct Row {
    /// Cells that a row of the table must have, once its header is read.
    columns: Option<usize>,
    line: u64,
    bytes: Vec<u8>,
    /// Of a table, the row as it was written: quotes are gone from the other bytes.
    written: Vec<u8>,
    /// Where the cells end that are kept.
    ends: Vec<usize>,
    /// How many cells there are, kept or not.
    cells: usize,
    /// Bytes counted, with the line end.
    length: usize,
    ends_in_cr: bool,
    ends_in_lf: bool,
    fault: Option<RecordErrorKind>,
}

impl Row {
    /// Empties the row for the one that starts on `line`.
    pub(super) fn restart(&mut self, line: u64) {
        let [mut bytes, mut written] = [&mut self.bytes, &mut self.written].map(std::mem::take);
        let mut ends = std::mem::take(&mut self.ends);
        for bytes in [&mut bytes, &mut written] {
            bytes.clear();
            bytes.shrink_to(KEPT_BYTES);
        }
        ends.clear();
        ends.shrink_to(KEPT_BYTES);
        *self = Self {
            columns: self.columns,
            line,
            bytes,
            written,
            ends,
            ..Self::default()
        };
    }

    /// Counts bytes of the input, at most to the next LF.
    pub(super) fn count(&mut self, piece: &[u8]) {
        self.length += piece.len();
        self.ends_in_lf = piece.ends_with(b"\n");
        let line = piece.strip_suffix(b"\n").unwrap_or(piece);
        if let Some(&last) = line.last() {
            self.ends_in_cr = last == b'\r';
        }
        if self.content_length() > MAX_LINE_BYTES {
            let limit = MAX_LINE_BYTES;
            self.fail(RecordErrorKind::LineTooLong { limit });
        }
    }

    /// Bytes counted, without the line end.
    fn content_length(&self) -> usize {
        self.length - usize::from(self.ends_in_cr) - usize::from(self.ends_in_lf)
    }

    /// Whether there is nothing but a line end.
    pub(super) fn is_blank(&self) -> bool {
        self.content_length() == 0
    }

    /// Whether there is nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Keeps content; with the ends of the cells that end in it, counted from the start of the row.
    pub(super) fn push(&mut self, content: &[u8], ends: &[usize]) {
        if self.fault.is_some() {
            return;
        }
        self.bytes.extend_from_slice(content);
        let most = self.columns.unwrap_or(usize::MAX);
        let room = most.saturating_sub(self.cells).min(ends.len());
        self.ends.extend_from_slice(&ends[..room]);
        self.cells += ends.len();
    }

    /// Keeps bytes of a table as they were written.
    pub(super) fn push_written(&mut self, piece: &[u8]) {
        if self.fault.is_none() {
            self.written.extend_from_slice(piece);
        }
    }

    /// Forgets the content and keeps what is wrong with it, unless something was wrong before.
    pub(super) fn fail(&mut self, fault: RecordErrorKind) {
        self.bytes.clear();
        self.written.clear();
        self.ends.clear();
        self.fault.get_or_insert(fault);
    }

    /// Ends the row: counts its cells and drops the CR of its line end.
    pub(super) fn close(&mut self) {
        let found = self.cells;
        if let Some(expected) = self.columns.filter(|&columns| columns != found) {
            self.fail(RecordErrorKind::RaggedRow { found, expected });
        }
        if self.fault.is_none() && self.ends_in_cr {
            self.bytes.pop();
            if let Some(end) = self.ends.last_mut() {
                *end = self.bytes.len();
            }
        }
    }

    /// From now on, rows must have so many cells.
    pub(super) fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// Line it starts on, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The line without its line end; of a table, the cells without their quotes, one after the other.
    pub(super) fn content(&self) -> &[u8] {
        &self.bytes
    }

    /// What follows the content in a chunk: of a table, the row as it was written, without LF; of other inputs, the CR of
    /// the line end, if it has one.
    pub(super) fn written(&self) -> &[u8] {
        match (self.columns, &self.fault) {
            (_, Some(_)) => b"",
            (Some(_), None) => self.written.strip_suffix(b"\n").unwrap_or(&self.written),
            (None, None) if self.ends_in_cr => b"\r",
            (None, None) => b"",
        }
    }

    /// Where each cell of a table ends in the content.
    pub(super) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// What is wrong with it; then it has no content.
    pub(super) fn fault(&self) -> Option<&RecordErrorKind> {
        self.fault.as_ref()
    }
}
