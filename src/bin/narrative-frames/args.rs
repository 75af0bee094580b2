//! What can be said on the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use narrative_frames::records::Format;

use crate::predict::PredictArgs;

/// Finds narrative frames of violent-extremist messaging in posts, and whether the author endorses,
/// reports or counters them.
///
/// For triage and research. It labels texts, never persons; its output is no ground for removal by
/// itself. What the model was measured on, and what it cannot do, stands in models/README.md.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Threads to work with; as many as there are processors if not given. The output is the same for any
    /// number.
    #[arg(long, global = true, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Predict(PredictArgs),
    Train(TrainArgs),
    Tune(TuneArgs),
    Evaluate(EvaluateArgs),
    Inspect(InspectArgs),
    Card(CardArgs),
    Lint(LintArgs),
    Split(SplitArgs),
}

/// The field to slice by if none is named; it need not be there.
pub(crate) const DEFAULT_SLICE: &str = "lang";

/// Where records come from.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Format of the input, if the extension and the first record do not say it: jsonl, json (an array), csv, tsv, txt
    /// (a post a line), label-studio, label-studio-min, doccano, prodigy, argilla or fasttext.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<Format>,
    /// Field that holds the text.
    #[arg(long, value_name = "FIELD", default_value = "text")]
    pub(crate) text_field: String,
    /// Field that holds the id.
    #[arg(long, value_name = "FIELD", default_value = "id")]
    pub(crate) id_field: String,
}

/// How the labels of a corpus are found.
#[derive(Debug, Args)]
pub(crate) struct LabelArgs {
    /// Field whose documents stay together in cross-validation and in confidence intervals.
    #[arg(long, value_name = "FIELD")]
    pub(crate) group_field: Option<String>,
    /// Field that says who labelled a record. Records of one id (of one text, if they have none) are then one document,
    /// and its labels are those of the majority; a tie is unknown. Label Studio, Prodigy and Argilla say it themselves.
    #[arg(long, value_name = "FIELD")]
    pub(crate) annotator_field: Option<String>,
    /// What parts the labels of a field that is not a JSON list, such as "," or "|".
    #[arg(long, value_name = "TEXT")]
    pub(crate) label_separator: Option<String>,
}

/// What is learned, from which records, and how.
#[derive(Debug, Args)]
pub(crate) struct LearnArgs {
    /// Labelled files.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Recipe: every choice of the training, as TOML. Defaults if not given.
    #[arg(long, value_name = "TOML")]
    pub(crate) recipe: Option<PathBuf>,
    /// Sets one key of the recipe, such as training.c=4 or 'decision.threshold={precision=0.9}'. Repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Field with any number of labels: a head of its own. Repeatable.
    #[arg(long, value_name = "FIELD")]
    pub(crate) multi_label: Vec<String>,
    /// Field with exactly one label: a head of its own. Repeatable.
    #[arg(long, value_name = "FIELD")]
    pub(crate) single_label: Vec<String>,
    /// Field with the weight of each document.
    #[arg(long, value_name = "FIELD")]
    pub(crate) weight_field: Option<String>,
    #[command(flatten)]
    pub(crate) labels: LabelArgs,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Trains a model on labelled records and writes it to a file.
///
/// Heads come from the recipe and from --multi-label and --single-label; each is the name of a field. Labels
/// are a JSON list, text (see --label-separator), or an object of booleans that says which labels are known; null or a
/// missing field means unknown, which is never negative. Ends with what was read and used, and, where several annotators
/// labelled a document, with Krippendorff's alpha.
///
/// Exports of annotation tools are read as they are. Label Studio: a head is the name of a <Choices> control. Prodigy:
/// label or accept. doccano: label. Argilla: a question, or annotation in old versions. fastText: label.
///
/// Warnings on standard error tell what to look at first: texts that are empty, words that give a label away, labels
/// with few documents; with --check-labels, copies with other labels. Files appear only when everything is done.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  narrative-frames train posts.csv --multi-label topics --label-separator '|' --output topics.safetensors
  narrative-frames train data/train.jsonl --recipe models/recipe.toml --group-field meaning_id \\
      --taxonomy data/taxonomy.toml --output model.safetensors
  narrative-frames train project-7.json --multi-label topics --text-field body --output topics.safetensors
  narrative-frames train sheet.csv --annotator-field coder --single-label tone --output tone.safetensors
  narrative-frames train a.jsonl b.jsonl --single-label tone --set training.c=4 --output tone.safetensors
  narrative-frames train a.jsonl --single-label tone --output tone.safetensors --check-labels doubtful.jsonl \\
      --learning-curve --card card.md")]
pub(crate) struct TrainArgs {
    /// File to write the model to.
    #[arg(long, value_name = "MODEL")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) learn: LearnArgs,
    /// Taxonomy that every label must stand in; its digest goes into the model.
    #[arg(long, value_name = "TOML")]
    pub(crate) taxonomy: Option<PathBuf>,
    /// File to write labels to that are probably wrong, as JSON lines, the least believable first: those that a model
    /// trained on the other documents contradicts (confident learning, Northcutt et al. 2021). Also warns of exact and near
    /// copies with other labels.
    #[arg(long, value_name = "JSONL")]
    pub(crate) check_labels: Option<PathBuf>,
    /// Put the texts into the file of --check-labels.
    #[arg(long, requires = "check_labels")]
    pub(crate) with_text: bool,
    /// Also print how good models of 1/8, 1/4, 1/2 and all of the documents are, and whether more labels would help.
    /// Takes two to three times as long.
    #[arg(long)]
    pub(crate) learning_curve: bool,
    /// File to write a draft of a model card to: Markdown, or JSON or TOML by its extension (.json, .toml). What its
    /// author must write is marked TODO(author).
    #[arg(long, value_name = "PATH")]
    pub(crate) card: Option<PathBuf>,
}

/// Searches for the recipe that suits labelled records.
///
/// Starts from a recipe (or the defaults) and tries others: n-grams, views, min_df, length, c, class_weight, prior, thresholds.
/// Each trial is a cross-validation that keeps groups together; what counts is macro-F1 of the decisions on documents
/// held out, the mean over heads. Most recipes are tried on a part of the documents only; the best go on.
///
/// The order of trials and their figures depend on files, recipe, --folds and --seed alone, at any number of threads; the
/// clock only decides how many there are. Give --trials instead of --budget for the same answer every time. The best of
/// many looks a little better than it is: evaluate it on records that were not given here.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  narrative-frames tune train.csv --single-label topic --output best.toml
  narrative-frames tune train.jsonl --recipe start.toml --group-field author --budget 1h \\
      --journal tune.jsonl --output best.toml
  narrative-frames train train.csv --recipe best.toml --output model.safetensors")]
pub(crate) struct TuneArgs {
    /// File to write the best recipe to.
    #[arg(long, value_name = "RECIPE")]
    pub(crate) output: PathBuf,
    /// Time to search: such as 90s, 10m or 1h30m. No trial is begun that would probably end later. [default: 10m, or no limit with
    /// --trials]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) budget: Option<Duration>,
    /// Ends after so many trials, those resumed included.
    #[arg(long, value_name = "N")]
    pub(crate) trials: Option<NonZeroUsize>,
    /// Folds of the cross-validation: 2 to 20. [default: calibration.folds of the recipe]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=20))]
    pub(crate) folds: Option<u8>,
    /// Seed of the folds, the parts of the corpus and the recipes drawn.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// File that notes each finished trial as a JSON line; trials that it has are not run again.
    #[arg(long, value_name = "PATH")]
    pub(crate) journal: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) learn: LearnArgs,
}

