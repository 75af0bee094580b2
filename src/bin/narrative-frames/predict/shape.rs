//! What an output record holds.

use narrative_frames::Classifier;
use narrative_frames::classifier::{HeadPrediction, Prediction};
use narrative_frames::records::{Format, RecordReader, Schema};
use serde::Serialize;

use super::args::PredictArgs;

/// What of a prediction, and of the input, is written. All of it shapes the bytes of the output.
#[derive(Debug)]
pub(super) struct Shape {
    /// Of each head of the model: its names if it is written.
    heads: Vec<Option<HeadNames>>,
    pub(super) labels_only: bool,
    pub(super) min_probability: Option<f32>,
    pub(super) keep: Keep,
}

/// A head and its labels, in the order of the model.
#[derive(Debug)]
pub(super) struct HeadNames {
    pub(super) name: String,
    pub(super) labels: Vec<String>,
}

/// Fields of the input that are repeated.
#[derive(Debug, Serialize)]
pub(super) enum Keep {
    Nothing,
    Fields(Vec<String>),
    All,
}

impl Shape {
    pub(super) fn new(arguments: &PredictArgs, classifier: &Classifier) -> anyhow::Result<Self> {
        for name in &arguments.only {
            classifier.head(name)?;
        }
        let is_written =
            |name: &str| arguments.only.is_empty() || arguments.only.iter().any(|only| only == name);
        let heads = classifier.heads().iter().map(|head| {
            is_written(head.name()).then(|| HeadNames {
                name: head.name().to_owned(),
                labels: head.label_names(),
            })
        });
        Ok(Self {
            heads: heads.collect(),
            labels_only: arguments.labels_only,
            min_probability: arguments.min_probability,
            keep: Keep::new(&arguments.keep)?,
        })
    }

    /// The heads that are written.
    pub(super) fn heads(&self) -> impl Iterator<Item = &HeadNames> {
        self.heads.iter().flatten()
    }

    /// What the heads say that are written.
    pub(super) fn of<'a>(
        &'a self,
        prediction: &'a Prediction<'a>,
    ) -> impl Iterator<Item = HeadPrediction<'a>> {
        let heads = prediction.heads().zip(&self.heads);
        heads.filter_map(|(head, names)| names.as_ref().map(|_| head))
    }

    /// The fields of `--keep` that were named one by one.
    pub(super) fn kept_fields(&self) -> &[String] {
        match &self.keep {
            Keep::Fields(fields) => fields,
            Keep::Nothing | Keep::All => &[],
        }
    }

    /// A field to keep must be there, where an input says beforehand which there are.
    pub(super) fn check(&self, reader: &RecordReader, schema: &Schema) -> anyhow::Result<()> {
        let text = std::slice::from_ref(&schema.text);
        let there_are = match reader.format() {
            Format::Txt => Some(text),
            _ => reader.columns(),
        };
        for field in self.kept_fields() {
            if let Some(there_are) = there_are {
                anyhow::ensure!(
                    there_are.contains(field),
                    "{}: there is no field {field:?} to keep; expected one of {}",
                    reader.name(),
                    there_are.join(", ")
                );
            }
        }
        Ok(())
    }
}

impl Keep {
    fn new(fields: &[String]) -> anyhow::Result<Self> {
        match fields {
            [] => Ok(Self::Nothing),
            [all] if all == "all" => Ok(Self::All),
            _ => {
                for (index, field) in fields.iter().enumerate() {
                    anyhow::ensure!(
                        !field.is_empty() && !fields[..index].contains(field),
                        "--keep: {field:?} is empty or named twice"
                    );
                }
                Ok(Self::Fields(fields.to_vec()))
            }
        }
    }
}
