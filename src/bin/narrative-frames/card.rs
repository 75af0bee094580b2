//! `card`: what is known of a model, into its file.

use std::fs::read_to_string;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use narrative_frames::Classifier;
use narrative_frames::classifier::Card;
use serde_json::Value;

use crate::args::CardArgs;
use crate::exit::Exit;
use crate::whole_file::WholeFile;

pub(crate) fn run(arguments: &CardArgs) -> anyhow::Result<Exit> {
    let mut classifier = Classifier::load(&arguments.model)?;
    let mut card = Card::new();
    if let Some(path) = &arguments.about {
        let about: toml::Table = parsed(path, |text| Ok(text.parse()?))?;
        card.insert("about".to_owned(), serde_json::to_value(about)?);
    }
    if let Some(path) = &arguments.evaluation {
        let mut evaluation: Value = parsed(path, |text| Ok(serde_json::from_str(text)?))?;
        keep_averages(&mut evaluation);
        card.insert("evaluation".to_owned(), evaluation);
    }
    classifier.set_card((!card.is_empty()).then_some(card));
    let mut file = WholeFile::create(&arguments.model)?;
    file.writer().write_all(&classifier.to_bytes())?;
    file.finish()?;
    Ok(Exit::Success)
}

/// Takes out what would be most of the card, or tells nothing without the files: the figures of single labels in the
/// slices, curves and confusion of labels, single errors, other models, paths.
fn keep_averages(evaluation: &mut Value) {
    if let Some(evaluation) = evaluation.as_object_mut() {
        for key in ["source", "confusion", "comparison", "errors"] {
            evaluation.remove(key);
        }
    }
    let curves = evaluation.get_mut("curves").and_then(Value::as_array_mut);
    for curves in curves.into_iter().flatten().filter_map(Value::as_object_mut) {
        curves.remove("labels");
    }
    let slices = evaluation.get_mut("slices").and_then(Value::as_array_mut);
    let heads = slices
        .into_iter()
        .flatten()
        .filter_map(|slice| slice.get_mut("heads").and_then(Value::as_array_mut))
        .flatten();
    for head in heads.filter_map(Value::as_object_mut) {
        head.remove("labels");
    }
}

fn parsed<T>(path: &Path, parse: impl Fn(&str) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let text = read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| path.display().to_string())
}
