//! `inspect`: what a model is.

use std::collections::BTreeSet;
use std::io::Write;

use narrative_frames::Classifier;
use narrative_frames::classifier::{Card, Head, Label, StrongFeature};
use narrative_frames::corpus::HeadKind;
use narrative_frames::decision::Calibrator;
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
            "calibration": match &label.calibration {
                Calibrator::Platt(platt) => json!({ "slope": platt.slope, "intercept": platt.intercept }),
                Calibrator::Isotonic(isotonic) => json!({ "points": isotonic.points() }),
            },
            "operating_points": label.operating_points,
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
    let points = head
        .labels()
        .iter()
        .flat_map(|label| label.operating_points.keys());
    let points: BTreeSet<&str> = points.map(String::as_str).collect();
    let rows = head.labels().iter().zip(strongest).map(|(label, strongest)| {
        let calibration = match &label.calibration {
            Calibrator::Platt(platt) => format!("{:.2} s {:+.2}", platt.slope, platt.intercept),
            Calibrator::Isotonic(isotonic) => format!("isotonic, {} points", isotonic.points().len()),
        };
        let words: Vec<String> = strongest.iter().take(features).map(spelled).collect();
        let mut row = vec![
            label.name.clone(),
            words.join(" "),
            format!("{:.3}", label.threshold),
        ];
        row.extend(points.iter().map(|point| {
            let threshold = label.operating_points.get(*point);
            threshold.map_or_else(String::new, |threshold| format!("{threshold:.3}"))
        }));
        row.push(calibration);
        row
    });
    let mut columns = vec!["label", "strongest features", "threshold"];
    columns.extend(points.iter().copied());
    columns.push("calibration");
    write!(out, "{}", table(&columns, rows))?;
    Ok(())
}

/// The n-gram, its spaces made visible.
fn spelled(feature: &StrongFeature) -> String {
    feature.ngram.replace(' ', "␣")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
