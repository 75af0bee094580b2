//! The model in `models/` is what its card says it is.

use narrative_frames::Classifier;
use narrative_frames::taxonomy::Taxonomy;

const MODEL: &str = "models/narrative-frames.safetensors";

/// Trains the shipped model again by the command that it carries and compares every byte but the card, which is written
/// later; that the number of threads changes nothing is tested on a small corpus (`classifier/tests.rs`).
#[test]
fn training_again_gives_the_same_bytes() {
    let shipped = std::fs::read(MODEL).expect("the shipped model");
    let command = Classifier::embedded()
        .provenance()
        .command
        .clone()
        .expect("a command");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .args(command.split(' ').skip(1))
        .arg("--output")
        .arg(&path)
        .status()
        .expect("the program starts");
    assert!(status.success());
    let mut again = Classifier::load(&path).expect("a model");
    again.set_card(Classifier::embedded().card().cloned());
    assert!(
        again.to_bytes() == shipped,
        "run models/train.sh and commit its result"
    );
}

#[test]
fn the_embedded_model_is_the_file() {
    assert!(Classifier::embedded().to_bytes() == std::fs::read(MODEL).expect("the shipped model"));
}

#[test]
fn its_labels_are_those_of_the_taxonomy() {
    let taxonomy = Taxonomy::load("data/taxonomy.toml").expect("the taxonomy");
    let classifier = Classifier::embedded();
    assert_eq!(
        classifier.provenance().taxonomy_digest.as_deref(),
        Some(taxonomy.digest())
    );
    let labels = |head: &str| -> Vec<String> {
        let head = classifier.head(head).expect("a head");
        head.labels().iter().map(|label| label.name.clone()).collect()
    };
    let sorted = |ids: Vec<&str>| {
        let mut ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(
        labels("frames"),
        sorted(taxonomy.frames().iter().map(|f| f.id.as_str()).collect())
    );
    assert_eq!(
        labels("stance"),
        sorted(taxonomy.stances().iter().map(|s| s.id.as_str()).collect())
    );
}

/// Invariances that hold by construction of the normalizer: the same bits.
#[test]
fn disguises_change_no_bit() {
    let classifier = Classifier::embedded();
    let said = |text| {
        let prediction = classifier.predict(text).expect("short");
        let heads = prediction
            .heads()
            .map(|head| (head.decided().to_vec(), head.probabilities().to_vec()));
        (heads.collect::<Vec<_>>(), prediction.abstained())
    };
    let plain = "قالت الحركة إن خسارة مدينة بعيدة مجرد نكسة صغيرة في 10 أعوام";
    for disguised in [
        "قالـــت الحركة إن خســـارة مدينة بعيدة مجرد نكسة صغيرة في 10 أعوام",
        "قَالَتِ الحركةُ إنَّ خسارةَ مدينةٍ بعيدةٍ مُجَرَّدُ نكسةٍ صغيرةٍ في 10 أعوامٍ",
        "قا\u{200D}لت الحر\u{200B}كة إن خسا\u{AD}رة مدينة بعيدة مجرد نك\u{2060}سة صغيرة في 10 أعوام",
        "\u{202B}قالت الحركة\u{202C} إن خسارة مدينة بعيدة مجرد نكسة صغيرة في 10 أعوام\u{200F}",
        "قالت الحرکة إن خسارة مدینة بعیدة مجرد نکسة صغیرة فی ١٠ أعوام",
        "قالت الحركة إن خسارة مدينة بعيدة مجرد نكسة صغيرة في ۱۰ أعوام",
        "ﻗﺎﻟﺖ الحركة إن خسارة مدينة بعيدة مجرد نكسة صغيرة في 10 أعوام",
    ] {
        assert_eq!(said(disguised), said(plain), "{disguised}");
    }
}

/// The card for machines tells the same as the one for people: what the model is for, and what was measured on the
/// held-out rows.
#[test]
fn it_carries_its_card() {
    let card = Classifier::embedded().card().expect("a card");
    let about: toml::Table = std::fs::read_to_string("models/card.toml")
        .expect("the card")
        .parse()
        .expect("TOML");
    assert_eq!(card["about"], serde_json::to_value(about).expect("JSON"));
    let held_out = std::fs::read_to_string("data/test.jsonl").expect("the rows");
    let evaluation = &card["evaluation"];
    assert_eq!(evaluation["documents"], held_out.lines().count());
    let frames = evaluation["heads"]
        .as_array()
        .and_then(|heads| heads.iter().find(|head| head["head"] == "frames"))
        .expect("the head of the frames");
    let f1 = frames["macro_average"]["f1"]["value"].as_f64().expect("a number");
    let people = std::fs::read_to_string("models/README.md").expect("the card");
    assert!(
        people.contains(&format!("| this model | {f1:.3} |")),
        "{f1} is not in models/README.md"
    );
}
