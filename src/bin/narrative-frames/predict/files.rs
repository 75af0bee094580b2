//! The inputs of `predict`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use narrative_frames::records::{Format, RecordReader, Schema};

use super::args::PredictArgs;

/// Standard input on the command line.
const STANDARD_INPUT: &str = "-";

/// The files given, with wildcards resolved; standard input if there are none.
///
/// A name with wildcards that is the name of a file is that file.
pub(super) fn named(files: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if files.is_empty() {
        return Ok(vec![STANDARD_INPUT.into()]);
    }
    let mut all = Vec::new();
    for file in files {
        match file.to_str() {
            Some(pattern) if pattern.contains(['*', '?', '[']) && !file.exists() => {
                all.extend(matching(pattern)?);
            }
            _ => all.push(file.clone()),
        }
    }
    Ok(all)
}

/// The files that a pattern names, in the order of their names.
fn matching(pattern: &str) -> anyhow::Result<Vec<PathBuf>> {
    let context = || format!("cannot look for {pattern}");
    let paths = glob::glob(pattern).with_context(context)?;
    let mut files = Vec::new();
    for path in paths {
        let path = path.with_context(context)?;
        if !path.is_dir() {
            files.push(path);
        }
    }
    anyhow::ensure!(!files.is_empty(), "no file has a name like {pattern}");
    files.sort();
    Ok(files)
}

/// Opens a file, or standard input for `-`.
pub(super) fn open(
    path: &Path,
    arguments: &PredictArgs,
    schema: &Schema,
) -> narrative_frames::Result<RecordReader> {
    let format = arguments.input.input_format;
    let mut reader = if is_standard_input(path) {
        RecordReader::from_reader(
            std::io::stdin(),
            format.unwrap_or(Format::Jsonl),
            "standard input",
        )
    } else {
        RecordReader::open(path, format)
    }?;
    reader.set_lossy(arguments.lossy);
    reader.check(schema)?;
    Ok(reader)
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

/// Length of a regular file; `None` for all else, which cannot be read twice.
pub(super) fn length(path: &Path) -> Option<u64> {
    let metadata = path.metadata().ok().filter(|_| !is_standard_input(path))?;
    metadata.is_file().then_some(metadata.len())
}
