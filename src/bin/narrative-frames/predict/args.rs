//! What can be said to `predict`.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

use crate::args::InputArgs;
use crate::messages::LogFormat;

/// Bytes of output between two checkpoints of a job that can be resumed: 64 MiB.
const CHECKPOINT_BYTES: NonZeroU64 = NonZeroU64::new(64 << 20).expect("it is not zero");

/// Scores posts: one JSON record a post, in input order.
///
/// A post that cannot be scored becomes an error record in its place; the command then ends with exit code
/// 3 and says how many there were. Memory does not grow with the input.
///
/// Output: {"id":"a7","line":3,"predictions":{"frames":{"labels":["minor_setback"],"probabilities":{...}},
/// "stance":{...}},"abstained":false}. Where a post holds invisible characters, bidirectional overrides, words of mixed
/// scripts or letters spaced out, "diagnostics" counts them; the labels do not depend on them. With several files,
/// "file" comes first; with --keep, "input" comes before "predictions".
///
/// With --output, files are a job that can be interrupted in any way, a loss of power or a full disk among them: the
/// same command with --resume goes on from the last checkpoint, and the output is the same to the byte. Until then
/// OUTPUT.partial and OUTPUT.journal stand beside the output. Another model, input or option is refused.
///
/// Progress is shown on a terminal; a summary comes at the end, on standard error; on Unix, the signal USR1 asks for it at
/// any time.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  narrative-frames predict --text 'The statement calls the loss of the town a minor setback.'
  narrative-frames predict posts.jsonl.gz --output scored.jsonl
  narrative-frames predict 'posts/*.jsonl.zst' --output scored.jsonl --resume --metrics scored.prom
  narrative-frames predict posts.csv --keep lang,date --only frames --min-probability 0.1
  tail -f posts.txt | narrative-frames predict --input-format txt --labels-only")]
pub(crate) struct PredictArgs {
    /// Files to score: .jsonl, .ndjson, .csv, .tsv or .txt, also with .gz or .zst. Wildcards (*, ?, [...], **) that the
    /// shell left are resolved, in the order of the names. Standard input (JSON lines unless --input-format says
    /// otherwise) if none is given, or for -.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Scores this text instead of files.
    #[arg(long, value_name = "STRING", conflicts_with_all = ["files", "keep", "resume", "summary", "metrics"])]
    pub(crate) text: Option<String>,
    /// Model file; the model inside the program if not given.
    #[arg(long, value_name = "PATH")]
    pub(crate) model: Option<PathBuf>,
    /// File to write to; it appears under this name only when it is complete. Standard output if not given.
    #[arg(long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Go on with a job that was interrupted; begin it if there is none.
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
    /// Bytes of output between two checkpoints; after an interruption, so much is done again at most, and one batch. The
    /// output is the same for any number.
    #[arg(long, value_name = "BYTES", requires = "output", default_value_t = CHECKPOINT_BYTES)]
    pub(crate) checkpoint: NonZeroU64,
    /// Fields of the input to repeat in each record under "input", null where a record lacks one; all for every field, in the
    /// order of their names. Numbers that do not fit 64 bits are rounded. Error records have none.
    #[arg(long, value_name = "FIELD,...", value_delimiter = ',')]
    pub(crate) keep: Vec<String>,
    /// Leave the probabilities out.
    #[arg(long)]
    pub(crate) labels_only: bool,
    /// Leave probabilities below this one out; the labels stay as they are.
    #[arg(long, value_name = "P", conflicts_with = "labels_only", value_parser = probability)]
    pub(crate) min_probability: Option<f32>,
    /// Only what this head says; "abstained" is still about all. Repeatable.
    #[arg(long, value_name = "HEAD")]
    pub(crate) only: Vec<String>,
    /// Read bytes that are not UTF-8 as U+FFFD, as browsers do, instead of making an error record.
    #[arg(long)]
    pub(crate) lossy: bool,
    /// File to write the summary to, as JSON; its duration and rate are of this run alone, all else of the whole job.
    #[arg(long, value_name = "PATH")]
    pub(crate) summary: Option<PathBuf>,
    /// File for Prometheus (text format) that is written again while the job runs, at most once a second, and at its end.
    #[arg(long, value_name = "PATH")]
    pub(crate) metrics: Option<PathBuf>,
    /// How messages on standard error look.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) log_format: LogFormat,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

fn probability(value: &str) -> Result<f32, String> {
    let number = value.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}
