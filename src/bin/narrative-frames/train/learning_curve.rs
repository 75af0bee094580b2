//! `--learning-curve`: whether more labels would help.

use std::io::Write;

use narrative_frames::classifier::LearningCurve;
use narrative_frames::metrics::{Estimate, HeadReport};

use crate::report::{interval, table};

/// A table a head, and one sentence.
pub(super) fn print(out: &mut impl Write, curve: &LearningCurve) -> anyhow::Result<()> {
    let heads = curve.steps.first().map_or(0, |step| step.heads.len());
    for head in 0..heads {
        let reports: Vec<&HeadReport> = curve.steps.iter().map(|step| &step.heads[head]).collect();
        let rows = curve.steps.iter().zip(&reports).map(|(step, report)| {
            vec![
                format!("1/{:.0}", 1.0 / step.part),
                step.documents.to_string(),
                interval(&report.micro_average.f1),
                interval(&report.macro_average.f1),
            ]
        });
        writeln!(out, "\n{}: learning curve, held-out documents", reports[0].head)?;
        write!(
            out,
            "{}",
            table(&["part", "learned from", "micro-F1", "macro-F1"], rows)
        )?;
        if let [.., half, whole] = &reports[..] {
            writeln!(
                out,
                "{}",
                verdict(&half.macro_average.f1, &whole.macro_average.f1)
            )?;
        }
    }
    Ok(())
}

/// What twice the documents did, and what that says of twice as many again.
fn verdict(half: &Estimate, whole: &Estimate) -> String {
    /// A change that is worth the work of labelling.
    const WORTH: f64 = 0.01;
    let change = whole.value - half.value;
    let did = format!("Twice the documents changed macro-F1 by {change:+.3}");
    if whole.value > half.high && change >= WORTH {
        format!("{did}, more than chance would: more labels would help.")
    } else if change >= WORTH {
        format!("{did}, which may be chance: more labels might help.")
    } else {
        format!("{did}: more labels of this kind would hardly help.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_follows_the_last_doubling() {
        let at = |value: f64| Estimate {
            value,
            low: value - 0.03,
            high: value + 0.03,
        };
        assert!(
            verdict(&at(0.6), &at(0.7)).ends_with("+0.100, more than chance would: more labels would help.")
        );
        assert!(verdict(&at(0.6), &at(0.62)).ends_with("might help."));
        assert!(verdict(&at(0.6), &at(0.6)).ends_with("+0.000: more labels of this kind would hardly help."));
        assert!(verdict(&at(0.6), &at(0.5)).contains("-0.100"));
    }
}
