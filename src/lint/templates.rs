//! R08, R11: templates and settings of each frame.

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::Corpus;
use super::finding::Findings;

/// Checks the corpus.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    rows_per_template(corpus, findings);
    for frame in corpus.taxonomy.frames() {
        templates_per_stance(&frame.id, corpus, findings);
        settings(&frame.id, corpus, findings);
    }
}

fn rows_per_template(corpus: &Corpus<'_>, findings: &mut Findings) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &corpus.entries {
        *counts.entry(&entry.row.template_id).or_default() += 1;
    }
    let limit = corpus.rules.templates.max_rows;
    for (template, count) in counts.into_iter().filter(|(_, count)| *count > limit) {
        let message = format!("template {template} has {count} rows, expected at most {limit}");
        findings.corpus("R08", message);
    }
}

fn templates_per_stance(frame: &str, corpus: &Corpus<'_>, findings: &mut Findings) {
    let limit = corpus.rules.templates.min_per_frame_and_stance;
    for stance in corpus.taxonomy.stances() {
        let id = &stance.id;
        let rows = corpus.of_frame(frame).filter(|entry| entry.class() == id);
        let templates: BTreeSet<&String> = rows.map(|entry| &entry.row.template_id).collect();
        let found = templates.len();
        if found < limit {
            let message = format!("{frame} has {found} templates of stance {id}, expected at least {limit}");
            findings.corpus("R08", message);
        }
    }
}

fn settings(frame: &str, corpus: &Corpus<'_>, findings: &mut Findings) {
    let rules = &corpus.rules.settings;
    let all = corpus.of_frame(frame).map(|entry| &entry.row.setting);
    let known: BTreeSet<&String> = all.filter(|setting| rules.framed.contains(setting)).collect();
    let (found, limit) = (known.len(), rules.min_per_frame);
    if found < limit {
        let list = rules.framed.join(", ");
        let message = format!("{frame} has rows in {found} settings, expected at least {limit} of {list}");
        findings.corpus("R11", message);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::Row;
    use crate::lint::testing::{NOTHING, corpus_findings, endorsing, framed, plain};

    fn numbered(row: &Row, count: usize) -> Vec<Row> {
        let row = |number| Row {
            template_id: format!("t{number:02}"),
            ..row.clone()
        };
        (0..count).map(row).collect()
    }

    fn of_long_war(rows: &[Row], rule: &str) -> Vec<String> {
        let mut found = corpus_findings(rows, rule);
        found.retain(|message| message.starts_with("long_war"));
        found
    }

    #[test]
    fn large_templates_are_found() {
        let rows = |count| corpus_findings(&vec![plain(); count], "R08");
        let is_large = |message: &String| message.starts_with("template");
        assert!(!rows(40).iter().any(is_large));
        assert_eq!(
            rows(41)
                .iter()
                .find(|message| is_large(message))
                .map(String::as_str),
            Some("template t1 has 41 rows, expected at most 40")
        );
    }

    #[test]
    fn each_frame_needs_templates_of_each_stance() {
        let rows = [numbered(&framed(), 60), numbered(&endorsing(), 59)].concat();
        let found = of_long_war(&rows, "R08");
        let expected = ["endorse", "counter", "unclear"];
        assert!(
            found
                .iter()
                .zip(expected)
                .all(|(message, stance)| message.contains(stance)),
            "{found:?}"
        );
        assert_eq!(found.len(), 3);
        assert_eq!(
            found[0],
            "long_war has 59 templates of stance endorse, expected at least 60"
        );
    }

    #[test]
    fn each_frame_needs_settings() {
        let mut rows = vec![framed(); 3];
        rows[1].setting = "religious".to_owned();
        let found = of_long_war(&rows, "R11");
        assert_eq!(
            found,
            [
                "long_war has rows in 2 settings, expected at least 3 of religious, ethno_nationalist, revolutionary, fictional"
            ]
        );
        rows[2].setting = "fictional".to_owned();
        assert_eq!(of_long_war(&rows, "R11"), NOTHING);
    }
}
