//! What a job did: for people and, as JSON, for programs.

use serde_json::{Map, Value, json};

use super::state::State;

/// The state as JSON. Only the fields of time and rate depend on anything but input, model and options.
pub(super) fn json(state: &State) -> Value {
    let counts = &state.counts;
    let heads = state.heads().map(|(head, counts)| {
        let labels = head.labels.iter().cloned();
        let labels: Map<String, Value> = labels
            .zip(counts.labels.iter().map(|&count| count.into()))
            .collect();
        let entry = json!({"labels": labels, "without_label": counts.without_label});
        (head.name.clone(), entry)
    });
    let heads: Map<String, Value> = heads.collect();
    json!({
        "records": counts.records,
        "scored": counts.records - counts.failed(),
        "failed": counts.failed(),
        "errors": counts.errors,
        "abstained": counts.abstained,
        "heads": heads,
        "input_bytes": state.input_bytes,
        "resumed_at_record": state.resumed_at,
        "duration_seconds": state.seconds(),
        "records_per_second": state.rate(),
    })
}

/// One line: how many records, how fast.
fn line(state: &State) -> String {
    let counts = &state.counts;
    let resumed = match state.resumed_at {
        0 => String::new(),
        records => format!(" ({records} of them before this run)"),
    };
    format!(
        "{} posts{resumed}, {} failed, {} abstained; {:.1} s, {:.0} posts/s",
        counts.records,
        counts.failed(),
        counts.abstained,
        state.seconds(),
        state.rate()
    )
}

/// The line, errors by kind, and how often each label was given.
pub(super) fn text(state: &State) -> String {
    let mut text = line(state);
    let of = |name: &str, count: u64| format!("{name} {count}");
    if !state.counts.errors.is_empty() {
        let errors = state.counts.errors.iter();
        let errors: Vec<String> = errors.map(|(kind, &count)| of(kind, count)).collect();
        text += &format!("\n  errors: {}", errors.join(", "));
    }
    for (head, counts) in state.heads() {
        let labels = head.labels.iter().zip(&counts.labels);
        let mut labels: Vec<String> = labels.map(|(label, &count)| of(label, count)).collect();
        labels.push(of("no label", counts.without_label));
        text += &format!("\n  {}: {}", head.name, labels.join(", "));
    }
    text
}
