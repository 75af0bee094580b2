//! Rows with their words, and the data they are held against.

use super::words::{Word, words};
use super::{Gazetteer, Row, Rules};
use crate::error::Location;
use crate::taxonomy::Taxonomy;
use crate::text::Normalizer;

/// Class of the rows without a frame, beside the stances.
pub(super) const NONE: &str = "none";

/// The stance that has rules of its own.
pub(super) const ENDORSE: &str = "endorse";

/// What a rule sees.
pub(super) struct Corpus<'a> {
    /// The rows, in the order given.
    pub(super) entries: Vec<Entry<'a>>,
    /// Labels and sources.
    pub(super) taxonomy: &'a Taxonomy,
    /// Settings.
    pub(super) rules: &'a Rules,
    /// Invented names.
    pub(super) gazetteer: &'a Gazetteer,
}

/// A row and its words.
pub(super) struct Entry<'a> {
    /// Where it stands.
    pub(super) location: &'a Location,
    /// The row.
    pub(super) row: &'a Row,
    /// Its words; none if the text is too long to be read, which the schema reports.
    pub(super) words: Vec<Word>,
}

impl<'a> Corpus<'a> {
    /// Reads the words of each row.
    pub(super) fn new(
        rows: &'a [(Location, Row)],
        taxonomy: &'a Taxonomy,
        rules: &'a Rules,
        gazetteer: &'a Gazetteer,
    ) -> Self {
        let mut normalizer = Normalizer::with_spans();
        let entry = |(location, row): &'a (Location, Row)| Entry {
            location,
            row,
            words: words(&row.text, &mut normalizer).unwrap_or_default(),
        };
        Self {
            entries: rows.iter().map(entry).collect(),
            taxonomy,
            rules,
            gazetteer,
        }
    }

    /// The rows that carry a frame.
    pub(super) fn of_frame(&self, frame: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.has_frame(frame))
    }

    /// The stances and [`NONE`].
    pub(super) fn classes(&self) -> Vec<&'a str> {
        let stances = self.taxonomy.stances().iter().map(|stance| stance.id.as_str());
        stances.chain([NONE]).collect()
    }
}

impl Entry<'_> {
    /// The stance, or [`NONE`].
    pub(super) fn class(&self) -> &str {
        self.row.stance.as_deref().unwrap_or(NONE)
    }

    /// Whether it carries a frame.
    pub(super) fn is_framed(&self) -> bool {
        !self.row.frames.is_empty()
    }

    /// Whether it carries this frame.
    pub(super) fn has_frame(&self, frame: &str) -> bool {
        self.row.frames.iter().any(|other| other == frame)
    }
}
