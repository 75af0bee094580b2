//! One JSON object: the named fields are taken, the others skipped without building them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{Record, Schema, type_name};
use crate::error::RecordErrorKind;

/// Parses a line. Malformed JSON goes before missing or unfit fields.
pub(super) fn parse<'a>(line: u64, json: &'a str, schema: &Schema) -> Result<Record<'a>, RecordErrorKind> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let fields = deserializer
        .deserialize_map(Fields::new(schema))
        .and_then(|fields| deserializer.end().map(|()| fields))
        .map_err(|error| invalid(&error, json))?;
    fields.into_record(line)
}

/// A whole object, for formats whose fields do not stand at its top.
pub(super) fn object(json: &str) -> Result<Map<String, Value>, RecordErrorKind> {
    serde_json::from_str(json).map_err(|error| invalid(&error, json))
}

/// Every field of a line, each of which may stand once.
pub(super) fn fields(json: &str) -> Result<Map<String, Value>, RecordErrorKind> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let AllFields { fields, duplicate } = deserializer
        .deserialize_map(AllFields::default())
        .and_then(|fields| deserializer.end().map(|()| fields))
        .map_err(|error| invalid(&error, json))?;
    match duplicate {
        Some(field) => Err(RecordErrorKind::DuplicateField { field }),
        None => Ok(fields),
    }
}

/// The fields that are asked for, from an object that is in memory.
pub(super) fn record(
    line: u64,
    fields: &Map<String, Value>,
    schema: &Schema,
) -> Result<Record<'static>, RecordErrorKind> {
    let text = fields.get(&schema.text).map(|text| match text {
        Value::String(text) => Text::String(Cow::Owned(text.clone())),
        other => Text::Other(other.clone()),
    });
    let field = |name: &String| fields.get(name).cloned();
    Ok(Record {
        line,
        text: checked_text(text, &schema.text)?,
        id: checked_id(schema.id.as_ref().and_then(field), schema)?,
        extra: schema.extra.iter().map(|name| not_null(field(name))).collect(),
    })
}

/// The error with its place as a byte offset; columns are bytes counted from 1.
fn invalid(error: &serde_json::Error, json: &str) -> RecordErrorKind {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    let lines_before = json.split_inclusive('\n').take(error.line().saturating_sub(1));
    RecordErrorKind::InvalidJson {
        byte: lines_before.map(str::len).sum::<usize>() + error.column().saturating_sub(1),
        message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
    }
}

/// The fields found so far.
struct Fields<'a, 's> {
    schema: &'s Schema,
    text: Option<Text<'a>>,
    id: Option<Value>,
    extra: Vec<Option<Value>>,
    /// First field that stood twice.
    duplicate: Option<&'s str>,
}

impl<'a, 's> Fields<'a, 's> {
    fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            text: None,
            id: None,
            extra: vec![None; schema.extra.len()],
            duplicate: None,
        }
    }

    fn read<A: MapAccess<'a>>(&mut self, name: Option<&'s str>, map: &mut A) -> Result<(), A::Error> {
        let Some(name) = name else {
            map.next_value::<IgnoredAny>()?;
            return Ok(());
        };
        if self.has(name) {
            self.duplicate.get_or_insert(name);
            map.next_value::<IgnoredAny>()?;
        } else if name == self.schema.text {
            let text = map.next_value_seed(TextSeed)?;
            self.slots(name).for_each(|slot| *slot = Some(text.to_value()));
            self.text = Some(text);
        } else {
            let value: Value = map.next_value()?;
            let mut slots = self.slots(name);
            let first = slots.next();
            slots.for_each(|slot| *slot = Some(value.clone()));
            if let Some(first) = first {
                *first = Some(value);
            }
        }
        Ok(())
    }

    /// Where the value of a field goes, other than the text.
    fn slots(&mut self, name: &str) -> impl Iterator<Item = &mut Option<Value>> {
        let id = (self.schema.id.as_deref() == Some(name)).then_some(&mut self.id);
        let extra = self.extra.iter_mut().zip(&self.schema.extra);
        let extra = extra.filter_map(move |(slot, extra)| (extra == name).then_some(slot));
        id.into_iter().chain(extra)
    }

    fn has(&self, name: &str) -> bool {
        let mut extra = self.extra.iter().zip(&self.schema.extra);
        (self.text.is_some() && self.schema.text == name)
            || (self.id.is_some() && self.schema.id.as_deref() == Some(name))
            || extra.any(|(slot, extra)| slot.is_some() && extra == name)
    }

    fn into_record(self, line: u64) -> Result<Record<'a>, RecordErrorKind> {
        if let Some(name) = self.duplicate {
            let field = name.to_owned();
            return Err(RecordErrorKind::DuplicateField { field });
        }
        Ok(Record {
            line,
            text: checked_text(self.text, &self.schema.text)?,
            id: checked_id(self.id, self.schema)?,
            extra: self.extra.into_iter().map(not_null).collect(),
        })
    }
}

