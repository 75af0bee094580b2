//! What annotation tools and fastText write, brought to flat fields.
//!
//! Each adapter takes the JSON (or the line) of one record apart and gives an object of flat fields for each
//! annotation; from there on it is read like a line of JSON. The shapes are those of the tools' documentation and
//! exporters, as of 2026. What the fields mean is documented at [`crate::records`].

mod argilla;
mod doccano;
mod fasttext;
mod label_studio;
mod prodigy;

use serde_json::{Map, Value};

use super::Schema;
use crate::error::RecordErrorKind;

pub(super) use argilla::argilla;
pub(super) use doccano::doccano;
pub(super) use fasttext::{PREFIX as FASTTEXT_PREFIX, fasttext};
pub(super) use label_studio::{label_studio, label_studio_min};
pub(super) use prodigy::prodigy;

/// The field that says who annotated.
pub(super) const ANNOTATOR: &str = "annotator";

type Fields = Map<String, Value>;

/// Takes one record apart. The schema tells which fields are wanted: what stands in others need not be understood.
pub(super) type Adapter = fn(&str, &Schema) -> Result<Adapted, RecordErrorKind>;

/// The fields of a record, once for each annotation.
pub(super) struct Adapted {
    /// At least one.
    pub(super) records: Vec<Fields>,
    /// Why annotations were left out, one entry each.
    pub(super) left_out: Vec<&'static str>,
}

impl Adapted {
    /// Each annotation on top of what all have in common; that alone, if there is none.
    fn new(common: Fields, annotations: Vec<Fields>, left_out: Vec<&'static str>) -> Self {
        let with_common = |annotation| {
            let mut fields = common.clone();
            fields.extend::<Fields>(annotation);
            fields
        };
        let mut records: Vec<Fields> = annotations.into_iter().map(with_common).collect();
        if records.is_empty() {
            records.push(common);
        }
        Self { records, left_out }
    }
}

/// Whether somebody asked for the field.
fn is_wanted(schema: &Schema, name: &str) -> bool {
    schema.names().any(|wanted| wanted == name)
}

/// Takes an object out of a field; nothing if it is another value or missing.
fn take_object(fields: &mut Fields, name: &str) -> Fields {
    match fields.remove(name) {
        Some(Value::Object(object)) => object,
        _ => Fields::new(),
    }
}

fn wrong_type(field: &str, found: impl Into<String>, expected: &'static str) -> RecordErrorKind {
    RecordErrorKind::WrongType {
        field: field.to_owned(),
        found: found.into(),
        expected,
    }
}
