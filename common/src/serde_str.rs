//! Deserialization of types that are JSON strings, by their own `FromStr`.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

/// Deserializes a string and parses it.
pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}
