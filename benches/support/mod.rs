//! What the benches have in common: the texts, and how they are counted.

use criterion::Throughput;
use narrative_frames::corpus::{Corpus, CorpusFields, HeadKind, HeadSpec, read_corpus};

/// The training rows of the project: short posts, Arabic and English about even.
#[allow(dead_code, reason = "not every bench needs both")]
pub(crate) fn corpus() -> Corpus {
    let head = |name: &str, kind| HeadSpec::new(name, kind);
    let fields = CorpusFields {
        group: Some("meaning_id".to_owned()),
        heads: vec![
            head("frames", HeadKind::MultiLabel),
            head("stance", HeadKind::SingleLabel),
        ],
        ..CorpusFields::default()
    };
    read_corpus(&["data/train.jsonl".into()], None, &fields).expect("the corpus of the project")
}

/// Their texts.
#[allow(dead_code, reason = "not every bench needs both")]
pub(crate) fn texts() -> Vec<String> {
    let corpus = corpus();
    corpus
        .documents()
        .iter()
        .map(|document| document.text.clone())
        .collect()
}

/// Documents and bytes that one iteration handles.
#[allow(dead_code, reason = "not every bench needs both")]
pub(crate) fn throughput(texts: &[String]) -> Throughput {
    Throughput::ElementsAndBytes {
        elements: texts.len() as u64,
        bytes: texts.iter().map(|text| text.len() as u64).sum(),
    }
}
