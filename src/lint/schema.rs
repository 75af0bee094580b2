//! R11, R13, R14: values of the fields of one row.

use super::corpus::{Corpus, Entry};
use super::finding::Findings;

const NO_WORDS: &str = "the text has no words that can be read, expected a short post";
const OPEN_SLOT: &str = "the text has a brace, expected every slot such as {city} filled with a name";
const NO_STANCE: &str = "a frame without a stance, expected one stance";

/// Checks each row.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    for entry in &corpus.entries {
        text(entry, findings);
        variety(entry, corpus, findings);
        labels(entry, corpus, findings);
        setting(entry, corpus, findings);
        filled(entry, findings);
        author(entry, corpus, findings);
        source(entry, corpus, findings);
    }
}

fn text(entry: &Entry<'_>, findings: &mut Findings) {
    let text = &entry.row.text;
    if entry.words.is_empty() {
        findings.row("R13", entry, NO_WORDS);
    }
    if text.contains(['{', '}']) {
        findings.row("R13", entry, OPEN_SLOT);
    }
}

fn variety(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    let varieties = &corpus.rules.varieties;
    let (lang, dialect) = (&entry.row.lang, &entry.row.dialect);
    match varieties.get(dialect) {
        None => {
            let known = list(varieties.keys());
            let message = format!("dialect is {dialect:?}, expected one of {known}");
            findings.row("R13", entry, message);
        }
        Some(variety) if variety.lang != *lang => {
            let expected = &variety.lang;
            let message = format!("lang is {lang:?}, expected {expected:?} with dialect {dialect:?}");
            findings.row("R13", entry, message);
        }
        Some(_) => {}
    }
}

fn labels(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    frames(entry, corpus, findings);
    match entry.row.stance.as_deref() {
        None if entry.is_framed() => findings.row("R13", entry, NO_STANCE),
        Some(stance) if !entry.is_framed() => {
            let message = format!("stance is {stance:?} without a frame, expected null");
            findings.row("R13", entry, message);
        }
        stance => subtype(entry, stance, corpus, findings),
    }
}

fn frames(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    for (position, frame) in entry.row.frames.iter().enumerate() {
        if corpus.taxonomy.frame(frame).is_none() {
            let known = list(corpus.taxonomy.frames().iter().map(|frame| &frame.id));
            let message = format!("frame is {frame:?}, expected one of {known}");
            findings.row("R13", entry, message);
        } else if entry.row.frames[..position].contains(frame) {
            let message = format!("frame {frame:?} stands twice, expected once");
            findings.row("R13", entry, message);
        }
    }
}

/// The subtype of a stance that is known, or of none.
fn subtype(entry: &Entry<'_>, stance: Option<&str>, corpus: &Corpus<'_>, findings: &mut Findings) {
    let known = match stance.map(|id| (id, corpus.taxonomy.stance(id))) {
        Some((id, None)) => {
            let known = list(corpus.taxonomy.stances().iter().map(|stance| &stance.id));
            return findings.row("R13", entry, format!("stance is {id:?}, expected one of {known}"));
        }
        Some((_, Some(stance))) => stance.subtypes.as_slice(),
        None => &[],
    };
    let found = entry.row.stance_subtype.as_ref();
    if found.map_or(!known.is_empty(), |subtype| !known.contains(subtype)) {
        let found = found.map_or("null".to_owned(), |subtype| format!("{subtype:?}"));
        let message = match known {
            [] => format!("stance_subtype is {found}, expected null"),
            known => format!("stance_subtype is {found}, expected one of {}", list(known)),
        };
        findings.row("R13", entry, message);
    }
}

fn setting(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    let (setting, known) = (&entry.row.setting, &corpus.rules.settings.framed);
    if entry.is_framed() && !known.contains(setting) {
        let known = list(known);
        let message = format!("setting is {setting:?} in a row with a frame, expected one of {known}");
        findings.row("R11", entry, message);
    }
}

