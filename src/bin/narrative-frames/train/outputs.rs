//! The files that a training writes, all of them opened before it begins.

use std::path::{Path, PathBuf};

use narrative_frames::Recipe;

use crate::args::TrainArgs;
use crate::whole_file::WholeFile;

/// Files that get their names when everything is done.
pub(super) struct Outputs {
    pub(super) model: WholeFile,
    pub(super) check_labels: Option<WholeFile>,
    pub(super) card: Option<WholeFile>,
}

impl Outputs {
    pub(super) fn create(arguments: &TrainArgs, recipe: &Recipe) -> anyhow::Result<Self> {
        let wanted = [
            ("--output", Some(&arguments.output)),
            ("--check-labels", arguments.check_labels.as_ref()),
            ("--card", arguments.card.as_ref()),
        ];
        let wanted: Vec<(&str, &PathBuf)> = wanted
            .into_iter()
            .filter_map(|(option, path)| Some((option, path?)))
            .collect();
        let needs_folds = wanted
            .iter()
            .skip(1)
            .map(|(option, _)| *option)
            .collect::<Vec<_>>();
        anyhow::ensure!(
            needs_folds.is_empty() || recipe.calibration.method.needs_folds(),
            "{} needs out-of-fold probabilities, which calibration.method = \"none\" does not make; expected \"platt\", \"isotonic\" or \"auto\"",
            needs_folds.join(" and ")
        );
        check_distinct(&wanted, &arguments.learn.files)?;
        let create = |path: &Option<PathBuf>| path.as_deref().map(WholeFile::create).transpose();
        Ok(Self {
            model: WholeFile::create(&arguments.output)?,
            check_labels: create(&arguments.check_labels)?,
            card: create(&arguments.card)?,
        })
    }

    pub(super) fn finish(self) -> anyhow::Result<()> {
        for file in [self.check_labels, self.card].into_iter().flatten() {
            file.finish()?;
        }
        self.model.finish()
    }
}

/// No output may take the place of another or of an input.
fn check_distinct(outputs: &[(&str, &PathBuf)], inputs: &[PathBuf]) -> anyhow::Result<()> {
    let is_same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b && a.is_file(),
        _ => a == b,
    };
    for (position, (option, path)) in outputs.iter().enumerate() {
        if let Some(input) = inputs.iter().find(|input| is_same(input, path)) {
            anyhow::bail!("{option} {} would take the place of an input", input.display());
        }
        if let Some((other, _)) = outputs[..position].iter().find(|(_, other)| is_same(other, path)) {
            anyhow::bail!("{other} and {option} name the same file {}", path.display());
        }
    }
    Ok(())
}
