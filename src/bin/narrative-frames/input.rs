//! Models and inputs named on the command line.

use std::path::Path;

use narrative_frames::Classifier;
use narrative_frames::corpus::{CorpusFields, HeadSpec};

use crate::args::{InputArgs, LabelArgs};

/// A model that is read, or the one inside the program.
pub(crate) enum Model {
    Loaded(Box<Classifier>),
    #[cfg(feature = "embedded")]
    Embedded,
}

impl Model {
    pub(crate) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        match path {
            Some(path) => Ok(Self::Loaded(Box::new(Classifier::load(path)?))),
            #[cfg(feature = "embedded")]
            None => Ok(Self::Embedded),
            #[cfg(not(feature = "embedded"))]
            None => anyhow::bail!("this program was built without a model; give one with --model"),
        }
    }

    pub(crate) fn classifier(&self) -> &Classifier {
        match self {
            Self::Loaded(classifier) => classifier,
            #[cfg(feature = "embedded")]
            Self::Embedded => Classifier::embedded(),
        }
    }
}

/// Which fields of a labelled file hold what.
pub(crate) fn fields(input: &InputArgs, labels: &LabelArgs, heads: Vec<HeadSpec>) -> CorpusFields {
    CorpusFields {
        text: input.text_field.clone(),
        id: Some(input.id_field.clone()),
        group: labels.group_field.clone(),
        annotator: labels.annotator_field.clone(),
        label_separator: labels.label_separator.clone(),
        heads,
        ..CorpusFields::default()
    }
}
