//! True labels by labels given.

use maud::{Markup, html};

use super::{name, wide};
use crate::evaluate::confusion::ConfusionTable;

pub(super) fn section(tables: &[ConfusionTable]) -> Markup {
    html! {
        p.note {
            "Rows are true labels, columns labels given; outlined cells are right. A document with several labels counts once for "
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
    let n_labels = table.labels.len();
    let rows = labels().zip(&table.counts).enumerate();
    let rows = rows.filter(|(row, (_, counts))| *row < n_labels || counts.iter().any(|&count| count > 0));
    html! {
        table.matrix {
            caption { "Head " (name(&table.head)) ": documents by true label and label given" }
            thead { tr {
                th scope="col" { "true \\ given" }
                @for label in labels() { th scope="col" { (name(label)) } }
            } }
            tbody {
                // A document with exactly one label is never without: the last row may be empty.
                @for (row, (label, counts)) in rows {
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
