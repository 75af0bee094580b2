//! What makes heads and documents valid.

use std::collections::{HashMap, HashSet};

use super::{Document, HeadKind, HeadSpec};
use crate::error::{Error, ErrorKind, Location, Result};

/// Each head has a name of its own.
pub(super) fn heads(heads: &[HeadSpec]) -> Result<()> {
    let mut names = HashSet::new();
    for head in heads {
        if head.name.is_empty() || !names.insert(&head.name) {
            let value = format!("{:?}", head.name);
            return Err(Error::invalid(
                "the name of a head",
                value,
                "a name that no other head has",
            ));
        }
    }
    Ok(())
}

/// There are documents, each is valid, and no two have the same id.
pub(super) fn documents(heads: &[HeadSpec], documents: &[Document]) -> Result<()> {
    if documents.is_empty() {
        let reason = String::new();
        return Err(ErrorKind::EmptyCorpus { reason }.into());
    }
    let mut ids: HashMap<&str, &Location> = HashMap::new();
    for document in documents {
        one(heads, document).map_err(|message| ErrorKind::InvalidDocument {
            location: document.location.clone(),
            message,
        })?;
        let Some(id) = &document.id else { continue };
        if let Some(first) = ids.insert(id, &document.location) {
            return Err(ErrorKind::DuplicateId {
                id: id.clone(),
                first: first.clone(),
                second: document.location.clone(),
            }
            .into());
        }
    }
    Ok(())
}

fn one(heads: &[HeadSpec], document: &Document) -> Result<(), String> {
    let weight = document.weight;
    if !weight.is_finite() || weight <= 0.0 {
        return Err(format!(
            "the weight is {weight}, expected a finite number above 0"
        ));
    }
    let (found, expected) = (document.labels.len(), heads.len());
    if found != expected {
        return Err(format!("labels for {found} heads, expected {expected}"));
    }
    for (head, labels) in heads.iter().zip(&document.labels) {
        let labels = labels.as_deref();
        labels.map_or(Ok(()), |labels| known_labels(head, labels))?;
    }
    Ok(())
}

pub(super) fn known_labels(head: &HeadSpec, labels: &[String]) -> Result<(), String> {
    let name = &head.name;
    if head.kind == HeadKind::SingleLabel && labels.len() != 1 {
        let found = labels.len();
        return Err(format!(
            "{found} labels of the single-label head {name:?}, expected exactly 1"
        ));
    }
    if labels.iter().any(String::is_empty) {
        return Err(format!("an empty label of head {name:?}"));
    }
    let mut seen = HashSet::new();
    match labels.iter().find(|&label| !seen.insert(label)) {
        Some(label) => Err(format!("label {label:?} of head {name:?} stands twice")),
        None => Ok(()),
    }
}
