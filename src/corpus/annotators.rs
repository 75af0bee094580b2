//! Several annotations of a document become one: the majority; how much the annotators agree is measured.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::read::Row;
use super::{Agreement, Document, HeadKind, HeadReading, HeadSpec, ReadReport, check};
use crate::error::{ErrorKind, Result};
use crate::metrics::krippendorff_alpha;

/// What somebody says of one head of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Judgement {
    /// Nothing.
    Unknown,
    /// These labels, and no other.
    Labels(Vec<String>),
    /// Of some labels whether it has them.
    Named(BTreeMap<String, bool>),
}

impl Judgement {
    /// The same about a head that only tells whether there is any label.
    pub(super) fn any(self) -> Self {
        let any = || vec![HeadSpec::ANY.to_owned()];
        match self {
            Self::Labels(labels) => Self::Labels(if labels.is_empty() { labels } else { any() }),
            Self::Named(named) if named.values().any(|&has| has) => Self::Labels(any()),
            Self::Unknown | Self::Named(_) => Self::Unknown,
        }
    }

    /// Whether the document has the label, if that is said.
    fn of(&self, label: &str) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Labels(labels) => Some(labels.iter().any(|own| own == label)),
            Self::Named(named) => named.get(label).copied(),
        }
    }

    /// Every label it names.
    fn names(&self) -> Vec<&String> {
        match self {
            Self::Unknown => Vec::new(),
            Self::Labels(labels) => labels.iter().collect(),
            Self::Named(named) => named.keys().collect(),
        }
    }

    /// The labels that it says the document has.
    fn given(&self) -> Vec<&String> {
        match self {
            Self::Named(named) => named
                .iter()
                .filter(|(_, has)| **has)
                .map(|(name, _)| name)
                .collect(),
            _ => self.names(),
        }
    }

    /// What is left of it when the same annotator says more; whether that changed anything.
    fn update(&mut self, later: Self) -> bool {
        match (&mut *self, later) {
            (_, Self::Unknown) => false,
            (Self::Named(named), Self::Named(later)) => {
                later.into_iter().fold(false, |changed, (label, has)| {
                    named.insert(label, has).is_some_and(|before| before != has) || changed
                })
            }
            (Self::Labels(labels), Self::Named(later)) => {
                let before = labels.clone();
                labels.retain(|label| later.get(label) != Some(&false));
                let new = later
                    .into_iter()
                    .filter(|(label, has)| *has && !before.contains(label));
                labels.extend(new.map(|(label, _)| label));
                *labels != before
            }
            (_, later) => {
                let changed = !matches!(self, Self::Unknown) && *self != later;
                *self = later;
                changed
            }
        }
    }
}

/// Who says what of each head.
struct Vote {
    annotator: Option<String>,
    judgements: Vec<Judgement>,
}

