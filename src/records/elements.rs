//! Cuts a JSON array into its elements, without building them.

use super::row::Row;
use crate::error::RecordErrorKind;

/// Finds where each element of one JSON array begins and ends, and gives it out as a row.
///
/// Only brackets, quotes and commas are looked at; what stands in an element is the matter of the parser. Holds one
/// element, however long the array.
#[derive(Default)]
pub(super) struct ElementCutter {
    /// Whether the input starts with `[`; unknown before its first byte.
    array: Option<bool>,
    place: Place,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

/// Where the next byte stands.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before `[`.
    #[default]
    Before,
    /// Where an element may begin.
    Open,
    /// In an element.
    Element,
    /// Behind an element: a comma or the end of the array must come.
    Behind,
    /// Behind the array.
    After,
    /// Behind something that cannot be understood.
    Lost,
}

/// What a byte between elements is.
enum Step {
    /// Nothing of an element.
    Over,
    /// The first byte of an element, left to be read again.
    Element,
    /// Wrong; what was expected.
    Fault(&'static str),
}

impl ElementCutter {
    /// Whether the input is an array: whether its first byte that is no white space is `[`. An input that starts
    /// otherwise has a record in each line.
    pub(super) fn is_array(&mut self, piece: &[u8]) -> bool {
        if self.array.is_none() {
            let first = piece.iter().find(|byte| !byte.is_ascii_whitespace());
            self.array = first.map(|&byte| byte == b'[');
        }
        // White space before the first byte belongs to an array: lines begin at once.
        self.array.unwrap_or(!piece.is_empty())
    }

    /// Whether the input is known to be an array.
    pub(super) fn found_array(&self) -> bool {
        self.array == Some(true)
    }

    /// Reads on, at most to the end of an element; the number of bytes read, and whether an element ends there.
    ///
    /// `line` is the line of the piece, which holds no LF but at its end.
    pub(super) fn read(&mut self, piece: &[u8], row: &mut Row, line: u64) -> (usize, bool) {
        let mut position = 0;
        while position < piece.len() {
            if self.place != Place::Element {
                match self.step(piece[position]) {
                    Step::Over => position += 1,
                    Step::Element => row.restart(line),
                    Step::Fault(expected) => {
                        row.restart(line);
                        row.fail(fault(expected));
                        return (piece.len(), true);
                    }
                }
                continue;
            }
            let length = self.element_bytes(&piece[position..]);
            let bytes = &piece[position..position + length];
            row.count(bytes);
            row.push(bytes, &[]);
            position += length;
            if self.place == Place::Behind {
                return (position, true);
            }
        }
        (piece.len(), false)
    }

    /// At the end of the input: an array that was not closed is one more, faulty row.
    pub(super) fn finish(&mut self, row: &mut Row, line: u64) -> bool {
        if matches!(self.place, Place::Before | Place::After | Place::Lost) {
            return false;
        }
        if self.place != Place::Element {
            row.restart(line);
        }
        row.fail(fault("the input ends before the array does"));
        true
    }

    /// One byte between elements.
    fn step(&mut self, byte: u8) -> Step {
        let next = match (self.place, byte) {
            (Place::Lost, _) | (_, b' ' | b'\t' | b'\r' | b'\n') => self.place,
            (Place::Before, b'[') | (Place::Behind, b',') => Place::Open,
            (Place::Open | Place::Behind, b']') => Place::After,
            (Place::Open, _) => Place::Element,
            (Place::Before | Place::Behind | Place::Element | Place::After, _) => {
                let expected = match self.place {
                    Place::After => "expected nothing behind the array",
                    _ => "expected a comma or the end of the array; nothing behind this place was read",
                };
                self.place = Place::Lost;
                return Step::Fault(expected);
            }
        };
        self.place = next;
        match next {
            Place::Element => Step::Element,
            _ => Step::Over,
        }
    }

    /// How many bytes belong to the element; the place is behind it if it ends among them.
    fn element_bytes(&mut self, bytes: &[u8]) -> usize {
        for (position, &byte) in bytes.iter().enumerate() {
            if self.in_string {
                self.in_string = byte != b'"' || self.escaped;
                self.escaped = byte == b'\\' && !self.escaped;
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => {
                    self.depth = 0;
                    self.place = Place::Behind;
                    return position + 1;
                }
                // The end of an element without brackets, such as a number, which no record is.
                b',' | b'}' | b']' if self.depth == 0 => {
                    self.place = Place::Behind;
                    return position;
                }
                _ => {}
            }
        }
        bytes.len()
    }
}

fn fault(message: &str) -> RecordErrorKind {
    RecordErrorKind::InvalidJson {
        byte: 0,
        message: message.to_owned(),
    }
}
