//! Public ids of senders.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Tells two senders of one name apart: 16 lowercase hex digits, the same for all that one program sends.
///
/// The server derives it from the client's private `client` name. Nobody can derive that name from it, so nobody can
/// speak under another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SenderId(u64);

/// A text that is no sender's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sender's id is 16 lowercase hex digits")]
pub struct BadSenderId;

impl SenderId {
    /// The id with these bits.
    #[must_use]
    pub const fn new(bits: u64) -> Self {
        Self(bits)
    }
}

impl fmt::Display for SenderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for SenderId {
    type Err = BadSenderId;

    fn from_str(text: &str) -> Result<Self, BadSenderId> {
        let allowed = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 16 || !text.bytes().all(allowed) {
            return Err(BadSenderId);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| BadSenderId)
    }
}

impl Serialize for SenderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SenderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::serde_str::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written_and_nothing_else_is() {
        for bits in [0, 1, u64::MAX] {
            let id = SenderId::new(bits);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in ["", "0", "000000000000000G", "00000000000000AB", "+000000000000001", "00000000000000001"]
        {
            assert_eq!(text.parse::<SenderId>(), Err(BadSenderId), "{text}");
        }
    }
}
