//! Rows and findings for the tests of the rules.

use super::{Finding, Gazetteer, Row, Rules, check, check_rows};
use crate::error::Location;
use crate::taxonomy::Taxonomy;

/// No message.
pub(super) const NOTHING: [String; 0] = [];

/// A change that makes a good row a bad one.
pub(super) type Change = fn(&mut Row);

pub(super) fn taxonomy() -> Taxonomy {
    Taxonomy::from_toml(include_str!("../../data/taxonomy.toml"), "taxonomy").expect("shipped file")
}

pub(super) fn rules() -> Rules {
    Rules::from_toml(include_str!("../../data/rules.toml"), "rules").expect("shipped file")
}

pub(super) fn gazetteer() -> Gazetteer {
    Gazetteer::from_toml(include_str!("../../data/gazetteer.toml"), "gazetteer").expect("shipped file")
}

/// A good row without a frame.
pub(super) fn plain() -> Row {
    Row {
        id: "plain".to_owned(),
        text: "The manager said the season was only one of many.".to_owned(),
        lang: "en".to_owned(),
        dialect: "en".to_owned(),
        frames: Vec::new(),
        stance: None,
        stance_subtype: None,
        setting: "sport".to_owned(),
        template_id: "t1".to_owned(),
        meaning_id: "m1".to_owned(),
        pair_id: Some("p1".to_owned()),
        author_kind: "llm".to_owned(),
        author_id: "model".to_owned(),
        created: "2025-01-31".to_owned(),
        license: "CC-BY-4.0".to_owned(),
        source_ref: None,
        reviewers: Vec::new(),
        lint_version: "0.1.0".to_owned(),
        aug: false,
    }
}

/// A good row that reports a frame.
pub(super) fn framed() -> Row {
    Row {
        id: "framed".to_owned(),
        text: "The group said the war was only one of many.".to_owned(),
        frames: vec!["long_war".to_owned()],
        stance: Some("report".to_owned()),
        stance_subtype: Some("news".to_owned()),
        setting: "revolutionary".to_owned(),
        template_id: "t2".to_owned(),
        meaning_id: "m2".to_owned(),
        ..plain()
    }
}

fn of_stance(stance: &str, text: &str) -> Row {
    Row {
        id: stance.to_owned(),
        stance: Some(stance.to_owned()),
        stance_subtype: None,
        ..with_text(framed(), text)
    }
}

/// A good row that endorses a frame.
pub(super) fn endorsing() -> Row {
    of_stance("endorse", "The war is only one of many. Agreed.")
}

/// A good row that counters a frame.
pub(super) fn counter() -> Row {
    of_stance("counter", "The war is not only one of many.")
}

/// A good row of unclear stance.
pub(super) fn unclear() -> Row {
    of_stance("unclear", "\"The war is only one of many.\" Hmm.")
}

pub(super) fn with_text(row: Row, text: &str) -> Row {
    Row {
        text: text.to_owned(),
        ..row
    }
}

/// Rule and message of all findings on one row alone.
pub(super) fn row_findings(row: Row) -> Vec<String> {
    let findings = check_rows(
        &located("rows.jsonl", &[row]),
        &taxonomy(),
        &rules(),
        &gazetteer(),
    );
    findings
        .iter()
        .map(|finding| format!("{} {}", finding.rule, finding.message))
        .collect()
}

/// Messages of the findings of one rule on a corpus.
pub(super) fn corpus_findings(rows: &[Row], rule: &str) -> Vec<String> {
    findings_in("rows.jsonl", rows, rule)
}

/// As [`corpus_findings`], with a name for the file of the rows.
pub(super) fn findings_in(file: &str, rows: &[Row], rule: &str) -> Vec<String> {
    messages(
        check(&located(file, rows), &taxonomy(), &rules(), &gazetteer()),
        rule,
    )
}

/// As [`corpus_findings`], with another gazetteer.
pub(super) fn findings_with(rows: &[Row], gazetteer: &Gazetteer, rule: &str) -> Vec<String> {
    messages(
        check(&located("rows.jsonl", rows), &taxonomy(), &rules(), gazetteer),
        rule,
    )
}

/// As [`corpus_findings`], with a file for each row.
pub(super) fn findings_at(rows: &[(String, Row)], rule: &str) -> Vec<String> {
    let rows: Vec<_> = rows
        .iter()
        .flat_map(|(file, row)| located(file, std::slice::from_ref(row)))
        .collect();
    messages(check(&rows, &taxonomy(), &rules(), &gazetteer()), rule)
}

pub(super) fn located(file: &str, rows: &[Row]) -> Vec<(Location, Row)> {
    let location = |line| Location {
        file: Some(file.into()),
        line,
    };
    (1..).map(location).zip(rows.iter().cloned()).collect()
}

fn messages(findings: Vec<Finding>, rule: &str) -> Vec<String> {
    findings
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| finding.message)
        .collect()
}

/// One finding and no other, which begins like this.
#[track_caller]
pub(super) fn assert_found(row: Row, expected: &str) {
    let findings = row_findings(row);
    assert!(
        findings.len() == 1 && findings[0].starts_with(expected),
        "{expected}: {findings:?}"
    );
}
