//! What the lint found.

use std::fmt;

use super::corpus::Entry;
use crate::error::Location;

/// One breach of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule: `R01` to `R15`, `DUPLICATE` or `SPLIT`.
    pub rule: &'static str,
    /// Where the row stands; `None` if the corpus as a whole breaks the rule.
    pub location: Option<Location>,
    /// Id of the row, if it has one.
    pub row: Option<String>,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some(location) => write!(f, "{location}: ")?,
            None => f.write_str("corpus: ")?,
        }
        f.write_str(self.rule)?;
        if let Some(row) = &self.row {
            write!(f, " {row}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Findings being collected.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    /// A row breaks a rule.
    pub(super) fn row(&mut self, rule: &'static str, entry: &Entry<'_>, message: impl Into<String>) {
        self.0.push(Finding {
            rule,
            location: Some(entry.location.clone()),
            row: Some(entry.row.id.clone()),
            message: message.into(),
        });
    }

    /// The corpus breaks a rule.
    pub(super) fn corpus(&mut self, rule: &'static str, message: impl Into<String>) {
        self.0.push(Finding {
            rule,
            location: None,
            row: None,
            message: message.into(),
        });
    }

    /// By file, line and rule, findings on the corpus last; else in the order they were made.
    pub(super) fn into_sorted(mut self) -> Vec<Finding> {
        self.0.sort_by(|a, b| key(a).cmp(&key(b)));
        self.0
    }
}

fn key(finding: &Finding) -> (bool, Option<(Option<&str>, u64)>, &str) {
    let place = finding
        .location
        .as_ref()
        .map(|location| (location.file.as_deref(), location.line));
    (place.is_none(), place, finding.rule)
}
