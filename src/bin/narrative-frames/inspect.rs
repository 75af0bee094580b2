//! `inspect`: what a model is.

use std::io::Write;

use narrative_frames::Classifier;
use narrative_frames::classifier::{Card, Head, Label, StrongFeature};
use narrative_frames::corpus::HeadKind;
use serde_json::{Value, json};

use crate::args::InspectArgs;
use crate::exit::Exit;
use crate::input::Model;
use crate::report::table;

pub(crate) fn run(arguments: &InspectArgs) -> anyhow::Result<Exit> {
    let model = Model::open(arguments.model.as_deref())?;
    let classifier = model.classifier();
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&json(classifier))?)?;
        return Ok(Exit::Success);
    }
    summary(&mut out, classifier)?;
    for head in classifier.heads() {
        write_head(&mut out, classifier, head, arguments.features)?;
    }
    write!(out, "\nrecipe\n{}", indented(&classifier.recipe().to_toml()))?;
    if let Some(card) = classifier.card() {
        write_card(&mut out, card)?;
    }
    Ok(Exit::Success)
}

/// Everything about a model but its weights.
fn json(classifier: &Classifier) -> Value {
    let label = |label: &Label| {
        json!({
            "label": label.name,
            "threshold": label.threshold,
            "calibration": { "slope": label.calibration.slope, "intercept": label.calibration.intercept },
        })
    };
    let head = |head: &Head| {
        json!({
            "head": head.name(),
            "kind": head.kind(),
            "requires": head.requires().map(|required| classifier.heads()[required].name()),
            "labels": head.labels().iter().map(label).collect::<Vec<_>>(),
        })
    };
    json!({
        "digest": classifier.digest(),
        "bytes": classifier.to_bytes().len(),
        "features": classifier.vectorizer().vocabulary().len(),
        "heads": classifier.heads().iter().map(head).collect::<Vec<_>>(),
        "recipe": classifier.recipe(),
        "provenance": classifier.provenance(),
        "card": classifier.card(),
    })
}

/// What the authors of the model say of it; what was measured is too long for a screen.
fn write_card(out: &mut impl Write, card: &Card) -> anyhow::Result<()> {
    writeln!(out, "\ncard (all of it: --json)")?;
    if let Some(about) = card.get("about") {
        write!(out, "{}", indented(&serde_json::to_string_pretty(about)?))?;
    }
    Ok(())
}

fn summary(out: &mut impl Write, classifier: &Classifier) -> anyhow::Result<()> {
    let provenance = classifier.provenance();
    let bytes = classifier.to_bytes();
    writeln!(out, "digest     {}", classifier.digest())?;
    writeln!(out, "size       {} bytes", bytes.len())?;
    writeln!(out, "written by narrative-frames {}", provenance.crate_version)?;
    writeln!(
        out,
        "command    {}",
        provenance.command.as_deref().unwrap_or("unknown")
    )?;
    writeln!(
        out,
        "corpus     {} documents, {}",
        provenance.documents, provenance.corpus_digest
    )?;
    writeln!(
        out,
        "taxonomy   {}",
        provenance.taxonomy_digest.as_deref().unwrap_or("none")
    )?;
    writeln!(out, "features   {}", classifier.vectorizer().vocabulary().len())?;
    let ranges = classifier.vectorizer().vocabulary().channel_ranges();
    for (channel, range) in classifier.vectorizer().channels().iter().zip(ranges) {
        writeln!(
            out,
            "  channel  {:?} {:?} {}..{}: {} features",
            channel.view(),
            channel.unit(),
            channel.min_n(),
            channel.max_n(),
            range.len()
        )?;
    }
    Ok(())
}

fn write_head(
    out: &mut impl Write,
    classifier: &Classifier,
    head: &Head,
    features: usize,
) -> anyhow::Result<()> {
    let kind = match head.kind() {
        HeadKind::MultiLabel => "any number of labels",
        HeadKind::SingleLabel => "one label",
    };
    let asked = head.requires().map_or_else(String::new, |required| {
        format!(", where {} gives one", classifier.heads()[required].name())
    });
    writeln!(out, "\n{}: {kind}{asked}", head.name())?;
    let strongest = &classifier.provenance().strongest[head.outputs()];
    let rows = head.labels().iter().zip(strongest).map(|(label, strongest)| {
        let calibration = format!(
            "{:.2} s {:+.2}",
            label.calibration.slope, label.calibration.intercept
        );
        let words: Vec<String> = strongest.iter().take(features).map(spelled).collect();
        vec![
            label.name.clone(),
            words.join(" "),
            format!("{:.3}", label.threshold),
            calibration,
        ]
    });
    write!(
        out,
        "{}",
        table(&["label", "strongest features", "threshold", "calibration"], rows)
    )?;
    Ok(())
}

/// The n-gram, its spaces made visible.
fn spelled(feature: &StrongFeature) -> String {
    feature.ngram.replace(' ', "␣")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
