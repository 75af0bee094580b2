//! `split --rules`: the corpus of this project, whose old rows stay where they are.

use std::fs::create_dir_all;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use narrative_frames::lint::{Gazetteer, Rules};
use narrative_frames::split::{Split, SplitDocument, assign, components};

use crate::args::SplitArgs;
use crate::exit::Exit;
use crate::lint::read;
use crate::whole_file::WholeFile;

pub(super) fn run(arguments: &SplitArgs, rules: &Path) -> anyhow::Result<Exit> {
    let rules = Rules::load(rules)?;
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
    let mut written = Vec::new();
    for split in Split::ALL {
        let rows = rows.iter().zip(&splits).filter(|(_, of)| **of == split);
        let path = arguments.output.join(format!("{}.jsonl", split.name()));
        let mut file = WholeFile::create(&path)?;
        let mut count = 0;
        for ((_, row), _) in rows {
            writeln!(file.writer(), "{}", serde_json::to_string(row)?)?;
            count += 1;
        }
        written.push((file, format!("{}: {count} rows", path.display())));
    }
    // The inputs may be among the outputs: all are complete before the first is replaced.
    let mut lines = String::new();
    for (file, line) in written {
        file.finish()?;
        lines += &format!("{line}\n");
    }
    write!(std::io::stdout(), "{lines}")?;
    Ok(Exit::Success)
}
