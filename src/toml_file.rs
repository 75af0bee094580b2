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
    toml::from_str(text).map_err(|error| invalid(name, error.to_string().trim_end()))
}

/// An [`ErrorKind::InvalidToml`].
pub(crate) fn invalid(name: &str, message: impl Into<String>) -> Error {
    ErrorKind::InvalidToml {
        file: name.to_owned(),
        message: message.into(),
    }
    .into()
}
