//! Rows and cells of CSV and TSV.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::row::Row;
use crate::error::Result;

/// Takes the bytes of a table apart with `csv_core`, the parser of the `csv` crate.
///
/// Cells may stand in double quotes, a double quote in them is doubled, and only LF ends a row. `csv_core` is
/// used in the place of `csv` because it does not collect the row itself: how much of it is kept stays here.
pub(super) struct CellParser {
    parser: Reader,
}

impl CellParser {
    /// Infallible here; the signature is that of a build without tables.
    pub(super) fn new(delimiter: u8) -> Result<Self> {
        let mut parser = ReaderBuilder::new()
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .build();
        // The byte order mark at the start is gone already; the parser looks for one in its first bytes.
        parser.read_record(b"\n", &mut [0], &mut [0]);
        Ok(Self { parser })
    }

    /// Reads on, at most to the next LF; tells whether a row ends there.
    pub(super) fn read(&mut self, mut piece: &[u8], row: &mut Row) -> bool {
        let (mut content, mut ends) = ([0; 4096], [0; 64]);
        while !piece.is_empty() {
            let (result, read, written, ended) = self.parser.read_record(piece, &mut content, &mut ends);
            row.push(&content[..written], &ends[..ended]);
            if result == ReadRecordResult::Record {
                return true;
            }
            piece = &piece[read..];
        }
        false
    }
}
