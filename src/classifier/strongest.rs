//! The n-grams that speak loudest for each label, as text.

use std::collections::BTreeSet;

use super::StrongFeature;
use crate::error::Result;
use crate::features::{FeatureId, Vectorizer, spell};

/// Features kept for each label.
const PER_LABEL: usize = 20;

/// The features with the largest positive weights for each output, heaviest first.
///
/// The vocabulary knows hashes alone, so the texts are read once more for the strings.
pub(super) fn strongest<S: AsRef<str>>(
    vectorizer: &Vectorizer,
    weights: &[f32],
    n_outputs: usize,
    texts: &[S],
) -> Result<Vec<Vec<StrongFeature>>> {
    let heaviest: Vec<Vec<FeatureId>> = (0..n_outputs)
        .map(|output| heaviest(weights, n_outputs, output))
        .collect();
    let hash = |id: &FeatureId| vectorizer.vocabulary().hashes()[id.index()];
    let wanted: BTreeSet<u64> = heaviest.iter().flatten().map(hash).collect();
    let found = spell(vectorizer.channels(), texts, &wanted)?;
    let feature = |id: &FeatureId, output: usize| {
        let (channel, ngram) = found.get(&hash(id))?;
        Some(StrongFeature {
            channel: *channel,
            ngram: ngram.clone(),
            weight: weights[id.index() * n_outputs + output],
        })
    };
    Ok(heaviest
        .iter()
        .enumerate()
        .map(|(output, ids)| ids.iter().filter_map(|id| feature(id, output)).collect())
        .collect())
}

fn heaviest(weights: &[f32], n_outputs: usize, output: usize) -> Vec<FeatureId> {
    let column = || weights.iter().skip(output).step_by(n_outputs);
    let mut ids: Vec<(f32, u32)> = column()
        .copied()
        .zip(0..)
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    ids.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ids.truncate(PER_LABEL);
    ids.into_iter().map(|(_, id)| FeatureId(id)).collect()
}
