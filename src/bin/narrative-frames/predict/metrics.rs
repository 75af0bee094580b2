//! The state as a text file for Prometheus, such as its node exporter collects.

use std::fmt::Write;

use super::state::State;

/// The text format of Prometheus, version 0.0.4.
pub(super) fn text(state: &State, finished: bool) -> String {
    let counts = &state.counts;
    let mut text = Text::default();
    text.family(
        "records_total",
        "counter",
        "Records scored or turned into errors.",
    );
    text.sample("records_total", &[], counts.records);
    text.family("errors_total", "counter", "Records that became errors.");
    for (kind, count) in &counts.errors {
        text.sample("errors_total", &[("kind", kind)], count);
    }
    text.family("abstained_total", "counter", "Records too close to call.");
    text.sample("abstained_total", &[], counts.abstained);
    text.family("labels_total", "counter", "Records that were given a label.");
    for (head, counts) in state.heads() {
        for (label, count) in head.labels.iter().zip(&counts.labels) {
            text.sample("labels_total", &[("head", &head.name), ("label", label)], count);
        }
    }
    text.family(
        "without_label_total",
        "counter",
        "Records without a label of a head.",
    );
    for (head, counts) in state.heads() {
        text.sample(
            "without_label_total",
            &[("head", &head.name)],
            counts.without_label,
        );
    }
    text.family(
        "input_bytes_total",
        "counter",
        "Bytes read, before they were decompressed.",
    );
    text.sample("input_bytes_total", &[], state.input_bytes);
    text.family("run_seconds", "gauge", "How long this run has worked.");
    text.sample("run_seconds", &[], format!("{:.3}", state.seconds()));
    text.family("finished", "gauge", "1 if everything was scored.");
    text.sample("finished", &[], u8::from(finished));
    text.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let name = format!("narrative_frames_{name}");
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        let labels = match labels.is_empty() {
            true => String::new(),
            false => format!("{{{}}}", labels.join(",")),
        };
        let _ = writeln!(self.0, "narrative_frames_{name}{labels} {value}");
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
