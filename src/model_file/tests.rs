//! Files of small models, whole and broken.

use sha2::Digest;

use super::*;
use crate::classifier::tests::{corpus, recipe};
use crate::classifier::{Classifier, Recipe};
use crate::decision::{CalibrationMethod, Calibrator};
use crate::error::{ErrorKind, ModelFileError};

fn small_model() -> Classifier {
    let mut recipe: Recipe = recipe();
    recipe.features = recipe.features.min_df(6);
    recipe.fit(&corpus()).expect("enough documents").0
}

fn problem(bytes: &[u8]) -> ModelFileError {
    let error = Classifier::from_bytes(bytes).expect_err("a broken file");
    match error.kind() {
        ErrorKind::ModelFile(problem) => problem.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_is_read() {
    let model = small_model();
    let bytes = model.to_bytes();
    let again = Classifier::from_bytes(&bytes).expect("a good file");
    assert_eq!(again.to_bytes(), bytes);
    for document in corpus().documents() {
        assert_eq!(
            again.predict(&document.text).ok(),
            model.predict(&document.text).ok()
        );
    }
}

#[test]
fn other_tools_can_open_it() {
    let bytes = small_model().to_bytes();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).expect("a safetensors container");
    let mut names = tensors.names();
    names.sort_unstable();
    assert_eq!(
        names,
        ["intercepts", "vocabulary.hashes", "vocabulary.idf", "weights"]
    );
}

#[test]
fn every_truncation_is_rejected() {
    let bytes = small_model().to_bytes();
    for length in 0..bytes.len() {
        problem(&bytes[..length]);
    }
    problem(&[bytes.as_slice(), b"\0"].concat());
}

#[test]
fn every_bit_flip_is_rejected() {
    let mut bytes = small_model().to_bytes();
    for position in 0..bytes.len() {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            problem(&bytes);
            bytes[position] ^= 1 << bit;
        }
    }
    assert!(Classifier::from_bytes(&bytes).is_ok());
}

/// Changes a good file and mends its digest, as somebody would who wants to be believed.
fn forged(from: &str, to: &str) -> ModelFileError {
    assert_eq!(from.len(), to.len(), "the container's offsets must stay");
    let mut bytes = small_model().to_bytes();
    let position = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .expect("the file holds what is to be changed");
    bytes[position..position + from.len()].copy_from_slice(to.as_bytes());
    mend(&mut bytes);
    problem(&bytes)
}

fn mend(bytes: &mut [u8]) {
    if let Some(range) = header::digest_range(bytes) {
        let digest = header::digest(bytes, range.clone());
        bytes[range].copy_from_slice(digest.as_bytes());
    }
}

