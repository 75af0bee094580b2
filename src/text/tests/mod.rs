//! Tests of the whole way from a text to its words.

mod invariance;
mod length;
mod properties;
mod samples;
mod segments;
mod table;
mod twin;

use super::*;

/// The words of a text, with a space between.
fn normalized(text: &str) -> String {
    words_of(text).to_string()
}

fn words_of(text: &str) -> NormalizedText {
    let mut normalizer = Normalizer::default();
    normalizer.normalize(text).expect("short enough").clone()
}

/// The words of a text in one view, with a space between, empty words too.
fn seen(text: &str, view: View) -> String {
    let text = words_of(text);
    let mut letters = Vec::new();
    let words: Vec<String> = text
        .tokens()
        .iter()
        .map(|&token| {
            view.fold(text.word(token), &mut letters, |_| {});
            letters.iter().collect()
        })
        .collect();
    words.join(" ")
}
