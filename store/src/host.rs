//! Watched hosts, and the codes by which their agents enrol.

use std::fmt;

use common::host::HostId;

use crate::{
    bounds::{
        HOST_FACTS_BYTES, HOST_NAME_BYTES, HOSTS, check_count, check_room, check_text, check_word,
        checked_ms, invalid,
    },
    error::StoreError,
    future::StoreFuture,
    id::{EnrolmentId, HostNumber, UserId},
    secret::SecretHash,
};

/// A watched host that an agent reports for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its number.
    pub id: HostNumber,
    /// Its name in topics and addresses, the text of a [`HostId`]. No two hosts have one name.
    pub name: String,
    /// The facts about the machine as its agent told them: JSON that the store does not read.
    pub facts: String,
    /// The user whose code it was enrolled by; none where there were no accounts.
    pub enrolled_by: Option<UserId>,
    /// The time at which it was enrolled.
    pub enrolled_ms: u64,
    /// The time at which its agent was last heard; none where it was not heard yet.
    pub last_seen_ms: Option<u64>,
}

/// A code to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEnrolment {
    /// The hash of the code.
    pub secret: SecretHash,
    /// The user who makes it; none where there are no accounts yet.
    pub created_by: Option<UserId>,
    /// The time now.
    pub created_ms: u64,
    /// The time at which it ends.
    pub expires_ms: u64,
}

impl NewEnrolment {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        checked_ms(self.created_ms)?;
        checked_ms(self.expires_ms).map(|_| ())
    }
}

/// A code by which one agent enrols its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its number.
    pub id: EnrolmentId,
    /// The user who made it; none where there were no accounts.
    pub created_by: Option<UserId>,
    /// The time at which it was made.
    pub created_ms: u64,
    /// The time at which it ends.
    pub expires_ms: u64,
}

/// A host to be enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHost {
    /// Its name: the text of a [`HostId`].
    pub name: String,
    /// The hash of the agent's own key.
    pub secret: SecretHash,
    /// The facts about the machine; may be empty.
    pub facts: String,
    /// The time now.
    pub enrolled_ms: u64,
}

impl NewHost {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_host_name(&self.name)?;
        check_text("host's facts", &self.facts, HOST_FACTS_BYTES)?;
        checked_ms(self.enrolled_ms).map(|_| ())
    }
}

/// Checks the text of a [`HostId`].
pub(crate) fn check_host_name(name: &str) -> Result<(), StoreError> {
    check_word("host's name", name, HOST_NAME_BYTES)?;
    if name.parse::<HostId>().is_err() {
        return Err(invalid("host's name", "has a character that is none of a-z, 0-9, '_', '.' and '-'"));
    }
    Ok(())
}

/// A report that a host was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSeen {
    /// The host.
    pub id: HostNumber,
    /// The time at which it was heard.
    pub seen_ms: u64,
    /// The facts about the machine where they have changed; none leaves those before.
    pub facts: Option<String>,
}

/// Checks the bounds of reports. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`] with the field.
pub fn checked_seen(hosts: &[HostSeen]) -> Result<(), StoreError> {
    check_count("reports", hosts.len(), HOSTS)?;
    hosts.iter().try_for_each(|host| {
        host.facts.as_ref().map_or(Ok(()), |facts| check_text("host's facts", facts, HOST_FACTS_BYTES))?;
        checked_ms(host.seen_ms).map(|_| ())
    })
}

/// Checks that there is room for one more host beside so many. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_room(hosts: u64) -> Result<(), StoreError> {
    check_room("hosts", hosts, HOSTS)
}

/// The watched hosts of a store, and the codes by which their agents enrol.
///
/// A code is open until it is used, revoked or past its end, and while its maker is an active admin. A code without a maker is open while
/// the store has no admin at all, so that it lets nobody in once there are accounts.
pub trait HostStore: fmt::Debug + Send + Sync {
    /// Makes a code, and forgets those whose end has come. [`StoreError::NotFound`] where there is no such user.
    fn create_enrolment(&self, new: NewEnrolment) -> StoreFuture<Enrolment>;

    /// Lists open codes, the newest first, at most [`PAGE`](crate::PAGE).
    fn open_enrolments(&self, now_ms: u64) -> StoreFuture<Vec<Enrolment>>;

    /// Takes a code back. False where there is none, or it was used.
    fn revoke_enrolment(&self, id: EnrolmentId) -> StoreFuture<bool>;

    /// Makes the host and uses the code up, in one transaction; none where the code is not open at the host's `enrolled_ms`.
    /// [`StoreError::NameTaken`] where another host has the name or the key, and [`StoreError::Invalid`] where there are
    /// [`HOSTS`](crate::HOSTS) already: then the code stays open. The name and the key of a host that was removed are free again.
    fn enrol(&self, code: SecretHash, new: NewHost) -> StoreFuture<Option<Host>>;

    /// Finds a host by the hash of its agent's key.
    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<Host>>;

    /// Lists all hosts by their names, byte by byte. They are at most [`HOSTS`](crate::HOSTS).
    fn all(&self) -> StoreFuture<Vec<Host>>;

    /// Notes when hosts were heard, at most [`HOSTS`](crate::HOSTS) reports in their order. A report of a time earlier than the one noted
    /// changes nothing, its facts neither, and one of an unknown host is left out. Returns how many reports were noted.
    fn seen(&self, hosts: Vec<HostSeen>) -> StoreFuture<usize>;

    /// Removes a host: its agent's key finds nothing from then on. False where there is none.
    fn remove(&self, id: HostNumber) -> StoreFuture<bool>;
}
