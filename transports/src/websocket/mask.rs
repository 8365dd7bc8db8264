//! The mask over a client's payload (RFC 6455 §5.3).

/// The key of one frame, turned so that its next byte is the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask(u32);

impl Mask {
    pub(super) fn new(key: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(key))
    }

    /// Takes the mask off the next bytes of its frame. Eight at a time, which the compiler makes into as many as the
    /// processor can do.
    pub(super) fn unmask(&mut self, bytes: &mut [u8]) {
        let long = u64::from(self.0) << 32 | u64::from(self.0);
        let (words, rest) = bytes.as_chunks_mut();
        for word in words {
            *word = (u64::from_le_bytes(*word) ^ long).to_le_bytes();
        }
        for (byte, key) in rest.iter_mut().zip(long.to_le_bytes()) {
            *byte ^= key;
        }
        // Eight bytes are two turns of the key, so only the rest turns it on.
        self.0 = self.0.rotate_right(8 * (rest.len() as u32 % 4));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Mask;

    proptest! {
        #[test]
        fn in_whatever_pieces_it_comes_off_as_the_rfc_has_it(
            key: [u8; 4],
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6),
        ) {
            let masked = pieces.concat();
            let expected: Vec<_> = masked.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
            let mut mask = Mask::new(key);
            let mut bare = Vec::new();
            for mut piece in pieces {
                mask.unmask(&mut piece);
                bare.extend(piece);
            }
            prop_assert_eq!(bare, expected);
        }
    }
}
