//! What each part has.

use std::collections::BTreeSet;
use std::io::Write;

use narrative_frames::corpus::Corpus;
use narrative_frames::split::StratifiedSplit;

use super::parts::Part;
use crate::messages::warn;
use crate::report::table;

/// A split that was written.
pub(super) struct Summary<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) split: &'a StratifiedSplit,
    pub(super) names: &'a [String],
    /// They add up to 1.
    pub(super) shares: &'a [f64],
    pub(super) written: &'a [Part],
}

/// A head of which no record has a label is a wrong name.
pub(super) fn check_labels(corpus: &Corpus) -> anyhow::Result<()> {
    for head in corpus.heads() {
        anyhow::ensure!(
            !head.labels.is_empty(),
            "no record has a label in the field {:?}",
            head.name
        );
    }
    Ok(())
}

/// Prints the parts, their labels and the copies kept together; warns of empty parts.
pub(super) fn print(out: &mut impl Write, summary: &Summary<'_>) -> anyhow::Result<()> {
    let header = ["part", "file", "rows", "groups", "share", "off by"];
    write!(out, "{}", table(&header, summary.parts()))?;
    let labels = summary.labels();
    if !labels.is_empty() {
        let names = summary.names.iter().map(String::as_str);
        let header: Vec<&str> = ["head", "label", "documents"].into_iter().chain(names).collect();
        writeln!(
            out,
            "\ndocuments of each label, and by how many percentage points they are off the share of the part"
        )?;
        write!(out, "{}", table(&header, labels))?;
    }
    let (exact, near) = (summary.split.exact_pairs, summary.split.near_pairs);
    writeln!(
        out,
        "\nkept together: {exact} pairs of exact and {near} of near copies"
    )?;
    for part in summary.written.iter().filter(|part| part.records == 0) {
        warn(&format!(
            "{} is empty: there are too few groups",
            part.path.display()
        ));
    }
    Ok(())
}

impl Summary<'_> {
    fn parts(&self) -> Vec<Vec<String>> {
        let records: usize = self.written.iter().map(|part| part.records).sum();
        let row = |(part, written): (usize, &Part)| {
            let places = self.split.parts.iter().zip(&self.split.components);
            let groups: BTreeSet<usize> = places
                .filter(|(of, _)| **of == part)
                .map(|(_, group)| *group)
                .collect();
            let share = written.records as f64 / records as f64;
            vec![
                self.names[part].clone(),
                written.path.display().to_string(),
                written.records.to_string(),
                groups.len().to_string(),
                format!("{:.1} %", 100.0 * share),
                self.off(part, share),
            ]
        };
        self.written.iter().enumerate().map(row).collect()
    }

    /// By how much a share is off, in percentage points.
    fn off(&self, part: usize, share: f64) -> String {
        // Nothing is off by minus nothing.
        let tenths = (1000.0 * (share - self.shares[part])).round() as i64;
        match tenths {
            0 => "0.0".to_owned(),
            _ => format!("{:+.1}", tenths as f64 / 10.0),
        }
    }

    fn labels(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (position, head) in self.corpus.heads().iter().enumerate() {
            let (known, targets) = self.corpus.targets(position);
            for (label, has) in head.labels.iter().zip(targets.columns()) {
                let mut counts = vec![0_usize; self.names.len()];
                let documents = known.iter().zip(has).filter(|(_, has)| **has);
                documents.for_each(|(&document, _)| counts[self.split.parts[document]] += 1);
                let all: usize = counts.iter().sum();
                let cell = |(part, count): (usize, &usize)| {
                    format!("{count} ({})", self.off(part, *count as f64 / all.max(1) as f64))
                };
                let cells = counts.iter().enumerate().map(cell);
                rows.push(
                    [head.name.clone(), label.clone(), all.to_string()]
                        .into_iter()
                        .chain(cells)
                        .collect(),
                );
            }
        }
        rows
    }
}
