//! R01, R02, R03, R06: length, tone and voice of one row.

use super::corpus::{Corpus, ENDORSE, Entry};
use super::finding::Findings;
use super::rules::{Rules, Voice};
use super::words::Word;

const NO_MARKER: &str =
    "no agreement marker, expected one of [markers] in the rules, such as \"agreed\" or \"هذا صحيح\"";
const EXCLAMATION: &str = "an exclamation mark in a row with a frame, expected a flat tone";

/// Checks each row.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    for entry in &corpus.entries {
        length(entry, corpus.rules, findings);
        tone(entry, corpus.rules, findings);
        voice(entry, &corpus.rules.voice, findings);
        devotion(entry, corpus.rules, findings);
    }
}

fn length(entry: &Entry<'_>, rules: &Rules, findings: &mut Findings) {
    let (kind, limit) = match entry.class() {
        ENDORSE => ("an endorsing row", rules.words.endorse),
        _ => ("a row", rules.words.other),
    };
    let found = entry.words.len();
    if found > limit {
        let message = format!("{found} words, expected at most {limit} in {kind}");
        findings.row("R01", entry, message);
    }
}

fn tone(entry: &Entry<'_>, rules: &Rules, findings: &mut Findings) {
    let mut markers = rules.markers.values();
    // A perturbed copy may have lost its marker to the perturbation.
    let needs_marker = entry.class() == ENDORSE && !entry.row.aug;
    if needs_marker && !markers.any(|markers| markers.find_exact(&entry.words).is_some()) {
        findings.row("R02", entry, NO_MARKER);
    }
    if entry.is_framed() && entry.row.text.contains(['!', '\u{FF01}']) {
        findings.row("R02", entry, EXCLAMATION);
    }
}

fn voice(entry: &Entry<'_>, voice: &Voice, findings: &mut Findings) {
    let words = &entry.words;
    let address = voice.second_person.find_exact(words);
    if let Some(word) = address.or_else(|| second_person_ending(words, voice)) {
        let message = format!("{word:?} speaks to the reader, expected to tell of third persons");
        findings.row("R03", entry, message);
    }
    let command = voice.imperative_starts.find_at_starts(words);
    if let Some(phrase) = command.or_else(|| voice.exhortations.find(words)) {
        let message = format!("{phrase:?} commands or exhorts, expected no call to any act");
        findings.row("R03", entry, message);
    }
}

/// The first word with an ending that speaks to the reader.
fn second_person_ending(words: &[Word], voice: &Voice) -> Option<String> {
    let has_ending = |word: &str| {
        let mut stems = voice
            .second_person_endings
            .iter()
            .filter_map(|ending| word.strip_suffix(ending.as_str()));
        stems.any(|stem| stem.chars().nth(2).is_some())
    };
    let word = words
        .iter()
        .find(|word| has_ending(&word.text) && !voice.ending_exceptions.contains_form(&word.text));
    word.map(|word| word.text.clone())
}

fn devotion(entry: &Entry<'_>, rules: &Rules, findings: &mut Findings) {
    if let Some(phrase) = rules
        .devotion
        .phrases
        .find(&entry.words)
        .filter(|_| entry.is_framed())
    {
        let message =
            format!("{phrase:?} in a row with a frame, expected scripture and prayer only in rows without");
        findings.row("R06", entry, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{NOTHING, assert_found, endorsing, framed, plain, row_findings, with_text};

    #[test]
    fn length_depends_on_the_stance() {
        let long = |count: usize| format!("{}agreed", "word ".repeat(count - 1));
        assert_eq!(row_findings(with_text(endorsing(), &long(15))), NOTHING);
        assert_found(
            with_text(endorsing(), &long(16)),
            "R01 16 words, expected at most 15 in an endorsing row",
        );
        assert_eq!(row_findings(with_text(framed(), &long(40))), NOTHING);
        assert_found(
            with_text(framed(), &long(41)),
            "R01 41 words, expected at most 40 in a row",
        );
    }

    #[test]
    fn endorsing_rows_agree_in_flat_words() {
        assert_eq!(row_findings(endorsing()), NOTHING);
        assert_found(
            with_text(endorsing(), "The war goes on for ever."),
            "R02 no agreement marker",
        );
        assert_found(
            with_text(endorsing(), "The war goes on. Agreed!"),
            "R02 an exclamation mark",
        );
        assert_eq!(row_findings(with_text(plain(), "What a match!")), NOTHING);
        assert_eq!(
            row_findings(with_text(endorsing(), "الحرب مستمرّة. نَعَم هذا صحيحٌ")),
            NOTHING
        );
    }

    #[test]
    fn nobody_is_spoken_to() {
        for text in [
            "They said you lost",
            "قالوا إن الخسارة لكم",
            "رأوا بيوتكم",
            "السلام عليكم",
            "Your club lost",
        ] {
            let findings = row_findings(with_text(plain(), text));
            assert!(
                findings.len() == 1 && findings[0].contains("speaks to the reader"),
                "{text}: {findings:?}"
            );
        }
        for text in [
            "Fans said the club lost",
            "قال الحكم إن كم المحاكم كبير",
            "وهو يحكم",
            "ذلك هو الملك",
            "كانت المباراة ويا الفريق",
        ] {
            assert_eq!(row_findings(with_text(plain(), text)), NOTHING, "{text}");
        }
    }

    #[test]
    fn nobody_is_told_what_to_do() {
        assert_found(
            with_text(plain(), "The club said: join the fans"),
            "R03 \"join\" commands or exhorts",
        );
        assert_eq!(row_findings(with_text(plain(), "They join the fans")), NOTHING);
        assert_found(
            with_text(plain(), "هلموا إلى الملعب"),
            "R03 \"هلموا\" commands or exhorts",
        );
        assert_found(
            with_text(plain(), "They said: let's go to the stadium"),
            "R03 \"lets\" commands or exhorts",
        );
    }

    #[test]
    fn prayer_stands_in_rows_without_a_frame() {
        assert_found(
            with_text(framed(), "قال المتحدث: الحمدُ لله، الحرب مستمرة"),
            "R06 \"الحمد لله\"",
        );
        assert_eq!(row_findings(with_text(plain(), "الحمد لله، المطر نزل")), NOTHING);
    }
}
