//! The suite was written apart from the corpus: no case is a near copy of a row.

use std::path::Path;

use narrative_frames::lint::Row;
use narrative_frames::split::{SplitDocument, near_duplicates};

use crate::case::{cases, lines, suite};

#[test]
fn no_case_is_a_near_copy_of_a_row() {
    let rows: Vec<Row> = ["train", "dev", "test"]
        .iter()
        .flat_map(|part| lines(Path::new(&format!("data/{part}.jsonl"))))
        .collect();
    let tests = suite().test.into_iter().filter(|test| test.disguise.is_none());
    let cases: Vec<_> = tests.flat_map(|test| cases(&test.id)).collect();
    let document = |text| SplitDocument {
        id: "",
        text,
        keys: Vec::new(),
    };
    let texts = rows
        .iter()
        .map(|row| row.text.as_str())
        .chain(cases.iter().map(|case| case.text.as_str()));
    let documents: Vec<_> = texts.map(document).collect();
    let pairs = near_duplicates(&documents, &|_| false).expect("short");
    let crossing: Vec<_> = pairs
        .iter()
        .filter(|(a, b)| (*a < rows.len()) != (*b < rows.len()))
        .collect();
    assert!(
        crossing.is_empty(),
        "{:?}",
        crossing
            .iter()
            .map(|(a, b)| (documents[*a].text, documents[*b].text))
            .collect::<Vec<_>>()
    );
}
