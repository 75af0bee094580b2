//! The command line of a training, for the model file.

use crate::args::TrainArgs;

/// The command that makes the same model again, without the options that do not change its bytes.
pub(super) fn command(arguments: &TrainArgs) -> String {
    let mut words = vec!["narrative-frames".to_owned(), "train".to_owned()];
    words.extend(
        arguments
            .files
            .iter()
            .map(|file| quoted(&file.display().to_string())),
    );
    let mut option = |name: &str, value: Option<String>| {
        words.extend(
            value
                .into_iter()
                .flat_map(|value| [format!("--{name}"), quoted(&value)]),
        );
    };
    let path = |path: &std::path::PathBuf| path.display().to_string();
    option("recipe", arguments.recipe.as_ref().map(path));
    for set in &arguments.set {
        option("set", Some(set.clone()));
    }
    for field in &arguments.multi_label {
        option("multi-label", Some(field.clone()));
    }
    for field in &arguments.single_label {
        option("single-label", Some(field.clone()));
    }
    option("weight-field", arguments.weight_field.clone());
    option("taxonomy", arguments.taxonomy.as_ref().map(path));
    option("group-field", arguments.labels.group_field.clone());
    option("annotator-field", arguments.labels.annotator_field.clone());
    option("label-separator", arguments.labels.label_separator.clone());
    option(
        "input-format",
        arguments.input.input_format.map(|format| format.to_string()),
    );
    let differs = |value: &String, default: &str| (value != default).then(|| value.clone());
    option("text-field", differs(&arguments.input.text_field, "text"));
    option("id-field", differs(&arguments.input.id_field, "id"));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
