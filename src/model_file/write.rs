//! From a model to the bytes of its file.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use safetensors::Dtype;
use safetensors::tensor::{TensorView, serialize};

use super::header::{
    FORMAT_VERSION, HASHES, Header, IDF, INTERCEPTS, METADATA_KEY, NO_DIGEST, TEXT_VERSION, WEIGHTS,
    WireHead, digest, digest_range,
};
use crate::classifier::Classifier;

/// The bytes of the file of a model.
pub(crate) fn write(classifier: &Classifier) -> Vec<u8> {
    let vocabulary = classifier.vectorizer().vocabulary();
    let n_outputs = classifier.n_outputs();
    let header = Header {
        digest: String::from_utf8_lossy(&NO_DIGEST).into_owned(),
        format_version: FORMAT_VERSION.to_owned(),
        text_version: TEXT_VERSION.to_owned(),
        heads: classifier.heads().iter().map(WireHead::from).collect(),
        channel_ends: vocabulary.channel_ends().to_vec(),
        weight_unit: classifier.weights.unit(),
        recipe: classifier.recipe().clone(),
        provenance: classifier.provenance().clone(),
        card: classifier.card().cloned(),
    };
    let hashes: Vec<u8> = vocabulary
        .hashes()
        .iter()
        .flat_map(|hash| hash.to_le_bytes())
        .collect();
    let idf = shorts(classifier.vectorizer().idf().iter().map(|idf| idf.steps()));
    let weights = shorts(classifier.weights.units());
    let intercepts = floats(classifier.intercepts());
    let n_features = vocabulary.len();
    let tensors = [
        (HASHES, Dtype::U64, vec![n_features], &hashes),
        (IDF, Dtype::I16, vec![n_features], &idf),
        (WEIGHTS, Dtype::I16, vec![n_features, n_outputs], &weights),
        (INTERCEPTS, Dtype::F32, vec![n_outputs], &intercepts),
    ]
    .map(|(name, dtype, shape, bytes)| {
        let view = TensorView::new(dtype, shape, bytes).expect("the shape is that of the array");
        (name, view)
    });
    let header = serde_json::to_string(&header).expect("a header is numbers and strings");
    let metadata = HashMap::from([(METADATA_KEY.to_owned(), header)]);
    let mut bytes = serialize(tensors, Some(metadata)).expect("the header is below the container's limit");
    let range = digest_range(&bytes).expect("the header begins with the digest");
    let digest = digest(&bytes, range.clone());
    bytes[range].copy_from_slice(digest.as_bytes());
    bytes
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Writes a file whole or not at all: to a temporary one beside it, which is then renamed. Something that is there
/// and no regular file, such as a pipe, is written to directly.
pub(crate) fn save(bytes: &[u8], path: &Path) -> std::io::Result<()> {
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return std::fs::write(path, bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let result = std::fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, path))
        .and_then(|()| sync_folder(path));
    if result.is_err() {
        // The error that matters is the first one.
        let _ = std::fs::remove_file(&temporary);
    }
    result
}

/// Puts the new name on the disk too, where a folder can be opened.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match cfg!(unix) {
        true => std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all(),
        false => Ok(()),
    }
}

fn shorts(values: impl Iterator<Item = i16>) -> Vec<u8> {
    values.flat_map(i16::to_le_bytes).collect()
}
