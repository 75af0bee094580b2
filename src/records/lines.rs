//! Cuts a stream of bytes into rows of bounded length.

use std::io::{self, BufRead, BufReader, Read};

use super::bom::SkipBom;
use super::cells::CellParser;
use super::elements::ElementCutter;
use super::row::Row;
use crate::error::RecordErrorKind;

/// Bytes asked of the input at once.
const BUFFER_BYTES: usize = 256 << 10;

/// How far [`Rows::advance`] came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// [`Rows::row`] holds the next row.
    Row,
    /// The next row needs a read that may wait; what there is of it is kept.
    WouldWait,
    /// There are no more rows.
    End,
}

/// What ends a row.
pub(super) enum Cutter {
    /// The end of a line.
    Lines,
    /// The end of a line outside of quotes.
    Cells(Box<CellParser>),
    /// The end of an element of a JSON array; of a line, if the input is no array.
    Elements(ElementCutter),
}

/// The rows of an input, one at a time.
///
/// Holds one row of at most [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES) and one buffer, whatever the input.
pub(super) struct Rows {
    input: BufReader<SkipBom<Box<dyn Read + Send>>>,
    cutter: Cutter,
    row: Row,
    row_is_complete: bool,
    next_line: u64,
    ended: bool,
}

impl Rows {
    pub(super) fn new(input: Box<dyn Read + Send>, cutter: Cutter) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER_BYTES, SkipBom::new(input)),
            cutter,
            row: Row::default(),
            row_is_complete: true,
            next_line: 1,
            ended: false,
        }
    }

    /// The row that the last [`Progress::Row`] announced.
    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    /// Whether the input is a JSON array; `false` as long as nothing was read of it.
    pub(super) fn is_array(&self) -> bool {
        matches!(&self.cutter, Cutter::Elements(cutter) if cutter.found_array())
    }

    /// From now on, rows that do not have so many cells are faulty.
    pub(super) fn expect_columns(&mut self, columns: usize) {
        self.row.expect_columns(columns);
    }

    /// Goes on to the next row; reads from the input only if `may_wait` or something is buffered.
    ///
    /// After an error the input is at its end.
    pub(super) fn advance(&mut self, may_wait: bool) -> io::Result<Progress> {
        if std::mem::take(&mut self.row_is_complete) {
            self.row.restart(self.next_line);
        }
        while !self.ended {
            if self.input.buffer().is_empty() && !may_wait {
                return Ok(Progress::WouldWait);
            }
            if self.read_piece()? {
                self.row.close();
                self.row_is_complete = true;
                return Ok(Progress::Row);
            }
        }
        Ok(Progress::End)
    }

    /// Takes what the buffer has of the current line; tells whether that completes a row.
    fn read_piece(&mut self) -> io::Result<bool> {
        fill(&mut self.input).inspect_err(|_| self.ended = true)?;
        let piece = first_line(self.input.buffer());
        if piece.is_empty() {
            return Ok(self.finish());
        }
        if let Cutter::Elements(cutter) = &mut self.cutter
            && cutter.is_array(piece)
        {
            let (length, ends_row) = cutter.read(piece, &mut self.row, self.next_line);
            self.next_line += u64::from(piece[..length].ends_with(b"\n"));
            self.input.consume(length);
            if self.row.is_empty() && !ends_row {
                self.row.restart(self.next_line);
            }
            return Ok(ends_row);
        }
        self.row.count(piece);
        let ends_line = piece.ends_with(b"\n");
        let ends_row = match &mut self.cutter {
            Cutter::Cells(parser) => {
                self.row.push_written(piece);
                parser.read(piece, &mut self.row)
            }
            Cutter::Lines | Cutter::Elements(_) => {
                self.row.push(piece.strip_suffix(b"\n").unwrap_or(piece), &[]);
                ends_line
            }
        };
        let length = piece.len();
        self.input.consume(length);
        self.next_line += u64::from(ends_line);
        if ends_line && self.is_passed_over() {
            self.row.restart(self.next_line);
            return Ok(false);
        }
        Ok(ends_row)
    }

    /// At the end of the input; tells whether a last row without line end is left.
    fn finish(&mut self) -> bool {
        self.ended = true;
        if let Cutter::Elements(cutter) = &mut self.cutter
            && cutter.is_array(b"")
        {
            return cutter.finish(&mut self.row, self.next_line);
        }
        if self.row.is_empty() || self.is_passed_over() {
            return false;
        }
        if let Cutter::Cells(parser) = &mut self.cutter
            && !parser.read(b"\n", &mut self.row)
        {
            self.row.fail(RecordErrorKind::UnclosedQuote);
        }
        true
    }

    /// In tables, empty lines between rows are nothing.
    fn is_passed_over(&self) -> bool {
        matches!(self.cutter, Cutter::Cells(_)) && self.row.is_blank()
    }
}

/// Fills the buffer if it is empty; it stays empty at the end of the input.
fn fill(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            filled => return filled.map(|_| ()),
        }
    }
}

/// The bytes up to and with the first LF, or all.
fn first_line(bytes: &[u8]) -> &[u8] {
    match bytes.iter().position(|&byte| byte == b'\n') {
        Some(end) => &bytes[..=end],
        None => bytes,
    }
}
