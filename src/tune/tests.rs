//! The search by itself.

use std::collections::BTreeSet;

use proptest::prelude::*;

use linfa::ParamGuard;

use super::space::Space;
use super::*;
use crate::classifier::tests::{corpus, recipe};
use crate::corpus::{Document, HeadSpec};
use crate::decision::{CalibrationMethod, Partition, Threshold};
use crate::features::Vectorizer;
use crate::metrics::Confusion;
use crate::random::SplitMix64;
use crate::strata::Strata;

const TUNING: Tuning = Tuning {
    folds: 3,
    seed: 1,
    trials: Some(12),
};

/// Notes what it is told, and ends after some trials.
#[derive(Default)]
struct Notes {
    left: usize,
    trials: Vec<Trial>,
    best: Vec<f64>,
}

impl Watch for Notes {
    fn go_on(&mut self, _documents: usize) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

    fn finished(&mut self, trial: &Trial, best: &Tuned) {
        self.trials.push(trial.clone());
        self.best.push(best.figures.macro_f1);
    }
}

fn search(tuning: Tuning, left: usize) -> (TuningReport, Notes) {
    let mut notes = Notes {
        left,
        ..Notes::default()
    };
    let report = tune(&recipe(), &corpus(), &tuning, None, &mut notes).expect("enough documents");
    (report, notes)
}

#[test]
fn the_clock_decides_the_number_of_trials_alone() {
    let (_, all) = search(TUNING, 100);
    let (report, some) = search(TUNING, 5);
    assert_eq!((all.trials.len(), some.trials.len()), (12, 5));
    assert_eq!(some.trials, all.trials[..5]);
    assert_eq!(report.trials, 5);
    let (report, one) = search(TUNING, 1);
    assert_eq!(one.trials.len(), 1, "the first trial is not asked about");
    assert_eq!(report.best.changes, report.start.changes);
    let other = Tuning { seed: 2, ..TUNING };
    assert_ne!(search(other, 100).1.trials, all.trials);
}

#[test]
fn the_best_is_the_best() {
    let (report, notes) = search(TUNING, 100);
    assert!(notes.best.is_sorted(), "one part of the corpus: {:?}", notes.best);
    assert_eq!(notes.best.last(), Some(&report.best.figures.macro_f1));
    assert_eq!(report.ranking[0].figures.macro_f1, report.best.figures.macro_f1);
    assert!(report.start.figures.macro_f1 <= report.best.figures.macro_f1);
    assert_eq!(report.start.recipe, recipe());
    let (again, _) = search(TUNING, 100);
    assert_eq!(again, report);
    report.best.recipe.check().expect("a valid recipe");
    assert_eq!(report.best.recipe.heads, recipe().heads);
}

#[test]
fn settings_out_of_range_are_refused() {
    for (tuning, parameter) in [
        (Tuning { folds: 1, ..TUNING }, "folds is 1"),
        (
            Tuning {
                trials: Some(0),
                ..TUNING
            },
            "trials is 0",
        ),
    ] {
        let error = tune(&recipe(), &corpus(), &tuning, None, &mut ()).expect_err(parameter);
        assert!(error.to_string().starts_with(parameter), "{error}");
    }
}

/// Without calibration, the figure is that of classifiers trained on the other folds.
#[test]
fn figures_are_those_of_classifiers_that_have_not_seen_the_fold() {
    let (mut recipe, corpus) = (recipe(), corpus());
    recipe.calibration.method = CalibrationMethod::None;
    recipe.decision.threshold = Threshold::Probability(0.5);
    let rungs = rungs::rungs(&classifier::strata(&recipe, &corpus).expect("labels"), 3, 7);
    let splits = &rungs[0].splits;
    let params = Vectorizer::params().check().expect("defaults");
    let terms = classifier::extract(&corpus, params.channels()).expect("short texts");
    let mut found = BTreeSet::new();
    for c in [0.01, 0.03, 0.1, 0.2, 0.3, 1.0] {
        recipe.training = recipe.training.c(c);
        let figures = classifier::cross_validate(&recipe, &corpus, terms.clone(), splits, &[0.4]);
        let figures = figures.expect("labels");
        assert!((figures[0].macro_f1 - by_hand(&recipe, &corpus, splits)).abs() < 1e-12);
        assert_eq!(figures[1].threshold, Threshold::Probability(0.4));
        found.extend(figures.iter().map(|figures| figures.macro_f1.to_bits()));
    }
    assert!(found.len() > 2, "not all are right or wrong everywhere");
}

