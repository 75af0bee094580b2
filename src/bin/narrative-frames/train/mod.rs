//! `train`: labelled records in, a model file out.

mod card;
mod card_markdown;
mod check_labels;
mod learning_curve;
mod outputs;
mod summary;
mod warnings;

use std::io::Write;

use narrative_frames::corpus::{Corpus, LabelledHead};
use narrative_frames::taxonomy::Taxonomy;
use narrative_frames::{ErrorKind, Recipe};

use self::outputs::Outputs;
use crate::args::TrainArgs;
use crate::command::Words;
use crate::exit::Exit;
use crate::{progress, reading, recipe};

pub(crate) fn run(arguments: &TrainArgs) -> anyhow::Result<Exit> {
    let recipe = recipe::recipe(&arguments.learn)?;
    let taxonomy = arguments.taxonomy.as_ref().map(Taxonomy::load).transpose()?;
    // What cannot be written is found now, not after an hour of training.
    let mut outputs = Outputs::create(arguments, &recipe)?;
    let (corpus, reading) = reading::read(&arguments.learn, &recipe)?;
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
    warnings::of_training(&report, &recipe);
    classifier.set_training(
        command(arguments),
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

/// The command that makes the same model again, without the options that do not change its bytes.
fn command(arguments: &TrainArgs) -> String {
    let taxonomy = arguments.taxonomy.as_ref();
    Words::new("train", &arguments.learn.files)
        .learn(&arguments.learn)
        .option("taxonomy", taxonomy.map(|path| path.display().to_string()))
        .records(&arguments.learn.labels, &arguments.learn.input)
        .line()
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
