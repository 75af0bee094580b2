//! The functional suite and the bias suite: what the shipped model does with kinds of text that matter.
//!
//! `cargo test --test functional -- --nocapture` prints both tables. The gates are in `suite.toml` and `bias.rs`.

#![allow(clippy::print_stdout, reason = "the tables are what people read")]

mod bias;
mod case;
mod disguise;
mod leakage;

use std::collections::BTreeMap;

use narrative_frames::Classifier;
use narrative_frames::classifier::Prediction;
use narrative_frames::metrics::wilson;

use self::case::{Asks, Case, Gate, Test, cases, suite};
use self::disguise::{Numbers, disguise};

/// Tests whose texts are put in disguise.
const DISGUISED: [&str; 6] = ["F07", "F08", "F10", "F12", "F29", "F31"];
/// Disguised texts of one kind.
const DISGUISED_CASES: usize = 300;

fn predict(text: &str) -> Prediction<'static> {
    Classifier::embedded().predict(text).expect("short")
}

fn has_endorse(prediction: &Prediction<'_>) -> bool {
    prediction.labels("stance").contains(&"endorse")
}

fn probabilities(prediction: &Prediction<'_>) -> Vec<Vec<f32>> {
    prediction
        .heads()
        .map(|head| head.probabilities().to_vec())
        .collect()
}

fn same_labels(a: &Prediction<'_>, b: &Prediction<'_>) -> bool {
    ["frames", "stance"]
        .iter()
        .all(|head| a.labels(head) == b.labels(head))
}

/// The cases of a test; disguised ones have the plain text as their twin.
fn cases_of(test: &Test) -> Vec<Case> {
    let Some(name) = &test.disguise else {
        return cases(&test.id);
    };
    let disguised = |case: Case| {
        let text = disguise(name, &case.text, &mut Numbers::new(&case.id))?;
        Some(Case {
            twin: Some(case.text),
            text,
            ..case
        })
    };
    let plain = DISGUISED.iter().flat_map(|id| cases(id));
    let disguised: Vec<Case> = plain.filter_map(disguised).collect();
    // Spread over all kinds of text.
    let step = (disguised.len() / DISGUISED_CASES).max(1);
    disguised.into_iter().step_by(step).collect()
}

fn passes(test: &Test, case: &Case, prediction: &Prediction<'_>) -> bool {
    let twin = || predict(case.twin.as_deref().expect("a case of this test has a twin"));
    let (frames, stance) = (prediction.labels("frames"), prediction.labels("stance"));
    let found = case.frames.iter().all(|frame| frames.contains(&frame.as_str()));
    let passes = match test.asks {
        Asks::Bits => probabilities(prediction) == probabilities(&twin()),
        Asks::Twin => same_labels(prediction, &twin()),
        Asks::Frames => found,
        Asks::Labels if case.stances.is_empty() => frames.is_empty() || (test.report && stance == ["report"]),
        Asks::Labels => {
            found
                && stance
                    .iter()
                    .any(|stance| case.stances.iter().any(|right| right == stance))
        }
    };
    passes || (test.abstain && prediction.abstained())
}

/// What came out of one test.
#[derive(Default)]
struct Outcome {
    cases: u64,
    passed: u64,
    endorsed: u64,
    /// Cases that should not be endorsed.
    guarded: u64,
    by_dialect: BTreeMap<String, (u64, u64)>,
}

fn run(test: &Test) -> Outcome {
    let mut outcome = Outcome::default();
    for case in cases_of(test) {
        let prediction = predict(&case.text);
        let passed = passes(test, &case, &prediction);
        outcome.cases += 1;
        outcome.passed += u64::from(passed);
        if !case.stances.iter().any(|stance| stance == "endorse") {
            outcome.guarded += 1;
            outcome.endorsed += u64::from(has_endorse(&prediction));
        }
        let dialect = outcome.by_dialect.entry(case.dialect).or_default();
        dialect.0 += u64::from(passed);
        dialect.1 += 1;
    }
    outcome
}

fn share(part: u64, of: u64) -> f64 {
    part as f64 / of.max(1) as f64
}

#[test]
fn every_gate_holds() {
    println!(
        "\n{:5} {:38} {:>5}  {:>5} {:>13} {:>5}  {:>7} {:>5}",
        "test", "", "cases", "pass", "95 %", "gate", "endorse", "gate"
    );
    let mut broken = Vec::new();
    for test in suite().test {
        let outcome = run(&test);
        let (pass, endorse) = (
            share(outcome.passed, outcome.cases),
            share(outcome.endorsed, outcome.guarded),
        );
        let interval = wilson(outcome.passed, outcome.cases, 0.95);
        let gate = |gate: Option<Gate>| gate.map_or("-".to_owned(), |gate| format!("{:.2}", gate.gate));
        println!(
            "{:5} {:38} {:5}  {pass:5.3} [{:.3}, {:.3}] {:>5}  {endorse:7.4} {:>5}",
            test.id,
            test.name,
            outcome.cases,
            interval.low,
            interval.high,
            gate(test.pass),
            gate(test.endorse)
        );
        if test.id == "F28" {
            for (dialect, (passed, cases)) in &outcome.by_dialect {
                println!("      {dialect:38} {cases:5}  {:5.3}", share(*passed, *cases));
            }
        }
        if test.pass.is_some_and(|gate| pass < gate.floor) {
            broken.push(format!("{}: {pass:.3} pass", test.id));
        }
        if test.endorse.is_some_and(|gate| endorse > gate.floor) {
            broken.push(format!("{}: {endorse:.4} endorse", test.id));
        }
    }
    assert!(broken.is_empty(), "below the floor: {broken:?}");
}