/// A length of time above 0.
fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|error| format!("{error}; expected such as 90s, 10m or 1h30m"))?;
    if duration.is_zero() {
        return Err("expected more than no time".to_owned());
    }
    Ok(duration)
}

/// Measures a model on labelled records.
///
/// Prints, for each head, precision, recall, F1, average precision, ROC-AUC, Brier score and calibration
/// error, by label and averaged, with 95 % intervals; then the same for each value of --slice.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  narrative-frames evaluate data/test.jsonl --group-field meaning_id
  narrative-frames evaluate data/test.jsonl --group-field meaning_id --html report.html --no-texts
  narrative-frames evaluate mine.csv --model new.safetensors --compare old.safetensors
  narrative-frames evaluate mine.csv --model mine.safetensors --label-separator '|' --json figures.json")]
pub(crate) struct EvaluateArgs {
    /// Labelled files; the fields of the labels are named as the heads of the model.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Model file; the model inside the program if not given.
    #[arg(long, value_name = "PATH")]
    pub(crate) model: Option<PathBuf>,
    /// Field by whose values to measure once more. Repeatable.
    #[arg(long, value_name = "FIELD", default_value = DEFAULT_SLICE)]
    pub(crate) slice: Vec<String>,
    /// Files the model was trained on: counts the documents that have a copy or a near copy in them, and warns. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Vec<PathBuf>,
    /// Another model to measure on the same records: differences in accuracy and F1, with paired intervals; above 0
    /// where the model is better than this one.
    #[arg(long, value_name = "OTHER_MODEL")]
    pub(crate) compare: Option<PathBuf>,
    /// File to write the same figures to, as JSON, with curves, histograms, confusion, and where the surest errors
    /// stand; no texts.
    #[arg(long, value_name = "PATH")]
    pub(crate) json: Option<PathBuf>,
    /// File to write a page to, complete in itself, for people: the same figures as tables and diagrams, and the surest
    /// errors with the parts of their texts that led to them.
    #[arg(long, value_name = "PATH")]
    pub(crate) html: Option<PathBuf>,
    /// Leave the texts, which may be sensitive, out of the page.
    #[arg(long, requires = "html")]
    pub(crate) no_texts: bool,
    /// Also print, over all documents, how often the labels of each probability are true, and what other thresholds
    /// would give.
    #[arg(long)]
    pub(crate) curves: bool,
    #[command(flatten)]
    pub(crate) labels: LabelArgs,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Tells what a model is: heads, labels, channels, sizes, digests, recipe, strongest features.
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// Model file; the model inside the program if not given.
    #[arg(value_name = "MODEL")]
    pub(crate) model: Option<PathBuf>,
    /// Features to show for each label.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) features: usize,
    /// Print the whole header as JSON, the card with it.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Puts a card into a model file: what its authors say of the model, and what was measured.
///
/// The card takes the place of the one the model has; without options, the model has none. Its weights, and what it answers, stay as they are; its digest
/// changes. `inspect` shows it.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  narrative-frames evaluate test.jsonl --model mine.safetensors --json figures.json
  narrative-frames card mine.safetensors --about about.toml --evaluation figures.json")]
pub(crate) struct CardArgs {
    /// Model file; written again.
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// TOML: intended use, data, limits, whatever readers of the model should know.
    #[arg(long, value_name = "TOML")]
    pub(crate) about: Option<PathBuf>,
    /// Figures that `evaluate --json` wrote.
    #[arg(long, value_name = "JSON")]
    pub(crate) evaluation: Option<PathBuf>,
}

/// Checks a corpus of this project against its schema and the authoring rules.
///
/// Give all files of the corpus together: some rules are about the whole of it, and no group of rows may
/// stand in two files. Ends with exit code 1 if it finds anything.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  narrative-frames lint data/train.jsonl data/dev.jsonl data/test.jsonl")]
pub(crate) struct LintArgs {
    /// Files of the corpus, JSON lines.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Taxonomy of frames, stances and sources.
    #[arg(long, value_name = "TOML", default_value = "data/taxonomy.toml")]
    pub(crate) taxonomy: PathBuf,
    /// Word lists, quotas and limits.
    #[arg(long, value_name = "TOML", default_value = "data/rules.toml")]
    pub(crate) rules: PathBuf,
    /// Invented names.
    #[arg(long, value_name = "TOML", default_value = "data/gazetteer.toml")]
    pub(crate) gazetteer: PathBuf,
    /// Print instead how many wordings there are of each frame: distinct words, and how alike each row and the one
    /// nearest to it are (Jaccard index of character 5-grams): half of the rows stay below the median, nine in ten below
    /// the last column.
    #[arg(long)]
    pub(crate) spread: bool,
}

/// Splits labelled records into files of training, development and test, or into folds.
///
/// Every file has its share of each label, as nearly as can be (iterative stratification). Records of one group, one
/// document, and exact and near copies (Jaccard index of character 5-grams at least 0.7) go to one file. Records are
/// written as they stand in the input, in its order: lines as lines, elements of a JSON array into an array, rows of a table
/// below its header; without compression and byte order mark, each with a line end. The same input, shares and seed give
/// the same files.
///
/// Prints what each file has of records, groups (records that had to stay together count once) and labels; how far each is
/// off its share, in percentage points; and how many pairs of copies were kept together.
///
/// With --rules, splits the corpus of this project, whose old rows must stay where they are when new ones are added: by a
/// salted hash, 70, 10 and 20 of 100, rows of one template, meaning or pair and near duplicates in one file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  narrative-frames split posts.csv --multi-label topics --label-separator '|' --output parts
  narrative-frames split project-7.json --multi-label topics --text-field body --group-field author \\
      --shares 80,20 --seed 3 --output parts
  narrative-frames split posts.jsonl.gz --single-label tone --folds 5 --output folds
  narrative-frames split data/train.jsonl data/dev.jsonl data/test.jsonl new.jsonl --rules data/rules.toml --output data")]
pub(crate) struct SplitArgs {
    /// Files to split, all of one format, tables of one header.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Folder to write to: train, dev and test, or fold-1, fold-2 and so on, with the extension of the format.
    #[arg(long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Field with any number of labels, to be spread. Repeatable.
    #[arg(long, value_name = "FIELD")]
    pub(crate) multi_label: Vec<String>,
    /// Field with exactly one label, to be spread. Repeatable.
    #[arg(long, value_name = "FIELD")]
    pub(crate) single_label: Vec<String>,
    /// Shares of training, development and test, or of training and test, in proportion.
    #[arg(
        long,
        value_name = "N,N[,N]",
        value_delimiter = ',',
        default_value = "70,10,20"
    )]
    pub(crate) shares: Vec<f64>,
    /// Split into so many parts of one size instead.
    #[arg(long, value_name = "N", conflicts_with = "shares", value_parser = clap::value_parser!(u8).range(2..=100))]
    pub(crate) folds: Option<u8>,
    /// Another number gives another split.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Split the corpus of this project, JSON lines, with the salt of these rules.
    #[arg(long, value_name = "TOML", conflicts_with_all = ["multi_label", "single_label", "shares", "folds", "seed", "LabelArgs", "InputArgs"])]
    pub(crate) rules: Option<PathBuf>,
    /// With --rules: invented names, masked before rows are compared.
    #[arg(
        long,
        value_name = "TOML",
        default_value = "data/gazetteer.toml",
        requires = "rules"
    )]
    pub(crate) gazetteer: PathBuf,
    #[command(flatten)]
    pub(crate) labels: LabelArgs,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}
