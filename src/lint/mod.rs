//! Checks a corpus against its schema and the authoring rules.
//!
//! [`check`] looks at a whole corpus, [`check_rows`] only at what one row shows by itself, for rows that are not
//! part of a corpus yet. What the rules count and match is data: [`Rules`] (`data/rules.toml`), the invented names of
//! the [`Gazetteer`] (`data/gazetteer.toml`), and the labels of the [`Taxonomy`] (`data/taxonomy.toml`).
//!
//! | rule | a finding says that |
//! |---|---|
//! | R01 | a row has too many words |
//! | R02 | an endorsing row has no agreement marker, or a row with a frame has an exclamation mark |
//! | R03 | a row speaks to the reader, commands or exhorts |
//! | R04 | a row names a real group, leader or attack; or, with a frame, a weapon, a year, or a name not invented |
//! | R05 | a slot has too few names, or a name predicts the stance (chi-square) |
//! | R06 | a row with a frame has words of scripture or prayer |
//! | R07 | an endorsing row, or one of a frame that must stay abstract, names a real protected group |
//! | R08 | a template has too many rows, or a frame and stance too few templates |
//! | R09 | a stance has too large or small a share, or a frame too few hard negatives |
//! | R10 | a row with a frame has no close row without one in its family |
//! | R11 | a row with a frame has an unknown setting, or a frame too few settings |
//! | R12 | a language or variety has too large or small a share, or is missing from a stance |
//! | R13 | a row is not of the schema: field, value, id |
//! | R14 | a cited source is not in the taxonomy |
//! | R15 | perturbed copies have no original, are too many, or stand outside train |
//! | DUPLICATE | a row has the words of an earlier one |
//! | SPLIT | a row stands in another file than its component belongs to ([`crate::split`]) |
//!
//! Not checked, and left to people: that a neutral statement is one (R02), that identity terms come at equal rates
//! (R07, a test of the trained model), lexical variants (R08), that no sentence is copied (R14), that translations
//! share a meaning (R15), and R16, for which reviewers read endorsing rows in sequence before each release.

mod chi_square;
mod copies;
mod corpus;
mod duplicates;
mod finding;
mod gazetteer;
mod names;
mod pairs;
mod phrases;
mod row;
mod rules;
mod schema;
mod shares;
mod slots;
mod splits;
mod spread;
mod templates;
#[cfg(test)]
mod testing;
mod wording;
mod words;

pub use finding::Finding;
pub use gazetteer::Gazetteer;
pub use row::{Row, parse_rows};
pub use rules::Rules;
pub use spread::{Spread, spread};

use crate::error::Location;
use crate::taxonomy::Taxonomy;
use corpus::Corpus;
use finding::Findings;

/// One rule: looks at the corpus, writes findings.
type Rule = fn(&Corpus<'_>, &mut Findings);

/// Rules that look at each row alone.
const ROW_RULES: [Rule; 3] = [schema::check, wording::check, names::check];

/// Rules that look at all rows together.
const CORPUS_RULES: [Rule; 7] = [
    slots::check,
    templates::check,
    shares::check,
    pairs::check,
    copies::check,
    duplicates::check,
    splits::check,
];

/// Everything that is wrong with a corpus: what is wrong with rows in the order of files and lines, then what is
/// wrong with the corpus as a whole. The same rows in the same order give the same findings.
///
/// Location and row are the pairs of [`parse_rows`]; the stem of the file (`train`, `dev`, `test`) tells which part
/// of the split a row stands in, and rows of other files stand in none.
#[must_use]
pub fn check(
    rows: &[(Location, Row)],
    taxonomy: &Taxonomy,
    rules: &Rules,
    gazetteer: &Gazetteer,
) -> Vec<Finding> {
    let corpus = Corpus::new(rows, taxonomy, rules, gazetteer);
    apply(ROW_RULES.iter().chain(&CORPUS_RULES), &corpus)
}

/// What is wrong with each row by itself: R01 to R04, R06, R07, R13, R14 and the settings of R11.
#[must_use]
pub fn check_rows(
    rows: &[(Location, Row)],
    taxonomy: &Taxonomy,
    rules: &Rules,
    gazetteer: &Gazetteer,
) -> Vec<Finding> {
    let corpus = Corpus::new(rows, taxonomy, rules, gazetteer);
    apply(ROW_RULES.iter(), &corpus)
}

fn apply<'a>(rules: impl Iterator<Item = &'a Rule>, corpus: &Corpus<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    for rule in rules {
        rule(corpus, &mut findings);
    }
    findings.into_sorted()
}
