//! What a job was begun with.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::JobError;

/// Everything that shapes the bytes of an output. A job goes on only with the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::predict) struct Terms {
    /// Version of this program.
    pub(in crate::predict) program: String,
    /// Digest of the model.
    pub(in crate::predict) model: String,
    pub(in crate::predict) inputs: Vec<InputTerms>,
    /// Options, by name.
    pub(in crate::predict) options: Map<String, Value>,
}

/// An input file: what it is called and how long it is. Its bytes are held against the checkpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::predict) struct InputTerms {
    pub(in crate::predict) name: String,
    pub(in crate::predict) bytes: u64,
}

impl Terms {
    /// The first thing that another job, begun with `journal`, has otherwise.
    pub(super) fn check(&self, begun: &Self, journal: &Path) -> Result<(), JobError> {
        let differ = |what: &str, begun: String, now: String| {
            (begun != now).then(|| JobError::OtherTerms {
                journal: journal.to_owned(),
                what: what.to_owned(),
                begun,
                now,
            })
        };
        let number = |terms: &Self| terms.inputs.len().to_string();
        let inputs = begun.inputs.iter().zip(&self.inputs);
        let input = |input: &InputTerms| format!("{}, {} bytes", input.name, input.bytes);
        let option =
            |terms: &Self, name: &String| terms.options.get(name).unwrap_or(&Value::Null).to_string();
        let mut differences =
            differ(
                "version of the program",
                begun.program.clone(),
                self.program.clone(),
            )
            .into_iter()
            .chain(differ("model", begun.model.clone(), self.model.clone()))
            .chain(differ("number of inputs", number(begun), number(self)))
            .chain(inputs.filter_map(|(begun, now)| differ("input", input(begun), input(now))))
            .chain(self.options.keys().filter_map(|name| {
                differ(&format!("{name} option"), option(begun, name), option(self, name))
            }));
        differences.next().map_or(Ok(()), Err)
    }
}
