//! The model beside another.

use maud::{Markup, html};
use narrative_frames::metrics::{Difference, HeadComparison};

use super::{name, number, wide};
use crate::evaluate::comparison::Comparison;

pub(super) fn section(comparison: &Comparison) -> Markup {
    html! {
        p {
            "The other model: " (name(&comparison.path)) ", digest " code { (&comparison.model) }
            ". Differences above 0 mean that the model is better than the other; in bold where the interval leaves 0 out. "
            "Both were measured on the same draws of documents (paired bootstrap)."
        }
        p.note { "Of twenty labels, one is likely to differ clearly by chance." }
        @for head in &comparison.heads { (differences(head)) }
        @for head in &comparison.left_out { p { (name(&head.head)) " was not compared: " (head.reason) "." } }
    }
}

fn differences(head: &HeadComparison) -> Markup {
    let wholes = [
        ("all labels right", &head.accuracy),
        ("micro F1", &head.micro_f1),
        ("macro F1", &head.macro_f1),
    ];
    let table = html! {
        table {
            caption { "Head " (name(&head.head)) ", " (head.documents) " documents" }
            thead { tr { @for column in ["score", "model", "other", "difference"] { th scope="col" { (column) } } } }
            tbody {
                @for (name, score) in wholes { (row(&html! { (name) }, score, "average")) }
                @for label in &head.labels { (row(&html! { "F1 of " (name(&label.label)) }, &label.f1, "label")) }
            }
        }
    };
    html! {
        h3 { (name(&head.head)) }
        (wide(&format!("Differences in head {}", head.head), &table))
    }
}

fn row(name: &Markup, score: &Difference, class: &str) -> Markup {
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { (number(Some(score.value))) }
            td { (number(Some(score.other))) }
            td.clear[score.is_clear()] {
                (format!("{:+.3}", score.difference))
                span.interval { (format!("[{:+.3}, {:+.3}]", score.low, score.high)) }
            }
        }
    }
}
