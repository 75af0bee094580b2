//! Which trials come in which order.

use std::collections::BTreeMap;

use linfa::ParamGuard;
use sha2::{Digest, Sha256};

use super::journal::Outcome;
use super::rungs::{FACTOR, Rung};
use super::space::{Point, Space, name_of, thresholds};
use super::{Figures, Journal, Trial, Tuned, Tuning, TuningReport, Watch};
use crate::classifier::{Recipe, cross_validate, extract};
use crate::corpus::Corpus;
use crate::decision::Threshold;
use crate::error::{Error, Result};
use crate::features::{Channel, TermCounts};
use crate::random::SplitMix64;

/// The most recipes that a round begins with, and the fewest.
const MOST_ENTRANTS: usize = 27;
const FEWEST_ENTRANTS: usize = 9;

/// A change is tried on the whole corpus unless it loses more than this on the part before.
const SLACK: f64 = 0.005;

/// How often to draw before there seems to be nothing new.
const DRAWS: usize = 1000;

/// A search and what it found so far.
pub(super) struct Search<'a> {
    start: &'a Recipe,
    corpus: &'a Corpus,
    tuning: &'a Tuning,
    rungs: Vec<Rung>,
    journal: Option<&'a mut Journal>,
    watch: &'a mut dyn Watch,
    space: Space,
    random: SplitMix64,
    /// What thresholds are learned by, and those for all labels that are tried beside it.
    rule: Threshold,
    cuts: Vec<f64>,
    /// Of each channel that was needed.
    terms: BTreeMap<Channel, TermCounts>,
    /// By recipe and number of documents.
    done: BTreeMap<(Point, usize), Trial>,
}

/// Why a search ends before there is nothing more to try.
enum Stop {
    /// There were enough trials, or no time for more.
    Enough,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Search<'a> {
    pub(super) fn new(
        start: &'a Recipe,
        corpus: &'a Corpus,
        tuning: &'a Tuning,
        rungs: Vec<Rung>,
        journal: Option<&'a mut Journal>,
        watch: &'a mut dyn Watch,
    ) -> Result<Self> {
        let (rule, cuts) = thresholds(start.decision.threshold, corpus);
        Ok(Self {
            start,
            rule,
            cuts,
            corpus,
            tuning,
            rungs,
            journal,
            watch,
            space: Space::new(start)?,
            random: SplitMix64::new(tuning.seed),
            terms: BTreeMap::new(),
            done: BTreeMap::new(),
        })
    }

