//! Making, changing and removing sources: REST and the pages of every kind share it.

use common::host::HostId;
use store::{NewSource, Source, SourceChange, SourceNumber, UserId};

use super::{
    error::SourceChangeError,
    stored::{RunningSource, StoredSources},
};
use crate::{access::Caller, accounts::Visitor, probing::order::MOST_PROBES};

/// A source as somebody wants it to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WantedSource {
    pub(super) name: String,
    /// The host that asks.
    pub(super) host: String,
    /// Its settings: JSON that was checked.
    pub(super) spec: String,
    pub(super) interval_ms: u64,
    pub(super) parent: Option<u64>,
    pub(super) is_paused: bool,
}

impl WantedSource {
    /// The source as it is.
    pub(super) fn of(row: &Source) -> Self {
        Self {
            name: row.name.clone(),
            host: row.host.clone(),
            spec: row.spec.clone(),
            interval_ms: row.interval_ms,
            parent: row.parent.map(|parent| parent.0),
            is_paused: row.is_paused,
        }
    }
}

/// Makes a source. Returns its number.
pub(super) async fn create<T: RunningSource>(
    sources: &StoredSources<T>,
    caller: &Caller,
    visitor: &Visitor,
    wanted: WantedSource,
) -> Result<u64, SourceChangeError> {
    let context = sources.context();
    check_host(sources, &wanted.host, None).await?;
    let new = NewSource {
        kind: T::KIND,
        name: wanted.name.trim().to_owned(),
        host: wanted.host,
        spec: wanted.spec,
        interval_ms: wanted.interval_ms,
        parent: wanted.parent.map(SourceNumber),
        created_by: caller.principal.user.map(UserId),
        created_ms: context.now(),
    };
    let made = context.store().sources().create(new).await?;
    note::<T>(visitor, "create", made.id, made.name).await;
    sources.read_store().await?;
    Ok(made.id.0)
}

/// Changes a source. `seen_ms` is the time of the last change that whoever asks for this one has seen; none where any will do.
pub(super) async fn change<T: RunningSource>(
    sources: &StoredSources<T>,
    visitor: &Visitor,
    id: u64,
    wanted: WantedSource,
    seen_ms: Option<u64>,
) -> Result<(), SourceChangeError> {
    let context = sources.context();
    let unknown = || SourceChangeError::Unknown(id.to_string());
    let row = sources.find(id).map(|one| one.row().clone()).ok_or_else(unknown)?;
    check_host(sources, &wanted.host, Some(&row)).await?;
    let change = SourceChange {
        id: row.id,
        name: wanted.name.trim().to_owned(),
        host: wanted.host,
        spec: wanted.spec,
        interval_ms: wanted.interval_ms,
        parent: wanted.parent.map(SourceNumber),
        is_paused: wanted.is_paused,
        changed_ms: context.now(),
        seen_ms: seen_ms.unwrap_or(row.changed_ms),
    };
    let changed = context.store().sources().change(change).await?.ok_or_else(unknown)?;
    note::<T>(visitor, "change", changed.id, changed.name).await;
    Ok(sources.read_store().await?)
}

/// Removes a source.
pub(super) async fn remove<T: RunningSource>(
    sources: &StoredSources<T>,
    visitor: &Visitor,
    id: u64,
) -> Result<(), SourceChangeError> {
    let number = SourceNumber(id);
    // A number of another kind is none of this one.
    if sources.find(id).is_none() || !sources.context().store().sources().remove(number).await? {
        return Err(SourceChangeError::Unknown(id.to_string()));
    }
    note::<T>(visitor, "remove", number, String::new()).await;
    Ok(sources.read_store().await?)
}

/// Checks that a host can ask one more source. One that stays with its host does, also where that was removed meanwhile.
async fn check_host<T: RunningSource>(
    sources: &StoredSources<T>,
    host: &str,
    before: Option<&Source>,
) -> Result<(), SourceChangeError> {
    if host == HostId::local().as_str() || before.is_some_and(|row| row.host == host) {
        return Ok(());
    }
    let hosts = sources.context().store().hosts().all().await?;
    if !hosts.iter().any(|row| row.name == host) {
        let shown: String = host.chars().take(64).collect();
        return Err(SourceChangeError::Invalid(format!("There is no host {shown:?} with an agent.")));
    }
    if sources.all().iter().filter(|one| one.row().host == host).count() >= MOST_PROBES {
        return Err(SourceChangeError::Invalid(format!("An agent asks at most {MOST_PROBES} probes.")));
    }
    Ok(())
}

/// Notes in the audit log what was done.
async fn note<T: RunningSource>(visitor: &Visitor, deed: &str, id: SourceNumber, detail: String) {
    let object = format!("{}:{}", T::WORD, id.0);
    visitor.accounts.record(visitor.did(&format!("{deed}_{}", T::WORD), object, detail)).await;
}
