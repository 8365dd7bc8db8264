//! Types that are written as one word: read by their own rules, wherever they stand in JSON.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

/// Reads a text, and the word that it is.
pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}
