//! For a researcher with labels of their own: train, save, load and use a model.
//!
//! ```sh
//! cargo run --release --example train
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use narrative_frames::corpus::{CorpusFields, HeadKind, HeadSpec, read_corpus};
use narrative_frames::{Classifier, Recipe, Result};

fn main() -> Result<()> {
    // Any labels, any fields: here the language of the rows of this project.
    let fields = CorpusFields {
        group: Some("meaning_id".to_owned()),
        heads: vec![HeadSpec::new("lang", HeadKind::SingleLabel)],
        ..CorpusFields::default()
    };
    let corpus = read_corpus(&["data/dev.jsonl".into()], None, &fields)?;
    let recipe = Recipe::from_toml("[training]\nc = 4.0\n", "example")?;
    let (classifier, report) = recipe.fit(&corpus)?;
    println!("{} documents, {} features", report.documents, report.features);

    let path = std::env::temp_dir().join("narrative-frames-example.safetensors");
    classifier.save(&path)?;
    let classifier = Classifier::load(&path)?;
    let prediction = classifier.predict("عاد المطر إلى المدينة")?;
    assert_eq!(prediction.labels("lang"), ["ar"]);
    println!("{} bytes at {}", classifier.to_bytes().len(), path.display());
    Ok(())
}
