//! The journal: what a job was begun with, and how far it is for certain.
//!
//! One entry a line: the XXH3 hash of the JSON, a space, the JSON. The first entry is the [`Terms`], each further one a
//! [`Checkpoint`]. An entry counts if it is complete and its hash fits; what stands behind the last one that counts, such
//! as a line torn by a loss of power, is cut off.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_128;

use super::{Counts, Terms};

/// How far a job is: so much of the output is on the disk, and it is what these records gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::predict) struct Checkpoint {
    /// Input, counted from 0, and how many of its records were scored.
    pub(in crate::predict) input: usize,
    pub(in crate::predict) records: u64,
    /// How many of its bytes were read, and the XXH3 hash of all bytes of the inputs before it and these.
    pub(in crate::predict) input_bytes: u64,
    pub(in crate::predict) input_hash: String,
    /// Bytes of the output that are on the disk.
    pub(in crate::predict) output_bytes: u64,
    pub(in crate::predict) counts: Counts,
    /// Whether the output is complete.
    pub(in crate::predict) complete: bool,
}

/// What counts in a journal.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Entries {
    pub(super) terms: Option<Terms>,
    pub(super) last: Option<Checkpoint>,
    /// Length of the entries that count.
    pub(super) bytes: u64,
}

/// The open file. While it is open, no other process has it.
#[derive(Debug)]
pub(super) struct Journal(File);

impl Journal {
    /// `None` if another process has it open. Where the file system knows no locks, nobody is held off.
    pub(super) fn lock(file: File) -> Option<Self> {
        match fs4::FileExt::try_lock(&file) {
            Err(fs4::TryLockError::WouldBlock) => None,
            Ok(()) | Err(fs4::TryLockError::Error(_)) => Some(Self(file)),
        }
    }

    pub(super) fn read(&mut self) -> io::Result<Entries> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes)?;
        Ok(Entries::parse(&bytes))
    }

    /// Cuts off what stands behind so many bytes.
    pub(super) fn truncate(&mut self, bytes: u64) -> io::Result<()> {
        self.0.set_len(bytes)?;
        self.0.seek(SeekFrom::Start(bytes))?;
        Ok(())
    }

    /// Puts an entry on the disk.
    pub(super) fn append(&mut self, entry: &impl Serialize) -> io::Result<()> {
        let json = serde_json::to_string(entry)?;
        let line = format!("{} {json}\n", hash_of(json.as_bytes()));
        self.0.write_all(line.as_bytes())?;
        self.0.sync_all()
    }
}

impl Entries {
    /// Of any bytes; without terms if the first entry does not count.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut entries = Self::default();
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let Some(json) = content(line) else { break };
            if entries.terms.is_none() {
                let Ok(terms) = serde_json::from_str(json) else {
                    break;
                };
                entries.terms = Some(terms);
            } else {
                let Ok(checkpoint) = serde_json::from_str(json) else {
                    break;
                };
                entries.last = Some(checkpoint);
            }
            entries.bytes += line.len() as u64;
        }
        entries
    }
}

/// The JSON of a line, if it counts.
fn content(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let (hash, json) = line.split_once(' ')?;
    (hash == hash_of(json.as_bytes())).then_some(json)
}

fn hash_of(bytes: &[u8]) -> String {
    hex(XxHash3_128::oneshot(bytes))
}

pub(super) fn hex(hash: u128) -> String {
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            program: "0.1.0".to_owned(),
            model: "abc".to_owned(),
            inputs: Vec::new(),
            options: serde_json::Map::new(),
        }
    }

    fn checkpoint(records: u64) -> Checkpoint {
        Checkpoint {
            input: 0,
            records,
            input_bytes: 10,
            input_hash: hex(7),
            output_bytes: 20,
            counts: Counts::default(),
            complete: false,
        }
    }

    fn journal() -> Vec<u8> {
        let entries = [
            serde_json::to_string(&terms()),
            serde_json::to_string(&checkpoint(1)),
            serde_json::to_string(&checkpoint(2)),
        ];
        let lines = entries.map(|json| json.expect("JSON"));
        let lines = lines.map(|json| format!("{} {json}\n", hash_of(json.as_bytes())));
        lines.concat().into_bytes()
    }

    /// Cut anywhere, a journal says what its complete entries say.
    #[test]
    fn a_torn_entry_does_not_count() {
        let whole = journal();
        let ends: Vec<usize> = (1..=whole.len()).filter(|&end| whole[end - 1] == b'\n').collect();
        for length in 0..=whole.len() {
            let entries = Entries::parse(&whole[..length]);
            let complete = ends.iter().filter(|&&end| end <= length).count();
            assert_eq!(entries.terms, (complete > 0).then(terms), "{length}");
            let records = entries.last.map(|last| last.records);
            assert_eq!(records, [None, None, Some(1), Some(2)][complete], "{length}");
            let expected = ends.iter().rfind(|&&end| end <= length).copied().unwrap_or(0);
            assert_eq!(entries.bytes, expected as u64);
        }
    }

    /// One wrong bit anywhere: the entries before it count and no other.
    #[test]
    fn a_changed_entry_does_not_count() {
        let whole = journal();
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[place] ^= 1 << bit;
                let entries = Entries::parse(&changed);
                assert!(entries.bytes <= place as u64, "{place} {bit}");
                assert!(
                    entries.last.is_none_or(|last| last == checkpoint(1)),
                    "{place} {bit}"
                );
            }
        }
    }
}
