//! Undoing what a client has compressed (RFC 7692 §7.2.2), within a cap.

use std::cell::Cell;

use common::close;
use flate2::{Decompress, FlushDecompress, Status};

use super::{deflate::FLUSHED, protocol_error::ProtocolError};

/// An empty last block. A message that is cut off takes it for its own data, and so is found out.
const LAST: [u8; 5] = [0x01, 0x00, 0x00, 0xFF, 0xFF];

/// The capacity that a message is given first.
const FIRST: std::ops::RangeInclusive<usize> = 256..=64 * 1024;

thread_local! {
    /// Belongs to the thread, not to a connection: it holds a window of 32 KiB.
    static INFLATER: Cell<Option<Decompress>> = const { Cell::new(None) };
}

/// The message that was compressed to `payload`.
///
/// # Errors
/// 1009 as soon as it is longer than `cap` bytes, and no memory is taken beyond them; 1007 where the payload is not a whole
/// message in the deflate format.
pub(super) fn inflate(payload: &[u8], cap: usize) -> Result<Vec<u8>, ProtocolError> {
    if payload.is_empty() {
        // Not what §7.2.3.6 makes of an empty message, but what some compressors do.
        return Ok(Vec::new());
    }
    let mut inflater = INFLATER.take().unwrap_or_else(|| Decompress::new(false));
    inflater.reset(false);
    let first = payload.len().saturating_mul(4).clamp(*FIRST.start(), *FIRST.end());
    let out = Vec::with_capacity(first.min(cap.saturating_add(1)));
    let mut inflation = Inflation { inflater: &mut inflater, out, cap };
    let rest = [&FLUSHED[..], &LAST].concat();
    // A sender may end its message with a last block of its own (§7.2.3.4).
    let whole = inflation.feed(payload)? || inflation.feed(&rest)?;
    let out = inflation.out;
    // Only one that has come to a good end is used again.
    INFLATER.set(Some(inflater));
    if whole { Ok(out) } else { Err(ProtocolError(close::BAD_TEXT)) }
}

struct Inflation<'a> {
    inflater: &'a mut Decompress,
    out: Vec<u8>,
    cap: usize,
}

impl Inflation<'_> {
    /// Takes all of `input`; whether a last block ended just there.
    fn feed(&mut self, mut input: &[u8]) -> Result<bool, ProtocolError> {
        loop {
            self.make_room();
            let (taken, made) = (self.inflater.total_in(), self.out.len());
            let status = self
                .inflater
                .decompress_vec(input, &mut self.out, FlushDecompress::None)
                .map_err(|_| ProtocolError(close::BAD_TEXT))?;
            if self.out.len() > self.cap {
                return Err(ProtocolError(close::TOO_BIG));
            }
            let taken = usize::try_from(self.inflater.total_in() - taken).unwrap_or(usize::MAX);
            input = input.get(taken..).unwrap_or_default();
            if status == Status::StreamEnd {
                self.inflater.reset(false);
                if input.is_empty() {
                    return Ok(true);
                }
            } else if self.out.len() < self.out.capacity() {
                // With room left it stops for one reason only: it wants more.
                return if input.is_empty() { Ok(false) } else { Err(ProtocolError(close::BAD_TEXT)) };
            } else if taken == 0 && made == self.out.len() {
                return Err(ProtocolError(close::BAD_TEXT));
            }
        }
    }

    /// Twice as much each time, up to one byte over the cap: that byte tells a message which is too long.
    fn make_room(&mut self) {
        if self.out.len() == self.out.capacity() {
            let most = self.cap.saturating_add(1) - self.out.len();
            self.out.reserve_exact(self.out.len().max(*FIRST.start()).min(most));
        }
    }
}

#[cfg(test)]
mod tests {
    use common::close;
    use flate2::{Compress, Compression, FlushCompress};
    use proptest::prelude::*;

    use super::{ProtocolError, inflate};

    const BAD: Result<Vec<u8>, ProtocolError> = Err(ProtocolError(close::BAD_TEXT));
    const LONG: Result<Vec<u8>, ProtocolError> = Err(ProtocolError(close::TOO_BIG));

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + 64);
        let mut compress = Compress::new(Compression::best(), false);
        compress.compress_vec(bytes, &mut out, FlushCompress::Sync).expect("compressed");
        out.strip_suffix(&[0, 0, 0xFF, 0xFF]).expect("flushed").to_vec()
    }

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        let hello = Ok(b"Hello".to_vec());
        // RFC 7692 §7.2.3.1, .3, .4, .5 and .6.
        assert_eq!(inflate(&[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], 5), hello);
        let stored = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00];
        assert_eq!(inflate(&stored, 5), hello);
        assert_eq!(inflate(&[0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], 5), hello);
        let two_blocks = [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00];
        assert_eq!(inflate(&two_blocks, 5), hello);
        assert_eq!(inflate(&[0x00], 0), Ok(Vec::new()));
    }

    #[test]
    fn a_message_that_ends_in_its_own_last_block_is_read() {
        assert_eq!(inflate(&[0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], 5), Ok(b"Hello".to_vec()));
    }

    #[test]
    fn the_cap_is_the_longest_that_passes() {
        let bytes = vec![b' '; 100_000];
        let payload = deflated(&bytes);
        assert_eq!(inflate(&payload, 100_000), Ok(bytes));
        assert_eq!(inflate(&payload, 99_999), LONG);
        assert_eq!(inflate(&payload, 0), LONG);
    }

    #[test]
    fn what_is_cut_off_or_no_deflate_is_refused() {
        let payload = deflated(b"a sentence of some length, and another sentence of some length");
        for length in 1..payload.len() - 1 {
            assert_eq!(inflate(&payload[..length], 1000), BAD, "cut after {length}");
        }
        for nonsense in [&[0xFF; 20][..], &[0x07, 0x00], &[0x00, 0x05, 0x00, 0x05, 0x00]] {
            assert_eq!(inflate(nonsense, 1000), BAD, "{nonsense:?}");
        }
        assert_eq!(inflate(&payload, 1000).map(|bytes| bytes.len()), Ok(62), "the next one is read as ever");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_within_the_cap(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            cap in 0..5000_usize,
        ) {
            match inflate(&bytes, cap) {
                Ok(out) => prop_assert!(out.len() <= cap && out.capacity() <= cap + 1),
                Err(broken) => prop_assert!([close::BAD_TEXT, close::TOO_BIG].contains(&broken.0)),
            }
        }

        #[test]
        fn what_was_compressed_is_read(bytes in prop::collection::vec(0..9_u8, 0..5000)) {
            prop_assert_eq!(inflate(&deflated(&bytes), bytes.len()), Ok(bytes));
        }
    }
}
