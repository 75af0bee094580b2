//! R05: invented names are many, and tell nothing about the stance.

use std::collections::BTreeSet;

use super::chi_square::independence;
use super::corpus::Corpus;
use super::finding::Findings;
use super::gazetteer::Name;

/// Checks each slot of the gazetteer.
pub(super) fn check(corpus: &Corpus<'_>, findings: &mut Findings) {
    let tables = tables(corpus);
    let rules = &corpus.rules.names;
    for (slot, table) in corpus.gazetteer.slots().iter().zip(&tables) {
        let (name, found) = (&slot.name, slot.entries.len());
        if found < rules.min_per_slot {
            let message = format!(
                "slot {name} has {found} names, expected at least {}",
                rules.min_per_slot
            );
            findings.corpus("R05", message);
        }
        if let Some(test) = independence(table, rules.min_expected).filter(|test| test.p_value <= rules.alpha)
        {
            let message = format!(
                "names of slot {name} predict the stance: chi-square {:.1} with {} degrees of freedom, p = {:.2e}, \
                 expected p > {}; fill the slots at random, whatever the label",
                test.statistic, test.degrees_of_freedom, test.p_value, rules.alpha
            );
            findings.corpus("R05", message);
        }
    }
}

/// For each slot and each name in it: rows of each class with the name.
fn tables(corpus: &Corpus<'_>) -> Vec<Vec<Vec<usize>>> {
    let classes = corpus.classes();
    let slots = corpus.gazetteer.slots().iter();
    let mut tables: Vec<_> = slots
        .map(|slot| vec![vec![0; classes.len()]; slot.entries.len()])
        .collect();
    for entry in &corpus.entries {
        let Some(class) = classes.iter().position(|class| *class == entry.class()) else {
            continue;
        };
        let names: BTreeSet<Name> = entry
            .words
            .iter()
            .filter_map(|word| corpus.gazetteer.name(&word.text))
            .collect();
        for name in names {
            tables[name.slot][name.entry][class] += 1;
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{NOTHING, corpus_findings, endorsing, framed, gazetteer, plain, with_text};
    use crate::lint::{Gazetteer, Row};

    /// Rows in which a city comes with a stance as `choose` says.
    fn rows(choose: fn(usize) -> usize) -> Vec<Row> {
        let cities = ["Dorvanesh", "Talmiqa", "Beshrolin"];
        let row = |number: usize| {
            let row = [plain(), framed(), endorsing()][number % 3].clone();
            with_text(row, &format!("The town is {}.", cities[choose(number)]))
        };
        (0..180).map(row).collect()
    }

    #[test]
    fn names_that_predict_the_stance_are_found() {
        let found = corpus_findings(&rows(|number| number % 3), "R05");
        assert!(
            found.len() == 1 && found[0].starts_with("names of slot city predict the stance"),
            "{found:?}"
        );
        assert_eq!(corpus_findings(&rows(|number| number / 3 % 3), "R05"), NOTHING);
    }

    #[test]
    fn small_slots_are_found() {
        let small =
            Gazetteer::from_toml("[[city]]\nen = \"Dorvanesh\"\nar = \"دورفانش\"", "g").expect("valid");
        let found = crate::lint::testing::findings_with(&[plain()], &small, "R05");
        assert_eq!(found, ["slot city has 1 names, expected at least 30"]);
        assert_eq!(
            crate::lint::testing::findings_with(&[plain()], &gazetteer(), "R05"),
            NOTHING
        );
    }
}
