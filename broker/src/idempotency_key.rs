//! Keys that publishers give their entries, so that what is sent twice is taken once (IETF draft "The Idempotency-Key HTTP Header Field").

use std::str::FromStr;

/// The name that a publisher gives an entry: 1 to 128 characters of visible ASCII. It is remembered for as long as its topic keeps the entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Box<str>);

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 1 to {LONGEST} visible ASCII characters without spaces")]
pub struct BadIdempotencyKey;

/// A key's length is written as one byte.
const LONGEST: usize = 128;

impl IdempotencyKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the key's length, bytes.
    ///
    /// # Panics
    /// Never: a key that is longer cannot be made.
    #[must_use]
    pub fn length(&self) -> u8 {
        u8::try_from(self.0.len()).expect("a key is at most 128 bytes long")
    }

    /// Returns the bytes that the key adds to a record.
    #[must_use]
    pub fn weight(key: Option<&Self>) -> usize {
        key.map_or(0, |key| 1 + key.0.len())
    }

    /// Reads the key before a payload, and the payload.
    #[must_use]
    pub fn split(data: &[u8]) -> Option<(Self, &[u8])> {
        let (length, rest) = data.split_first()?;
        let (key, data) = rest.split_at_checked(usize::from(*length))?;
        Some((str::from_utf8(key).ok()?.parse().ok()?, data))
    }
}

impl FromStr for IdempotencyKey {
    type Err = BadIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, BadIdempotencyKey> {
        let good = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(Self(text.into())) } else { Err(BadIdempotencyKey) }
    }
}
