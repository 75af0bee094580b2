//! For a developer who embeds the crate: score posts with the model inside the library.
//!
//! ```sh
//! cargo run --release --example embed
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use narrative_frames::{Classifier, Result};

fn main() -> Result<()> {
    let classifier = Classifier::embedded();
    let mut scorer = classifier.scorer();
    for text in [
        "The group's spokesman told followers that losing the town was only a minor setback.",
        "قال المتحدث باسم الحركة إن خسارة المدينة مجرد عثرة صغيرة.",
        "The striker called the defeat a minor setback before the return match.",
    ] {
        let prediction = scorer.predict(text)?;
        println!("{text}");
        for head in prediction.heads() {
            for label in head.labels() {
                let probability = head.probability(label).unwrap_or_default();
                println!("    {}: {label} {probability:.2}", head.head().name());
            }
        }
        if prediction.abstained() {
            println!("    too close to call: leave it to a person");
        }
    }
    Ok(())
}
