//! Undoing what a client has compressed (RFC 7692 §7.2.2), within a cap.

use std::cell::RefCell;

use common::close;
use flate2::{Decompress, FlushDecompress, Status};

use super::{decode::Broken, deflate::FLUSHED};

/// An empty last block. A message that is cut off takes it for its own data, and so is found out.
const LAST: [u8; 5] = [0x01, 0x00, 0x00, 0xFF, 0xFF];

/// What a message is given to grow into at first, and at most at first.
const FIRST: std::ops::RangeInclusive<usize> = 256..=64 * 1024;

thread_local! {
    /// Belongs to the thread, not to a connection: it holds a window of 32 KiB.
    static INFLATER: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// The message that was compressed to `payload`.
///
/// # Errors
/// 1009 as soon as it is longer than `cap` bytes, and no memory is taken beyond them; 1007 where the payload is not a whole
/// message in the deflate format.
pub(super) fn inflate(payload: &[u8], cap: usize) -> Result<Vec<u8>, Broken> {
    if payload.is_empty() {
        // Not what §7.2.3.6 makes of an empty message, but what some compressors do.
        return Ok(Vec::new());
    }
    INFLATER.with_borrow_mut(|inflater| {
        inflater.reset(false);
        let first = payload.len().saturating_mul(4).clamp(*FIRST.start(), *FIRST.end());
        let out = Vec::with_capacity(first.min(cap.saturating_add(1)));
        let mut inflation = Inflation { inflater, out, cap };
        let rest = [&FLUSHED[..], &LAST].concat();
        // A sender may end its message with a last block of its own (§7.2.3.4).
        if inflation.feed(payload)? || inflation.feed(&rest)? {
            Ok(inflation.out)
        } else {
            Err(Broken(close::BAD_TEXT))
        }
    })
}

struct Inflation<'a> {
    inflater: &'a mut Decompress,
    out: Vec<u8>,
    cap: usize,
}

impl Inflation<'_> {
    /// Takes all of `input`; whether a last block ended just there.
    fn feed(&mut self, mut input: &[u8]) -> Result<bool, Broken> {
        loop {
            self.make_room();
            let (taken, made) = (self.inflater.total_in(), self.out.len());
            let status = self
                .inflater
                .decompress_vec(input, &mut self.out, FlushDecompress::None)
                .map_err(|_| Broken(close::BAD_TEXT))?;
            if self.out.len() > self.cap {
                return Err(Broken(close::TOO_BIG));
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
                return if input.is_empty() { Ok(false) } else { Err(Broken(close::BAD_TEXT)) };
            } else if taken == 0 && made == self.out.len() {
                return Err(Broken(close::BAD_TEXT));
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
