//! `train`: labelled records in, a model file out.

use std::fs::read_to_string;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;
use narrative_frames::classifier::{HeadRecipe, TrainingReport};
use narrative_frames::corpus::{Corpus, CorpusFields, HeadKind, HeadSpec, LabelledHead, read_corpus};
use narrative_frames::taxonomy::Taxonomy;
use narrative_frames::{ErrorKind, Recipe};

use crate::args::{Arguments, InputArgs, LabelArgs, LearnArgs, TrainArgs};
use crate::exit::Exit;
use crate::input::fields;
use crate::progress;
use crate::report::table;

pub(crate) fn run(arguments: &TrainArgs) -> anyhow::Result<Exit> {
    let recipe = recipe(&arguments.learn)?;
    let corpus = read(
        &arguments.files,
        &arguments.learn,
        &arguments.labels,
        &arguments.input,
        &recipe,
    )?;
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
    Ok(Exit::Success)
}

/// The labelled records, with the heads of the recipe.
pub(crate) fn read(
    files: &[PathBuf],
    learn: &LearnArgs,
    labels: &LabelArgs,
    input: &InputArgs,
    recipe: &Recipe,
) -> anyhow::Result<Corpus> {
    let fields = CorpusFields {
        weight: learn.weight_field.clone(),
        ..fields(input, labels, heads(recipe))
    };
    let corpus = read_corpus(files, input.input_format, &fields)?;
    if let Some(field) = &labels.group_field {
        let is_there = corpus.documents().iter().any(|document| document.group.is_some());
        anyhow::ensure!(is_there, "no record has the field {field:?} of --group-field");
    }
    Ok(corpus)
}

/// The recipe file with the keys and heads of the command line.
pub(crate) fn recipe(arguments: &LearnArgs) -> anyhow::Result<Recipe> {
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
    let taxonomy = arguments.taxonomy.as_ref().map(|path| path.display().to_string());
    let mut words = vec!["narrative-frames".to_owned(), "train".to_owned()];
    words.extend(files(&arguments.files));
    words.extend(learned(&arguments.learn));
    words.extend(option("taxonomy", taxonomy));
    words.extend(records(&arguments.labels, &arguments.input));
    words.join(" ")
}

/// Files as words of a command.
pub(crate) fn files(files: &[PathBuf]) -> impl Iterator<Item = String> {
    files.iter().map(|file| quoted(&file.display().to_string()))
}

/// An option as words of a command.
pub(crate) fn option(name: &str, value: Option<String>) -> impl Iterator<Item = String> {
    let words = value.map(|value| [format!("--{name}"), quoted(&value)]);
    words.into_iter().flatten()
}

/// What is learned, as words of a command.
pub(crate) fn learned(arguments: &LearnArgs) -> Vec<String> {
    let recipe = arguments.recipe.as_ref().map(|path| path.display().to_string());
    let all = |name, values: &[String]| -> Vec<String> {
        let values = values.iter().cloned();
        values.flat_map(|value| option(name, Some(value))).collect()
    };
    let mut words: Vec<String> = option("recipe", recipe).collect();
    words.extend(all("set", &arguments.set));
    words.extend(all("multi-label", &arguments.multi_label));
    words.extend(all("single-label", &arguments.single_label));
    words.extend(option("weight-field", arguments.weight_field.clone()));
    words
}

/// Where records come from, as words of a command.
pub(crate) fn records(labels: &LabelArgs, input: &InputArgs) -> impl Iterator<Item = String> {
    let differs = |value: &String, default: &str| (value != default).then(|| value.clone());
    let format = input.input_format.map(|format| format.to_string());
    option("group-field", labels.group_field.clone())
        .chain(option("label-separator", labels.label_separator.clone()))
        .chain(option("input-format", format))
        .chain(option("text-field", differs(&input.text_field, "text")))
        .chain(option("id-field", differs(&input.id_field, "id")))
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
