//! Each way of calibration and of choosing thresholds, from training to prediction.

use std::path::Path;
use std::process::Command;

use narrative_frames::Recipe;
use narrative_frames::classifier::{Classifier, OutOfFold};
use narrative_frames::corpus::{Corpus, Document, HeadKind, HeadSpec};
use narrative_frames::decision::{Calibrator, Threshold};
use narrative_frames::error::Location;
use serde_json::Value;

const WEATHER: [&str; 6] = ["rain", "fog", "sun", "wind", "snow", "clouds"];
const FOOD: [&str; 6] = ["bread", "soup", "apples", "stew", "cake", "tea"];
const PLACES: [&str; 7] = [
    "hills", "harbour", "town", "valley", "market", "station", "library",
];
const TIMES: [&str; 5] = ["dawn", "noon", "dusk", "night", "lunch"];

/// Texts and their labels: weather, food or neither, one in six of them labelled as something else, so that no model is
/// right everywhere.
fn rows() -> Vec<(String, Vec<&'static str>)> {
    let mut rows = Vec::new();
    for (i, place) in PLACES.iter().enumerate() {
        for (j, time) in TIMES.iter().enumerate() {
            for k in 0..6 {
                let (text, label) = match (i + j + k) % 3 {
                    0 => (WEATHER[k], vec!["weather"]),
                    1 => (FOOD[k], vec!["food"]),
                    _ => ("minutes", vec![]),
                };
                let label = match (5 * i + 3 * j + k) % 6 {
                    0 => vec!["food"],
                    _ => label,
                };
                rows.push((format!("{text} at the {place} around {time}"), label));
            }
        }
    }
    rows
}

fn corpus() -> Corpus {
    let documents = rows()
        .into_iter()
        .zip(1..)
        .map(|((text, labels), line)| Document {
            location: Location { file: None, line },
            id: None,
            text,
            group: None,
            weight: 1.0,
            labels: vec![Some(labels.into_iter().map(str::to_owned).collect())],
            extra: vec![],
        });
    Corpus::new(
        vec![HeadSpec::new("topics", HeadKind::MultiLabel)],
        documents.collect(),
    )
    .expect("valid documents")
}

fn recipe(settings: &str) -> Recipe {
    let text = format!("[features]\nmin_df = 1\n{settings}");
    Recipe::from_toml(&text, "test").expect("a valid recipe")
}

fn fit(settings: &str) -> (Classifier, Vec<OutOfFold>) {
    let (classifier, report) = recipe(settings).fit(&corpus()).expect("enough documents");
    (classifier, report.out_of_fold)
}

/// Mean squared error of what `probability` makes of the out-of-fold probability of one label.
fn brier(answers: &OutOfFold, label: usize, probability: impl Fn(f64) -> f64) -> f64 {
    let pairs = answers.probabilities.column(label);
    let pairs = pairs.iter().zip(answers.truth.column(label));
    let errors = pairs.map(|(&p, &has)| (probability(p) - f64::from(u8::from(has))).powi(2));
    errors.sum::<f64>() / answers.documents.len() as f64
}

#[test]
fn every_method_gives_probabilities_and_a_file_that_gives_them_again() {
    for (method, isotonic) in [
        ("platt", false),
        ("isotonic", true),
        ("auto", false),
        ("none", false),
    ] {
        let (classifier, _) = fit(&format!("[calibration]\nmethod = \"{method}\""));
        let again = Classifier::from_bytes(&classifier.to_bytes()).expect("a good file");
        assert_eq!(again.to_bytes(), classifier.to_bytes());
        for label in classifier.heads()[0].labels() {
            let found = matches!(label.calibration, Calibrator::Isotonic(_));
            assert_eq!(found, isotonic, "{method}");
        }
        for (text, _) in rows().iter().step_by(7) {
            let prediction = again.predict(text).expect("a short text");
            assert_eq!(prediction, classifier.predict(text).expect("a short text"));
            let probabilities = prediction
                .head("topics")
                .expect("a head")
                .probabilities()
                .to_vec();
            assert!(
                probabilities.iter().all(|p| *p > 0.0 && *p < 1.0),
                "{method}: {probabilities:?}"
            );
        }
    }
}

/// On the scores it is learned from, no rising map has less squared error: neither Platt's nor no map at all.
#[test]
fn isotonic_is_never_worse_on_its_own_scores() {
    let (platt, of_platt) = fit("[calibration]\nmethod = \"platt\"");
    let (_, of_isotonic) = fit("[calibration]\nmethod = \"isotonic\"");
    for (label, own) in platt.heads()[0].labels().iter().enumerate() {
        let Calibrator::Platt(curve) = &own.calibration else {
            panic!("{own:?}");
        };
        assert!(curve.slope > 0.0, "{curve:?}");
        let uncalibrated = |p: f64| {
            let score = ((p / (1.0 - p)).ln() - f64::from(curve.intercept)) / f64::from(curve.slope);
            1.0 / (1.0 + (-score).exp())
        };
        let isotonic = brier(&of_isotonic[0], label, |p| p);
        assert!(isotonic <= brier(&of_platt[0], label, |p| p) + 1e-4);
        assert!(isotonic <= brier(&of_platt[0], label, uncalibrated) + 1e-4);
    }
}

