//! Model files: a safetensors container with a header and a digest over every byte.
//!
//! The format is written down in `models/README.md`. Reading trusts nothing: the container is checked
//! first, then the digest, then the header, then every tensor; only then is a model built. No code runs
//! from a file, and no size from a file is allocated before it was compared with the bytes there are.

mod header;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::{ReadError, read, read_bounded};
pub(crate) use write::{save, write};

/// The largest model file that is read, in bytes: 2 GiB.
pub(crate) const MAX_MODEL_BYTES: u64 = 2 << 30;

/// The digest in the bytes of a file; empty if there is none.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    let range = header::digest_range(bytes).unwrap_or_default();
    String::from_utf8_lossy(&bytes[range]).into_owned()
}
