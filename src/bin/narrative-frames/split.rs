//! `split`: a corpus into training, development and test rows.

use std::fs::{create_dir_all, write};
use std::io::Write;

use anyhow::Context;
use narrative_frames::lint::{Gazetteer, Rules};
use narrative_frames::split::{Split, SplitDocument, assign, components};

use crate::args::SplitArgs;
use crate::exit::Exit;
use crate::lint::read;

pub(crate) fn run(arguments: &SplitArgs) -> anyhow::Result<Exit> {
    let rules = Rules::load(&arguments.rules)?;
    let gazetteer = Gazetteer::load(&arguments.gazetteer)?;
    let (mut rows, findings) = read(&arguments.files)?;
    if let Some(finding) = findings.first() {
        anyhow::bail!("{finding}");
    }
    rows.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    let documents: Vec<SplitDocument<'_>> = rows
        .iter()
        .map(|(_, row)| SplitDocument {
            id: &row.id,
            text: &row.text,
            keys: row.split_keys(),
        })
        .collect();
    let components = components(&documents, &|word| gazetteer.slot(word).is_some())?;
    let splits = assign(&documents, &components, rules.salt());
    create_dir_all(&arguments.output)
        .with_context(|| format!("cannot write {}", arguments.output.display()))?;
    for split in [Split::Train, Split::Dev, Split::Test] {
        let rows = rows.iter().zip(&splits).filter(|(_, of)| **of == split);
        let lines: Vec<String> = rows
            .map(|((_, row), _)| serde_json::to_string(row))
            .collect::<Result<_, _>>()?;
        let path = arguments.output.join(format!("{}.jsonl", split.name()));
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        writeln!(std::io::stdout(), "{}: {} rows", path.display(), lines.len())?;
    }
    Ok(Exit::Success)
}