/// Of each label, hits, given and positives out of fold.
fn counts(answers: &OutOfFold, label: usize, threshold: f64) -> [f64; 3] {
    let pairs = answers.probabilities.column(label);
    let mut counts = [0.0; 3];
    for (p, &has) in pairs.iter().zip(answers.truth.column(label)) {
        let given = *p >= threshold;
        for (count, is) in counts.iter_mut().zip([given && has, given, has]) {
            *count += f64::from(u8::from(is));
        }
    }
    counts
}

#[test]
fn a_recall_floor_is_met_out_of_fold() {
    for method in ["platt", "isotonic"] {
        for floor in [0.5, 0.9, 0.99] {
            let (classifier, answers) = fit(&format!(
                "[calibration]\nmethod = \"{method}\"\n[decision]\nthreshold = {{ recall = {floor} }}"
            ));
            for (label, own) in classifier.heads()[0].labels().iter().enumerate() {
                let [hits, given, positives] = counts(&answers[0], label, f64::from(own.threshold));
                assert!(
                    hits / positives >= floor,
                    "{method} {floor}: {hits} of {positives}"
                );
                let decided = answers[0].decided.column(label);
                assert_eq!(decided.iter().filter(|given| **given).count() as f64, given);
                // The next probability above would not do.
                let above = answers[0].probabilities.column(label);
                let above = above.iter().copied().filter(|p| *p >= f64::from(own.threshold));
                let lowest = above.fold(f64::INFINITY, f64::min);
                let [hits, ..] = counts(&answers[0], label, lowest + 1e-9);
                assert!(hits / positives < floor, "{method} {floor}");
            }
        }
    }
}

#[test]
fn operating_points_are_the_thresholds_of_their_rules() {
    let (classifier, _) = fit("[decision]\noperating_points = true\nthreshold = { probability = 0.5 }");
    let labels = classifier.heads()[0].labels();
    assert!(labels.iter().all(|label| label.threshold == 0.5));
    for (name, rule) in Threshold::OPERATING_POINTS {
        let mut recipe = recipe("");
        recipe.decision.threshold = rule;
        let (alone, _) = recipe.fit(&corpus()).expect("enough documents");
        for (label, alone) in labels.iter().zip(alone.heads()[0].labels()) {
            assert_eq!(label.operating_points[name], alone.threshold, "{name}");
            assert!(alone.operating_points.is_empty());
        }
    }
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrative-frames"));
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("it starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn train_inspect_and_predict_know_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = rows()
        .into_iter()
        .map(|(text, topics)| serde_json::json!({ "text": text, "topics": topics }).to_string());
    let lines: Vec<String> = lines.collect();
    std::fs::write(folder.path().join("a.jsonl"), lines.join("\n")).expect("a file");
    let run = |arguments: &[&str]| run(folder.path(), arguments);
    run(&[
        "train",
        "a.jsonl",
        "--multi-label",
        "topics",
        "--output",
        "m",
        "--set",
        "calibration.method=\"isotonic\"",
        "--set",
        "decision.threshold={recall=0.9}",
        "--set",
        "decision.operating_points=true",
    ]);
    let text = run(&["inspect", "m"]);
    for expected in ["f1", "precision 0.9", "recall 0.9", "isotonic, "] {
        assert!(text.contains(expected), "{text}");
    }
    let json: Value = serde_json::from_str(&run(&["inspect", "m", "--json"])).expect("JSON");
    let label = &json["heads"][0]["labels"][0];
    assert_eq!(label["operating_points"]["recall 0.9"], label["threshold"]);
    assert!(
        label["calibration"]["points"]
            .as_array()
            .is_some_and(|points| points.len() > 1)
    );
    let answer: Value =
        serde_json::from_str(&run(&["predict", "--model", "m", "--text", "snow at the hills"]))
            .expect("JSON");
    let p = answer["predictions"]["topics"]["probabilities"]["weather"].as_f64();
    assert!(p.is_some_and(|p| p > 0.5 && p < 1.0), "{answer}");
}

/// What isotonic labels need in a file is not in one that has none.
#[test]
fn the_shipped_model_is_written_as_it_was_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/narrative-frames.safetensors");
    let bytes = std::fs::read(path).expect("the shipped model");
    let model = Classifier::from_bytes(&bytes).expect("a good file");
    assert!(model.to_bytes() == bytes, "other bytes");
}
