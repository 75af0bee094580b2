//! Warnings on standard error: what to look at before a model is trusted.

use narrative_frames::Recipe;
use narrative_frames::checks::{check, contradictions};
use narrative_frames::classifier::{CalibrationSource, LabelTraining, TrainingReport};
use narrative_frames::corpus::Corpus;

use crate::messages::warn;

/// With fewer documents that have it, the figures of a label are mostly chance.
pub(super) const FEW: usize = 20;

/// Says what looks wrong with the corpus; of copies, whose search takes long, if they are asked for.
pub(super) fn of_corpus(corpus: &Corpus, with_copies: bool) -> anyhow::Result<()> {
    check(corpus)?.iter().for_each(warn);
    if with_copies {
        contradictions(corpus)?.iter().for_each(warn);
    }
    Ok(())
}

/// Says which labels are rare, and which did not converge.
pub(super) fn of_training(report: &TrainingReport, recipe: &Recipe) {
    for label in &report.labels {
        if let Some(warning) = rare(label, recipe) {
            warn(&warning);
        }
        if !label.convergence.converged {
            warn(&format!(
                "label {:?} of head {:?} did not converge in {} iterations (gap {:.1e}); \
                 raise training.max_iterations or training.tolerance",
                label.label, label.head, label.convergence.iterations, label.convergence.criterion
            ));
        }
    }
}

fn rare(label: &LabelTraining, recipe: &Recipe) -> Option<String> {
    let is_calibrated = recipe.calibration.method.needs_folds();
    let rests_on = match label.calibration {
        CalibrationSource::Common => "those of the other labels of its head together",
        CalibrationSource::Identity if is_calibrated => "none: its scores are taken as they are",
        _ if label.positives < FEW => {
            return Some(format!(
                "label {:?} of head {:?} has {} positive documents of {}, fewer than {FEW}: what is learned of it, and \
                 any figure about it, is mostly chance",
                label.label, label.head, label.positives, label.known
            ));
        }
        _ => return None,
    };
    Some(format!(
        "label {:?} of head {:?} has {} positive documents in {} groups, of {} documents, and cannot be held out in each \
         of {} folds: its calibration and threshold are {rests_on}",
        label.label, label.head, label.positives, label.groups, label.known, recipe.calibration.folds
    ))
}
