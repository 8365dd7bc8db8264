//! Unpacking gzip (RFC 1952) piece by piece, up to a bound.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// Why a piece was not unpacked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum InflateError {
    /// More came out than may.
    TooLong,
    /// It is no gzip, is damaged, or its end is missing.
    Damaged(String),
}

/// Unpacks what is written to it. Room is made as bytes come out, so that a small body that promises much costs little.
#[derive(Debug)]
pub(crate) struct Inflater {
    decoder: MultiGzDecoder<BoundedBuffer>,
}

/// Takes bytes up to a bound, and refuses those beyond it.
#[derive(Debug)]
struct BoundedBuffer {
    bytes: Vec<u8>,
    longest: usize,
    is_full: bool,
}

impl Write for BoundedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.longest - self.bytes.len() {
            self.is_full = true;
            return Err(io::Error::other("there is too much of it"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Inflater {
    pub(crate) fn new(longest: usize) -> Self {
        let buffer = BoundedBuffer { bytes: Vec::new(), longest, is_full: false };
        Self { decoder: MultiGzDecoder::new(buffer) }
    }

    /// Unpacks a piece.
    pub(crate) fn write(&mut self, piece: &[u8]) -> Result<(), InflateError> {
        self.decoder.write_all(piece).map_err(|error| self.why(&error))
    }

    /// Returns all that was unpacked, after a look at the checksum at its end.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, InflateError> {
        self.decoder.try_finish().map_err(|error| self.why(&error))?;
        Ok(std::mem::take(&mut self.decoder.get_mut().bytes))
    }

    fn why(&self, error: &io::Error) -> InflateError {
        if self.decoder.get_ref().is_full {
            InflateError::TooLong
        } else {
            InflateError::Damaged(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::{InflateError, Inflater};

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8], piece: usize, longest: usize) -> Result<Vec<u8>, InflateError> {
        let mut inflater = Inflater::new(longest);
        for piece in bytes.chunks(piece) {
            inflater.write(piece)?;
        }
        inflater.finish()
    }

    #[test]
    fn pieces_of_any_size_give_the_whole() {
        let text = b"node_load1 0.5\n".repeat(1_000);
        let bytes = packed(&text);
        for piece in [1, 7, bytes.len()] {
            assert_eq!(unpacked(&bytes, piece, text.len()).as_deref(), Ok(&*text));
            assert_eq!(unpacked(&bytes, piece, text.len() - 1), Err(InflateError::TooLong));
        }
    }

    #[test]
    fn several_members_are_one_text() {
        let bytes = [packed(b"a 1\n"), packed(b""), packed(b"b 2\n")].concat();
        for piece in [1, 5, bytes.len()] {
            assert_eq!(unpacked(&bytes, piece, 100).as_deref(), Ok(&b"a 1\nb 2\n"[..]), "{piece}");
        }
    }

    #[test]
    fn damage_is_told() {
        let bytes = packed(b"node_load1 0.5\n");
        let mut wrong_sum = bytes.clone();
        let sum = wrong_sum.len() - 8;
        wrong_sum[sum] ^= 1;
        for bytes in [&bytes[..bytes.len() - 1], &bytes[..5], b"", b"no gzip at all, but text", &wrong_sum] {
            assert!(matches!(unpacked(bytes, 3, 100), Err(InflateError::Damaged(_))), "{bytes:?}");
        }
    }
}
