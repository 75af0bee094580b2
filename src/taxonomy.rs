//! The frames and stances that are labelled: `data/taxonomy.toml`, read and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::toml_file;

/// A checked taxonomy: frames, stances and the sources they are drawn from, in the order of the file.
///
/// ```
/// use narrative_frames::taxonomy::Taxonomy;
///
/// let taxonomy = Taxonomy::from_toml(include_str!("../data/taxonomy.toml"), "data/taxonomy.toml")?;
/// assert_eq!(taxonomy.frames().len(), 12);
/// assert_eq!(taxonomy.frame("long_war").map(|frame| frame.name_en.as_str()), Some("Endless larger war"));
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Taxonomy {
    content: Content,
    digest: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: String,
    intended_use: String,
    rules: BTreeMap<String, String>,
    #[serde(rename = "stance")]
    stances: Vec<Stance>,
    #[serde(rename = "frame")]
    frames: Vec<Frame>,
    #[serde(rename = "source")]
    sources: Vec<Source>,
}

/// A narrative frame: a proposition about a conflict, whoever states it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Frame {
    /// Label, as in the corpus: `long_war`.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Arabic.
    pub name_ar: String,
    /// What the frame claims, in English.
    pub definition_en: String,
    /// What the frame claims, in Arabic.
    pub definition_ar: String,
    /// What counts as the frame.
    pub include: Vec<String>,
    /// What looks like the frame and is not.
    pub exclude: Vec<String>,
    /// Frames it may be mistaken for.
    pub confusable: Vec<Confusable>,
    /// The question an annotator answers with yes or no.
    pub annotator_question: String,
    /// Keys of the [`Source`]s that describe it.
    pub sources: Vec<String>,
}

/// A frame that may be mistaken for another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Confusable {
    /// Id of the other frame.
    pub frame: String,
    /// How the other frame differs.
    pub note: String,
}

/// What the author of a post does with the frame in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Stance {
    /// Label, as in the corpus: `report`.
    pub id: String,
    /// Name in English.
    pub name_en: String,
    /// Name in Arabic.
    pub name_ar: String,
    /// What the author does, in English.
    pub definition_en: String,
    /// What the author does, in Arabic.
    pub definition_ar: String,
    /// What the stance is recognized by.
    pub cues: Vec<String>,
    /// What looks like the stance and is not.
    pub exclude: Vec<String>,
    /// Kinds of texts of this stance, such as `news`; empty if none are told apart.
    #[serde(default)]
    pub subtypes: Vec<String>,
}

/// A cited work.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// Key it is cited by: `winter2015`.
    pub key: String,
    /// The full citation.
    pub cite: String,
    /// How far the citation was checked.
    pub verified: Verified,
}

/// How far a citation was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verified {
    /// The work was read, in full or in the relevant part.
    Text,
    /// The data published with the work was read.
    Data,
    /// Title, authors and the cited point were seen in an excerpt.
    Excerpt,
    /// Cited from general knowledge.
    Memory,
}

impl Taxonomy {
    /// Reads and checks a taxonomy file.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) if the file cannot be read; else as [`Self::from_toml`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::from_toml(&toml_file::read(path)?, &path.to_string_lossy())
    }

    /// Parses and checks a taxonomy; `name` is the file in messages.
    ///
    /// # Errors
    ///
    /// [`InvalidToml`](crate::ErrorKind::InvalidToml) if the text is not TOML, a key is unknown or missing, an id
    /// stands twice, or a frame names a source or another frame that is not there.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let content: Content = toml_file::parse(text, name)?;
        content
            .check()
            .map_err(|message| toml_file::invalid(name, message))?;
        Ok(Self {
            content,
            digest: hex(&Sha256::digest(text.as_bytes())),
        })
    }

    /// Version of the taxonomy, such as `0.1.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.content.version
    }

    /// What the labels are for, and what they are not for.
    #[must_use]
    pub fn intended_use(&self) -> &str {
        &self.content.intended_use
    }

    /// Labelling rules that hold for all frames, by name.
    #[must_use]
    pub fn rules(&self) -> &BTreeMap<String, String> {
        &self.content.rules
    }

    /// The frames.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.content.frames
    }

    /// The frame with this id.
    #[must_use]
    pub fn frame(&self, id: &str) -> Option<&Frame> {
        self.frames().iter().find(|frame| frame.id == id)
    }

    /// The stances.
    #[must_use]
    pub fn stances(&self) -> &[Stance] {
        &self.content.stances
    }

    /// The stance with this id.
    #[must_use]
    pub fn stance(&self, id: &str) -> Option<&Stance> {
        self.stances().iter().find(|stance| stance.id == id)
    }

    /// The cited works.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.content.sources
    }

    /// The cited work with this key.
    #[must_use]
    pub fn source(&self, key: &str) -> Option<&Source> {
        self.sources().iter().find(|source| source.key == key)
    }

    /// SHA-256 of the bytes of the file, in lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl Content {
    fn check(&self) -> Result<(), String> {
        let frames = unique("frame", self.frames.iter().map(|frame| frame.id.as_str()))?;
        let sources = unique("source", self.sources.iter().map(|source| source.key.as_str()))?;
        unique("stance", self.stances.iter().map(|stance| stance.id.as_str()))?;
        for frame in &self.frames {
            check_frame(frame, &frames, &sources)?;
        }
        Ok(())
    }
}