/// Documents as they come in, with all that is said of them.
pub(super) struct Gathering<'a> {
    heads: &'a [HeadSpec],
    /// Labels that heads have, whether or not a record names them.
    labels: &'a BTreeMap<String, BTreeSet<String>>,
    documents: Vec<Document>,
    /// Of each document.
    votes: Vec<Vec<Vote>>,
    /// Where a document stands that has several records: its id, or its text.
    places: HashMap<(Option<String>, String), usize>,
    annotators: BTreeSet<String>,
    report: ReadReport,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(heads: &'a [HeadSpec], labels: &'a BTreeMap<String, BTreeSet<String>>) -> Self {
        Self {
            heads,
            labels,
            documents: Vec::new(),
            votes: Vec::new(),
            places: HashMap::new(),
            annotators: BTreeSet::new(),
            report: ReadReport::default(),
        }
    }

    /// One more record was read, some of its annotations left out.
    pub(super) fn count(&mut self, left_out: &[&'static str]) {
        self.report.records += 1;
        for reason in left_out {
            *self.report.left_out.entry((*reason).to_owned()).or_default() += 1;
        }
    }

    /// The last record counted belongs to a document.
    pub(super) fn belongs(&mut self, document: usize) {
        self.report.document_of_record.push(document);
    }

    /// Takes a row in: as a document of its own, or as one more annotation of another; the position of that document.
    pub(super) fn add(&mut self, row: Row) -> Result<usize> {
        self.annotators.extend(row.annotator.clone());
        let vote = Vote {
            annotator: row.annotator,
            judgements: row.judgements,
        };
        let place = if row.has_annotators {
            self.check(&row.document, &vote)?;
            self.place(&row.document)?
        } else {
            None
        };
        if let Some(place) = place {
            self.vote(place, vote);
        } else {
            self.documents.push(row.document);
            self.votes.push(vec![vote]);
        }
        Ok(place.unwrap_or(self.documents.len() - 1))
    }

    /// What [`super::Corpus::new`] checks of labels, of each annotation.
    fn check(&self, document: &Document, vote: &Vote) -> Result<()> {
        for (head, judgement) in self.heads.iter().zip(&vote.judgements) {
            let Judgement::Labels(labels) = judgement else {
                continue;
            };
            check::known_labels(head, labels).map_err(|message| ErrorKind::InvalidDocument {
                location: document.location.clone(),
                message,
            })?;
        }
        Ok(())
    }

    /// The document that a record belongs to, if it was there before; else its place is noted.
    fn place(&mut self, document: &Document) -> Result<Option<usize>> {
        let key = match &document.id {
            Some(id) => (Some(id.clone()), String::new()),
            None => (None, document.text.clone()),
        };
        let place = *self.places.entry(key).or_insert(self.documents.len());
        match self.documents.get(place) {
            Some(first) if first.text != document.text => Err(ErrorKind::InvalidDocument {
                location: document.location.clone(),
                message: format!(
                    "id {:?} has another text than at {}; annotations of one document share its text",
                    document.id.as_deref().unwrap_or_default(),
                    first.location
                ),
            }
            .into()),
            known => Ok(known.map(|_| place)),
        }
    }

    fn vote(&mut self, place: usize, vote: Vote) {
        let votes = &mut self.votes[place];
        let earlier = votes
            .iter_mut()
            .find(|earlier| vote.annotator.is_some() && earlier.annotator == vote.annotator);
        match earlier {
            None => votes.push(vote),
            Some(earlier) => {
                let mut changed = false;
                for (earlier, later) in earlier.judgements.iter_mut().zip(vote.judgements) {
                    changed |= earlier.update(later);
                }
                self.report.replaced += usize::from(changed);
            }
        }
    }

    /// The documents with their labels, in the order of their first records.
    pub(super) fn settle(mut self) -> Result<(Vec<Document>, ReadReport)> {
        for (head, spec) in self.heads.iter().enumerate() {
            let labels = self.labels(head);
            let mut reading = HeadReading {
                head: spec.name.clone(),
                agreement: self.agreement(head, spec.kind, &labels),
                ..HeadReading::default()
            };
            for (document, votes) in self.documents.iter_mut().zip(&self.votes) {
                let judgements: Vec<&Judgement> = votes.iter().map(|vote| &vote.judgements[head]).collect();
                let settled = match spec.kind {
                    HeadKind::MultiLabel => multi_label(&judgements, &labels),
                    HeadKind::SingleLabel => single_label(&judgements),
                };
                document.labels.push(count(settled, &mut reading));
            }
            self.report.heads.push(reading);
        }
        self.report.annotators = self.annotators.len();
        self.report.documents = self.documents.len();
        let unknown = |document: &&Document| document.labels.iter().all(Option::is_none);
        self.report.unused = self.documents.iter().filter(unknown).count();
        Ok((self.documents, self.report))
    }

    /// Every label that somebody names, and those that the head has anyway.
    fn labels(&self, head: usize) -> BTreeSet<String> {
        let judgements = self.votes.iter().flatten().map(|vote| &vote.judgements[head]);
        let own = self.labels.get(&self.heads[head].name);
        let named = judgements.flat_map(Judgement::names);
        named.chain(own.into_iter().flatten()).cloned().collect()
    }

    /// Of a single-label head first over all labels; then of each label.
    fn agreement(&self, head: usize, kind: HeadKind, labels: &BTreeSet<String>) -> Vec<Agreement> {
        let several: Vec<Vec<&Judgement>> = self
            .votes
            .iter()
            .filter(|votes| votes.len() > 1)
            .map(|votes| votes.iter().map(|vote| &vote.judgements[head]).collect())
            .collect();
        let of_head = (kind == HeadKind::SingleLabel).then(|| {
            let position = |judgement: &Judgement| {
                let [label] = judgement.given()[..] else {
                    return None;
                };
                labels.iter().position(|own| own == label)
            };
            agreement(None, &several, position)
        });
        let of_label = |label: &String| {
            let has = |judgement: &Judgement| judgement.of(label).map(usize::from);
            agreement(Some(label.clone()), &several, has)
        };
        let all = of_head.into_iter().chain(labels.iter().map(of_label));
        all.filter(|agreement| agreement.documents > 0).collect()
    }
}

