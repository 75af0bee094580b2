//! `train`: labelled records in, a model file out.

mod card;
mod card_markdown;
mod check_labels;
mod command;
mod learning_curve;
mod outputs;
mod recipe;
mod summary;
pub(crate) mod warnings;

use std::io::Write;

use narrative_frames::corpus::{Corpus, CorpusFields, LabelledHead, read_corpus_with_report};
use narrative_frames::taxonomy::Taxonomy;
use narrative_frames::{ErrorKind, Recipe};

use self::outputs::Outputs;
use crate::args::{DEFAULT_SLICE, TrainArgs};
use crate::exit::Exit;
use crate::input::fields;
use crate::progress;
use crate::reading;

pub(crate) fn run(arguments: &TrainArgs) -> anyhow::Result<Exit> {
    let recipe = recipe::recipe(arguments)?;
    let heads = recipe::heads(&recipe);
    let taxonomy = arguments.taxonomy.as_ref().map(Taxonomy::load).transpose()?;
    // What cannot be written is found now, not after an hour of training.
    let mut outputs = Outputs::create(arguments, &recipe)?;
    let fields = CorpusFields {
        weight: arguments.weight_field.clone(),
        extra: vec![DEFAULT_SLICE.to_owned()],
        ..fields(&arguments.input, &arguments.labels, heads)
    };
    let (corpus, reading) = read_corpus_with_report(&arguments.files, arguments.input.input_format, &fields)?;
    reading::check(&reading, &arguments.labels)?;
    reading::check_groups(&corpus, &arguments.labels)?;
    if let Some(taxonomy) = &taxonomy {
        check_labels(&corpus, &recipe, taxonomy)?;
    }
    warnings::of_corpus(&corpus, arguments.check_labels.is_some())?;
    let progress = progress::step("training");
    let (mut classifier, report) = recipe.fit(&corpus)?;
    let curve = arguments
        .learning_curve
        .then(|| recipe.learning_curve(&corpus))
        .transpose()?;
    progress.finish_and_clear();
    warnings::of_training(&report, &recipe)?;
    classifier.set_training(
        command::command(arguments),
        taxonomy.map(|taxonomy| taxonomy.digest().to_owned()),
    );
    if let Some(file) = &mut outputs.check_labels {
        check_labels::write(file, &corpus, &report, arguments.with_text)?;
    }
    if let Some(file) = &mut outputs.card {
        card::write(file, arguments, &card::Draft::new(&classifier, &corpus, &report)?)?;
    }
    outputs.model.writer().write_all(&classifier.to_bytes())?;
    outputs.finish()?;
    let mut out = std::io::stdout().lock();
    summary::print(&mut out, arguments, &report)?;
    reading::print(&mut out, &reading)?;
    if let Some(curve) = curve {
        learning_curve::print(&mut out, &curve)?;
    }
    Ok(Exit::Success)
}

/// Every label must be a frame or a stance of the taxonomy.
fn check_labels(corpus: &Corpus, recipe: &Recipe, taxonomy: &Taxonomy) -> narrative_frames::Result<()> {
    let own = |head: &&LabelledHead| {
        recipe
            .heads
            .get(&head.name)
            .is_none_or(|head| head.any_of.is_none())
    };
    for label in corpus.heads().iter().filter(own).flat_map(|head| &head.labels) {
        if taxonomy.frame(label).is_none() && taxonomy.stance(label).is_none() {
            let frames = taxonomy.frames().iter().map(|frame| frame.id.as_str());
            let stances = taxonomy.stances().iter().map(|stance| stance.id.as_str());
            return Err(ErrorKind::Unknown {
                what: "frame or stance",
                name: label.clone(),
                expected: frames.chain(stances).collect::<Vec<_>>().join(", "),
            }
            .into());
        }
    }
    Ok(())
}
