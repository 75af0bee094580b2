//! Which program wrote an input, where its first record leaves no doubt.

use serde_json::{Map, Value};

use super::annotations::FASTTEXT_PREFIX;
use super::{Chunk, Format};

/// The format that the first record has for certain; see [`RecordReader::open`](super::RecordReader::open).
pub(super) fn format(first: &Chunk) -> Option<Format> {
    let first = first.first()?;
    if first.trim_start().starts_with(FASTTEXT_PREFIX) {
        return Some(Format::FastText);
    }
    let fields: Map<String, Value> = serde_json::from_str(first).ok()?;
    let has = |names: &[&str]| names.iter().all(|&name| fields.contains_key(name));
    let is_object = |name| fields.get(name).is_some_and(Value::is_object);
    let is_list = |name| fields.get(name).is_some_and(Value::is_array);
    if is_object("data") && (is_list("annotations") || is_list("completions")) {
        Some(Format::LabelStudio)
    } else if has(&["annotation_id", "annotator", "lead_time"]) {
        Some(Format::LabelStudioMin)
    } else if has(&["answer", "_task_hash"]) {
        Some(Format::Prodigy)
    } else if (is_object("fields") && has(&["responses"]))
        || has(&["annotation", "prediction", "annotation_agent"])
    {
        Some(Format::Argilla)
    } else {
        None
    }
}
