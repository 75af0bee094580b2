//! The figures of each head, by label and averaged.

use maud::{Markup, html};
use narrative_frames::metrics::{Estimate, HeadReport};

use super::{name, number, wide};

pub(super) fn section(heads: &[HeadReport]) -> Markup {
    html! { @for head in heads { (figures(head)) } }
}

fn figures(head: &HeadReport) -> Markup {
    let table = html! {
        table {
            caption { "Head " (name(&head.head)) ", label by label" }
            thead { tr {
                th scope="col" { "label" }
                @for column in ["true", "given", "precision", "recall", "F1", "AP", "ROC-AUC", "Brier", "ECE"] {
                    th scope="col" { (column) }
                }
            } }
            tbody {
                @for label in &head.labels {
                    tr {
                        th scope="row" { (name(&label.label)) }
                        td { (label.positives) } td { (label.predicted) }
                        @for score in [&label.precision, &label.recall, &label.f1] { td { (estimate(score)) } }
                        @for score in [label.average_precision, label.roc_auc, label.brier, label.calibration_error] {
                            td { (number(score)) }
                        }
                    }
                }
                (averages(head))
            }
        }
    };
    html! {
        h3 { (name(&head.head)) }
        p {
            (head.documents) " documents"
            @if head.unknown > 0 { ", and " (head.unknown) " whose labels are not known" }
            ". "
            @if let Some(score) = &head.accuracy { "Accuracy: " (estimate(score)) "." }
            @if let Some(score) = &head.exact_match { "All labels right: " (estimate(score)) "." }
        }
        (wide(&format!("Figures of head {}", head.head), &table))
    }
}

fn averages(head: &HeadReport) -> Markup {
    let (micro, mean) = (&head.micro_average, &head.macro_average);
    html! {
        tr.average {
            th scope="row" { "micro average" } td {} td {}
            @for score in [&micro.precision, &micro.recall, &micro.f1] { td { (estimate(score)) } }
            @for _ in 0..4 { td {} }
        }
        tr.average {
            th scope="row" { "macro average" } td {} td {}
            @for score in [&mean.precision, &mean.recall, &mean.f1] { td { (estimate(score)) } }
            @for score in [mean.average_precision, mean.roc_auc, mean.brier, mean.calibration_error] {
                td { (number(score)) }
            }
        }
    }
}

/// A score and its interval.
pub(super) fn estimate(score: &Estimate) -> Markup {
    html! {
        (number(Some(score.value)))
        span.interval { "[" (number(Some(score.low))) ", " (number(Some(score.high))) "]" }
    }
}
