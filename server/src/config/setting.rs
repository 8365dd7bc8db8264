//! A setting as the part of the server that reads it declares it: its key and its bounds.

use std::ops::RangeInclusive;

use figment::{Figment, providers::Serialized};
use serde::Serialize;

/// One setting. The struct of its section holds its type and its default.
#[derive(Debug)]
pub struct Setting {
    /// The key, with its section: `limits.message_bytes`.
    pub key: &'static str,
    /// All that its value has to keep to.
    pub bounds: &'static [Bound],
}

/// A rule for a number, and how an error tells it.
#[derive(Debug)]
pub enum Bound {
    /// The value lies within a range.
    Within(RangeInclusive<u64>, &'static str),
    /// The value is 0, which means none, or lies within a range.
    ZeroOrWithin(RangeInclusive<u64>, &'static str),
    /// The value is no less than that of another key.
    AtLeast(&'static str, &'static str),
}

/// A value is outside of what makes sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} is {value}: it must be {rule}")]
pub struct OutOfBounds {
    /// The key.
    pub key: &'static str,
    /// The value that was given.
    pub value: u64,
    /// The rule that the value breaks.
    pub rule: &'static str,
}

impl Setting {
    /// Declares a setting whose type says all that it may be.
    pub(crate) const fn free(key: &'static str) -> Self {
        Self::bounded(key, &[])
    }

    /// Declares a number that keeps to these bounds.
    pub(crate) const fn bounded(key: &'static str, bounds: &'static [Bound]) -> Self {
        Self { key, bounds }
    }
}

/// Checks the values of these settings.
///
/// # Errors
/// The first value, in the order of the settings, that is outside of its bounds.
pub(super) fn check(config: &impl Serialize, settings: &[&Setting]) -> Result<(), OutOfBounds> {
    let values = Figment::from(Serialized::defaults(config));
    let value_of = |key: &str| -> u64 {
        let value = values.find_value(key).ok().and_then(|value| value.to_u128());
        value.and_then(|value| u64::try_from(value).ok()).expect("a bounded setting is a number")
    };
    for Setting { key, bounds } in settings {
        for bound in *bounds {
            let value = value_of(key);
            let (is_kept, rule) = match bound {
                Bound::Within(range, rule) => (range.contains(&value), *rule),
                Bound::ZeroOrWithin(range, rule) => (value == 0 || range.contains(&value), *rule),
                Bound::AtLeast(other, rule) => (value >= value_of(other), *rule),
            };
            if !is_kept {
                return Err(OutOfBounds { key, value, rule });
            }
        }
    }
    Ok(())
}
