//! Label Studio: `JSON`, tasks with all their annotations, and `JSON-MIN`, one object for each annotation.

use serde_json::Value;

use super::{ANNOTATOR, Adapted, Fields, is_wanted, wrong_type};
use crate::error::RecordErrorKind;
use crate::records::{Schema, json, type_name};

const EXPECTED: &str = "choices about the whole text";

/// A task: `{"id", "data": {…}, "annotations": [{"completed_by", "was_cancelled", "result": […]}]}`.
///
/// `completions` and `skipped` are what old versions call `annotations` and `was_cancelled`. Predictions and drafts
/// are nobody's annotation and not read.
pub(in crate::records) fn label_studio(json: &str, schema: &Schema) -> Result<Adapted, RecordErrorKind> {
    let mut task = json::object(json)?;
    let Some(Value::Object(mut common)) = task.remove("data") else {
        return Err(wrong_type(
            "data",
            "missing or no object",
            "the data of a Label Studio task",
        ));
    };
    common.extend(task.remove("id").map(|id| ("id".to_owned(), id)));
    let annotations = task.remove("annotations").or_else(|| task.remove("completions"));
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for annotation in list("annotations", annotations)? {
        let Value::Object(mut annotation) = annotation else {
            return Err(wrong_type(
                "annotations",
                type_name(&annotation),
                "a list of objects",
            ));
        };
        let is = |name| annotation.get(name) == Some(&Value::Bool(true));
        if is("was_cancelled") || is("skipped") {
            left_out.push("cancelled by the annotator");
            continue;
        }
        let mut fields = results(list("result", annotation.remove("result"))?, schema)?;
        fields.insert(ANNOTATOR.to_owned(), annotator(annotation.remove("completed_by")));
        kept.push(fields);
    }
    Ok(Adapted::new(common, kept, left_out))
}

/// The choices of one annotation: `{"from_name", "type": "choices", "value": {"choices": […]}}`.
fn results(results: Vec<Value>, schema: &Schema) -> Result<Fields, RecordErrorKind> {
    let mut fields = Fields::new();
    for result in &results {
        let Some(name) = result["from_name"]
            .as_str()
            .filter(|name| is_wanted(schema, name))
        else {
            continue;
        };
        let choices = choices(name, &result["value"])?;
        let field = fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(field) = field {
            field.extend(choices);
        }
    }
    Ok(fields)
}

/// `{"choices": […]}` without a place in the text.
fn choices(name: &str, value: &Value) -> Result<Vec<Value>, RecordErrorKind> {
    match value.get("choices") {
        Some(Value::Array(_)) if value.get("start").is_some() => {
            Err(wrong_type(name, "a choice about a part of the text", EXPECTED))
        }
        Some(Value::Array(choices)) => Ok(choices.clone()),
        _ => Err(wrong_type(name, "a result without choices", EXPECTED)),
    }
}

/// One annotation of a task: the data and, by the name of each control, one choice as text, several as
/// `{"choices": […]}`, or a list of those.
pub(in crate::records) fn label_studio_min(json: &str, schema: &Schema) -> Result<Adapted, RecordErrorKind> {
    let mut fields = json::object(json)?;
    let is_annotated = fields.remove("annotation_id").is_some_and(|id| !id.is_null());
    let who = annotator(fields.remove(ANNOTATOR));
    for name in &schema.extra {
        let choices = match fields.get(name) {
            Some(value @ Value::Object(_)) => choices(name, value)?,
            Some(Value::Array(values)) => {
                let nested = values.iter().map(|value| match value {
                    Value::Object(_) => choices(name, value),
                    other => Ok(vec![other.clone()]),
                });
                nested.collect::<Result<Vec<_>, _>>()?.concat()
            }
            _ => continue,
        };
        fields.insert(name.clone(), choices.into());
    }
    if is_annotated {
        fields.insert(ANNOTATOR.to_owned(), who);
    }
    Ok(Adapted::new(fields, Vec::new(), Vec::new()))
}

/// A number, a name, or an object with `email` and `id`; empty if it is not said.
fn annotator(value: Option<Value>) -> Value {
    match value {
        Some(Value::Object(mut user)) => {
            let email = take_known(&mut user, "email");
            email
                .or_else(|| take_known(&mut user, "id"))
                .unwrap_or_else(|| "".into())
        }
        Some(known) if !known.is_null() => known,
        _ => "".into(),
    }
}

fn take_known(user: &mut Fields, name: &str) -> Option<Value> {
    user.remove(name).filter(|value| !value.is_null())
}

fn list(name: &str, value: Option<Value>) -> Result<Vec<Value>, RecordErrorKind> {
    match value {
        Some(Value::Array(values)) => Ok(values),
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(other) => Err(wrong_type(name, type_name(&other), "a list")),
    }
}
