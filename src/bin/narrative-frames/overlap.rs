//! `evaluate --against`: documents that the model may have learned by heart.

use narrative_frames::corpus::{Corpus, CorpusFields, read_corpus};
use narrative_frames::similarity::Copies;
use serde::Serialize;

use crate::args::EvaluateArgs;

/// Places that are named; the others are counted.
const PLACES: usize = 5;

/// How many of the documents measured have a copy among those of a training.
#[derive(Debug, Serialize)]
pub(crate) struct Overlap {
    /// Documents measured.
    documents: usize,
    /// Documents of the training.
    against: usize,
    /// Documents measured with an exact copy.
    exact: usize,
    /// Others with a near copy.
    near: usize,
    /// The first of them, with their copies.
    first: Vec<[String; 2]>,
}

impl Overlap {
    /// `None` if there is nothing to compare with.
    pub(crate) fn find(arguments: &EvaluateArgs, corpus: &Corpus) -> anyhow::Result<Option<Self>> {
        if arguments.against.is_empty() {
            return Ok(None);
        }
        let fields = CorpusFields {
            text: arguments.input.text_field.clone(),
            id: None,
            ..CorpusFields::default()
        };
        let training = read_corpus(&arguments.against, arguments.input.input_format, &fields)?;
        let documents = || corpus.documents().iter().chain(training.documents());
        let texts = [corpus.texts(), training.texts()].concat();
        let n = corpus.documents().len();
        let sides: Vec<Option<usize>> = (0..texts.len()).map(|text| Some(usize::from(text < n))).collect();
        let mut clashes = Copies::find(&texts)?.clashes(&sides);
        clashes.retain(|clash| clash.text < n);
        let places: Vec<String> = documents()
            .map(|document| document.location.to_string())
            .collect();
        let exact = clashes.iter().filter(|clash| clash.exact).count();
        let place = |text: usize| places[text].clone();
        Ok(Some(Self {
            documents: n,
            against: texts.len() - n,
            exact,
            near: clashes.len() - exact,
            first: clashes
                .iter()
                .take(PLACES)
                .map(|clash| [clash.text, clash.copy].map(place))
                .collect(),
        }))
    }

    /// One line for people; a warning if there are copies.
    pub(crate) fn warning(&self) -> Option<String> {
        let first: Vec<String> = self
            .first
            .iter()
            .map(|[text, copy]| format!("{text} of {copy}"))
            .collect();
        (self.exact + self.near > 0)
            .then(|| format!("{self}; the figures may be too good. First: {}", first.join(", ")))
    }
}

impl std::fmt::Display for Overlap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "of {} documents {} are exact and {} near copies of the {} of --against",
            self.documents, self.exact, self.near, self.against
        )
    }
}