/// Fields that may not be empty.
fn filled(entry: &Entry<'_>, findings: &mut Findings) {
    let row = entry.row;
    let fields = [
        ("id", &row.id),
        ("setting", &row.setting),
        ("template_id", &row.template_id),
        ("meaning_id", &row.meaning_id),
        ("author_id", &row.author_id),
        ("license", &row.license),
        ("lint_version", &row.lint_version),
    ];
    for (field, _) in fields.iter().filter(|(_, value)| value.trim().is_empty()) {
        findings.row("R13", entry, format!("{field} is empty, expected a value"));
    }
}

fn author(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    let (kind, created) = (&entry.row.author_kind, &entry.row.created);
    let kinds = &corpus.rules.provenance.author_kinds;
    if !kinds.contains(kind) {
        let message = format!("author_kind is {kind:?}, expected one of {}", list(kinds));
        findings.row("R13", entry, message);
    }
    if !is_day(created) {
        let message = format!("created is {created:?}, expected a day such as 2025-01-31");
        findings.row("R13", entry, message);
    }
}

fn source(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    let key = entry.row.source_ref.as_ref();
    if let Some(key) = key.filter(|key| corpus.taxonomy.source(key).is_none()) {
        let message = format!("source_ref is {key:?}, expected null or a source of the taxonomy");
        findings.row("R14", entry, message);
    }
}

/// Whether it has the form `2025-01-31`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let within = |part: &str, length, last| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number && part.parse().is_ok_and(|number: u32| (1..=last).contains(&number))
    };
    within(year, 4, 9999) && within(month, 2, 12) && within(day, 2, 31)
}

fn list(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{Change, NOTHING, framed, plain, row_findings};

    #[test]
    fn good_rows_pass() {
        assert_eq!(row_findings(framed()), NOTHING);
        assert_eq!(row_findings(plain()), NOTHING);
    }

    #[test]
    fn each_field_is_checked() {
        let cases: [(Change, &str); 18] = [
            (|row| row.text = "...".to_owned(), "R13 the text has no words"),
            (|row| row.text.push_str(" {city}"), "R13 the text has a brace"),
            (
                |row| row.dialect = "nubian".to_owned(),
                "R13 dialect is \"nubian\", expected one of arabizi, ",
            ),
            (
                |row| row.lang = "ar".to_owned(),
                "R13 lang is \"ar\", expected \"en\" with dialect \"en\"",
            ),
            (
                |row| row.frames = vec!["short_war".to_owned()],
                "R13 frame is \"short_war\", expected one of ",
            ),
            (
                |row| row.frames.push("long_war".to_owned()),
                "R13 frame \"long_war\" stands twice",
            ),
            (|row| row.stance = None, "R13 a frame without a stance"),
            (
                |row| row.frames.clear(),
                "R13 stance is \"report\" without a frame",
            ),
            (
                |row| row.stance = Some("praise".to_owned()),
                "R13 stance is \"praise\", expected one of endorse, ",
            ),
            (
                |row| row.stance_subtype = None,
                "R13 stance_subtype is null, expected one of news, ",
            ),
            (
                |row| row.stance_subtype = Some("gossip".to_owned()),
                "R13 stance_subtype is \"gossip\"",
            ),
            (
                |row| row.stance = Some("counter".to_owned()),
                "R13 stance_subtype is \"news\", expected null",
            ),
            (
                |row| row.setting = "sport".to_owned(),
                "R11 setting is \"sport\" in a row with a frame",
            ),
            (|row| row.template_id.clear(), "R13 template_id is empty"),
            (
                |row| row.author_kind = "robot".to_owned(),
                "R13 author_kind is \"robot\", expected one of llm, human",
            ),
            (
                |row| row.created = "2025-13-01".to_owned(),
                "R13 created is \"2025-13-01\"",
            ),
            (
                |row| row.created = "+025-01-01".to_owned(),
                "R13 created is \"+025-01-01\"",
            ),
            (
                |row| row.source_ref = Some("a blog".to_owned()),
                "R14 source_ref is \"a blog\"",
            ),
        ];
        for (change, expected) in cases {
            let mut row = framed();
            change(&mut row);
            let findings = row_findings(row);
            assert!(
                findings.len() == 1 && findings[0].starts_with(expected),
                "{expected}: {findings:?}"
            );
        }
    }
}
