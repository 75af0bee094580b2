//! What the rules count and match, as data.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::phrases::Phrases;
use crate::error::{Error, Result};
use crate::toml_file;

/// The settings of the lint: `data/rules.toml`, where each is explained.
///
/// ```
/// use narrative_frames::lint::Rules;
///
/// let rules = Rules::from_toml(include_str!("../../data/rules.toml"), "data/rules.toml")?;
/// assert_eq!(rules.salt(), "nf-2026");
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    version: String,
    pub(super) words: WordLimits,
    pub(super) markers: BTreeMap<String, Phrases>,
    pub(super) voice: Voice,
    pub(super) real: Real,
    pub(super) names: Names,
    pub(super) devotion: Devotion,
    pub(super) identity: Identity,
    pub(super) templates: Templates,
    pub(super) shares: BTreeMap<String, Range>,
    pub(super) negatives_per_endorse: BTreeMap<String, f64>,
    pub(super) pairs: Pairs,
    pub(super) settings: Settings,
    pub(super) languages: BTreeMap<String, Range>,
    pub(super) varieties: BTreeMap<String, Variety>,
    pub(super) provenance: Provenance,
    pub(super) augmentation: Augmentation,
    split: SplitRules,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordLimits {
    pub(super) endorse: usize,
    pub(super) other: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Voice {
    pub(super) second_person: Phrases,
    pub(super) second_person_endings: Vec<String>,
    pub(super) ending_exceptions: Phrases,
    pub(super) imperative_starts: Phrases,
    pub(super) exhortations: Phrases,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Real {
    pub(super) groups: Phrases,
    pub(super) leaders: Phrases,
    pub(super) attacks: Phrases,
    pub(super) weapons: Phrases,
    pub(super) capitals: Phrases,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) min_per_slot: usize,
    pub(super) alpha: f64,
    pub(super) min_expected: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Devotion {
    pub(super) phrases: Phrases,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub(super) abstract_frames: Vec<String>,
    pub(super) terms: Phrases,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Templates {
    pub(super) max_rows: usize,
    pub(super) min_per_frame_and_stance: usize,
}

/// The shares allowed, 0..=1, both ends included.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Range {
    #[serde(default)]
    pub(super) min: f64,
    #[serde(default = "whole")]
    pub(super) max: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pairs {
    pub(super) min_shared: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) framed: Vec<String>,
    pub(super) min_per_frame: usize,
}

/// A variety and its share of the rows of its language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variety {
    pub(super) lang: String,
    #[serde(default)]
    min: f64,
    #[serde(default = "whole")]
    max: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provenance {
    pub(super) author_kinds: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Augmentation {
    pub(super) max_share: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitRules {
    salt: String,
}

fn whole() -> f64 {
    1.0
}

impl Variety {
    /// Its share of the rows of its language.
    pub(super) fn share(&self) -> Range {
        Range {
            min: self.min,
            max: self.max,
        }
    }
}

impl Rules {
    /// Reads the settings of the lint.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) if the file cannot be read; else as [`Self::from_toml`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::from_toml(&toml_file::read(path)?, &path.to_string_lossy())
    }

    /// Parses the settings of the lint; `name` is the file in messages.
    ///
    /// # Errors
    ///
    /// [`InvalidToml`](crate::ErrorKind::InvalidToml) if the text is not TOML or a key is unknown or missing;
    /// [`InvalidParameter`](crate::ErrorKind::InvalidParameter) for a share outside 0..=1.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let rules: Self = toml_file::parse(text, name)?;
        rules.check_shares()?;
        Ok(rules)
    }

    /// Version of the rules; rows name the one they passed.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Salt of the split, for [`crate::split::assign`].
    #[must_use]
    pub fn salt(&self) -> &str {
        &self.split.salt
    }

    fn check_shares(&self) -> Result<()> {
        let varieties = self.varieties.iter().map(|(id, variety)| (id, variety.share()));
        let others = self
            .shares
            .iter()
            .chain(&self.languages)
            .map(|(id, range)| (id, *range));
        for (id, Range { min, max }) in varieties.chain(others) {
            if !(0.0 <= min && min <= max && max <= 1.0) {
                let expected = "0 <= min <= max <= 1";
                return Err(Error::invalid(
                    format!("share of {id}"),
                    format!("{min}..={max}"),
                    expected,
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::corpus::{ENDORSE, NONE};
    use crate::lint::testing;

    const SHIPPED: &str = include_str!("../../data/rules.toml");

    #[test]
    fn shipped_rules_name_labels_of_the_taxonomy() {
        let (rules, taxonomy) = (testing::rules(), testing::taxonomy());
        let frames = rules
            .negatives_per_endorse
            .keys()
            .chain(&rules.identity.abstract_frames);
        assert!(frames.into_iter().all(|frame| taxonomy.frame(frame).is_some()));
        assert!(
            rules
                .shares
                .keys()
                .all(|class| class == NONE || taxonomy.stance(class).is_some())
        );
        assert!(
            rules
                .varieties
                .values()
                .all(|variety| rules.languages.contains_key(&variety.lang))
        );
        assert!(
            rules
                .markers
                .keys()
                .all(|variety| rules.varieties.contains_key(variety))
        );
        assert!(taxonomy.stance(ENDORSE).is_some());
    }

    #[test]
    fn shares_are_checked() {
        let error = |text: &str| {
            Rules::from_toml(text, "rules.toml")
                .expect_err("not valid")
                .to_string()
        };
        let share = error(&SHIPPED.replace("none = { min = 0.40 }", "none = { min = 40 }"));
        assert_eq!(share, "share of none is 40..=1, expected 0 <= min <= max <= 1");
        let key = error(&SHIPPED.replace("[split]", "[splits]"));
        assert!(key.starts_with("rules.toml: ") && key.contains("splits"), "{key}");
    }
}
