//! Three diagrams for each label.

use maud::{Markup, html};

use super::{name, number, plot};
use crate::evaluate::curves::{Curves, LabelCurves};

pub(super) fn section(curves: &[Curves]) -> Markup {
    html! {
        p.note {
            "Over the documents for which a head was asked. A probability means what it says where the dots of the middle diagram lie "
            "on the broken line; the larger a dot, the more documents. Bars: "
            span.key.positive { "documents with the label" } ", " span.key.negative { "documents without" }
            "; the broken line is the threshold of the model. " code { "--json" } " writes every number."
        }
        @for curves in curves {
            h3 { (name(&curves.head)) }
            @for label in &curves.labels { (diagrams(&curves.head, label)) }
        }
    }
}

fn diagrams(head: &str, label: &LabelCurves) -> Markup {
    let documents: u64 = label
        .histogram
        .iter()
        .map(|bin| bin.positives + bin.negatives)
        .sum();
    let positives: u64 = label.histogram.iter().map(|bin| bin.positives).sum();
    let [precision_recall, reliability, histogram] = [ranking(label), calibration(label), places(label)];
    html! {
        h4 { (name(&label.label)) }
        @if documents == 0 { p { "The head was asked for no document with known labels." } }
        @else {
            p.note {
                (positives) " of " (documents) " documents have it; AP " (number(label.average_precision))
                ", ECE " (number(label.calibration_error)) "."
            }
            div.plots {
                figure {
                    (plot::precision_recall(&format!("{head}, {}, precision by recall: {precision_recall}", label.label), &label.precision_recall))
                    figcaption { "Precision by recall: " (precision_recall) }
                }
                figure {
                    (plot::reliability(&format!("{head}, {}, reliability: {reliability}", label.label), &label.reliability))
                    figcaption { "Reliability: " (reliability) }
                }
                figure {
                    (plot::histogram(&format!("{head}, {}, probabilities by truth: {histogram}", label.label), &label.histogram, f64::from(label.threshold)))
                    figcaption { "Probabilities by truth: " (histogram) }
                }
            }
        }
    }
}

/// What the first diagram shows, in words.
fn ranking(label: &LabelCurves) -> String {
    let at = |recall: f64| label.precision_recall.iter().find(|cut| cut.recall >= recall);
    let parts: Vec<String> = [0.5, 0.8]
        .into_iter()
        .filter_map(|recall| Some(format!("{:.2} at recall {recall}", at(recall)?.precision)))
        .collect();
    if parts.is_empty() {
        "no document has the label.".to_owned()
    } else {
        format!("precision {}.", parts.join(", "))
    }
}

/// What the second shows.
fn calibration(label: &LabelCurves) -> String {
    let bins = label
        .reliability
        .iter()
        .filter(|bin| bin.count >= 20)
        .filter_map(|bin| Some((bin.mean_probability?, bin.fraction_positive?)));
    let widest = bins.max_by(|a, b| (a.0 - a.1).abs().total_cmp(&(b.0 - b.1).abs()));
    widest.map_or_else(
        || "no bin has 20 documents.".to_owned(),
        |(mean, part)| format!("of bins of 20 and more, the worst says {mean:.2} where {part:.2} are true."),
    )
}

/// What the third shows.
fn places(label: &LabelCurves) -> String {
    let upper = || label.histogram.iter().filter(|bin| bin.low >= 0.5);
    let positives: u64 = upper().map(|bin| bin.positives).sum();
    let negatives: u64 = upper().map(|bin| bin.negatives).sum();
    format!(
        "{positives} with the label and {negatives} without lie at 0.5 or above; the threshold is {:.2}.",
        label.threshold
    )
}
