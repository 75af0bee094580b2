//! Compressed files.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::format::Compression;

/// The content of a file; of all members of a gzip file, of all frames of a zstandard file.
pub(super) fn content(
    file: impl Read + Send + 'static,
    compression: Compression,
) -> io::Result<Box<dyn Read + Send>> {
    Ok(match compression {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(MultiGzDecoder::new(file)),
        Compression::Zstd => Box::new(zstd::Decoder::new(file)?),
    })
}
