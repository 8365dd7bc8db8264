//! Making, changing and removing probes: what REST and the page share.

use ::probe::ProbeSpec;
use common::host::HostId;
use store::{NewSource, Source, SourceChange, SourceKind, SourceNumber, UserId};

use super::Probes;
use crate::{
    access::Caller,
    accounts::Visitor,
    sources::{error::SourceChangeError, stored::RunningSource},
};

/// A probe as somebody wants it to be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WantedProbe {
    pub(super) name: String,
    pub(super) spec: ProbeSpec,
    pub(super) interval_ms: u64,
    pub(super) parent: Option<u64>,
    pub(super) is_paused: bool,
}

impl WantedProbe {
    /// The probe as it is.
    pub(super) fn of(row: &Source, spec: ProbeSpec) -> Self {
        Self {
            name: row.name.clone(),
            spec,
            interval_ms: row.interval_ms,
            parent: row.parent.map(|parent| parent.0),
            is_paused: row.is_paused,
        }
    }

    fn spec_text(&self) -> Result<String, SourceChangeError> {
        serde_json::to_string(&self.spec).map_err(|error| SourceChangeError::Invalid(error.to_string()))
    }
}

/// Makes a probe. Returns its number.
pub(super) async fn create(
    probes: &Probes,
    caller: &Caller,
    visitor: &Visitor,
    wanted: WantedProbe,
) -> Result<u64, SourceChangeError> {
    let context = probes.context();
    let new = NewSource {
        kind: SourceKind::Probe,
        name: wanted.name.trim().to_owned(),
        host: HostId::local().as_str().to_owned(),
        spec: wanted.spec_text()?,
        interval_ms: wanted.interval_ms,
        parent: wanted.parent.map(SourceNumber),
        created_by: caller.principal.user.map(UserId),
        created_ms: context.now(),
    };
    let made = context.store().sources().create(new).await?;
    visitor.accounts.record(visitor.did("create_probe", object(made.id), made.name)).await;
    probes.read_store().await?;
    Ok(made.id.0)
}

/// Changes a probe. `seen_ms` is the time of the last change that whoever asks for this one has seen; none where any will do.
pub(super) async fn change(
    probes: &Probes,
    visitor: &Visitor,
    id: u64,
    wanted: WantedProbe,
    seen_ms: Option<u64>,
) -> Result<(), SourceChangeError> {
    let context = probes.context();
    let unknown = || SourceChangeError::Unknown(id.to_string());
    let row = probes.find(id).map(|one| one.row().clone()).ok_or_else(unknown)?;
    let change = SourceChange {
        id: row.id,
        name: wanted.name.trim().to_owned(),
        host: row.host,
        spec: wanted.spec_text()?,
        interval_ms: wanted.interval_ms,
        parent: wanted.parent.map(SourceNumber),
        is_paused: wanted.is_paused,
        changed_ms: context.now(),
        seen_ms: seen_ms.unwrap_or(row.changed_ms),
    };
    let changed = context.store().sources().change(change).await?.ok_or_else(unknown)?;
    visitor.accounts.record(visitor.did("change_probe", object(changed.id), changed.name)).await;
    Ok(probes.read_store().await?)
}

/// Removes a probe.
pub(super) async fn remove(probes: &Probes, visitor: &Visitor, id: u64) -> Result<(), SourceChangeError> {
    let number = SourceNumber(id);
    // A number of the other kind is none of a probe.
    if probes.find(id).is_none() || !probes.context().store().sources().remove(number).await? {
        return Err(SourceChangeError::Unknown(id.to_string()));
    }
    visitor.accounts.record(visitor.did("remove_probe", object(number), "")).await;
    Ok(probes.read_store().await?)
}

fn object(id: SourceNumber) -> String {
    format!("probe:{}", id.0)
}
