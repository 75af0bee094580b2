//! For a moderation pipeline: score many posts on all processors, in order, and count the labels.
//!
//! ```sh
//! cargo run --release --example batch
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use std::collections::BTreeMap;

use narrative_frames::{Classifier, Result};

fn main() -> Result<()> {
    let posts: Vec<String> = (0..10_000)
        .map(|number| match number % 3 {
            0 => format!("Analysts said the movement calls loss number {number} a small setback."),
            1 => format!("The bakery sold {number} loaves this week."),
            _ => format!("وصف الناطق خسارة الموقع رقم {number} بأنها نكسة صغيرة"),
        })
        .collect();
    let classifier = Classifier::embedded();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for prediction in classifier.predict_batch(&posts) {
        for label in prediction?.labels("frames") {
            *counts.entry(label.to_owned()).or_default() += 1;
        }
    }
    for (label, count) in counts {
        println!("{label}: {count} of {}", posts.len());
    }
    Ok(())
}
