//! An output record as JSON.

use narrative_frames::classifier::{HeadPrediction, Prediction};
use narrative_frames::error::RecordErrorKind;
use narrative_frames::text::Diagnostics;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::shape::Shape;

pub(super) struct OutputRecord<'a> {
    pub(super) shape: &'a Shape,
    /// Named if there are several.
    pub(super) file: Option<&'a str>,
    pub(super) id: Option<Value>,
    pub(super) line: u64,
    pub(super) input: Input,
    pub(super) scored: Result<Prediction<'a>, RecordErrorKind>,
}

/// What is repeated of the input.
pub(super) enum Input {
    Nothing,
    /// Values of the fields of `--keep`, in that order.
    Fields(Vec<Option<Value>>),
    All(Map<String, Value>),
}

impl Serialize for OutputRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(file) = self.file {
            map.serialize_entry("file", file)?;
        }
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("line", &self.line)?;
        match &self.input {
            Input::Nothing => {}
            Input::Fields(values) => map.serialize_entry("input", &Kept(self.shape, values))?,
            Input::All(fields) => map.serialize_entry("input", fields)?,
        }
        match &self.scored {
            Ok(prediction) => {
                map.serialize_entry("predictions", &Heads(self.shape, prediction))?;
                map.serialize_entry("abstained", &prediction.abstained())?;
                if prediction.diagnostics() != Diagnostics::default() {
                    map.serialize_entry("diagnostics", &prediction.diagnostics())?;
                }
            }
            Err(kind) => {
                let error = json!({"kind": kind.name(), "message": kind.to_string(), "byte": kind.byte()});
                map.serialize_entry("error", &error)?;
            }
        }
        map.end()
    }
}

/// Fields of the input by name.
struct Kept<'a>(&'a Shape, &'a [Option<Value>]);

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.kept_fields().iter().zip(self.1))
    }
}

/// What every head says, by name.
struct Heads<'a>(&'a Shape, &'a Prediction<'a>);

impl Serialize for Heads<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let heads = self.0.of(self.1);
        serializer.collect_map(heads.map(|head| (head.head().name(), HeadRecord(self.0, head))))
    }
}

/// What one head says.
struct HeadRecord<'a>(&'a Shape, HeadPrediction<'a>);

impl Serialize for HeadRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("labels", &self.1.labels().collect::<Vec<_>>())?;
        if !self.0.labels_only {
            map.serialize_entry("probabilities", &Probabilities(self.0, self.1))?;
        }
        map.end()
    }
}

/// The probability of every label, by name, to four decimals.
struct Probabilities<'a>(&'a Shape, HeadPrediction<'a>);

impl Serialize for Probabilities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let labels = self.1.head().labels().iter().map(|label| &label.name);
        let least = self.0.min_probability.unwrap_or(0.0);
        let written = labels.zip(self.1.probabilities()).filter(|(_, p)| **p >= least);
        serializer.collect_map(written.map(|(label, p)| (label, (f64::from(*p) * 1e4).round() / 1e4)))
    }
}
