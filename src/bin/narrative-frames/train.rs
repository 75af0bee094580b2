//! `train`: labelled records in, a model file out.

use std::fs::read_to_string;
use std::io::Write;

use anyhow::Context;
use clap::CommandFactory;
use narrative_frames::classifier::{HeadRecipe, TrainingReport};
use narrative_frames::corpus::{
    Corpus, CorpusFields, HeadKind, HeadSpec, LabelledHead, read_corpus_with_report,
};
use narrative_frames::taxonomy::Taxonomy;
use narrative_frames::{ErrorKind, Recipe};

use crate::args::{Arguments, TrainArgs};
use crate::exit::Exit;
use crate::input::fields;
use crate::progress;
use crate::reading;
use crate::report::table;

pub(crate) fn run(arguments: &TrainArgs) -> anyhow::Result<Exit> {
    let recipe = recipe(arguments)?;
    let fields = CorpusFields {
        weight: arguments.weight_field.clone(),
        ..fields(&arguments.input, &arguments.labels, heads(&recipe))
    };
    let (corpus, reading) = read_corpus_with_report(&arguments.files, arguments.input.input_format, &fields)?;
    reading::check(&reading, &arguments.labels)?;
    if let Some(field) = &arguments.labels.group_field {
        let is_there = corpus.documents().iter().any(|document| document.group.is_some());
        anyhow::ensure!(is_there, "no record has the field {field:?} of --group-field");
    }
    let taxonomy = arguments.taxonomy.as_ref().map(Taxonomy::load).transpose()?;
    if let Some(taxonomy) = &taxonomy {
        check_labels(&corpus, &recipe, taxonomy)?;
    }
    let progress = progress::step("training");
    let (mut classifier, report) = recipe.fit(&corpus)?;
    progress.finish_and_clear();
    classifier.set_training(
        command(arguments),
        taxonomy.map(|taxonomy| taxonomy.digest().to_owned()),
    );
    classifier.save(&arguments.output)?;
    print(arguments, &report)?;
    reading::print(&mut std::io::stdout().lock(), &reading)?;
    Ok(Exit::Success)
}

/// The recipe file with the keys and heads of the command line.
fn recipe(arguments: &TrainArgs) -> anyhow::Result<Recipe> {
    let mut recipe = match &arguments.recipe {
        Some(path) => {
            let text = read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Recipe::from_toml(&text, &path.display().to_string())?
        }
        None => Recipe::default(),
    };
    if !arguments.set.is_empty() {
        let mut merged: toml::Table = recipe.to_toml().parse()?;
        for assignment in &arguments.set {
            set(&mut merged, assignment).with_context(|| format!("--set {assignment}"))?;
        }
        recipe = Recipe::from_toml(&toml::to_string(&merged)?, "recipe with --set")?;
    }
    for (fields, kind) in [
        (&arguments.multi_label, HeadKind::MultiLabel),
        (&arguments.single_label, HeadKind::SingleLabel),
    ] {
        for field in fields {
            let head = recipe.heads.entry(field.clone()).or_insert(HeadRecipe::new(kind));
            anyhow::ensure!(head.kind == kind, "{field:?} is named as a head of both kinds");
        }
    }
    Ok(recipe)
}

/// Puts one `KEY=VALUE` into a recipe. The value takes the place of the one that was there, also if both are tables:
/// one kind of threshold can replace another.
fn set(recipe: &mut toml::Table, assignment: &str) -> anyhow::Result<()> {
    let key = assignment.split_once('=').map_or(assignment, |(key, _)| key);
    let key: toml::Table = format!("{key} = true").parse()?;
    put(recipe, &key, assignment.parse()?);
    Ok(())
}

/// Puts what stands at the end of `key`, a table of tables of one entry, over what stands there in `into`.
fn put(into: &mut toml::Table, key: &toml::Table, from: toml::Table) {
    for (name, value) in from {
        match (key.get(&name), into.get_mut(&name), value) {
            (Some(toml::Value::Table(key)), Some(toml::Value::Table(into)), toml::Value::Table(from)) => {
                put(into, key, from);
            }
            (_, _, value) => {
                into.insert(name, value);
            }
        }
    }
}

fn heads(recipe: &Recipe) -> Vec<HeadSpec> {
    if recipe.heads.is_empty() {
        let message =
            "nothing to learn: name a field with --multi-label or --single-label, or a head in the recipe";
        Arguments::command()
            .error(clap::error::ErrorKind::MissingRequiredArgument, message)
            .exit();
    }
    let head = |(name, head): (&String, &HeadRecipe)| HeadSpec {
        any_of: head.any_of.clone(),
        ..HeadSpec::new(name, head.kind)
    };
    recipe.heads.iter().map(head).collect()
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

/// The command that makes the same model again, without the options that do not change its bytes.
fn command(arguments: &TrainArgs) -> String {
    let mut words = vec!["narrative-frames".to_owned(), "train".to_owned()];
    words.extend(
        arguments
            .files
            .iter()
            .map(|file| quoted(&file.display().to_string())),
    );
    let mut option = |name: &str, value: Option<String>| {
        words.extend(
            value
                .into_iter()
                .flat_map(|value| [format!("--{name}"), quoted(&value)]),
        );
    };
    let path = |path: &std::path::PathBuf| path.display().to_string();
    option("recipe", arguments.recipe.as_ref().map(path));
    for set in &arguments.set {
        option("set", Some(set.clone()));
    }
    for field in &arguments.multi_label {
        option("multi-label", Some(field.clone()));
    }
    for field in &arguments.single_label {
        option("single-label", Some(field.clone()));
    }
    option("weight-field", arguments.weight_field.clone());
    option("taxonomy", arguments.taxonomy.as_ref().map(path));
    option("group-field", arguments.labels.group_field.clone());
    option("annotator-field", arguments.labels.annotator_field.clone());
    option("label-separator", arguments.labels.label_separator.clone());
    option(
        "input-format",
        arguments.input.input_format.map(|format| format.to_string()),
    );
    let differs = |value: &String, default: &str| (value != default).then(|| value.clone());
    option("text-field", differs(&arguments.input.text_field, "text"));
    option("id-field", differs(&arguments.input.id_field, "id"));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A table of what was learned, and a warning for what did not converge.
fn print(arguments: &TrainArgs, report: &TrainingReport) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {} documents in {} groups, {} features",
        arguments.output.display(),
        report.documents,
        report.groups,
        report.features
    )?;
    let rows = report.labels.iter().map(|label| {
        vec![
            label.head.clone(),
            label.label.clone(),
            format!("{}/{}", label.positives, label.known),
            label.convergence.iterations.to_string(),
            format!("{:.4}", label.convergence.objective),
            format!("{:.1e}", label.convergence.criterion),
        ]
    });
    let header = [
        "head",
        "label",
        "positive",
        "iterations",
        "objective",
        "gap at most",
    ];
    write!(out, "{}", table(&header, rows))?;
    for label in report.labels.iter().filter(|label| !label.convergence.converged) {
        writeln!(
            std::io::stderr(),
            "narrative-frames: warning: label {:?} of head {:?} did not converge in {} iterations (gap {:.1e}); \
             raise training.max_iterations or training.tolerance",
            label.label,
            label.head,
            label.convergence.iterations,
            label.convergence.criterion
        )?;
    }
    Ok(())
}
