//! What is said on standard error.

use std::io::Write;

use clap::ValueEnum;
use serde_json::{Value, json};

/// How messages look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Sentences.
    #[default]
    Text,
    /// One JSON object a line, with "level" and "message".
    Json,
}

/// Tells people or programs what happens. Nobody is left to tell if standard error is closed, so that is no error.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Messages(pub(crate) LogFormat);

/// A warning of a command without `--log-format`.
pub(crate) fn warn(warning: &impl std::fmt::Display) {
    Messages::default().warning(&format!("warning: {warning}"));
}

impl Messages {
    pub(crate) fn warning(self, message: &str) {
        self.say("warning", message, message, Value::Null);
    }

    pub(crate) fn error(self, error: &anyhow::Error) {
        let message = format!("{error:#}");
        self.say("error", &message, &message, Value::Null);
    }

    /// Something for people to read, and the same for programs: what it is, and its fields.
    pub(crate) fn report(self, text: &str, name: &str, fields: Value) {
        self.say("info", text, name, fields);
    }

    fn say(self, level: &str, text: &str, message: &str, fields: Value) {
        let line = match self.0 {
            LogFormat::Text => format!("narrative-frames: {text}"),
            LogFormat::Json => {
                let mut line = json!({"level": level, "message": message});
                if !fields.is_null() {
                    line[message] = fields;
                }
                line.to_string()
            }
        };
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
