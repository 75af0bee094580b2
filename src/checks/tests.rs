//! Corpora with one fault each.

use super::*;
use crate::corpus::{Document, HeadKind, HeadSpec};

fn corpus(rows: impl IntoIterator<Item = (String, Option<Vec<&'static str>>)>) -> Corpus {
    let document = |(row, (text, labels)): (u64, (String, Option<Vec<&str>>))| Document {
        location: Location {
            file: Some("a.csv".into()),
            line: row,
        },
        id: None,
        text,
        group: None,
        weight: 1.0,
        labels: vec![labels.map(|labels| labels.into_iter().map(str::to_owned).collect())],
        extra: vec![],
    };
    let documents = (1..).zip(rows).map(document).collect();
    Corpus::new(vec![HeadSpec::new("topic", HeadKind::MultiLabel)], documents).expect("valid documents")
}

/// Forty texts of words that no other has, every second one with the label.
fn texts(give: &'static str, label: &'static str) -> Vec<(String, Option<Vec<&'static str>>)> {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    let word = |n: usize| format!("{}{}{}r", letter(n), letter(n / 26 + 7), letter(3 * n));
    let row = |n: usize| {
        let words = format!(
            "{} {} {} {}",
            word(7 * n),
            word(7 * n + 1),
            word(7 * n + 2),
            word(7 * n + 3)
        );
        if n.is_multiple_of(2) {
            (format!("{words} {give}"), Some(vec![label]))
        } else {
            (words, Some(vec![]))
        }
    };
    (0..40).map(row).collect()
}

fn warnings(corpus: &Corpus) -> Vec<String> {
    lines(&check(corpus).expect("short texts"))
}

fn lines(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_clean_corpus_is_passed_in_silence() {
    assert_eq!(warnings(&corpus(texts("", "soup"))), [""; 0]);
}

#[test]
fn empty_texts_are_counted() {
    let mut rows = texts("", "soup");
    for row in [2, 5, 7, 9] {
        rows[row].0 = "\u{200B} \u{64B}".to_owned();
    }
    let expected = "nothing is left of 4 texts once normalized: a.csv:3, a.csv:6, a.csv:8, ...";
    assert_eq!(warnings(&corpus(rows)), [expected]);
}

#[test]
fn copies_with_other_labels_are_found() {
    let mut rows = texts("", "soup");
    rows[0].0 = "The kitchen opens early in the morning on most days".to_owned();
    rows[1].0 = "the kitchen opens early  in the morning on most days".to_owned();
    rows[3].0 = "The kitchen opens early in the morning on most of the days".to_owned();
    rows[5] = (
        "The kitchen opens early in the morning on most days".to_owned(),
        None,
    );
    assert_eq!(
        lines(&contradictions(&corpus(rows)).expect("short texts")),
        [
            "2 documents have an exact copy with other labels of head \"topic\": a.csv:1 and a.csv:2, a.csv:2 and a.csv:1",
            "1 documents have a near copy with other labels of head \"topic\": a.csv:4 and a.csv:1",
        ]
    );
}

#[test]
fn a_word_that_gives_a_label_away_is_named() {
    let found = warnings(&corpus(texts("Read-More", "soup")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("stands in 20 of its 20 documents and in 0 others"),
        "{found:?}"
    );
    assert!(
        found[0].contains("read") || found[0].contains("more"),
        "{found:?}"
    );
}

#[test]
fn the_name_of_a_label_in_its_texts_is_told() {
    let found = warnings(&corpus(texts("hot soup of the day", "soup-of_the day")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .starts_with("the name of label \"soup-of_the day\" of head \"topic\" stands in the text of 20"),
        "{found:?}"
    );
}