/// The ids as a set.
fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<BTreeSet<&'a str>, String> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(format!("{what} {id:?} stands twice, expected each id once"));
        }
    }
    if seen.is_empty() {
        return Err(format!("no {what}, expected at least one [[{what}]]"));
    }
    Ok(seen)
}

fn check_frame(frame: &Frame, frames: &BTreeSet<&str>, sources: &BTreeSet<&str>) -> Result<(), String> {
    let id = &frame.id;
    for key in &frame.sources {
        if !sources.contains(key.as_str()) {
            return Err(format!(
                "frame {id:?} cites {key:?}, expected a key of [[source]]"
            ));
        }
    }
    for other in frame.confusable.iter().map(|confusable| &confusable.frame) {
        if other == id || !frames.contains(other.as_str()) {
            return Err(format!(
                "frame {id:?} is confusable with {other:?}, expected another [[frame]]"
            ));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../data/taxonomy.toml");

    fn message(text: &str) -> String {
        Taxonomy::from_toml(text, "taxonomy.toml")
            .expect_err("not valid")
            .to_string()
    }

    #[test]
    fn shipped_taxonomy_is_valid() {
        let taxonomy = Taxonomy::from_toml(SHIPPED, "data/taxonomy.toml").expect("valid");
        let stances: Vec<&str> = taxonomy
            .stances()
            .iter()
            .map(|stance| stance.id.as_str())
            .collect();
        assert_eq!(stances, ["endorse", "report", "counter", "unclear"]);
        assert_eq!(taxonomy.frames().len(), 12);
        assert!(
            taxonomy
                .stance("report")
                .is_some_and(|report| report.subtypes.len() == 5)
        );
        assert!(taxonomy.rules().contains_key("outermost_voice"));
        for frame in taxonomy.frames() {
            assert!(
                !frame.confusable.is_empty() && !frame.sources.is_empty(),
                "{}",
                frame.id
            );
        }
    }

    #[test]
    fn every_source_is_cited_by_a_frame_or_a_row() {
        let taxonomy = Taxonomy::from_toml(SHIPPED, "data/taxonomy.toml").expect("valid");
        let rows = ["train", "dev", "test"].map(|part| {
            std::fs::read_to_string(format!("data/{part}.jsonl"))
                .expect("the corpus stands beside the taxonomy")
        });
        for source in taxonomy.sources() {
            let by_row = format!("\"source_ref\":\"{}\"", source.key);
            let is_cited = taxonomy
                .frames()
                .iter()
                .any(|frame| frame.sources.contains(&source.key))
                || rows.iter().any(|rows| rows.contains(&by_row));
            assert!(is_cited, "{}", source.key);
        }
    }

    // printf '' | sha256sum
    #[test]
    fn digest_is_that_of_the_bytes() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(&Sha256::digest(b"")), empty);
        let edited = format!("{SHIPPED}\n");
        let digest = |text: &str| Taxonomy::from_toml(text, "t").expect("valid").digest().to_owned();
        assert_eq!(digest(SHIPPED).len(), 64);
        assert_ne!(digest(SHIPPED), digest(&edited));
    }

    #[test]
    fn loads_from_a_file() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/taxonomy.toml");
        assert!(Taxonomy::load(&path).is_ok());
        let error = Taxonomy::load("no/such/taxonomy.toml").expect_err("not there");
        assert!(error.to_string().contains("no/such/taxonomy.toml"), "{error}");
    }

    #[test]
    fn refuses_what_does_not_hold_together() {
        let twice = SHIPPED.replace("id = \"long_war\"", "id = \"minor_setback\"");
        assert!(
            message(&twice).contains("\"minor_setback\" stands twice"),
            "{}",
            message(&twice)
        );
        let source = SHIPPED.replace("key = \"hafez2007\"", "key = \"hafez\"");
        assert!(
            message(&source).contains("cites \"hafez2007\""),
            "{}",
            message(&source)
        );
        let other = SHIPPED.replace("{ frame = \"enemy_alliance\"", "{ frame = \"alliance\"");
        assert!(
            message(&other).contains("confusable with \"alliance\""),
            "{}",
            message(&other)
        );
        let key = SHIPPED.replace("annotator_question", "question");
        assert!(message(&key).contains("question"), "{}", message(&key));
    }
}
