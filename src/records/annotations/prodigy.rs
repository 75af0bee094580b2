//! Prodigy: tasks of the interfaces `choice` and `classification` with their answer.

use serde_json::{Map, Value};

use super::{ANNOTATOR, Adapted, Fields, wrong_type};
use crate::error::RecordErrorKind;
use crate::records::{Schema, json, type_name};

/// A task with `options` and `accept`, or with one `label`; `answer` is `accept`, `reject` or `ignore`.
pub(in crate::records) fn prodigy(json: &str, _: &Schema) -> Result<Adapted, RecordErrorKind> {
    let mut fields = json::object(json)?;
    let annotator = ["_annotator_id", "_session_id"]
        .into_iter()
        .find_map(|name| fields.get(name).filter(|who| !who.is_null()).cloned());
    let known = known(&fields)?;
    fields.remove("label");
    fields.remove("accept");
    let known = match known {
        Ok(known) => known,
        Err(reason) => return Ok(Adapted::new(fields, Vec::new(), vec![reason])),
    };
    fields.insert("label".to_owned(), known.clone());
    fields.insert("accept".to_owned(), known);
    fields.insert(ANNOTATOR.to_owned(), annotator.unwrap_or_else(|| "".into()));
    Ok(Adapted::new(fields, Vec::new(), Vec::new()))
}

/// What the answer tells of labels; or why it tells nothing.
fn known(task: &Fields) -> Result<Result<Value, &'static str>, RecordErrorKind> {
    let accepted = match task.get("answer").and_then(Value::as_str) {
        Some("accept") => true,
        Some("reject") => false,
        Some("ignore") => return Ok(Err("ignored by the annotator")),
        Some(other) => {
            let found = format!("{other:?}");
            return Err(wrong_type("answer", found, "accept, reject or ignore"));
        }
        None => return Ok(Err("without answer")),
    };
    Ok(match (task.get("label"), task.get("accept")) {
        (_, Some(Value::Array(chosen))) if accepted => Ok(options(task, chosen)),
        (_, Some(Value::Array(chosen))) if chosen.is_empty() => Err("rejected without a choice"),
        (_, Some(Value::Array(chosen))) => Ok(Value::Object(
            chosen.iter().map(|id| (plain(id), false.into())).collect(),
        )),
        (Some(Value::String(label)), None) => {
            Ok(Value::Object(Map::from_iter([(label.clone(), accepted.into())])))
        }
        (None | Some(Value::Null), None | Some(Value::Null)) => Err("without label or choice"),
        (_, Some(other)) => return Err(wrong_type("accept", type_name(other), "a list of options")),
        (Some(other), _) => return Err(wrong_type("label", type_name(other), "a string")),
    })
}

/// Of each option whether it was chosen; without options, those that were chosen are the labels.
fn options(task: &Fields, chosen: &[Value]) -> Value {
    let Some(Value::Array(options)) = task.get("options") else {
        return Value::Array(chosen.to_vec());
    };
    let ids = options.iter().filter_map(|option| option.get("id"));
    let known = ids
        .chain(chosen)
        .map(|id| (plain(id), chosen.contains(id).into()));
    Value::Object(known.collect())
}

fn plain(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}
