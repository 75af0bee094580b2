//! How many posts a second a model scores on this machine: texts in memory, one thread, all probabilities.
//!
//! ```sh
//! cargo run --release --example throughput -- POSTS.jsonl [MODEL]
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use std::time::Instant;

use narrative_frames::corpus::{CorpusFields, read_corpus};
use narrative_frames::{Classifier, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let posts = arguments.next().unwrap_or_else(|| "data/train.jsonl".to_owned());
    let loaded = arguments.next().map(Classifier::load).transpose()?;
    let classifier = loaded.as_ref().unwrap_or_else(|| Classifier::embedded());
    let fields = CorpusFields {
        id: None,
        ..CorpusFields::default()
    };
    let corpus = read_corpus(&[posts.into()], None, &fields)?;
    let start = Instant::now();
    let mut scorer = classifier.scorer();
    let mut probabilities = vec![0.0; classifier.n_outputs()];
    let mut sum = 0.0;
    for document in corpus.documents() {
        scorer.probabilities_into(&document.text, &mut probabilities)?;
        sum += probabilities.iter().sum::<f32>();
    }
    let seconds = start.elapsed().as_secs_f64();
    let bytes: usize = corpus
        .documents()
        .iter()
        .map(|document| document.text.len())
        .sum();
    println!("{} posts in {seconds:.3} s", corpus.documents().len());
    println!("{:.0} posts a second", corpus.documents().len() as f64 / seconds);
    println!(
        "{:.1} MB a second, mean probability sum {:.3}",
        bytes as f64 / seconds / 1e6,
        sum / corpus.documents().len() as f32
    );
    Ok(())
}
