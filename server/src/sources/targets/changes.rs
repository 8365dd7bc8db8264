//! Adding, changing and removing targets: what REST and the page share.

use common::host::HostId;
use store::{NewSource, Source, SourceChange, SourceKind, SourceNumber, UserId};

use super::Targets;
use crate::{
    access::Caller,
    accounts::Visitor,
    sources::{error::SourceChangeError, stored::RunningSource},
};

/// A target as somebody wants it to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WantedTarget {
    pub(super) name: String,
    /// Its settings: JSON that was checked.
    pub(super) spec: String,
    pub(super) interval_ms: u64,
    pub(super) is_paused: bool,
}

impl WantedTarget {
    /// The target as it is.
    pub(super) fn of(row: &Source) -> Self {
        Self {
            name: row.name.clone(),
            spec: row.spec.clone(),
            interval_ms: row.interval_ms,
            is_paused: row.is_paused,
        }
    }
}

/// Adds a target. Returns its number.
pub(super) async fn create(
    targets: &Targets,
    caller: &Caller,
    visitor: &Visitor,
    wanted: WantedTarget,
) -> Result<u64, SourceChangeError> {
    let context = targets.context();
    let new = NewSource {
        kind: SourceKind::Scrape,
        name: wanted.name.trim().to_owned(),
        host: HostId::local().as_str().to_owned(),
        spec: wanted.spec,
        interval_ms: wanted.interval_ms,
        parent: None,
        created_by: caller.principal.user.map(UserId),
        created_ms: context.now(),
    };
    let made = context.store().sources().create(new).await?;
    visitor.accounts.record(visitor.did("create_target", object(made.id), made.name)).await;
    targets.read_store().await?;
    Ok(made.id.0)
}

/// Changes a target. `seen_ms` is the time of the last change that whoever asks for this one has seen; none where any will do.
pub(super) async fn change(
    targets: &Targets,
    visitor: &Visitor,
    id: u64,
    wanted: WantedTarget,
    seen_ms: Option<u64>,
) -> Result<(), SourceChangeError> {
    let context = targets.context();
    let unknown = || SourceChangeError::Unknown(id.to_string());
    let row = targets.find(id).map(|one| one.row().clone()).ok_or_else(unknown)?;
    let change = SourceChange {
        id: row.id,
        name: wanted.name.trim().to_owned(),
        host: row.host,
        spec: wanted.spec,
        interval_ms: wanted.interval_ms,
        parent: None,
        is_paused: wanted.is_paused,
        changed_ms: context.now(),
        seen_ms: seen_ms.unwrap_or(row.changed_ms),
    };
    let changed = context.store().sources().change(change).await?.ok_or_else(unknown)?;
    visitor.accounts.record(visitor.did("change_target", object(changed.id), changed.name)).await;
    Ok(targets.read_store().await?)
}

/// Removes a target.
pub(super) async fn remove(targets: &Targets, visitor: &Visitor, id: u64) -> Result<(), SourceChangeError> {
    let number = SourceNumber(id);
    // A number of the other kind is none of a target.
    if targets.find(id).is_none() || !targets.context().store().sources().remove(number).await? {
        return Err(SourceChangeError::Unknown(id.to_string()));
    }
    visitor.accounts.record(visitor.did("remove_target", object(number), "")).await;
    Ok(targets.read_store().await?)
}

fn object(id: SourceNumber) -> String {
    format!("target:{}", id.0)
}