/// Macro-F1 of classifiers that are trained on a part of the corpus.
fn by_hand(recipe: &Recipe, corpus: &Corpus, splits: &[Partition]) -> f64 {
    let specs = corpus
        .heads()
        .iter()
        .map(|head| HeadSpec::new(&head.name, head.kind));
    let specs: Vec<HeadSpec> = specs.collect();
    let mut counts = [[Confusion::default(); 2]; 2];
    for (train, held_out) in splits {
        let pick = |of: &[usize]| {
            of.iter()
                .map(|&document| corpus.documents()[document].clone())
                .collect()
        };
        let part = Corpus::new(specs.clone(), pick(train)).expect("valid documents");
        let (classifier, _) = recipe.fit(&part).expect("enough documents");
        let held_out: Vec<Document> = pick(held_out);
        for document in held_out {
            let prediction = classifier.predict(&document.text).expect("short");
            for (position, head) in corpus.heads().iter().enumerate() {
                let Some(truth) = &document.labels[position] else {
                    continue;
                };
                let given = prediction.labels(&head.name);
                for (count, label) in counts[position].iter_mut().zip(&head.labels) {
                    let given = given.contains(&label.as_str());
                    *count += Confusion::from_predictions(&[given], &[truth.contains(label)]);
                }
            }
        }
    }
    counts.as_flattened().iter().map(Confusion::f1).sum::<f64>() / 4.0
}

#[test]
fn a_precision_that_was_asked_for_stays() {
    let mut strict = recipe();
    strict.decision.threshold = Threshold::Precision(0.9);
    let report = tune(&strict, &corpus(), &TUNING, None, &mut ()).expect("enough documents");
    let rules: BTreeSet<String> = report
        .ranking
        .iter()
        .map(|tuned| format!("{:?}", tuned.recipe.decision.threshold))
        .collect();
    assert_eq!(rules, BTreeSet::from(["Precision(0.9)".to_owned()]));
}

#[test]
fn points_are_distinct_recipes() {
    let start = recipe();
    let space = Space::new(&start).expect("a valid recipe");
    assert_eq!(space.recipe(&space.start()), start);
    assert!(space.changes(&space.start()).is_empty());
    let mut seen = BTreeSet::from([start.to_toml()]);
    for neighbour in space.neighbours(&space.start()).concat() {
        assert_eq!(space.changes(&neighbour).len(), 1);
        assert!(
            seen.insert(space.recipe(&neighbour).to_toml()),
            "{:?}",
            space.changes(&neighbour)
        );
    }
    let mut random = SplitMix64::new(3);
    for _ in 0..100 {
        let drawn = space.draw(&space.start(), &mut random);
        let recipe = space.recipe(&drawn);
        assert_eq!(recipe == start, drawn == space.start());
    }
}

proptest! {
    #[test]
    fn parts_hold_whole_groups_and_grow(seed in 0_u64..100, of_group in 1_usize..8) {
        let n = 20_000;
        let strata = Strata {
            groups: (0..n).map(|document| document / of_group).collect(),
            labels: (0..n).map(|document| (0..2).filter(|label| document % [3, 1000][*label] == 0).collect()).collect(),
            n_labels: 2,
        };
        let rungs = rungs::rungs(&strata, 5, seed);
        prop_assert_eq!(rungs.len(), 3);
        prop_assert_eq!(rungs[2].documents, n);
        let mut smaller = BTreeSet::new();
        for rung in &rungs {
            let held_out: Vec<usize> = rung.splits.iter().flat_map(|split| split.1.clone()).collect();
            let documents: BTreeSet<usize> = held_out.iter().copied().collect();
            prop_assert_eq!(documents.len(), held_out.len());
            prop_assert_eq!(documents.len(), rung.documents);
            prop_assert!(documents.is_superset(&smaller));
            let groups: BTreeSet<usize> = documents.iter().map(|document| strata.groups[*document]).collect();
            let whole = (0..n).filter(|document| groups.contains(&strata.groups[*document])).count();
            prop_assert_eq!(whole, documents.len());
            prop_assert!(documents.iter().filter(|document| **document % 1000 == 0).count() >= 10);
            for (train, held_out) in &rung.splits {
                prop_assert_eq!(train.len() + held_out.len(), rung.documents);
            }
            smaller = documents;
        }
    }
}
