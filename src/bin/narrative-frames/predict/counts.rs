//! What became of the records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shape::Shape;

/// Counts over records; those of two parts of an input add up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) abstained: u64,
    /// Records that became errors, by kind.
    pub(super) errors: BTreeMap<String, u64>,
    /// Of each head that is written.
    pub(super) heads: Vec<HeadCounts>,
    /// Records that have each field of `--keep`.
    pub(super) kept: Vec<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadCounts {
    /// How often each label was given.
    pub(super) labels: Vec<u64>,
    /// Records without a label.
    pub(super) without_label: u64,
}

impl Counts {
    /// Of no records.
    pub(super) fn new(shape: &Shape) -> Self {
        let heads = shape.heads().map(|head| HeadCounts {
            labels: vec![0; head.labels.len()],
            without_label: 0,
        });
        Self {
            heads: heads.collect(),
            kept: vec![0; shape.kept_fields().len()],
            ..Self::default()
        }
    }

    /// Records that became errors.
    pub(super) fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.abstained += other.abstained;
        for (kind, count) in &other.errors {
            *self.errors.entry(kind.clone()).or_default() += count;
        }
        for (head, other) in self.heads.iter_mut().zip(&other.heads) {
            add(&mut head.labels, &other.labels);
            head.without_label += other.without_label;
        }
        add(&mut self.kept, &other.kept);
    }

    /// Whether both count the same labels and fields.
    pub(super) fn suit(&self, other: &Self) -> bool {
        let labels = |counts: &Self| -> Vec<usize> {
            let heads = counts.heads.iter();
            heads.map(|head| head.labels.len()).collect()
        };
        labels(self) == labels(other) && self.kept.len() == other.kept.len()
    }
}

fn add(counts: &mut [u64], others: &[u64]) {
    for (count, other) in counts.iter_mut().zip(others) {
        *count += other;
    }
}
