//! Invented names.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::words::{forms, words};
use crate::error::Result;
use crate::text::Normalizer;
use crate::toml_file;

/// Invented names of `data/gazetteer.toml` that fill the slots of the corpus: cities, groups, persons, peoples.
///
/// ```
/// use narrative_frames::lint::Gazetteer;
///
/// let gazetteer = Gazetteer::from_toml("[[city]]\nen = \"Dorvanesh\"\nar = \"دورفانش\"", "gazetteer.toml")?;
/// assert_eq!(gazetteer.slot("dorvanesh"), Some("city"));
/// assert_eq!(gazetteer.slot("وبدورفانش"), Some("city"));
/// assert_eq!(gazetteer.slot("mosul"), None);
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Gazetteer {
    slots: Vec<Slot>,
    /// Names of the light view: slot and position in it.
    words: BTreeMap<String, Name>,
}

/// A kind of name.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// What it names: `city`.
    pub(super) name: String,
    /// Names in it, an English and an Arabic spelling each; the English one is kept.
    pub(super) entries: Vec<String>,
}

/// An entry of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// Position of the slot.
    pub(super) slot: usize,
    /// Position in the slot.
    pub(super) entry: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spellings {
    en: String,
    ar: String,
}

impl Gazetteer {
    /// Reads a gazetteer.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) if the file cannot be read; else as [`Self::from_toml`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::from_toml(&toml_file::read(path)?, &path.to_string_lossy())
    }

    /// Parses a gazetteer: a list of tables `en`, `ar` for each slot. `name` is the file in messages.
    ///
    /// # Errors
    ///
    /// [`InvalidToml`](crate::ErrorKind::InvalidToml) if the text is not of that shape, a name is not one word, or a
    /// name stands twice.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let lists: BTreeMap<String, Vec<Spellings>> = toml_file::parse(text, name)?;
        let mut gazetteer = Self {
            slots: Vec::new(),
            words: BTreeMap::new(),
        };
        for (slot, list) in lists {
            gazetteer
                .push(slot, &list)
                .map_err(|message| toml_file::invalid(name, message))?;
        }
        Ok(gazetteer)
    }

    fn push(&mut self, slot: String, list: &[Spellings]) -> Result<(), String> {
        let mut normalizer = Normalizer::with_spans();
        for (entry, spellings) in list.iter().enumerate() {
            for spelling in [&spellings.en, &spellings.ar] {
                let name = Name {
                    slot: self.slots.len(),
                    entry,
                };
                let word = single_word(spelling, &mut normalizer)?;
                if self.words.insert(word, name).is_some() {
                    return Err(format!("name {spelling:?} stands twice, expected each name once"));
                }
            }
        }
        let entries = list.iter().map(|spellings| spellings.en.clone()).collect();
        self.slots.push(Slot { name: slot, entries });
        Ok(())
    }

    /// The slot of a name, given as a word of the light view; Arabic particles before it and an English `s` after
    /// it do not matter.
    #[must_use]
    pub fn slot(&self, word: &str) -> Option<&str> {
        let slot = self.slots.get(self.name(word)?.slot)?;
        Some(&slot.name)
    }

    /// The entry of a name.
    pub(super) fn name(&self, word: &str) -> Option<Name> {
        let bare = word.strip_suffix('s').unwrap_or(word);
        forms(word)
            .chain([bare])
            .find_map(|form| self.words.get(form).copied())
    }

    /// The slots, by name.
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }
}

fn single_word(spelling: &str, normalizer: &mut Normalizer) -> Result<String, String> {
    let words = words(spelling, normalizer).map_err(|error| error.to_string())?;
    match <[_; 1]>::try_from(words) {
        Ok([word]) => Ok(word.text),
        Err(words) => Err(format!(
            "name {spelling:?} has {} words, expected one",
            words.len()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_gazetteer_is_valid() {
        let gazetteer =
            Gazetteer::from_toml(include_str!("../../data/gazetteer.toml"), "gazetteer").expect("valid");
        let slots: Vec<&str> = gazetteer.slots().iter().map(|slot| slot.name.as_str()).collect();
        assert_eq!(slots, ["city", "group", "people", "person"]);
        assert_eq!(gazetteer.name("sarvokhs"), gazetteer.name("وسرفوخ"));
    }

    #[test]
    fn refuses_phrases_and_repetitions() {
        let error = |text| {
            Gazetteer::from_toml(text, "g.toml")
                .expect_err("not valid")
                .to_string()
        };
        let phrase = error("[[city]]\nen = \"New Sarvokh\"\nar = \"سرفوخ\"");
        assert!(
            phrase.contains("\"New Sarvokh\" has 2 words, expected one"),
            "{phrase}"
        );
        let twice =
            error("[[city]]\nen = \"Sarvokh\"\nar = \"سرفوخ\"\n[[group]]\nen = \"SARVOKH\"\nar = \"لزدون\"");
        assert!(twice.contains("\"SARVOKH\" stands twice"), "{twice}");
    }
}
