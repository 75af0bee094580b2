//! Why a job cannot go on.

use std::path::PathBuf;

/// The cases of a job that is refused.
#[derive(Debug, thiserror::Error)]
pub(in crate::predict) enum JobError {
    #[error(
        "{} belongs to a job that was not finished; --resume goes on with it, or remove it and {}",
        journal.display(),
        partial.display()
    )]
    NotFinished { journal: PathBuf, partial: PathBuf },
    #[error("{} is there without its journal {}; remove it, or give another --output", partial.display(), journal.display())]
    WithoutJournal { journal: PathBuf, partial: PathBuf },
    #[error("another process works on the job of {}", journal.display())]
    InUse { journal: PathBuf },
    #[error(
        "--resume: {} was begun with another {what} ({begun}, now {now}); begin anew by removing it",
        journal.display()
    )]
    OtherTerms {
        journal: PathBuf,
        what: String,
        begun: String,
        now: String,
    },
    #[error(
        "--resume: the input is not what {} was begun with: up to byte {byte} of {input} it has other bytes; begin anew by \
         removing it",
        journal.display()
    )]
    OtherInput {
        journal: PathBuf,
        input: String,
        byte: u64,
    },
    #[error("--resume: {} is damaged: {problem}; begin anew by removing it", path.display())]
    Damaged { path: PathBuf, problem: String },
    #[error("--resume: {what}; only files can be read again, and only a file can be gone on with")]
    NotResumable { what: String },
}