fn checked_text<'a>(text: Option<Text<'a>>, name: &str) -> Result<Cow<'a, str>, RecordErrorKind> {
    match text {
        Some(Text::String(text)) => Ok(text),
        Some(Text::Other(found)) => Err(RecordErrorKind::WrongType {
            field: name.to_owned(),
            found: type_name(&found).to_owned(),
            expected: "a string",
        }),
        None => Err(RecordErrorKind::MissingField {
            field: name.to_owned(),
        }),
    }
}

fn checked_id(id: Option<Value>, schema: &Schema) -> Result<Option<Value>, RecordErrorKind> {
    match not_null(id) {
        Some(id) if !id.is_string() && !id.is_number() => Err(RecordErrorKind::WrongType {
            field: schema.id.clone().unwrap_or_default(),
            found: type_name(&id).to_owned(),
            expected: "a string or a number",
        }),
        id => Ok(id),
    }
}

fn not_null(value: Option<Value>) -> Option<Value> {
    value.filter(|value| !value.is_null())
}

impl<'a> Visitor<'a> for Fields<'a, '_> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(name) = map.next_key_seed(NameSeed(self.schema))? {
            self.read(name, &mut map)?;
        }
        Ok(self)
    }
}

/// All fields of an object.
#[derive(Default)]
struct AllFields {
    fields: Map<String, Value>,
    /// First field that stood twice.
    duplicate: Option<String>,
}

impl<'a> Visitor<'a> for AllFields {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if self.fields.contains_key(&name) {
                self.duplicate.get_or_insert(name);
            } else {
                self.fields.insert(name, value);
            }
        }
        Ok(self)
    }
}

/// Reads a key: the name of the schema that it is, if any.
struct NameSeed<'s>(&'s Schema);

impl<'a, 's> DeserializeSeed<'a> for NameSeed<'s> {
    type Value = Option<&'s str>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'s> Visitor<'_> for NameSeed<'s> {
    type Value = Option<&'s str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.names().find(|&name| name == key))
    }
}

/// The value in the place of the text; lists and objects lose their content.
enum Text<'a> {
    String(Cow<'a, str>),
    Other(Value),
}

impl Text<'_> {
    fn to_value(&self) -> Value {
        match self {
            Self::String(text) => Value::from(text.as_ref()),
            Self::Other(value) => value.clone(),
        }
    }
}

/// Reads a text without copying it where it has no escapes.
struct TextSeed;

impl<'a> DeserializeSeed<'a> for TextSeed {
    type Value = Text<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for TextSeed {
    type Value = Text<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Text::String(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text::String(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Text::Other(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Text::Other(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Text::Other(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Text::Other(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Text::Other(value.into()))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::Other(Value::Array(Vec::new())))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::Other(Value::Object(Map::new())))
    }
}
