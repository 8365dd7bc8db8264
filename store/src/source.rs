//! Sources: services and endpoints that a host asks for the team besides measuring itself.

use std::{fmt, str::FromStr};

use crate::{
    bounds::{
        SOURCE_INTERVAL_MS, SOURCE_NAME_CHARS, SOURCE_SPEC_BYTES, SOURCES, check_room, check_text,
        checked_ms, invalid,
    },
    error::StoreError,
    future::StoreFuture,
    host::check_host_name,
    id::{SourceNumber, UserId},
};

/// The kind of a source. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A question whether a service is up.
    Probe,
    /// A Prometheus endpoint that is scraped.
    Scrape,
}

/// A text that is not a kind of source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a kind of source: it is probe or scrape")]
pub struct BadSourceKind(pub String);

impl SourceKind {
    /// Every kind, in the order in which sources are listed.
    pub const ALL: [Self; 2] = [Self::Probe, Self::Scrape];

    /// The word that stands in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Scrape => "scrape",
        }
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SourceKind {
    type Err = BadSourceKind;

    fn from_str(text: &str) -> Result<Self, BadSourceKind> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| BadSourceKind(text.chars().take(40).collect()))
    }
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its number.
    pub id: SourceNumber,
    /// Its kind.
    pub kind: SourceKind,
    /// Its name. No two of a kind have one name.
    pub name: String,
    /// The host that asks, the text of a [`HostId`](common::host::HostId). It may be one that there is not, or not any more.
    pub host: String,
    /// The question: JSON that the store does not read.
    pub spec: String,
    /// The time from one question to the next.
    pub interval_ms: u64,
    /// A probe: while that one is down, nothing is known of this one.
    pub parent: Option<SourceNumber>,
    /// True while it is not asked.
    pub is_paused: bool,
    /// The user who made it; none where there were no accounts, or that user was removed.
    pub created_by: Option<UserId>,
    /// The time at which it was made.
    pub created_ms: u64,
    /// The time of its last change, by which changes of others are noticed. It is later with each.
    pub changed_ms: u64,
}

/// A source to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Its kind.
    pub kind: SourceKind,
    /// Its name, 1 to [`SOURCE_NAME_CHARS`] characters without control characters.
    pub name: String,
    /// The host that asks, the text of a [`HostId`](common::host::HostId).
    pub host: String,
    /// The question; may be empty.
    pub spec: String,
    /// The time from one question to the next, within [`SOURCE_INTERVAL_MS`].
    pub interval_ms: u64,
    /// The probe that it hangs on.
    pub parent: Option<SourceNumber>,
    /// The user who makes it; none where there are no accounts.
    pub created_by: Option<UserId>,
    /// The time now.
    pub created_ms: u64,
}

impl NewSource {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_values(&self.name, &self.host, &self.spec, self.interval_ms)?;
        checked_ms(self.created_ms).map(|_| ())
    }
}

/// A change of a source: all that can be changed of it, as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceChange {
    /// The source.
    pub id: SourceNumber,
    /// Its name, as in [`NewSource`].
    pub name: String,
    /// The host that asks, as in [`NewSource`].
    pub host: String,
    /// The question, as in [`NewSource`].
    pub spec: String,
    /// The time from one question to the next, as in [`NewSource`].
    pub interval_ms: u64,
    /// The probe that it hangs on.
    pub parent: Option<SourceNumber>,
    /// True where it is not to be asked.
    pub is_paused: bool,
    /// The time now.
    pub changed_ms: u64,
    /// The [`Source::changed_ms`] that the caller has seen.
    pub seen_ms: u64,
}

impl SourceChange {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_values(&self.name, &self.host, &self.spec, self.interval_ms)?;
        checked_ms(self.changed_ms).map(|_| ())
    }

    /// Returns the time to be noted in a row with this time, as a number of SQL: a later one, whatever the clocks of nodes say, so that
    /// each change is noticed. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the caller has seen another time, and [`StoreError::Invalid`] where none is later.
    pub fn noted_ms(&self, changed_ms: u64) -> Result<i64, StoreError> {
        if changed_ms != self.seen_ms {
            return Err(StoreError::Conflict);
        }
        checked_ms(self.changed_ms.max(changed_ms.saturating_add(1)))
    }
}

fn check_values(name: &str, host: &str, spec: &str, interval_ms: u64) -> Result<(), StoreError> {
    let chars = name.chars().count();
    if !(1..=SOURCE_NAME_CHARS).contains(&chars) {
        let reason = format!("has {chars} characters, and 1 to {SOURCE_NAME_CHARS} are kept");
        return Err(invalid("source's name", &reason));
    }
    if name.chars().any(char::is_control) {
        return Err(invalid("source's name", "has a control character"));
    }
    check_host_name(host)?;
    check_text("source's spec", spec, SOURCE_SPEC_BYTES)?;
    if !SOURCE_INTERVAL_MS.contains(&interval_ms) {
        let (least, most) = (*SOURCE_INTERVAL_MS.start(), *SOURCE_INTERVAL_MS.end());
        let reason = format!("is {interval_ms} ms, and {least} to {most} ms are kept");
        return Err(invalid("source's interval", &reason));
    }
    Ok(())
}

/// Checks that there is room for one more source beside so many. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_source_room(sources: u64) -> Result<(), StoreError> {
    check_room("sources", sources, SOURCES)
}

/// Checks a parent, given whether it is a probe that there is, and whether the source is that one itself or above it. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_parent(is_probe: bool, is_circle: bool) -> Result<(), StoreError> {
    match (is_probe, is_circle) {
        (false, _) => Err(invalid("source's parent", "is no probe that there is")),
        (true, true) => Err(invalid("source's parent", "would make a circle")),
        (true, false) => Ok(()),
    }
}

/// The sources of a store.
pub trait SourceStore: fmt::Debug + Send + Sync {
    /// Makes one. [`StoreError::NameTaken`] where another of the kind has the name, [`StoreError::NotFound`] where there is no such user,
    /// and [`StoreError::Invalid`] where there are [`SOURCES`](crate::SOURCES) of all kinds already, or the parent is no probe that there is.
    fn create(&self, new: NewSource) -> StoreFuture<Source>;

    /// Lists all by kind and name, byte by byte. They are at most [`SOURCES`](crate::SOURCES).
    fn all(&self) -> StoreFuture<Vec<Source>>;

    /// Changes one; none where there is none. [`StoreError::Conflict`] where its `changed_ms` is not the one that the caller has seen,
    /// [`StoreError::NameTaken`] where another of the kind has the name, and [`StoreError::Invalid`] where the parent is no probe that
    /// there is, is the source itself or hangs on it. The row's time is later than before, also where the caller's is not.
    fn change(&self, change: SourceChange) -> StoreFuture<Option<Source>>;

    /// Removes one; those whose parent it was have none from then on, and are as they were otherwise. False where there is none.
    fn remove(&self, id: SourceNumber) -> StoreFuture<bool>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_said_as_they_are_read_and_listed_in_their_order() {
        assert!(SourceKind::ALL.is_sorted() && SourceKind::ALL.is_sorted_by_key(|kind| kind.as_str()));
        for kind in SourceKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert!("Probe".parse::<SourceKind>().is_err() && "".parse::<SourceKind>().is_err());
    }
}
