//! True labels by labels given.

use maud::{Markup, html};

use super::{name, wide};
use crate::evaluate::confusion::ConfusionTable;

pub(super) fn section(tables: &[ConfusionTable]) -> Markup {
    html! {
        p.note {
            "Rows are true labels, columns labels given; framed cells are right. A document with several labels counts once for "
            "each pair. The darker a cell, the larger its part of the row."
        }
        @for table in tables {
            h3 { (name(&table.head)) }
            (wide(&format!("Confusion in head {}", table.head), &matrix(table)))
        }
    }
}

fn matrix(table: &ConfusionTable) -> Markup {
    let labels = || table.labels.iter().map(String::as_str).chain(["no label"]);
    html! {
        table.matrix {
            caption { "Head " (name(&table.head)) ": documents by true label and label given" }
            thead { tr {
                th scope="col" { "true \\ given" }
                @for label in labels() { th scope="col" { (name(label)) } }
            } }
            tbody {
                @for (row, (label, counts)) in labels().zip(&table.counts).enumerate() {
                    tr {
                        th scope="row" { (name(label)) }
                        @for (column, &count) in counts.iter().enumerate() {
                            td.right[row == column] style=[shade(count, counts)] { (count) }
                        }
                    }
                }
            }
        }
    }
}

/// The background of a cell, by its part of the row; light enough for the number to be read.
fn shade(count: u64, row: &[u64]) -> Option<String> {
    let part = count as f64 / row.iter().sum::<u64>().max(1) as f64;
    (count > 0).then(|| format!("background: rgb(var(--heat) / {:.2})", 0.05 + 0.4 * part))
}
