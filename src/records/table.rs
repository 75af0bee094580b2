//! What the header line of a table says.

use std::io::Read;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::cells::CellParser;
use super::decode::{Decoding, utf8};
use super::lines::{Cutter, Progress, Rows};
use super::row::Row;
use super::{Record, RecordError, Schema};
use crate::error::{Error, ErrorKind, RecordErrorKind, Result};

/// Names of the columns, and where they were read.
#[derive(Debug)]
pub(super) struct Table {
    name: Arc<str>,
    header_line: u64,
    header: Vec<u8>,
    columns: Vec<String>,
}

impl Table {
    /// Reads the header line; the rows that are left are those below it.
    pub(super) fn open(input: Box<dyn Read + Send>, delimiter: u8, name: &Arc<str>) -> Result<(Self, Rows)> {
        let mut rows = Rows::new(input, Cutter::Cells(Box::new(CellParser::new(delimiter)?)));
        let progress = rows
            .advance(true)
            .map_err(|error| Error::io("read", &**name, error))?;
        let columns = match progress {
            Progress::Row => columns(rows.row()),
            Progress::WouldWait | Progress::End => Err(RecordErrorKind::MissingHeader),
        };
        let header_line = rows.row().line();
        let columns = columns.map_err(|kind| header_error(kind, header_line, name))?;
        rows.expect_columns(columns.len());
        let header = rows.row().written().to_vec();
        let table = Self {
            name: Arc::clone(name),
            header_line,
            header,
            columns,
        };
        Ok((table, rows))
    }

    /// Names of the columns, in order.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The header line as it was written, without LF.
    pub(super) fn header(&self) -> &[u8] {
        &self.header
    }

    /// Whether the text has a column and no named column stands twice.
    pub(super) fn check(&self, schema: &Schema) -> Result<()> {
        let count = |name: &str| self.columns.iter().filter(|&column| column == name).count();
        if count(&schema.text) == 0 {
            return Err(ErrorKind::Unknown {
                what: "column",
                name: schema.text.clone(),
                expected: self.columns.join(", "),
            }
            .into());
        }
        match schema.names().find(|name| count(name) > 1) {
            None => Ok(()),
            Some(name) => {
                let field = name.to_owned();
                let kind = RecordErrorKind::DuplicateField { field };
                Err(header_error(kind, self.header_line, &self.name))
            }
        }
    }

    /// Takes the cells that are asked for from a row that has one for each column.
    pub(super) fn parse<'a>(
        &self,
        line: u64,
        cells: Cells<'a>,
        schema: &Schema,
        decoding: Decoding,
    ) -> Result<Record<'a>, RecordErrorKind> {
        let cell = |name: &str| match self.columns.iter().position(|column| column == name) {
            Some(column) => decoding.text(cells.get(column)).map(Some),
            None => Ok(None),
        };
        let text = cell(&schema.text)?.ok_or_else(|| RecordErrorKind::MissingField {
            field: schema.text.clone(),
        })?;
        let id = schema.id.as_deref().map_or(Ok(None), cell)?;
        let extra = schema.extra.iter().map(|name| Ok(cell(name)?.map(Value::from)));
        Ok(Record {
            line,
            id: id.filter(|id| !id.is_empty()).map(Value::from),
            text,
            extra: extra.collect::<Result<_, _>>()?,
        })
    }

    /// All cells of a row, by the names of their columns.
    pub(super) fn fields(
        &self,
        cells: Cells<'_>,
        decoding: Decoding,
    ) -> Result<Map<String, Value>, RecordErrorKind> {
        let mut fields = Map::new();
        for (index, column) in self.columns.iter().enumerate() {
            let cell = Value::from(decoding.text(cells.get(index))?);
            if fields.insert(column.clone(), cell).is_some() {
                let field = column.clone();
                return Err(RecordErrorKind::DuplicateField { field });
            }
        }
        Ok(fields)
    }
}

/// The cells of a header line as text.
fn columns(header: &Row) -> Result<Vec<String>, RecordErrorKind> {
    if let Some(fault) = header.fault() {
        return Err(fault.clone());
    }
    let cells = Cells::new(header.content(), header.ends());
    let names = (0..header.ends().len()).map(|column| utf8(cells.get(column)).map(str::to_owned));
    names.collect()
}

fn header_error(kind: RecordErrorKind, line: u64, name: &Arc<str>) -> Error {
    RecordError { line, kind }.of_input(name)
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    bytes: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Cells<'a> {
    /// Cells that stand one after the other in `bytes`, and where each ends.
    pub(super) fn new(bytes: &'a [u8], ends: &'a [usize]) -> Self {
        Self { bytes, ends }
    }

    fn get(self, column: usize) -> &'a [u8] {
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[column]]
    }
}