    pub(super) fn run(mut self) -> Result<TuningReport> {
        match self.rounds() {
            Ok(()) | Err(Stop::Enough) => self.report(),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// Rounds of drawing and refining, until one finds nothing.
    fn rounds(&mut self) -> Result<(), Stop> {
        self.begin()?;
        let mut best = self.space.start();
        loop {
            let drawn = self.halve(&best)?;
            let refined = self.refine(drawn)?;
            if refined == best && self.entrants(&best).is_empty() {
                return Ok(());
            }
            best = refined;
        }
    }

    /// The starting recipe on the smallest part that it can be trained on; others are left out.
    fn begin(&mut self) -> Result<(), Stop> {
        let start = self.space.start();
        while self.measure(&start, 0)?.is_none() {
            if self.rungs.len() == 1 {
                let recipe = self.recipe(&start);
                // The same again, for the error itself.
                self.cross_validate(&recipe, 0)?;
                return Err(Stop::Enough);
            }
            self.rungs.remove(0);
        }
        Ok(())
    }

    /// Successive halving of recipes drawn near one, which goes with them: the best of all on the whole corpus.
    fn halve(&mut self, near: &Point) -> Result<Point, Stop> {
        let mut entrants = self.entrants(near);
        for rung in 0..self.rungs.len() {
            let mut ranked = vec![(self.measure(near, rung)?, near.clone())];
            for entrant in entrants {
                ranked.push((self.measure(&entrant, rung)?, entrant));
            }
            // `None`, a recipe that failed, is below every figure; a stable sort.
            ranked.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(std::cmp::Ordering::Equal));
            if rung + 1 == self.rungs.len() {
                return Ok(ranked.swap_remove(0).1);
            }
            let others = ranked
                .into_iter()
                .filter(|(figure, point)| figure.is_some() && point != near);
            let mut others: Vec<Point> = others.map(|(_, point)| point).collect();
            others.truncate(others.len().div_ceil(FACTOR));
            entrants = others;
        }
        Ok(near.clone())
    }

    /// New recipes near one.
    fn entrants(&mut self, near: &Point) -> Vec<Point> {
        let wanted = FACTOR.pow(self.rungs.len().min(3) as u32);
        let wanted = wanted.clamp(FEWEST_ENTRANTS, MOST_ENTRANTS);
        let mut entrants: Vec<Point> = Vec::new();
        for _ in 0..DRAWS {
            let drawn = self.space.draw(near, &mut self.random);
            let is_known = self.done.keys().any(|(point, _)| *point == drawn) || entrants.contains(&drawn);
            if !is_known && self.recipe(&drawn).check().is_ok() {
                entrants.push(drawn);
            }
            if entrants.len() == wanted {
                break;
            }
        }
        entrants
    }

    /// Changes one choice after the other while that helps.
    fn refine(&mut self, mut best: Point) -> Result<Point, Stop> {
        loop {
            let before = best.clone();
            for dimension in 0..before.len() {
                for neighbour in self.space.neighbours(&best).swap_remove(dimension) {
                    if self.is_better(&neighbour, &best)? {
                        best = neighbour;
                    }
                }
            }
            if best == before {
                return Ok(best);
            }
        }
    }

    /// Whether a recipe is better on the whole corpus; if it is much worse on the part before, that is taken as an answer.
    fn is_better(&mut self, point: &Point, best: &Point) -> Result<bool, Stop> {
        if self.recipe(point).check().is_err() {
            return Ok(false);
        }
        let last = self.rungs.len() - 1;
        if let Some(before) = last.checked_sub(1) {
            let (this, other) = (self.measure(point, before)?, self.measure(best, before)?);
            if this.is_none_or(|this| this + SLACK < other.unwrap_or(0.0)) {
                return Ok(false);
            }
        }
        Ok(self.measure(point, last)? > self.measure(best, last)?)
    }

    /// The recipe as it is trained.
    fn recipe(&self, point: &Point) -> Recipe {
        let mut recipe = self.space.recipe(point);
        recipe.decision.threshold = self.rule;
        recipe
    }

    /// The best macro-F1 of a recipe on a part of the corpus; `None` if it fails there.
    fn measure(&mut self, point: &Point, rung: usize) -> Result<Option<f64>, Stop> {
        let documents = self.rungs[rung].documents;
        let key = (point.clone(), documents);
        if !self.done.contains_key(&key) {
            let trial = self.trial(point, rung)?;
            self.done.insert(key.clone(), trial);
            let best = self.best().map(|(_, tuned)| tuned);
            if let (Some(best), Some(trial)) = (best, self.done.get(&key)) {
                self.watch.finished(trial, &best);
            }
        }
        Ok(self.done[&key].best().map(|figures| figures.macro_f1))
    }

    fn trial(&mut self, point: &Point, rung: usize) -> Result<Trial, Stop> {
        let enough = self.tuning.trials.unwrap_or(usize::MAX);
        if self.done.len() >= enough {
            return Err(Stop::Enough);
        }
        let recipe = self.recipe(point);
        let digest = digest(&recipe);
        let documents = self.rungs[rung].documents;
        let journal = self.journal.as_ref();
        let known = journal
            .and_then(|journal| journal.find(&digest, documents))
            .cloned();
        let is_resumed = known.is_some();
        let figures = match known {
            Some(known) => known,
            None if !self.done.is_empty() && !self.watch.go_on(documents) => return Err(Stop::Enough),
            None => self.outcome(&recipe, &digest, rung)?,
        };
        Ok(Trial {
            changes: self.space.changes(point),
            documents,
            figures,
            is_resumed,
        })
    }

    /// Runs a trial and notes it.
    fn outcome(&mut self, recipe: &Recipe, digest: &str, rung: usize) -> Result<Outcome> {
        let outcome = self
            .cross_validate(recipe, rung)
            .map_err(|error| error.to_string());
        if let Some(journal) = &mut self.journal {
            journal.note(digest, self.rungs[rung].documents, &outcome)?;
        }
        Ok(outcome)
    }

    fn cross_validate(&mut self, recipe: &Recipe, rung: usize) -> Result<Vec<Figures>> {
        let mut parts = Vec::new();
        for &channel in recipe.features.check_ref()?.channels() {
            if !self.terms.contains_key(&channel) {
                self.terms.insert(channel, extract(self.corpus, &[channel])?);
            }
            parts.push(channel);
        }
        let terms = TermCounts::join(parts.iter().filter_map(|channel| self.terms.get(channel)));
        cross_validate(recipe, self.corpus, terms, &self.rungs[rung].splits, &self.cuts)
    }
}

impl Trial {
    /// The figures of the best threshold rule, the first of equals.
    fn best(&self) -> Option<&Figures> {
        let figures = self.figures.as_ref().ok()?.iter().rev();
        figures.max_by(|a, b| a.macro_f1.total_cmp(&b.macro_f1))
    }
}

/// What the search found.
impl Search<'_> {
    fn report(self) -> Result<TuningReport> {
        let missing = || Error::invalid("trials", 0, "1 or more");
        let (_, best) = self.best().ok_or_else(missing)?;
        let start = self.tuned(&self.space.start(), best.documents, |trial| {
            let figures = trial.figures.as_ref().ok()?;
            figures
                .iter()
                .find(|figures| figures.threshold == self.start.decision.threshold)
        });
        Ok(TuningReport {
            start: start.ok_or_else(missing)?,
            best,
            trials: self.done.len(),
            ranking: self.ranking(),
            failed: self
                .done
                .values()
                .filter(|trial| trial.figures.is_err())
                .cloned()
                .collect(),
        })
    }

