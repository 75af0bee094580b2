//! Argilla: records with fields and responses; of old versions, with inputs and an annotation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ANNOTATOR, Adapted, Fields, is_wanted, take_object, wrong_type};
use crate::error::RecordErrorKind;
use crate::records::{Schema, json, type_name};

/// One answer to one question.
struct Answer<'a> {
    /// Who gave it; if that is not said, its number among the answers.
    user: (Option<&'a Value>, usize),
    status: Option<&'a str>,
    question: &'a str,
    value: &'a Value,
}

/// A record of any version.
///
/// | version | answers |
/// |---|---|
/// | 2 | `"responses": {question: [{"value", "user_id", "status"}]}` |
/// | 2, as a data set | `"question.responses": […]`, with `.users` and `.status` |
/// | 1, feedback | `"responses": [{"user_id", "status", "values": {question: {"value"}}}]` |
/// | 1, text classification | `"annotation"`, by `"annotation_agent"`; the `"status"` of the record |
pub(in crate::records) fn argilla(json: &str, schema: &Schema) -> Result<Adapted, RecordErrorKind> {
    let mut record = json::object(json)?;
    let mut common = take_object(&mut record, "metadata");
    common.extend(record.iter().filter_map(|(name, value)| {
        let is_plain = !value.is_object() && !value.is_array() && name != "annotation";
        is_plain.then(|| (name.clone(), value.clone()))
    }));
    for fields in ["inputs", "fields"] {
        common.extend(take_object(&mut record, fields));
    }
    let (annotations, left_out) = annotations(&answers(&record)?, schema)?;
    Ok(Adapted::new(common, annotations, left_out))
}

/// The answers of each user as fields; why those of others are left out.
fn annotations(
    answers: &[Answer<'_>],
    schema: &Schema,
) -> Result<(Vec<Fields>, Vec<&'static str>), RecordErrorKind> {
    let mut users: BTreeMap<(String, usize), Vec<&Answer<'_>>> = BTreeMap::new();
    for answer in answers {
        let name = answer.user.0.map(Value::to_string).unwrap_or_default();
        users.entry((name, answer.user.1)).or_default().push(answer);
    }
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for answers in users.values() {
        match answers
            .iter()
            .find_map(|answer| answer.status)
            .unwrap_or("submitted")
        {
            "discarded" | "Discarded" => left_out.push("discarded by the annotator"),
            "draft" | "pending" => left_out.push("a draft"),
            _ => kept.push(answered(answers, schema)?),
        }
    }
    Ok((kept, left_out))
}

fn answered(answers: &[&Answer<'_>], schema: &Schema) -> Result<Fields, RecordErrorKind> {
    let mut fields = Fields::new();
    let user = answers.iter().find_map(|answer| answer.user.0);
    fields.insert(ANNOTATOR.to_owned(), user.cloned().unwrap_or_else(|| "".into()));
    for answer in answers.iter().filter(|answer| is_wanted(schema, answer.question)) {
        if let Value::Array(values) = answer.value
            && values.iter().any(|value| value.is_object() || value.is_array())
        {
            return Err(wrong_type(
                answer.question,
                "a list of spans or ranks",
                "labels of the whole text",
            ));
        }
        fields.insert(answer.question.to_owned(), answer.value.clone());
    }
    Ok(fields)
}

fn answers(record: &Fields) -> Result<Vec<Answer<'_>>, RecordErrorKind> {
    let mut answers = match record.get("responses") {
        Some(Value::Object(questions)) => by_question(questions)?,
        Some(Value::Array(users)) => by_user(users),
        None | Some(Value::Null) => as_columns(record),
        Some(other) => return Err(wrong_type("responses", type_name(other), "an object or a list")),
    };
    answers.extend(
        record
            .get("annotation")
            .filter(|value| !value.is_null())
            .map(|value| Answer {
                user: (known(record.get("annotation_agent")), 0),
                status: record.get("status").and_then(Value::as_str),
                question: "annotation",
                value,
            }),
    );
    Ok(answers)
}

fn by_question(questions: &Fields) -> Result<Vec<Answer<'_>>, RecordErrorKind> {
    let mut answers = Vec::new();
    for (question, responses) in questions {
        let Value::Array(responses) = responses else {
            return Err(wrong_type(
                "responses",
                type_name(responses),
                "a list for each question",
            ));
        };
        answers.extend(responses.iter().enumerate().map(|(number, response)| Answer {
            user: user(response.get("user_id"), number),
            status: response.get("status").and_then(Value::as_str),
            question,
            value: &response["value"],
        }));
    }
    Ok(answers)
}

fn by_user(users: &[Value]) -> Vec<Answer<'_>> {
    let mut answers = Vec::new();
    for (number, response) in users.iter().enumerate() {
        let values = response.get("values").and_then(Value::as_object);
        answers.extend(values.into_iter().flatten().map(|(question, value)| Answer {
            user: user(response.get("user_id"), number),
            status: response.get("status").and_then(Value::as_str),
            question,
            value: &value["value"],
        }));
    }
    answers
}

fn as_columns(record: &Fields) -> Vec<Answer<'_>> {
    let mut answers = Vec::new();
    for (column, values) in record {
        let Some((question, values)) = column.strip_suffix(".responses").zip(values.as_array()) else {
            continue;
        };
        let beside = |what: &str, number: usize| record.get(&format!("{column}.{what}"))?.get(number);
        answers.extend(values.iter().enumerate().map(|(number, value)| Answer {
            user: user(beside("users", number), number),
            status: beside("status", number).and_then(Value::as_str),
            question,
            value,
        }));
    }
    answers
}

/// A known user is one, whatever the place of the answer.
fn user(value: Option<&Value>, number: usize) -> (Option<&Value>, usize) {
    let value = known(value);
    (value, if value.is_some() { 0 } else { number })
}

fn known(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}
