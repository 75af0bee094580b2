//! Cases and gates, as they stand in files.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    pub(crate) test: Vec<Test>,
}

/// One expected behaviour.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) asks: Asks,
    pub(crate) disguise: Option<String>,
    #[serde(default)]
    pub(crate) abstain: bool,
    #[serde(default)]
    pub(crate) report: bool,
    pub(crate) pass: Option<Gate>,
    pub(crate) endorse: Option<Gate>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Asks {
    Labels,
    Frames,
    Twin,
    Bits,
}

/// What is aimed at, and what is enforced.
#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gate {
    pub(crate) gate: f64,
    pub(crate) floor: f64,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    #[serde(rename = "template_id")]
    pub(crate) _template: String,
    pub(crate) lang: String,
    pub(crate) dialect: String,
    pub(crate) frames: Vec<String>,
    pub(crate) stances: Vec<String>,
    pub(crate) text: String,
    pub(crate) twin: Option<String>,
}

pub(crate) fn suite() -> Suite {
    let text = std::fs::read_to_string("tests/functional/suite.toml").expect("the suite");
    toml::from_str(&text).expect("valid TOML")
}

/// The cases of a test that has a file.
pub(crate) fn cases(id: &str) -> Vec<Case> {
    lines(Path::new(&format!("tests/functional/cases/{id}.jsonl")))
}

pub(crate) fn lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .map(|line| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}: {line}", path.display()))
        })
        .collect()
}
