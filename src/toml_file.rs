//! Settings files in TOML: read and parsed, with the file named in every error.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|source| Error::io("read", path, source))
}

/// The settings in `text`; `name` is the file in messages.
pub(crate) fn parse<T: DeserializeOwned>(text: &str, name: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let message = error.to_string();
        let message = message.trim_end();
        match nearest(error.message()) {
            Some(nearest) => invalid(name, format!("{message}; did you mean `{nearest}`?")),
            None => invalid(name, message),
        }
    })
}

/// Of a message that names an unknown word and those allowed, the allowed one most like it, if one is.
fn nearest(message: &str) -> Option<&str> {
    /// Jaro-Winkler similarity from which on a word is taken for a slip.
    const ALIKE: f64 = 0.75;
    let mut words = message.strip_prefix("unknown ")?.split('`').skip(1).step_by(2);
    let unknown = words.next()?.to_lowercase();
    let likeness = |word: &str| strsim::jaro_winkler(&unknown, word);
    let best = words.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) >= ALIKE).then_some(best)
}

/// An [`ErrorKind::InvalidToml`].
pub(crate) fn invalid(name: &str, message: impl Into<String>) -> Error {
    ErrorKind::InvalidToml {
        file: name.to_owned(),
        message: message.into(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_word_most_like_an_unknown_one_is_named() {
        for (message, expected) in [
            (
                "unknown field `trainning`, expected one of `features`, `training`, `heads`",
                Some("training"),
            ),
            ("unknown field `C`, expected `solver` or `c`", Some("c")),
            (
                "unknown variant `plat`, expected `platt` or `none`",
                Some("platt"),
            ),
            ("unknown field `zz`, expected one of `features`, `training`", None),
            ("invalid type: string \"4\", expected f64", None),
        ] {
            assert_eq!(nearest(message), expected, "{message}");
        }
    }
}