#[test]
fn forged_headers_are_rejected() {
    type Expected = fn(&ModelFileError) -> bool;
    let cases: [(&str, &str, Expected); 11] = [
        (r#"\"documents\":36"#, r#"\"documents\":-1"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
        (r#"\"strongest\":[["#, r#"\"strongest\":[]"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
        (r#"format_version\":\"3\"#, r#"format_version\":\"1\"#, |p| {
            matches!(p, ModelFileError::Version { .. })
        }),
        (r#"text_version\":\"3\"#, r#"text_version\":\"9\"#, |p| {
            matches!(p, ModelFileError::Version { .. })
        }),
        (r#"text_version"#, r#"test_version"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
        (
            r#"\"kind\":\"multi-label\""#,
            r#"\"kind\":\"multi-lable\""#,
            |p| matches!(p, ModelFileError::Header(_)),
        ),
        (r#"\"requires\":0"#, r#"\"requires\":1"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
        (r#"\"slope\":"#, r#"\"slopf\":"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
        (r#"weight_unit\":0.0"#, r#"weight_unit\":0e0"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
        (r#""weights":{"#, r#""weightz":{"#, |p| {
            matches!(p, ModelFileError::Tensor { .. })
        }),
        (r#"narrative-frames":"{"#, r#"narrative-framez":"{"#, |p| {
            matches!(p, ModelFileError::Header(_))
        }),
    ];
    for (from, to, expected) in cases {
        let problem = forged(from, to);
        assert!(expected(&problem), "{from} to {to}: {problem}");
    }
}

/// A model whose labels have isotonic maps and operating points.
fn isotonic_model() -> Classifier {
    let mut recipe: Recipe = recipe();
    recipe.features = recipe.features.min_df(6);
    recipe.calibration.method = CalibrationMethod::Isotonic;
    recipe.decision.operating_points = true;
    recipe.fit(&corpus()).expect("enough documents").0
}

#[test]
fn isotonic_maps_and_operating_points_are_read_again() {
    let model = isotonic_model();
    let again = Classifier::from_bytes(&model.to_bytes()).expect("a good file");
    assert_eq!(again.heads(), model.heads());
    assert_eq!(again.to_bytes(), model.to_bytes());
    let label = &again.heads()[0].labels()[0];
    assert!(matches!(label.calibration, Calibrator::Isotonic(_)));
    let points: Vec<_> = label.operating_points.keys().collect();
    assert_eq!(points, ["f1", "precision 0.9", "recall 0.9"]);
    // Nothing of this is in a file that does not use it.
    let plain = small_model().to_bytes();
    let holds = |key: &str| plain.windows(key.len()).any(|window| window == key.as_bytes());
    assert!(!holds("isotonic") && !holds("operating_points"));
}

/// The header of a good file, changed as JSON.
fn rewritten(change: impl Fn(&mut serde_json::Value)) -> Result<(), ModelFileError> {
    let model = isotonic_model();
    let head = header::WireHead::from(&model.heads()[0]);
    let mut json = serde_json::to_value(head).expect("numbers and strings");
    change(&mut json["labels"][0]);
    let head: header::WireHead =
        serde_json::from_value(json).map_err(|error| ModelFileError::Header(error.to_string()))?;
    head.labels().map(|_| ())
}

#[test]
fn malformed_calibrations_are_rejected() {
    use serde_json::json;
    assert_eq!(rewritten(|_| ()), Ok(()));
    for (points, expected) in [
        (json!([]), "0 points, expected 1 to 64"),
        (json!(vec![[0.0, 0.5]; 65]), "65 points, expected 1 to 64"),
        (json!([[0.0, 0.5], [0.0, 0.5]]), "ascending"),
        (json!([[1.0, 0.5], [0.0, 0.5]]), "ascending"),
        (json!([[0.0, 0.5], [1.0, 0.4]]), "never fall"),
        (json!([[0.0, 1.5]]), "a probability above 0, below 1"),
        (json!([[0.0, -0.5]]), "a probability above 0, below 1"),
        (json!([[1e39, 0.5]]), "a finite score"),
        (json!([[0.0]]), "invalid length 1"),
        (json!([[0.0, null]]), "invalid type: null"),
    ] {
        let problem = rewritten(|label| label["isotonic"] = points.clone()).expect_err("malformed");
        let ModelFileError::Header(message) = problem else {
            panic!("{problem}");
        };
        assert!(message.contains(expected), "{points}: {message}");
    }
    let both = json!({"slope": 1.0, "intercept": 0.0});
    for (key, value, expected) in [
        ("calibration", both, "needs one of"),
        ("isotonic", json!(null), "needs one of"),
        ("isotonik", json!(1), "unknown field `isotonik`"),
        ("operating_points", json!({"f1": 1.5}), "has a threshold of 1.5"),
        ("threshold", json!(-1.0), "has a threshold of -1"),
    ] {
        let problem = rewritten(|label| label[key] = value.clone()).expect_err("malformed");
        assert!(problem.to_string().contains(expected), "{key}: {problem}");
    }
}

#[test]
fn forged_arrays_are_rejected() {
    let good = small_model().to_bytes();
    // The hashes come first after the header (the widest type).
    let header_end = 8 + u64::from_le_bytes(good[..8].try_into().expect("eight bytes")) as usize;
    let mut doubled = good.clone();
    let (first, second) = (header_end..header_end + 8, header_end + 8..header_end + 16);
    doubled[first].copy_from_slice(&good[second]);
    mend(&mut doubled);
    assert!(matches!(problem(&doubled), ModelFileError::Header(_)));
    // Intercepts come next.
    let intercepts = header_end + 8 * small_model().vectorizer().vocabulary().len();
    for value in [f32::NAN, f32::INFINITY] {
        let mut bytes = good.clone();
        bytes[intercepts..intercepts + 4].copy_from_slice(&value.to_le_bytes());
        mend(&mut bytes);
        assert!(matches!(problem(&bytes), ModelFileError::Tensor { .. }));
    }
}

#[test]
fn other_files_are_rejected() {
    for bytes in [
        &b""[..],
        b"PK\x03\x04",
        b"\x80\x04\x95",
        b"{}",
        &[0xFF; 64],
        &[0; 64],
    ] {
        assert!(
            matches!(problem(bytes), ModelFileError::Container(_)),
            "{bytes:?}"
        );
    }
}

#[test]
fn a_file_is_saved_whole_or_not_at_all() {
    let model = small_model();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    model.save(&path).expect("a folder to write to");
    assert_eq!(
        Classifier::load(&path).expect("a good file").to_bytes(),
        model.to_bytes()
    );
    let missing = folder.path().join("nowhere").join("model.safetensors");
    assert!(matches!(
        model.save(&missing).expect_err("no folder").kind(),
        ErrorKind::Io { action: "write", .. }
    ));
    assert!(matches!(
        Classifier::load(&missing).expect_err("no file").kind(),
        ErrorKind::Io { action: "read", .. }
    ));
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "no temporary file is left");
}

/// A model trained with other concepts has other features: what is in the lexicon belongs to the version of the text.
#[test]
fn the_concepts_are_those_of_the_text_version() {
    let digest = header::hex(&sha2::Sha256::digest(include_bytes!("../../data/concepts.txt")));
    let expected = "56e69ee72a3b282b920834a3a46546a4a2d3cbfcf46ed4298e0134120a05e9b7";
    assert_eq!(
        (header::TEXT_VERSION, digest.as_str()),
        ("3", expected),
        "raise TEXT_VERSION with every change of the concepts, and train the shipped model again"
    );
}
