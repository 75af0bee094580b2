//! `lint`: a corpus against its rules.

use std::fs::read_to_string;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use narrative_frames::error::Location;
use narrative_frames::lint::{Finding, Gazetteer, Row, Rules, Spread, check, parse_rows, spread};
use narrative_frames::taxonomy::Taxonomy;

use crate::args::LintArgs;
use crate::exit::Exit;
use crate::report::table;

pub(crate) fn run(arguments: &LintArgs) -> anyhow::Result<Exit> {
    let taxonomy = Taxonomy::load(&arguments.taxonomy)?;
    let rules = Rules::load(&arguments.rules)?;
    let gazetteer = Gazetteer::load(&arguments.gazetteer)?;
    let (rows, mut findings) = read(&arguments.files)?;
    if arguments.spread && findings.is_empty() {
        return print_spread(&spread(&rows, &taxonomy, &rules, &gazetteer)?);
    }
    findings.extend(check(&rows, &taxonomy, &rules, &gazetteer));
    let mut out = std::io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    writeln!(out, "{} rows, {} findings", rows.len(), findings.len())?;
    Ok(if findings.is_empty() {
        Exit::Success
    } else {
        Exit::Failure
    })
}

fn print_spread(spreads: &[Spread]) -> anyhow::Result<Exit> {
    let rows = spreads.iter().map(|spread| {
        vec![
            spread.frame.clone(),
            spread.rows.to_string(),
            spread.words.to_string(),
            spread.distinct_words.to_string(),
            format!("{:.2}", spread.nearest_at(0.5)),
            format!("{:.2}", spread.nearest_at(0.9)),
        ]
    });
    let header = [
        "frame",
        "rows",
        "words",
        "distinct",
        "nearest, median",
        "nearest, 90 %",
    ];
    write!(std::io::stdout().lock(), "{}", table(&header, rows))?;
    Ok(Exit::Success)
}

/// A row and where it stands.
pub(crate) type LocatedRow = (Location, Row);

/// The rows of all files, and what is no row.
pub(crate) fn read(files: &[PathBuf]) -> anyhow::Result<(Vec<LocatedRow>, Vec<Finding>)> {
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for file in files {
        let text = read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let (more, found) = parse_rows(&file.display().to_string(), &text);
        rows.extend(more);
        findings.extend(found);
    }
    Ok((rows, findings))
}
