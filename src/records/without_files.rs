//! What stands in for `cells` and `compressed` in a build without the crate feature `files`: the same
//! functions, which say so, and a type without values.

pub(super) mod compressed {
    use std::io::{self, Read};

    use crate::records::format::Compression;

    pub(in crate::records) fn content(
        file: impl Read + Send + 'static,
        compression: Compression,
    ) -> io::Result<Box<dyn Read + Send>> {
        match compression {
            Compression::None => Ok(Box::new(file)),
            Compression::Gzip | Compression::Zstd => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "this build cannot decompress; the crate feature `files` adds it",
            )),
        }
    }
}

pub(super) mod cells {
    use crate::error::{Error, Result};
    use crate::records::row::Row;

    pub(in crate::records) enum CellParser {}

    impl CellParser {
        pub(in crate::records) fn new(_: u8) -> Result<Self> {
            Err(Error::invalid(
                "the input format",
                "a table",
                "jsonl or txt; the crate feature `files` adds csv and tsv",
            ))
        }

        pub(in crate::records) fn read(&mut self, _: &[u8], _: &mut Row) -> bool {
            match *self {}
        }
    }
}
