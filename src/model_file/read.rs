//! From the bytes of a file to a model.

use std::io::Read;

use safetensors::{Dtype, SafeTensors};

use super::MAX_MODEL_BYTES;
use super::header::{
    FORMAT_VERSION, HASHES, Header, IDF, INTERCEPTS, METADATA_KEY, TEXT_VERSION, WEIGHTS, digest,
    digest_range,
};
use crate::classifier::{Classifier, Weights};
use crate::error::{Error, ModelFileError, Result};
use crate::features::{Idf, Vectorizer, Vocabulary};
use linfa::ParamGuard;

/// Why the bytes of a file could not be had.
pub(crate) enum ReadError {
    /// The system's reason.
    Io(std::io::Error),
    /// There are too many.
    Model(ModelFileError),
}

/// All bytes of a file, up to [`MAX_MODEL_BYTES`].
pub(crate) fn read_bounded(input: impl Read) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    input
        .take(MAX_MODEL_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(ReadError::Io)?;
    check_length(bytes.len()).map_err(ReadError::Model)?;
    Ok(bytes)
}

fn check_length(bytes: usize) -> Result<(), ModelFileError> {
    let bytes = bytes as u64;
    if bytes > MAX_MODEL_BYTES {
        return Err(ModelFileError::TooLong {
            bytes,
            limit: MAX_MODEL_BYTES,
        });
    }
    Ok(())
}

/// The model in the bytes of a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Classifier> {
    check_length(bytes.len())?;
    let tensors =
        SafeTensors::deserialize(bytes).map_err(|error| ModelFileError::Container(error.to_string()))?;
    check_digest(bytes)?;
    let header = read_header(bytes)?;
    for (what, found, expected) in [
        ("format", &header.format_version, FORMAT_VERSION),
        ("text", &header.text_version, TEXT_VERSION),
    ] {
        if found != expected {
            return Err(ModelFileError::Version {
                found: format!("{what} {found}"),
                expected: format!("{what} {expected}"),
            }
            .into());
        }
    }
    build(&header, &tensors)
}

fn check_digest(bytes: &[u8]) -> Result<(), ModelFileError> {
    let range = digest_range(bytes).ok_or_else(|| ModelFileError::Header("no digest".to_owned()))?;
    let found = String::from_utf8_lossy(&bytes[range.clone()]).into_owned();
    let expected = digest(bytes, range);
    if found == expected {
        Ok(())
    } else {
        Err(ModelFileError::Digest { found, expected })
    }
}

fn read_header(bytes: &[u8]) -> Result<Header, ModelFileError> {
    let (_, container) =
        SafeTensors::read_metadata(bytes).map_err(|error| ModelFileError::Container(error.to_string()))?;
    let entries = container.metadata().iter().flatten();
    let mut header = None;
    for (key, value) in entries {
        if key != METADATA_KEY {
            return Err(ModelFileError::Header(format!("unknown entry {key:?}")));
        }
        header = Some(value);
    }
    let header = header.ok_or_else(|| ModelFileError::Header(format!("no entry {METADATA_KEY:?}")))?;
    serde_json::from_str(header).map_err(|error| ModelFileError::Header(error.to_string()))
}

