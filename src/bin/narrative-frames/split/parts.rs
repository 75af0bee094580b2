//! Writes each record, as it stands in its file, to the file of its part.

use std::fs::create_dir_all;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use narrative_frames::records::{Chunk, Format, RecordReader};

use crate::args::SplitArgs;
use crate::whole_file::WholeFile;

/// Records read at once, and their bytes.
const CHUNK: (usize, usize) = (4096, 4 << 20);

/// A part that is written.
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) records: usize,
}

/// How records stand in the files, in all of them the same.
struct Layout {
    format: Format,
    header: Option<Vec<u8>>,
    is_array: bool,
}

impl Layout {
    /// Of a file of which the first records were read.
    fn of(reader: &RecordReader) -> Self {
        Self {
            format: reader.format(),
            header: reader.header().map(<[u8]>::to_vec),
            is_array: reader.is_array(),
        }
    }

    /// The extension by which the parts are read again.
    fn extension(&self) -> &'static str {
        match self.format {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Txt | Format::FastText => "txt",
            _ if self.is_array => "json",
            _ => "jsonl",
        }
    }

    fn check(&self, first: &Self, path: &Path, first_path: &Path) -> anyhow::Result<()> {
        // The line end may be that of another system.
        let columns = |layout: &Self| {
            let header = layout.header.as_deref().unwrap_or_default();
            header.strip_suffix(b"\r").unwrap_or(header).to_vec()
        };
        let name = |layout: &Self| match layout.is_array {
            true => format!("{} in an array", layout.format),
            false => format!("{} in lines", layout.format),
        };
        anyhow::ensure!(
            (self.format, self.is_array) == (first.format, first.is_array),
            "{} is {} and {} is {}; expected files of one format",
            first_path.display(),
            name(first),
            path.display(),
            name(self)
        );
        anyhow::ensure!(
            columns(self) == columns(first),
            "{} and {} have different headers; expected tables of the same columns",
            first_path.display(),
            path.display()
        );
        Ok(())
    }
}

/// The files of the parts while they are written.
pub(super) struct Parts {
    layout: Layout,
    files: Vec<(WholeFile, Part)>,
}

impl Parts {
    /// Reads the files once more and writes each record to the part that `of_record` has for it.
    pub(super) fn write(
        arguments: &SplitArgs,
        names: &[String],
        of_record: &[usize],
    ) -> anyhow::Result<Vec<Part>> {
        let mut parts: Option<Self> = None;
        let mut of_record = of_record.iter();
        let mut chunk = Chunk::default();
        for path in &arguments.files {
            let mut reader = RecordReader::open(path, arguments.input.input_format)?;
            while reader.read_chunk(&mut chunk, CHUNK.0, CHUNK.1)? {
                let layout = Layout::of(&reader);
                let parts = match &mut parts {
                    Some(parts) => {
                        layout.check(&parts.layout, path, &arguments.files[0])?;
                        parts
                    }
                    None => parts.insert(Self::create(layout, arguments, names)?),
                };
                for index in 0..chunk.len() {
                    let part = of_record.next().with_context(|| changed(path))?;
                    parts.push(*part, chunk.written(index))?;
                }
            }
        }
        anyhow::ensure!(of_record.next().is_none(), "{}", changed(&arguments.files[0]));
        // Without records nothing would have been split.
        parts.map_or_else(|| Ok(Vec::new()), Self::finish)
    }

    fn create(layout: Layout, arguments: &SplitArgs, names: &[String]) -> anyhow::Result<Self> {
        let folder = &arguments.output;
        create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
        let mut files = Vec::new();
        for name in names {
            let path = folder.join(format!("{name}.{}", layout.extension()));
            let is_input = |input: &PathBuf| matches!((input.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b);
            anyhow::ensure!(
                !arguments.files.iter().any(is_input),
                "{} would take the place of an input",
                path.display()
            );
            let mut file = WholeFile::create(&path)?;
            if let Some(header) = &layout.header {
                file.writer().write_all(header)?;
                file.writer().write_all(b"\n")?;
            }
            files.push((file, Part { path, records: 0 }));
        }
        Ok(Self { layout, files })
    }

    fn push(&mut self, part: usize, written: &[u8]) -> anyhow::Result<()> {
        let (file, part) = &mut self.files[part];
        let before: &[u8] = match (self.layout.is_array, part.records) {
            (false, _) => b"",
            (true, 0) => b"[\n",
            (true, _) => b",\n",
        };
        file.writer().write_all(before)?;
        file.writer().write_all(written)?;
        if !self.layout.is_array {
            file.writer().write_all(b"\n")?;
        }
        part.records += 1;
        Ok(())
    }

    /// All parts are complete before the first gets its name.
    fn finish(mut self) -> anyhow::Result<Vec<Part>> {
        if self.layout.is_array {
            for (file, part) in &mut self.files {
                let end: &[u8] = if part.records == 0 { b"[]\n" } else { b"\n]\n" };
                file.writer().write_all(end)?;
            }
        }
        let mut parts = Vec::new();
        for (file, part) in self.files {
            file.finish()?;
            parts.push(part);
        }
        Ok(parts)
    }
}

fn changed(path: &Path) -> String {
    format!("the records of {} changed while they were read", path.display())
}
