//! What stands in the header of a model file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::classifier::{Card, Head, Label, Provenance, Recipe};
use crate::corpus::HeadKind;
use crate::decision::{Calibrator, Isotonic, Platt};
use crate::error::ModelFileError;

/// Version of this format.
pub(super) const FORMAT_VERSION: &str = "3";
/// Version of text normalization and n-gram hashing: another one gives other features.
pub(super) const TEXT_VERSION: &str = "3";
/// The one entry of the container's metadata; its value is the header as JSON.
pub(super) const METADATA_KEY: &str = "narrative-frames";

/// Hashes of the vocabulary, `(n_features)`, `U64`.
pub(super) const HASHES: &str = "vocabulary.hashes";
/// Inverse document frequencies, `(n_features)`, `I16`, in steps of 2⁻¹⁰.
pub(super) const IDF: &str = "vocabulary.idf";
/// Weights times inverse document frequencies, `(n_features, n_outputs)`, `I16`, in units of the header's
/// `weight_unit`.
pub(super) const WEIGHTS: &str = "weights";
/// Intercepts, `(n_outputs)`, `F32`.
pub(super) const INTERCEPTS: &str = "intercepts";

/// The header. The digest is the first field, where [`digest_range`] looks for it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) digest: String,
    pub(super) format_version: String,
    pub(super) text_version: String,
    pub(super) heads: Vec<WireHead>,
    /// Where the features of each channel of the recipe end.
    pub(super) channel_ends: Vec<usize>,
    pub(super) weight_unit: f32,
    pub(super) recipe: Recipe,
    pub(super) provenance: Provenance,
    pub(super) card: Option<Card>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireHead {
    name: String,
    kind: HeadKind,
    requires: Option<usize>,
    labels: Vec<WireLabel>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLabel {
    name: String,
    /// Of a label without `isotonic`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calibration: Option<Platt>,
    threshold: f32,
    /// Points, instead of `calibration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    isotonic: Option<Vec<[f32; 2]>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    operating_points: BTreeMap<String, f32>,
}

impl From<&Head> for WireHead {
    fn from(head: &Head) -> Self {
        Self {
            name: head.name.clone(),
            kind: head.kind,
            requires: head.requires,
            labels: head.labels.iter().map(WireLabel::from).collect(),
        }
    }
}

impl From<&Label> for WireLabel {
    fn from(label: &Label) -> Self {
        let (calibration, isotonic) = match &label.calibration {
            Calibrator::Platt(platt) => (Some(*platt), None),
            Calibrator::Isotonic(isotonic) => (None, Some(isotonic.points().to_vec())),
        };
        Self {
            name: label.name.clone(),
            calibration,
            threshold: label.threshold,
            isotonic,
            operating_points: label.operating_points.clone(),
        }
    }
}

impl Header {
    /// The heads, each with its place among the outputs.
    pub(super) fn heads(&self) -> Result<Vec<Head>, ModelFileError> {
        let mut start = 0;
        let mut heads: Vec<Head> = Vec::with_capacity(self.heads.len());
        for wire in &self.heads {
            if heads.iter().any(|head| head.name == wire.name) {
                return Err(ModelFileError::Header(format!("two heads named {:?}", wire.name)));
            }
            let outputs = start..start + wire.labels.len();
            start = outputs.end;
            heads.push(Head {
                name: wire.name.clone(),
                kind: wire.kind,
                labels: wire.labels()?,
                best_from: self.recipe.heads.get(&wire.name).and_then(|head| head.best_from),
                outputs,
                requires: self.required(wire)?,
                calibration: self.recipe.calibration.method,
                abstain_margin: self.recipe.decision.abstain_margin,
            });
        }
        Ok(heads)
    }

    fn required(&self, wire: &WireHead) -> Result<Option<usize>, ModelFileError> {
        let Some(required) = wire.requires else {
            return Ok(None);
        };
        let chain = std::iter::successors(Some(required), |&head| self.heads.get(head)?.requires);
        let ends = chain.take(self.heads.len() + 1).count() <= self.heads.len();
        match self.heads.get(required) {
            Some(head) if head.kind == HeadKind::MultiLabel && ends => Ok(Some(required)),
            _ => Err(ModelFileError::Header(format!(
                "head {:?} requires number {required}, which is no multi-label head, or requires this one",
                wire.name
            ))),
        }
    }
}

impl WireHead {
    pub(super) fn labels(&self) -> Result<Vec<Label>, ModelFileError> {
        let mut labels: Vec<Label> = Vec::with_capacity(self.labels.len());
        for wire in &self.labels {
            let label = match labels.iter().any(|label| label.name == wire.name) {
                true => Err("stands twice".to_owned()),
                false => wire.label(),
            };
            labels.push(label.map_err(|problem| {
                ModelFileError::Header(format!("label {:?} of head {:?} {problem}", wire.name, self.name))
            })?);
        }
        Ok(labels)
    }
}

impl WireLabel {
    /// The label, or what is wrong with it.
    fn label(&self) -> Result<Label, String> {
        let mut thresholds = self.operating_points.values().chain([&self.threshold]);
        if let Some(out) = thresholds.find(|threshold| !(0.0..=1.0).contains(*threshold)) {
            return Err(format!("has a threshold of {out}, out of 0 to 1"));
        }
        Ok(Label {
            name: self.name.clone(),
            calibration: self.calibrator()?,
            threshold: self.threshold,
            operating_points: self.operating_points.clone(),
        })
    }

    fn calibrator(&self) -> Result<Calibrator, String> {
        match (self.calibration, &self.isotonic) {
            (Some(Platt { slope, intercept }), None) => {
                if slope >= 0.0 && slope.is_finite() && intercept.is_finite() {
                    Ok(Calibrator::Platt(Platt { slope, intercept }))
                } else {
                    Err("has a calibration out of range".to_owned())
                }
            }
            (None, Some(points)) => Isotonic::new(points.clone())
                .map(Calibrator::Isotonic)
                .map_err(|error| format!("has a calibration out of range: {error}")),
            _ => Err("needs one of \"calibration\" and \"isotonic\"".to_owned()),
        }
    }
}

/// What stands for the digest while it is computed.
pub(super) const NO_DIGEST: [u8; 64] = [b'0'; 64];

/// Where the digest stands in the bytes of a file; `None` if it stands nowhere.
pub(super) fn digest_range(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    // The header is a JSON string inside the JSON of the container.
    let mark: &[u8] = br#""narrative-frames":"{\"digest\":\""#;
    let start = bytes.windows(mark.len()).position(|window| window == mark)? + mark.len();
    (bytes.len() - start >= NO_DIGEST.len()).then_some(start..start + NO_DIGEST.len())
}

/// SHA-256 of the bytes with zeros in the place of the digest, in lower-case hexadecimal.
pub(super) fn digest(bytes: &[u8], range: std::ops::Range<usize>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(&bytes[..range.start]);
    hasher.update(NO_DIGEST);
    hasher.update(&bytes[range.end..]);
    hex(&hasher.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
