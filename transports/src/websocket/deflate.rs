//! Compressing what is sent (RFC 7692 §7.2.1): each message by itself, so that one result serves all who can read it.
//!
//! Compressors belong to threads, not to connections: one weighs a quarter of a megabyte. And since nothing is carried
//! from one message to the next, the length of one tells nothing about another.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress};

/// The window of a compressor: the memory that its reader needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// 32 KiB, as everyone has who says nothing else.
    Wide,
    /// 512 bytes, for every reader who asks for less than that: a narrower window than it asked for is as good to it, and
    /// they all share one form. On JSON like ours it costs time, not size.
    Narrow,
}

/// Messages below this stay as they are: there is little to win, and nothing on the wire, where the packet around it
/// is longer.
const SHORTEST: usize = 128;

/// Measured on our own JSON: level 1 leaves a third to a half more for half the time, 3 to 6 win 5 % at most, for up to five
/// times the time.
const LEVEL: Compression = Compression::new(2);

/// The end of a flush to the byte, which both sides leave out and put back in thought (§7.2.1).
pub(super) const FLUSHED: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

thread_local! {
    static COMPRESSORS: RefCell<[Option<Compress>; 2]> = const { RefCell::new([None, None]) };
}

impl Window {
    /// The widest we have that is not wider than 2^`bits` bytes; no window of ours is as narrow as 2^8.
    pub(super) fn within(bits: u8) -> Option<Self> {
        match bits {
            0..9 => None,
            9..15 => Some(Self::Narrow),
            _ => Some(Self::Wide),
        }
    }

    pub(super) fn bits(self) -> u8 {
        match self {
            Self::Wide => 15,
            Self::Narrow => 9,
        }
    }
}

/// The compressed payload of a message; `None` where it is not shorter than it was, or too short to try.
pub(super) fn deflate(payload: &[u8], window: Window) -> Option<Vec<u8>> {
    if payload.len() < SHORTEST {
        return None;
    }
    let kept = COMPRESSORS.with_borrow_mut(|kept| kept[window as usize].take());
    let mut compressor = kept.unwrap_or_else(|| Compress::new_with_window_bits(LEVEL, false, window.bits()));
    let mut out = Vec::with_capacity(longest(payload.len()));
    compressor.compress_vec(payload, &mut out, FlushCompress::Sync).ok()?;
    if out.len() == out.capacity() || !out.ends_with(&FLUSHED) {
        // One that was stopped half-way is not used again: zlib-rs 0.6.8 does not forget all of its output at a reset,
        // and panics when that has added up.
        return None;
    }
    compressor.reset();
    COMPRESSORS.with_borrow_mut(|kept| kept[window as usize] = Some(compressor));
    out.truncate(out.len() - FLUSHED.len());
    (out.len() < payload.len()).then_some(out)
}

/// Returns the most bytes that a compressed message can have: zlib's own bound for any window, the end of the flush,
/// and a byte that stays free.
fn longest(length: usize) -> usize {
    length.saturating_add(length / 8 + length / 64 + 32)
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};
    use proptest::prelude::*;

    use super::{COMPRESSORS, FLUSHED, Window, deflate};

    /// A reader that keeps no more than the window that was agreed.
    fn inflated(payload: &[u8], window: Window, room: usize) -> Vec<u8> {
        let mut reader = Decompress::new_with_window_bits(false, window.bits());
        let mut out = Vec::with_capacity(room + 1);
        let whole = [payload, &FLUSHED].concat();
        reader.decompress_vec(&whole, &mut out, FlushDecompress::Sync).expect("deflate, within its window");
        out
    }

    #[test]
    fn what_is_short_or_does_not_shrink_stays_as_it_is() {
        assert_eq!(deflate(&[b'x'; 127], Window::Wide), None);
        assert!(deflate(&[b'x'; 128], Window::Wide).expect("shorter").len() < 16);
        assert_eq!(deflate(&noise(5000), Window::Wide), None);
    }

    #[test]
    fn what_does_not_shrink_leaves_nothing_behind() {
        let text = b"a sentence that comes again, ".repeat(40);
        for window in [Window::Wide, Window::Narrow] {
            let first = deflate(&text, window).expect("shorter");
            for length in [130, 256, 1000, 70_000].into_iter().cycle().take(400) {
                let noise = noise(length);
                assert_eq!(deflate(&noise, window), None, "{length}");
            }
            assert_eq!(deflate(&text, window), Some(first));
            let kept = COMPRESSORS.with_borrow(|kept| kept[window as usize].is_some());
            assert!(kept, "the room was enough, so it is used again");
        }
    }

    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let byte = || {
            state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            (state >> 24) as u8
        };
        std::iter::repeat_with(byte).take(length).collect()
    }

    #[test]
    fn a_window_is_never_wider_than_its_reader_asked_for() {
        for bits in 0..=15 {
            assert!(Window::within(bits).is_none_or(|window| window.bits() <= bits), "{bits}");
        }
        assert_eq!(Window::within(15), Some(Window::Wide));
    }

    proptest! {
        #[test]
        fn what_was_compressed_is_read_within_the_window(
            words in prop::collection::vec("[a-f]{1,9}|.{0,30}", 30..90),
            repeated in 1..4_usize,
            narrow: bool,
        ) {
            // The text repeats itself far beyond a narrow window.
            let text = words.concat().repeat(repeated);
            let window = if narrow { Window::Narrow } else { Window::Wide };
            if let Some(payload) = deflate(text.as_bytes(), window) {
                prop_assert!(payload.len() < text.len());
                prop_assert_eq!(inflated(&payload, window, text.len()), text.into_bytes());
            }
        }
    }
}
