//! The surest errors, with the parts of their texts that led to them.

use maud::{Markup, html};
use narrative_frames::classifier::Evidence;
use narrative_frames::corpus::Document;

use super::{name, visible};
use crate::args::{DEFAULT_SLICE, EvaluateArgs};
use crate::evaluate::Evaluation;
use crate::evaluate::errors::{HeadErrors, LabelErrors, Mistake};
use crate::evaluate::measured::Measured;

/// Parts of a text that are marked.
const MARKED: usize = 6;
/// Bytes of a text that are shown, to the end of a letter.
const SHOWN_BYTES: usize = 2000;

pub(super) fn section(
    arguments: &EvaluateArgs,
    measured: &Measured<'_>,
    evaluation: &Evaluation,
) -> anyhow::Result<Markup> {
    let position = arguments.slice.iter().position(|field| field == DEFAULT_SLICE);
    let texts = Texts {
        measured,
        shown: !arguments.no_texts,
        language: position.unwrap_or(arguments.slice.len()),
    };
    let heads: Vec<Markup> = evaluation
        .errors
        .iter()
        .map(|head| texts.head(head))
        .collect::<Result<_, _>>()?;
    Ok(html! {
        p.note {
            "The five of each kind of which the model was surest, over the documents for which the head was asked."
            @if texts.shown {
                " Marked: the " (MARKED) " strongest parts that do not overlap, " mark.for { "for" } " or " mark.against { "against" }
                " the label, with what they add to the score before calibration."
            } @else { " Their texts were left out on request." }
        }
        @for head in heads { (head) }
    })
}

/// How the texts of errors are shown.
struct Texts<'a> {
    measured: &'a Measured<'a>,
    shown: bool,
    /// Where the language stands among the further fields of a document.
    language: usize,
}

impl Texts<'_> {
    fn head(&self, head: &HeadErrors) -> anyhow::Result<Markup> {
        let mut labels = Vec::new();
        for label in &head.labels {
            let kinds = [
                ("Given, not true", &label.false_positives),
                ("True, not given", &label.false_negatives),
            ];
            let mut lists = Vec::new();
            for (title, mistakes) in kinds {
                lists.push(self.list(title, mistakes, &head.head, label)?);
            }
            labels.push(html! {
                h4 { (name(&label.label)) }
                @for list in lists { (list) }
            });
        }
        Ok(html! {
            h3 { (name(&head.head)) }
            @for label in labels { (label) }
        })
    }

    fn list(
        &self,
        title: &str,
        mistakes: &[Mistake],
        head: &str,
        label: &LabelErrors,
    ) -> anyhow::Result<Markup> {
        let items: Vec<Markup> = mistakes
            .iter()
            .map(|mistake| self.mistake(mistake, head, &label.label))
            .collect::<Result<_, _>>()?;
        Ok(html! {
            h5 { (title) }
            @if items.is_empty() { p.note { "None." } }
            @else { ol.mistakes { @for item in items { li { (item) } } } }
        })
    }

    fn mistake(&self, mistake: &Mistake, head: &str, label: &str) -> anyhow::Result<Markup> {
        let document = &self.measured.corpus.documents()[mistake.document];
        let text = if self.shown {
            let evidence = self.measured.classifier.explain(&document.text, head, label)?;
            self.text(document, &strongest(evidence))
        } else {
            Markup::default()
        };
        Ok(html! {
            p.place {
                "probability " (format!("{:.3}", mistake.probability)) ", " (name(&mistake.location))
                @if let Some(id) = &mistake.id { ", " (name(id)) }
                "; true: " (names(&mistake.truth)) "; given: " (names(&mistake.given))
            }
            (text)
        })
    }

    fn text(&self, document: &Document, marks: &[Evidence]) -> Markup {
        let language = document.extra[self.language]
            .as_deref()
            .filter(|tag| is_language(tag));
        let text = &document.text;
        let mut end = SHOWN_BYTES.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let shown = &text[..end];
        let marks: Vec<&Evidence> = marks.iter().filter(|mark| mark.span.range().end <= end).collect();
        html! {
            p.text dir="auto" lang=[language] { (marked(shown, &marks)) }
            @if end < text.len() { p.note { "The first " (end) " of " (text.len()) " bytes." } }
            @if !marks.is_empty() {
                ul.weights {
                    @for mark in marks {
                        li { bdi lang=[language] { (visible(&text[mark.span.range()])) } " " (format!("{:+.2}", mark.weight)) }
                    }
                }
            }
        }
    }
}

/// The parts with the largest weights, no two of which overlap, in the order of the text.
fn strongest(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let mut chosen: Vec<Evidence> = Vec::new();
    for part in evidence {
        let overlaps =
            |other: &Evidence| part.span.start < other.span.end && other.span.start < part.span.end;
        if chosen.len() < MARKED && !chosen.iter().any(overlaps) {
            chosen.push(part);
        }
    }
    chosen.sort_by_key(|part| part.span.start);
    chosen
}

/// A text with its parts marked.
fn marked(text: &str, marks: &[&Evidence]) -> Markup {
    let starts = std::iter::once(0).chain(marks.iter().map(|mark| mark.span.range().end));
    let ends = marks
        .iter()
        .map(|mark| mark.span.range().start)
        .chain([text.len()]);
    let between: Vec<&str> = starts.zip(ends).map(|(start, end)| &text[start..end]).collect();
    html! {
        @for (position, before) in between.iter().enumerate() {
            (visible(before))
            @if let Some(mark) = marks.get(position) {
                @let class = if mark.weight > 0.0 { "for" } else { "against" };
                mark class=(class) title=(format!("{:+.2}", mark.weight)) { (visible(&text[mark.span.range()])) }
            }
        }
    }
}

fn names(labels: &[String]) -> Markup {
    html! { @if labels.is_empty() { "none" } @else { (name(&labels.join(", "))) } }
}

/// Whether a value can stand for a language in a page (BCP 47, in form).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(is_part)
}
