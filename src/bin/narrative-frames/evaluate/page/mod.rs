//! The figures as a page: one file that needs nothing else, not even a network.
//!
//! All that stands in it comes through `maud`, which escapes it; there is no script, and the page itself forbids the
//! browser to load anything.

mod comparison;
mod confusion;
mod curves;
mod errors;
mod figures;
mod plot;
mod slices;
mod source;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Evaluation;
use super::measured::Measured;
use crate::args::EvaluateArgs;

const STYLE: &str = include_str!("style.css");
/// Nothing may be loaded from anywhere, and no script may run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

pub(super) fn page(
    arguments: &EvaluateArgs,
    measured: &Measured<'_>,
    evaluation: &Evaluation,
) -> anyhow::Result<String> {
    let mut sections = vec![
        (
            "evaluated",
            "What was evaluated",
            source::section(arguments, measured, evaluation),
        ),
        (
            "figures",
            "Figures by head and label",
            figures::section(&evaluation.heads),
        ),
    ];
    if let Some(comparison) = &evaluation.comparison {
        let section = comparison::section(comparison);
        sections.push(("comparison", "Compared with another model", section));
    }
    sections.extend([
        ("slices", "Slices", slices::section(&evaluation.slices)),
        (
            "confusion",
            "Confusion between labels",
            confusion::section(&evaluation.confusion),
        ),
        ("curves", "Curves", curves::section(&evaluation.curves)),
        (
            "errors",
            "Errors worth reading",
            errors::section(arguments, measured, evaluation)?,
        ),
    ]);
    Ok(document(evaluation, &sections).into_string())
}

fn document(evaluation: &Evaluation, sections: &[(&str, &str, Markup)]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" dir="ltr" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Evaluation of model " (&evaluation.model[..12]) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the figures" }
                header {
                    h1 { "Evaluation of a model" }
                    p.note {
                        (evaluation.documents) " documents, model " code { (&evaluation.model[..12]) }
                        ". Labels are about texts, never about persons."
                    }
                    nav aria-label="Sections" {
                        ul { @for (id, title, _) in sections { li { a href={ "#" (id) } { (title) } } } }
                    }
                }
                main id="main" {
                    @for (id, title, body) in sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { (title) }
                            (body)
                        }
                    }
                }
            }
        }
    }
}

/// A table that scrolls by itself where it is too wide, also with the keyboard.
fn wide(name: &str, table: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(visible(name)) { (table) } }
}

/// A name or value from outside, which may run from right to left.
fn name(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
}

/// A text without the control characters that HTML does not allow: each is shown as a replacement character.
fn visible(text: &str) -> String {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    text.chars()
        .map(|c| {
            if forbidden(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}
