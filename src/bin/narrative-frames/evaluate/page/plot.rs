//! Diagrams as SVG, drawn with the colours of the page.
//!
//! Written by hand: the diagrams are three, and a plotting library would bring colours of its own, which do not change
//! with the page from light to dark.

use maud::{Markup, html};
use narrative_frames::metrics::{Cut, HistogramBin, ReliabilityBin};

/// Width and height of the plane in which both axes go from 0 to 1, and the margins for the numbers.
const WIDTH: f64 = 260.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 44.0;
const BELOW: f64 = 38.0;
const ABOVE: f64 = 10.0;

fn x(value: f64) -> f64 {
    LEFT + value * WIDTH
}

fn y(value: f64) -> f64 {
    ABOVE + (1.0 - value) * HEIGHT
}

/// Precision by recall, as steps.
pub(super) fn precision_recall(name: &str, curve: &[Cut]) -> Markup {
    let mut path = String::new();
    let mut before = 0.0;
    for cut in curve {
        let start = if path.is_empty() { "M" } else { "L" };
        path += &format!(
            "{start}{:.1} {:.1}H{:.1}",
            x(before),
            y(cut.precision),
            x(cut.recall)
        );
        before = cut.recall;
    }
    axes(
        name,
        "recall",
        "precision",
        "1",
        html! { path class="curve" d=(path) {} },
    )
}

/// The part that is true by probability; the area of a dot grows with its documents.
pub(super) fn reliability(name: &str, bins: &[ReliabilityBin]) -> Markup {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
    let dots = bins.iter().filter_map(|bin| {
        let radius = 2.5 + 7.0 * (bin.count as f64 / most as f64).sqrt();
        Some((bin.mean_probability?, bin.fraction_positive?, radius))
    });
    let inside = html! {
        path class="ideal" d=(format!("M{:.1} {:.1}L{:.1} {:.1}", x(0.0), y(0.0), x(1.0), y(1.0))) {}
        @for (mean, part, radius) in dots {
            circle class="dot" cx=(format!("{:.1}", x(mean))) cy=(format!("{:.1}", y(part))) r=(format!("{radius:.1}")) {}
        }
    };
    axes(name, "probability", "part that is true", "1", inside)
}

/// How many documents have each probability, on a scale of square roots so that few can be seen beside many: filled
/// where they have the label, an outline where they do not.
pub(super) fn histogram(name: &str, bins: &[HistogramBin], threshold: f64) -> Markup {
    let counts = || bins.iter().flat_map(|bin| [bin.positives, bin.negatives]);
    let most = counts().max().unwrap_or(0).max(1);
    let height = |count: u64| (count as f64 / most as f64).sqrt();
    let bar = |bin: &HistogramBin, count: u64, class: &'static str| {
        html! {
            @if count > 0 {
                rect class=(class) x=(format!("{:.1}", x(bin.low) + 1.0)) y=(format!("{:.1}", y(height(count))))
                    width=(format!("{:.1}", WIDTH * (bin.high - bin.low) - 2.0)) height=(format!("{:.1}", HEIGHT * height(count))) {}
            }
        }
    };
    let inside = html! {
        @for bin in bins {
            (bar(bin, bin.positives, "positive"))
            (bar(bin, bin.negatives, "negative"))
        }
        path class="ideal" d=(format!("M{0:.1} {1:.1}V{2:.1}", x(threshold), y(0.0), y(1.0))) {}
    };
    axes(
        name,
        "probability",
        "documents (√ scale)",
        &most.to_string(),
        inside,
    )
}

/// A plane with its axes; `name` is what a reader who does not see it is told.
fn axes(name: &str, horizontal: &str, vertical: &str, top: &str, inside: Markup) -> Markup {
    let grid: String = [0.0, 0.25, 0.5, 0.75, 1.0]
        .iter()
        .map(|&at| {
            format!(
                "M{:.1} {:.1}V{:.1}M{:.1} {:.1}H{:.1}",
                x(at),
                y(0.0),
                y(1.0),
                x(0.0),
                y(at),
                x(1.0)
            )
        })
        .collect();
    let middle = ABOVE + HEIGHT / 2.0;
    html! {
        svg role="img" aria-label=(super::visible(name)) viewBox=(format!("0 0 {} {}", LEFT + WIDTH + 14.0, ABOVE + HEIGHT + BELOW)) {
            path class="grid" d=(grid) {}
            @for (at, number) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] {
                text x=(x(at)) y=(y(0.0) + 15.0) text-anchor="middle" { (number) }
            }
            @for (at, number) in [(0.0, "0"), (1.0, top)] {
                text x=(LEFT - 6.0) y=(y(at) + 4.0) text-anchor="end" { (number) }
            }
            text x=(LEFT + WIDTH / 2.0) y=(y(0.0) + 31.0) text-anchor="middle" { (horizontal) }
            text x="14" y=(middle) text-anchor="middle" transform=(format!("rotate(-90 14 {middle})")) { (vertical) }
            (inside)
        }
    }
}
