//! The command line that gives the same result again, word for word, for the files that programs write.

use std::path::PathBuf;

use crate::args::{InputArgs, LabelArgs, LearnArgs};

/// Words of a command.
pub(crate) struct Words(Vec<String>);

impl Words {
    /// A command of this program and its files.
    pub(crate) fn new(command: &str, files: &[PathBuf]) -> Self {
        let files = files.iter().map(|file| quoted(&file.display().to_string()));
        let program = ["narrative-frames", command].map(str::to_owned);
        Self(program.into_iter().chain(files).collect())
    }

    /// With an option, if it has a value.
    pub(crate) fn option(mut self, name: &str, value: Option<String>) -> Self {
        let words = value.map(|value| [format!("--{name}"), quoted(&value)]);
        self.0.extend(words.into_iter().flatten());
        self
    }

    fn options(self, name: &str, values: &[String]) -> Self {
        let values = values.iter().cloned();
        values.fold(self, |words, value| words.option(name, Some(value)))
    }

    /// With what is learned.
    pub(crate) fn learn(self, arguments: &LearnArgs) -> Self {
        let recipe = arguments.recipe.as_ref().map(|path| path.display().to_string());
        self.option("recipe", recipe)
            .options("set", &arguments.set)
            .options("multi-label", &arguments.multi_label)
            .options("single-label", &arguments.single_label)
            .option("weight-field", arguments.weight_field.clone())
    }

    /// With where records come from.
    pub(crate) fn records(self, labels: &LabelArgs, input: &InputArgs) -> Self {
        let differs = |value: &String, default: &str| (value != default).then(|| value.clone());
        let format = input.input_format.map(|format| format.to_string());
        self.option("group-field", labels.group_field.clone())
            .option("annotator-field", labels.annotator_field.clone())
            .option("label-separator", labels.label_separator.clone())
            .option("input-format", format)
            .option("text-field", differs(&input.text_field, "text"))
            .option("id-field", differs(&input.id_field, "id"))
    }

    /// The line.
    pub(crate) fn line(self) -> String {
        self.0.join(" ")
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
