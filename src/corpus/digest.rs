//! The digest of a corpus; its serialization is documented at [`Corpus::digest`].

use sha2::{Digest, Sha256};

use super::{Corpus, Document, HeadKind};

pub(super) fn of(corpus: &Corpus) -> String {
    let mut bytes = Bytes(Sha256::new());
    bytes.text("narrative-frames corpus 1");
    bytes.list(&corpus.heads, |bytes, head| {
        bytes.text(&head.name);
        bytes.text(match head.kind {
            HeadKind::MultiLabel => "multi-label",
            HeadKind::SingleLabel => "single-label",
        });
    });
    bytes.list(&corpus.documents, Bytes::document);
    let digest = bytes.0.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes values so that where one ends and the next begins is never in doubt.
struct Bytes(Sha256);

impl Bytes {
    fn document(&mut self, document: &Document) {
        self.optional(document.id.as_ref(), |bytes, id| bytes.text(id));
        self.text(&document.text);
        self.optional(document.group.as_ref(), |bytes, group| bytes.text(group));
        self.0.update(document.weight.to_le_bytes());
        for labels in &document.labels {
            self.optional(labels.as_ref(), |bytes, labels| {
                bytes.list(labels, |bytes, label| bytes.text(label));
            });
        }
    }

    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text);
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.update([u8::from(value.is_some())]);
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T>(&mut self, entries: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(entries.len());
        for entry in entries {
            write(self, entry);
        }
    }
}
