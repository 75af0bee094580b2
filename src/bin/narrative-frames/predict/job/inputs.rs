//! Whether the inputs still have the bytes that were read.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use narrative_frames::Error;
use twox_hash::XxHash3_128;

use super::journal::hex;

/// Hashes the bytes of files, one after the other, as far as a job has read them.
///
/// Reads them once more, from the page cache as a rule: that is several times faster than scoring. XXH3 notices
/// every change that is not made to deceive it.
pub(super) struct InputHash {
    files: Vec<PathBuf>,
    hash: XxHash3_128,
    input: usize,
    open: Option<File>,
    bytes: u64,
}

impl InputHash {
    pub(super) fn new(files: &[PathBuf]) -> Self {
        Self {
            files: files.to_vec(),
            hash: XxHash3_128::new(),
            input: 0,
            open: None,
            bytes: 0,
        }
    }

    /// The hash of all bytes of the inputs before `input`, and of its first `bytes`.
    pub(super) fn advance(&mut self, input: usize, bytes: u64) -> narrative_frames::Result<String> {
        while self.input < input {
            self.read(u64::MAX)?;
            (self.input, self.open, self.bytes) = (self.input + 1, None, 0);
        }
        self.read(bytes.saturating_sub(self.bytes))?;
        Ok(hex(self.hash.finish_128()))
    }

    /// How many inputs there are.
    pub(super) fn count(&self) -> usize {
        self.files.len()
    }

    fn read(&mut self, most: u64) -> narrative_frames::Result<()> {
        let Some(path) = self.files.get(self.input) else {
            return Ok(());
        };
        let failed = |error| Error::io("read", path, error);
        let file = match self.open.take() {
            Some(file) => file,
            None => File::open(path).map_err(failed)?,
        };
        let mut file = file.take(most);
        self.bytes += update(&mut self.hash, &mut file).map_err(failed)?;
        self.open = Some(file.into_inner());
        Ok(())
    }
}

/// Hashes everything that is left; tells how much that was.
fn update(hash: &mut XxHash3_128, input: &mut impl Read) -> io::Result<u64> {
    let (mut buffer, mut total) = (vec![0; 256 << 10], 0);
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(length) => {
                hash.write(&buffer[..length]);
                total += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_all_bytes_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = ["first", "", "second"].map(|content| {
            let path = folder.path().join(format!("{content}.txt"));
            std::fs::write(&path, content).expect("a file");
            path
        });
        let mut hash = InputHash::new(&files);
        let of = |content: &str| hex(XxHash3_128::oneshot(content.as_bytes()));
        for (input, bytes, content) in [
            (0, 0, ""),
            (0, 2, "fi"),
            (0, 4, "firs"),
            (2, 1, "firsts"),
            (2, 6, "firstsecond"),
            (3, 0, "firstsecond"),
        ] {
            assert_eq!(
                hash.advance(input, bytes).expect("it reads"),
                of(content),
                "{content}"
            );
        }
    }
}
