//! The documents by the value of a field, worst first.

use maud::{Markup, html};
use narrative_frames::metrics::HeadReport;

use super::figures::estimate;
use super::{name, wide};
use crate::evaluate::Slice;

/// Values shown at once; the others wait to be opened.
const SHOWN: usize = 20;

pub(super) fn section(slices: &[Slice]) -> Markup {
    let by_field: Vec<&[Slice]> = slices.chunk_by(|a, b| a.field == b.field).collect();
    html! {
        @if slices.is_empty() { p { "No record has a field to slice by; name one with " code { "--slice" } "." } }
        @else {
            p.note {
                "Surely worst first: by the upper end of the interval of documents that are right. F1 only where a document has a label."
            }
        }
        @for slices in by_field {
            h3 { "By " (name(&slices[0].field)) }
            @for head in 0..slices[0].heads.len() { (of_head(slices, head)) }
        }
    }
}

fn of_head(slices: &[Slice], head: usize) -> Markup {
    let mut rows: Vec<(&Slice, &HeadReport)> = slices
        .iter()
        .map(|slice| (slice, &slice.heads[head]))
        .filter(|(_, report)| report.documents > 0)
        .collect();
    rows.sort_by(|(_, a), (_, b)| at_best(a).total_cmp(&at_best(b)));
    let (worst, others) = rows.split_at(rows.len().min(SHOWN));
    html! {
        @if !worst.is_empty() { (table(worst)) }
        @if !others.is_empty() {
            details {
                summary { (others.len()) " more values for " (name(&slices[0].heads[head].head)) }
                (table(others))
            }
        }
    }
}

fn table(rows: &[(&Slice, &HeadReport)]) -> Markup {
    let (slice, report) = rows[0];
    let whole = if report.single_label {
        "accuracy"
    } else {
        "all labels right"
    };
    let table = html! {
        table {
            caption { "Head " (name(&report.head)) " by " (name(&slice.field)) }
            thead { tr {
                th scope="col" { (name(&slice.field)) }
                @for column in ["documents", whole, "micro F1", "macro F1"] { th scope="col" { (column) } }
            } }
            tbody {
                @for (slice, report) in rows {
                    tr {
                        th scope="row" { (name(&slice.value)) }
                        td { (report.documents) }
                        @for score in report.accuracy.iter().chain(&report.exact_match) { td { (estimate(score)) } }
                        @for f1 in [&report.micro_average.f1, &report.macro_average.f1] {
                            td { @if has_labels(report) { (estimate(f1)) } @else { "–" } }
                        }
                    }
                }
            }
        }
    };
    wide(&format!("Head {} by {}", report.head, slice.field), &table)
}

/// The upper end of the interval of documents that are right.
fn at_best(report: &HeadReport) -> f64 {
    let whole = report.accuracy.as_ref().or(report.exact_match.as_ref());
    whole.map_or(1.0, |estimate| estimate.high)
}

fn has_labels(report: &HeadReport) -> bool {
    report.labels.iter().any(|label| label.positives > 0)
}
