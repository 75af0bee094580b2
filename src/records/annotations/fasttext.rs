//! fastText: `__label__weather __label__sport rain over the pitch`.

use serde_json::Value;

use super::{Adapted, Fields};
use crate::error::RecordErrorKind;
use crate::records::Schema;

/// What a label starts with.
pub(in crate::records) const PREFIX: &str = "__label__";

/// A line: words that start with the prefix are labels, wherever they stand; the others are the text, one space
/// between them. Without labels they are unknown.
pub(in crate::records) fn fasttext(line: &str, schema: &Schema) -> Result<Adapted, RecordErrorKind> {
    let (mut labels, mut words) = (Vec::<Value>::new(), Vec::new());
    for word in line.split_ascii_whitespace() {
        match word.strip_prefix(PREFIX) {
            Some(label) => labels.push(label.into()),
            None => words.push(word),
        }
    }
    let mut fields = Fields::new();
    if !labels.is_empty() {
        fields.insert("label".to_owned(), labels.into());
    }
    fields.insert(schema.text.clone(), words.join(" ").into());
    Ok(Adapted::new(fields, Vec::new(), Vec::new()))
}