fn build(header: &Header, tensors: &SafeTensors<'_>) -> Result<Classifier> {
    let heads = header.heads()?;
    let n_outputs = heads.last().map_or(0, |head| head.outputs.end);
    if tensors.len() != 4 {
        return Err(ModelFileError::Header(format!("{} tensors, expected 4", tensors.len())).into());
    }
    if header.provenance.strongest.len() != n_outputs {
        let found = header.provenance.strongest.len();
        return Err(ModelFileError::Header(format!(
            "strongest features of {found} labels, expected {n_outputs}"
        ))
        .into());
    }
    let hashes = integers(tensors, HASHES)?;
    let n_features = hashes.len();
    let idf = shorts(tensors, IDF, &[n_features])?
        .map(Idf::from_steps)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| ModelFileError::Tensor {
            name: IDF.to_owned(),
            problem: "holds a value that is below zero".to_owned(),
        })?;
    if !(header.weight_unit.is_normal() && header.weight_unit > 0.0) {
        return Err(ModelFileError::Header(format!("weight_unit is {}", header.weight_unit)).into());
    }
    let units = shorts(tensors, WEIGHTS, &[n_features, n_outputs])?;
    let weights = Weights::from_units(units, &idf, header.weight_unit, n_outputs);
    let intercepts = floats(tensors, INTERCEPTS, &[n_outputs])?;
    let vocabulary = Vocabulary::new(by_channel(&hashes, &header.channel_ends)?).map_err(in_header)?;
    header.recipe.check().map_err(in_header)?;
    let features = header.recipe.features.check_ref()?;
    let vectorizer = Vectorizer::new(features, vocabulary, idf).map_err(in_header)?;
    Ok(Classifier {
        vectorizer,
        heads,
        weights,
        intercepts,
        recipe: header.recipe.clone(),
        provenance: header.provenance.clone(),
        card: header.card.clone(),
    })
}

/// An error of a part, as an error of the file.
fn in_header(error: Error) -> ModelFileError {
    ModelFileError::Header(error.to_string())
}

/// The hashes of each channel.
fn by_channel(hashes: &[u64], ends: &[usize]) -> Result<Vec<Vec<u64>>, ModelFileError> {
    let bad = || ModelFileError::Header(format!("channel_ends {ends:?} do not end at {}", hashes.len()));
    if ends.last() != Some(&hashes.len()) {
        return Err(bad());
    }
    let mut start = 0;
    ends.iter()
        .map(|&end| {
            let channel = hashes.get(start..end).ok_or_else(bad)?.to_vec();
            start = end;
            Ok(channel)
        })
        .collect()
}

/// The bytes of a tensor of the type and shape expected.
fn bytes_of<'a>(
    tensors: &'a SafeTensors<'_>,
    name: &str,
    dtype: Dtype,
    shape: Option<&[usize]>,
) -> Result<&'a [u8], ModelFileError> {
    let bad = |problem: String| ModelFileError::Tensor {
        name: name.to_owned(),
        problem,
    };
    let tensor = tensors.tensor(name).map_err(|error| bad(error.to_string()))?;
    if tensor.dtype() != dtype {
        return Err(bad(format!("{:?}, expected {dtype:?}", tensor.dtype())));
    }
    let fits = match shape {
        Some(shape) => tensor.shape() == shape,
        None => tensor.shape().len() == 1,
    };
    if !fits {
        return Err(bad(format!("shape {:?}, expected {shape:?}", tensor.shape())));
    }
    Ok(tensor.data())
}

fn integers(tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<u64>, ModelFileError> {
    let bytes = bytes_of(tensors, name, Dtype::U64, None)?;
    Ok(bytes
        .as_chunks()
        .0
        .iter()
        .map(|chunk| u64::from_le_bytes(*chunk))
        .collect())
}

fn shorts<'a>(
    tensors: &'a SafeTensors<'_>,
    name: &str,
    shape: &[usize],
) -> Result<impl Iterator<Item = i16> + 'a, ModelFileError> {
    let bytes = bytes_of(tensors, name, Dtype::I16, Some(shape))?;
    Ok(bytes.as_chunks().0.iter().map(|chunk| i16::from_le_bytes(*chunk)))
}

fn floats(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelFileError> {
    let bytes = bytes_of(tensors, name, Dtype::F32, Some(shape))?;
    let values: Vec<f32> = bytes
        .as_chunks()
        .0
        .iter()
        .map(|chunk| f32::from_le_bytes(*chunk))
        .collect();
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(ModelFileError::Tensor {
            name: name.to_owned(),
            problem: format!("holds {value}"),
        }),
        None => Ok(values),
    }
}