fn agreement(
    label: Option<String>,
    documents: &[Vec<&Judgement>],
    value: impl Fn(&Judgement) -> Option<usize>,
) -> Agreement {
    let values = |judgements: &Vec<&Judgement>| -> Vec<usize> {
        judgements
            .iter()
            .filter_map(|judgement| value(judgement))
            .collect()
    };
    let units: Vec<Vec<usize>> = documents
        .iter()
        .map(values)
        .filter(|unit| unit.len() > 1)
        .collect();
    Agreement {
        label,
        documents: units.len(),
        alpha: krippendorff_alpha(&units),
    }
}

/// Why the labels of a document are unknown.
#[derive(Debug, PartialEq)]
enum Unsettled {
    Unlabelled,
    Tied,
    Incomplete,
}

fn count(settled: Result<Vec<String>, Unsettled>, reading: &mut HeadReading) -> Option<Vec<String>> {
    let number = match &settled {
        Ok(_) => &mut reading.known,
        Err(Unsettled::Unlabelled) => &mut reading.unlabelled,
        Err(Unsettled::Tied) => &mut reading.tied,
        Err(Unsettled::Incomplete) => &mut reading.incomplete,
    };
    *number += 1;
    settled.ok()
}

/// The labels that more annotators give than do not; none of all `labels` may stay open.
fn multi_label(judgements: &[&Judgement], labels: &BTreeSet<String>) -> Result<Vec<String>, Unsettled> {
    if let [Judgement::Labels(labels)] = judgements {
        return Ok(labels.clone());
    }
    if judgements
        .iter()
        .all(|judgement| **judgement == Judgement::Unknown)
    {
        return Err(Unsettled::Unlabelled);
    }
    let mut given = Vec::new();
    let mut tied = false;
    for label in labels {
        let said: Vec<bool> = judgements
            .iter()
            .filter_map(|judgement| judgement.of(label))
            .collect();
        let yes = said.iter().filter(|&&has| has).count();
        if said.is_empty() {
            return Err(Unsettled::Incomplete);
        }
        tied |= 2 * yes == said.len();
        if 2 * yes > said.len() {
            given.push(label.clone());
        }
    }
    if tied { Err(Unsettled::Tied) } else { Ok(given) }
}

/// The label that more annotators give than any other.
fn single_label(judgements: &[&Judgement]) -> Result<Vec<String>, Unsettled> {
    if let [Judgement::Labels(labels)] = judgements {
        return Ok(labels.clone());
    }
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for label in judgements.iter().flat_map(|judgement| judgement.given()) {
        *counts.entry(label).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let mut first = counts.into_iter().filter(|(_, count)| *count == most);
    match (first.next(), first.next()) {
        (Some((label, _)), None) => Ok(vec![label.clone()]),
        (Some(_), Some(_)) => Err(Unsettled::Tied),
        (None, _)
            if judgements
                .iter()
                .all(|judgement| **judgement == Judgement::Unknown) =>
        {
            Err(Unsettled::Unlabelled)
        }
        (None, _) => Err(Unsettled::Incomplete),
    }
}