    /// The best recipe on the largest part that another than the starting one was measured on, or else that one.
    fn best(&self) -> Option<(Point, Tuned)> {
        let start = self.space.start();
        let figure = |trial: &Trial| trial.best().map(|figures| figures.macro_f1);
        let measured = self.done.iter().filter(|(_, trial)| figure(trial).is_some());
        let others = measured.clone().filter(|((point, _), _)| *point != start);
        let documents = others.map(|((_, documents), _)| *documents).max();
        let documents = documents.or_else(|| measured.clone().map(|((_, documents), _)| *documents).max())?;
        let here = measured.filter(|((_, of), _)| *of == documents);
        // The starting recipe is the best of equals.
        let best = here.max_by(|a, b| {
            let rank = |entry: &(&(Point, usize), &Trial)| (figure(entry.1), entry.0.0 == start);
            let (a, b) = (rank(a), rank(b));
            a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
        });
        let point = &best?.0.0;
        Some((point.clone(), self.tuned(point, documents, Trial::best)?))
    }

    fn tuned(
        &self,
        point: &Point,
        documents: usize,
        which: impl Fn(&Trial) -> Option<&Figures>,
    ) -> Option<Tuned> {
        let trial = self.done.get(&(point.clone(), documents))?;
        let figures = which(trial)?.clone();
        let mut recipe = self.space.recipe(point);
        let mut changes = trial.changes.clone();
        if figures.threshold != recipe.decision.threshold {
            recipe.decision.threshold = figures.threshold;
            changes.push(format!("threshold={}", name_of(figures.threshold)));
        }
        Some(Tuned {
            recipe,
            changes,
            documents,
            figures,
        })
    }

    fn ranking(&self) -> Vec<Tuned> {
        let mut furthest: BTreeMap<&Point, usize> = BTreeMap::new();
        for ((point, documents), trial) in &self.done {
            if trial.figures.is_ok() {
                let most = furthest.entry(point).or_default();
                *most = (*documents).max(*most);
            }
        }
        let tuned = |(point, documents): (&Point, usize)| self.tuned(point, documents, Trial::best);
        let mut ranking: Vec<Tuned> = furthest.into_iter().filter_map(tuned).collect();
        ranking.sort_by(|a, b| {
            let figures = b.figures.macro_f1.total_cmp(&a.figures.macro_f1);
            b.documents.cmp(&a.documents).then(figures)
        });
        ranking
    }
}

/// SHA-256 of a recipe as TOML, in hexadecimal.
fn digest(recipe: &Recipe) -> String {
    let digest = Sha256::digest(recipe.to_toml());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
