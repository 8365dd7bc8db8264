//! Ids of containers. Nothing else is ever put into a path of the engine.

use std::{fmt, str::FromStr};

/// The length of an id that is whole.
const LONGEST: usize = 64;
/// The length of an id as people see it.
const SHORTEST: usize = 12;

/// A container's id, or the beginning of one: 12 to 64 digits, `0-9a-f`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContainerId(Box<str>);

/// The text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a container's id has {SHORTEST} to {LONGEST} digits of 0-9 and a-f")]
pub struct IdError;

impl ContainerId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as people see them.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..SHORTEST]
    }
}

impl FromStr for ContainerId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_one = (SHORTEST..=LONGEST).contains(&text.len()) && text.bytes().all(is_digit);
        if is_one { Ok(Self(text.into())) } else { Err(IdError) }
    }
}

impl fmt::Display for ContainerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ContainerId;

    #[test]
    fn an_id_is_of_hexadecimal_digits_and_of_no_other() {
        for good in ["0123456789ab", &"f".repeat(64)] {
            let id: ContainerId = good.parse().unwrap();
            assert_eq!((id.as_str(), id.short()), (good, &good[..12]));
        }
        let long = "a".repeat(65);
        for bad in
            ["", "web-1", "0123456789a", "0123456789AB", "../../../etc/passwd", "0123456789ab/json", &long]
        {
            assert!(bad.parse::<ContainerId>().is_err(), "{bad}");
        }
        assert!("０１２３４５６７８９ａｂ".parse::<ContainerId>().is_err());
    }
}
