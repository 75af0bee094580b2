//! doccano, text classification: `{"id", "text", "label": […]}`, in older versions `labels`.

use serde_json::Value;

use super::{Adapted, wrong_type};
use crate::error::RecordErrorKind;
use crate::records::{Schema, json};

/// The two names of the list of labels.
const NAMES: [&str; 2] = ["label", "labels"];

/// A document: its list of labels under both names. An empty list is no label, of a field of one label unknown.
pub(in crate::records) fn doccano(json: &str, _: &Schema) -> Result<Adapted, RecordErrorKind> {
    let mut fields = json::object(json)?;
    for name in NAMES {
        let Some(value) = fields.get(name).cloned() else {
            continue;
        };
        let labels = match value {
            Value::Array(labels) if labels.is_empty() => "".into(),
            Value::Array(labels) if labels.iter().any(|label| label.is_array() || label.is_object()) => {
                return Err(wrong_type(
                    name,
                    "a list of spans [start, end, label]",
                    "labels of the whole text; spans are not labels of a document",
                ));
            }
            other => other,
        };
        for name in NAMES {
            fields.insert(name.to_owned(), labels.clone());
        }
        break;
    }
    Ok(Adapted::new(fields, Vec::new(), Vec::new()))
}
