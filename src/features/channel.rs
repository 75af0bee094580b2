//! What a model looks at.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::View;

/// What the n-grams of a channel are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Tokens that follow one another: `n` from 1 to 3.
    Word,
    /// Letters that follow one another inside a word, its two borders included as one letter each, as in
    /// scikit-learn's `char_wb`: `n` from 1 to 6. Placeholders and symbols have none.
    Character,
}

/// One view of the text and the n-grams drawn from it.
///
/// In a recipe:
///
/// ```
/// use narrative_frames::features::{Channel, Unit};
/// use narrative_frames::text::View;
///
/// let channel: Channel = toml::from_str(r#"view = "folded"
/// unit = "character"
/// n = [3, 5]"#)?;
/// assert_eq!(channel, Channel::new(View::Folded, Unit::Character, 3, 5)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "WireChannel", into = "WireChannel")]
pub struct Channel {
    view: View,
    unit: Unit,
    min_n: u8,
    max_n: u8,
}

/// A channel as it stands in a recipe.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireChannel {
    view: View,
    unit: Unit,
    n: [u8; 2],
}

impl Channel {
    /// The most words of an n-gram.
    pub(crate) const MAX_WORDS: usize = 3;
    /// The most letters of an n-gram.
    const MAX_CHARACTERS: usize = 6;

    /// A channel of n-grams of `min_n` to `max_n` units.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`](crate::ErrorKind::InvalidParameter) unless
    /// `1 <= min_n <= max_n`, with `max_n` at most 3 for words and 6 for characters.
    pub fn new(view: View, unit: Unit, min_n: u8, max_n: u8) -> Result<Self> {
        let limit = match unit {
            Unit::Word => Self::MAX_WORDS,
            Unit::Character => Self::MAX_CHARACTERS,
        };
        if min_n == 0 || min_n > max_n || usize::from(max_n) > limit {
            return Err(Error::invalid(
                "features.channels.n",
                format_args!("[{min_n}, {max_n}]"),
                format!("1 <= first <= second <= {limit} for this unit"),
            ));
        }
        Ok(Self {
            view,
            unit,
            min_n,
            max_n,
        })
    }

    /// The view of the text.
    #[must_use]
    pub fn view(self) -> View {
        self.view
    }

    /// What its n-grams are made of.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// Units of the shortest n-gram.
    #[must_use]
    pub fn min_n(self) -> usize {
        usize::from(self.min_n)
    }

    /// Units of the longest n-gram.
    #[must_use]
    pub fn max_n(self) -> usize {
        usize::from(self.max_n)
    }
}

impl TryFrom<WireChannel> for Channel {
    type Error = Error;

    fn try_from(wire: WireChannel) -> Result<Self> {
        Self::new(wire.view, wire.unit, wire.n[0], wire.n[1])
    }
}

impl From<Channel> for WireChannel {
    fn from(channel: Channel) -> Self {
        Self {
            view: channel.view,
            unit: channel.unit,
            n: [channel.min_n, channel.max_n],
        }
    }
}
