//! The recipe of a training: a file, keys and heads of the command line.

use std::fs::read_to_string;

use anyhow::Context;
use clap::CommandFactory;
use narrative_frames::Recipe;
use narrative_frames::classifier::HeadRecipe;
use narrative_frames::corpus::{HeadKind, HeadSpec};

use crate::args::{Arguments, LearnArgs};
use crate::whole_file::remove_unfinished;

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

/// The heads to read, or the end with wrong usage if there are none.
pub(crate) fn heads(recipe: &Recipe) -> Vec<HeadSpec> {
    if recipe.heads.is_empty() {
        let message =
            "nothing to learn: name a field with --multi-label or --single-label, or a head in the recipe";
        remove_unfinished();
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
