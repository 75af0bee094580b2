//! R09, R12: how the rows are spread over stances, languages and varieties.

use std::collections::BTreeSet;

use super::corpus::{Corpus, ENDORSE, Entry};
use super::finding::Findings;
use super::rules::Range;

/// Checks the corpus.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    stances(corpus, findings);
    negatives(corpus, findings);
    languages(corpus, findings);
    varieties(corpus, findings);
}

fn stances(corpus: &Corpus<'_>, findings: &mut Findings) {
    let rows = corpus.entries.len();
    for (class, range) in &corpus.rules.shares {
        let found = count(corpus, |entry| entry.class() == class);
        if let Some(problem) = range.problem(found, rows) {
            findings.corpus("R09", format!("{class} rows are {problem}"));
        }
    }
}

/// Rows without a frame in the families of a frame, against its endorsing rows.
fn negatives(corpus: &Corpus<'_>, findings: &mut Findings) {
    for (frame, &ratio) in &corpus.rules.negatives_per_endorse {
        let of_frame = corpus.of_frame(frame);
        let families: BTreeSet<&String> = of_frame.filter_map(|entry| entry.row.pair_id.as_ref()).collect();
        let in_families = |entry: &Entry<'_>| {
            let pair = entry.row.pair_id.as_ref();
            pair.is_some_and(|pair| families.contains(pair))
        };
        let negatives = count(corpus, |entry| !entry.is_framed() && in_families(entry));
        let endorsing = corpus
            .of_frame(frame)
            .filter(|entry| entry.class() == ENDORSE)
            .count();
        if (negatives as f64) < ratio * endorsing as f64 {
            let message = format!(
                "{frame} has {negatives} rows without a frame in its families for {endorsing} endorsing ones, \
                 expected at least {ratio} for each"
            );
            findings.corpus("R09", message);
        }
    }
}

fn languages(corpus: &Corpus<'_>, findings: &mut Findings) {
    let rows = corpus.entries.len();
    for (lang, range) in &corpus.rules.languages {
        let found = count(corpus, |entry| entry.row.lang == *lang);
        if let Some(problem) = range.problem(found, rows) {
            findings.corpus("R12", format!("rows in {lang} are {problem}"));
        }
    }
}

fn varieties(corpus: &Corpus<'_>, findings: &mut Findings) {
    for (id, variety) in &corpus.rules.varieties {
        let lang = &variety.lang;
        let found = count(corpus, |entry| entry.row.dialect == *id);
        let rows = count(corpus, |entry| entry.row.lang == *lang);
        if let Some(problem) = variety.share().problem(found, rows) {
            findings.corpus("R12", format!("{id} rows among those in {lang} are {problem}"));
        }
        for class in corpus.classes() {
            if count(corpus, |entry| entry.row.dialect == *id && entry.class() == class) == 0 {
                let message = format!("no {id} row among the {class} rows, expected at least one");
                findings.corpus("R12", message);
            }
        }
    }
}

fn count(corpus: &Corpus<'_>, is_counted: impl Fn(&Entry<'_>) -> bool) -> usize {
    let counted = corpus.entries.iter().filter(|entry| is_counted(entry));
    counted.count()
}

impl Range {
    /// What is wrong if `found` of `whole` is outside the range.
    fn problem(&self, found: usize, whole: usize) -> Option<String> {
        let share = found as f64 / whole.max(1) as f64;
        if (self.min..=self.max).contains(&share) {
            return None;
        }
        let (share, min, max) = (100.0 * share, 100.0 * self.min, 100.0 * self.max);
        Some(format!(
            "{found} of {whole} ({share:.1} %), expected {min:.0} to {max:.0} %"
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::Row;
    use crate::lint::testing::{NOTHING, corpus_findings, counter, endorsing, framed, plain, unclear};

    fn repeated(parts: &[(Row, usize)]) -> Vec<Row> {
        parts
            .iter()
            .flat_map(|(row, count)| vec![row.clone(); *count])
            .collect()
    }

    #[test]
    fn shares_of_stances() {
        let good = [
            (plain(), 45),
            (framed(), 25),
            (counter(), 15),
            (unclear(), 5),
            (endorsing(), 10),
        ];
        assert_eq!(corpus_findings(&repeated(&good), "R09"), NOTHING);
        let bad = [
            (plain(), 30),
            (framed(), 25),
            (counter(), 15),
            (unclear(), 10),
            (endorsing(), 20),
        ];
        assert_eq!(
            corpus_findings(&repeated(&bad), "R09"),
            [
                "endorse rows are 20 of 100 (20.0 %), expected 0 to 15 %",
                "none rows are 30 of 100 (30.0 %), expected 40 to 100 %",
                "unclear rows are 10 of 100 (10.0 %), expected 3 to 7 %",
            ]
        );
    }

    #[test]
    fn sensitive_frames_need_negatives_in_their_families() {
        let mut endorsing = endorsing();
        endorsing.frames = vec!["collective_victimhood".to_owned()];
        let found = |negatives| {
            let mut found =
                corpus_findings(&repeated(&[(endorsing.clone(), 2), (plain(), negatives)]), "R09");
            found.retain(|message| message.contains("collective_victimhood"));
            found
        };
        assert_eq!(found(8), NOTHING);
        assert_eq!(
            found(7),
            [
                "collective_victimhood has 7 rows without a frame in its families for 2 endorsing ones, expected at least 4 for each"
            ]
        );
    }

    fn varied(counts: [(&str, usize); 9]) -> Vec<Row> {
        let row = |class: &Row, dialect: &str| Row {
            lang: if dialect == "en" { "en" } else { "ar" }.to_owned(),
            dialect: dialect.to_owned(),
            ..class.clone()
        };
        let classes = [plain(), framed(), counter(), unclear(), endorsing()];
        let part = |(dialect, count): (&str, usize)| {
            repeated(&classes.clone().map(|class| (row(&class, dialect), count)))
        };
        counts.into_iter().flat_map(part).collect()
    }

    #[test]
    fn shares_of_varieties() {
        let five = |msa, arabizi, en| {
            [
                ("msa", msa),
                ("arabizi", arabizi),
                ("en", en),
                ("egyptian", 8),
                ("levantine", 8),
                ("gulf", 8),
                ("iraqi", 8),
                ("maghrebi", 8),
                ("code-switch", 5),
            ]
        };
        assert_eq!(corpus_findings(&varied(five(50, 5, 90)), "R12"), NOTHING);
        let mut rows = varied(five(150, 5, 300));
        rows.retain(|row| row.dialect != "arabizi" || row.stance.is_none());
        let found = corpus_findings(&rows, "R12");
        assert_eq!(
            found[0],
            "rows in ar are 980 of 2480 (39.5 %), expected 50 to 100 %"
        );
        assert!(
            found
                .iter()
                .any(|message| message == "no arabizi row among the unclear rows, expected at least one")
        );
        assert!(
            found
                .iter()
                .any(|message| message.starts_with("msa rows among those in ar are 750 of 980 (76.5 %)")),
            "{found:?}"
        );
    }
}
