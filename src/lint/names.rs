//! R04, R07: what one row may not name.

use super::corpus::{Corpus, ENDORSE, Entry};
use super::finding::Findings;
use super::rules::{Identity, Real};
use super::words::Word;

/// Checks each row.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    for entry in &corpus.entries {
        real_names(entry, &corpus.rules.real, findings);
        if entry.is_framed() {
            framed(entry, corpus, findings);
            identity(entry, &corpus.rules.identity, findings);
        }
    }
}

fn real_names(entry: &Entry<'_>, real: &Real, findings: &mut Findings) {
    let lists = [
        ("armed group", &real.groups),
        ("leader", &real.leaders),
        ("attack", &real.attacks),
    ];
    for (what, list) in lists {
        if let Some(name) = list.find(&entry.words) {
            let message = format!("{name:?} is a real {what}, expected only invented names");
            findings.row("R04", entry, message);
        }
    }
}

/// What only rows with a frame may not name.
fn framed(entry: &Entry<'_>, corpus: &Corpus<'_>, findings: &mut Findings) {
    let mut find = |what: &str, found: Option<&str>, expected: &str| {
        if let Some(found) = found {
            findings.row("R04", entry, format!("{found:?} {what}, expected {expected}"));
        }
    };
    let weapon = corpus.rules.real.weapons.find(&entry.words);
    find("is a weapon", weapon.as_deref(), "none in a row with a frame");
    find(
        "looks like a year",
        year(&entry.row.text),
        "no date in a row with a frame",
    );
    find(
        "looks like a name",
        unknown_name(entry, corpus),
        "only names of the gazetteer",
    );
}

/// The first word in capitals inside a sentence that may not be.
fn unknown_name<'a>(entry: &'a Entry<'_>, corpus: &Corpus<'_>) -> Option<&'a str> {
    let is_allowed = |word: &Word| {
        corpus.gazetteer.name(&word.text).is_some() || corpus.rules.real.capitals.contains(&word.text)
    };
    let is_name = |word: &&Word| word.is_capitalized && !word.begins_sentence && !is_allowed(word);
    entry.words.iter().find(is_name).map(|word| word.text.as_str())
}

/// The first number of four digits from 1800 to 2099.
fn year(text: &str) -> Option<&str> {
    let mut numbers = text.split(|c: char| !c.is_alphanumeric());
    numbers.find(|number| {
        let digits: Vec<u32> = number.chars().map_while(digit).collect();
        digits.len() == 4 && number.chars().count() == 4 && matches!(digits[..2], [1, 8 | 9] | [2, 0])
    })
}

/// The value of a digit, Western or Arabic.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '٠'..='٩' => Some(c as u32 - '٠' as u32),
        _ => None,
    }
}

fn identity(entry: &Entry<'_>, identity: &Identity, findings: &mut Findings) {
    let mut frames = identity.abstract_frames.iter();
    let abstract_frame = frames.find(|frame| entry.has_frame(frame));
    let kind = match (entry.class(), abstract_frame) {
        (ENDORSE, _) => "an endorsing row".to_owned(),
        (_, Some(frame)) => format!("a row of {frame}"),
        _ => return,
    };
    if let Some(term) = identity.terms.find(&entry.words) {
        let message = format!("{term:?} names a real group of people in {kind}, expected invented names");
        findings.row("R07", entry, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{NOTHING, assert_found, endorsing, framed, plain, row_findings, with_text};

    #[test]
    fn real_groups_are_found_in_any_row() {
        assert_found(
            with_text(plain(), "the match between the taliban eleven"),
            "R04 \"taliban\" is a real armed group",
        );
        assert_found(
            with_text(framed(), "بيان لتنظيم القاعدة عن الحرب"),
            "R04 \"تنظيم القاعدة\" is a real armed group",
        );
        assert_found(
            with_text(plain(), "a film on breivik"),
            "R04 \"breivik\" is a real leader",
        );
        assert_eq!(
            row_findings(with_text(plain(), "طالبان في القاعدة بحماس كبير")),
            NOTHING
        );
    }

    #[test]
    fn framed_rows_name_no_weapon_year_or_place() {
        assert_found(
            with_text(framed(), "They said the bomb was one of many"),
            "R04 \"bomb\" is a weapon",
        );
        assert_eq!(
            row_findings(with_text(plain(), "The bomb in the film of 2017 by Smith")),
            NOTHING
        );
        assert_found(
            with_text(framed(), "The war of ١٩٩٧ goes on"),
            "R04 \"١٩٩٧\" looks like a year",
        );
        assert_found(
            with_text(framed(), "The war for Paris goes on"),
            "R04 \"paris\" looks like a name",
        );
        assert_eq!(
            row_findings(with_text(framed(), "On Monday I heard Dorvanesh's mayor deny it")),
            NOTHING
        );
    }

    #[test]
    fn years_have_four_digits() {
        assert_eq!(year("in 1967, or 12019"), Some("1967"));
        assert_eq!(year("12019 b2019 3500 20"), None);
    }

    #[test]
    fn endorsing_rows_name_no_real_people() {
        assert_found(
            with_text(endorsing(), "The arabs face a long war. Agreed."),
            "R07 \"arabs\" names a real group",
        );
        assert_found(
            with_text(endorsing(), "حرب العرب طويلة. بالضبط"),
            "R07 \"عرب\" names a real group",
        );
        assert_eq!(
            row_findings(with_text(framed(), "حرب العرب طويلة في رأيهم")),
            NOTHING
        );
        let mut row = with_text(framed(), "رأوا العرب خطرا");
        row.frames = vec!["existential_replacement".to_owned()];
        assert_found(
            row,
            "R07 \"عرب\" names a real group of people in a row of existential_replacement",
        );
    }
}
