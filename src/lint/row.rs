//! Rows of the corpus files.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Finding;
use crate::error::Location;

/// One row of `train.jsonl`, `dev.jsonl` or `test.jsonl`: a text, its labels, and where it comes from.
///
/// Every field stands in every row; those that do not apply are `null`, or an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Unique in the corpus.
    pub id: String,
    /// The post.
    pub text: String,
    /// `ar` or `en`.
    pub lang: String,
    /// Variety of the language: `msa`, `egyptian`, `arabizi`, ...
    pub dialect: String,
    /// Ids of the frames in it; empty for a row without a frame.
    pub frames: Vec<String>,
    /// Stance of the author; absent exactly if there is no frame.
    pub stance: Option<String>,
    /// Kind of text within the stance; present exactly if the taxonomy lists subtypes for the stance.
    pub stance_subtype: Option<String>,
    /// Conflict spoken of, or everyday domain if there is no frame.
    pub setting: String,
    /// Sentence the row was made from by filling in names.
    pub template_id: String,
    /// Shared by rows that tell the same thing: in another language, in other words, in another stance, and by
    /// their minimal pairs and perturbed copies.
    pub meaning_id: String,
    /// Family of minimal pairs: rows close in words and different in labels.
    pub pair_id: Option<String>,
    /// `llm` or `human`.
    pub author_kind: String,
    /// Who wrote it: name or model.
    pub author_id: String,
    /// Day it was written, `2025-01-31`.
    pub created: String,
    /// SPDX expression of its licence.
    pub license: String,
    /// Key of the taxonomy's source that it restates in its own words.
    pub source_ref: Option<String>,
    /// People who read it.
    pub reviewers: Vec<String>,
    /// Version of the lint rules that it passed.
    pub lint_version: String,
    /// Whether it is a perturbed copy of another row.
    pub aug: bool,
}

impl Row {
    /// What keeps rows in one part of the split: template, meaning and pair. Not the source, which many rows cite.
    #[must_use]
    pub fn split_keys(&self) -> Vec<String> {
        let pair = self.pair_id.as_deref().unwrap_or_default();
        let keys = [
            ("template", self.template_id.as_str()),
            ("meaning", &self.meaning_id),
            ("pair", pair),
        ];
        let given = keys.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(kind, value)| format!("{kind}:{value}")).collect()
    }
}

/// The rows of a file of JSON lines, and a finding (R13) for each line that is not a row. Empty lines are passed over.
#[must_use]
pub fn parse_rows(file: &str, text: &str) -> (Vec<(Location, Row)>, Vec<Finding>) {
    let file: Arc<str> = file.into();
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for (line, text) in (1..)
        .zip(text.lines())
        .filter(|(_, text)| !text.trim().is_empty())
    {
        let location = Location {
            file: Some(Arc::clone(&file)),
            line,
        };
        match serde_json::from_str(text) {
            Ok(row) => rows.push((location, row)),
            Err(error) => findings.push(Finding {
                rule: "R13",
                location: Some(location),
                row: None,
                message: format!("not a row of the corpus: {error}"),
            }),
        }
    }
    (rows, findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing;

    #[test]
    fn rows_round_trip_and_keep_their_lines() {
        let row = testing::framed();
        let json = serde_json::to_string(&row).expect("a row is JSON");
        let (rows, findings) = parse_rows("data/train.jsonl", &format!("{json}\n\n{json}\n"));
        assert_eq!(findings, []);
        assert_eq!(
            rows.iter().map(|(location, _)| location.line).collect::<Vec<_>>(),
            [1, 3]
        );
        assert!(rows.iter().all(|(_, parsed)| *parsed == row));
    }

    #[test]
    fn lines_of_another_shape_are_findings() {
        let json = serde_json::to_string(&testing::framed()).expect("a row is JSON");
        let unknown = json.replacen("\"lang\"", "\"language\"", 1);
        let (rows, findings) = parse_rows("train.jsonl", &format!("{unknown}\n{json}\nnot JSON"));
        assert_eq!(rows.len(), 1);
        let places: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(
            places[0].starts_with("train.jsonl:1: R13: not a row of the corpus: unknown field `language`"),
            "{places:?}"
        );
        assert!(places[1].starts_with("train.jsonl:3: R13: "), "{places:?}");
    }
}
