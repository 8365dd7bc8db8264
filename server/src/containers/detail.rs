//! One container: its configuration, and its last hour.

use access::Action;
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use common::{
    container::{ContainerDetail, ContainerHistory, ContainerInfo},
    host::HostId,
    stream::StreamId,
};
use container_engine::Inspected;
use transports::gate::ApiRejection;

use super::{api_state::ContainersState, error::ContainersError, news};
use crate::{access::Caller, web::rejections};

/// The segments of an address that name a container.
pub(super) type Segments = Result<Path<(String, String)>, PathRejection>;

/// Finds the container that an address names, for whoever may read about the host's containers.
pub(super) async fn find(
    state: &ContainersState,
    segments: Segments,
    caller: &Caller,
) -> Result<(HostId, ContainerInfo), ApiRejection> {
    let Path((host, id)) = segments.map_err(rejections::segment)?;
    let host: HostId = host.parse().map_err(ContainersError::Id)?;
    caller.may(Action::ReadTopic, &host.containers_topic())?;
    let remote = state.host(&host)?;
    if id.parse::<container_engine::ContainerId>().is_err() {
        return Err(ContainersError::ContainerId.into());
    }
    if let Some(remote) = remote {
        return match remote.table.find(&id) {
            Some(found) => Ok((host, found)),
            None if remote.is_listed() => Err(ContainersError::NoContainer(id).into()),
            None => Err(ContainersError::Untold(host).into()),
        };
    }
    if let Some(found) = state.table.find(&id) {
        return Ok((host, found));
    }
    // A server that has just started knows none of them, and of an engine that is away nobody knows.
    state.engine.listed().await;
    state.connected().await?;
    Ok((host, state.table.find(&id).ok_or(ContainersError::NoContainer(id))?))
}

/// Tells a container with its configuration.
pub(super) async fn detail(
    State(state): State<ContainersState>,
    segments: Segments,
    caller: Caller,
) -> Result<Json<ContainerDetail>, ApiRejection> {
    let (host, container) = find(&state, segments, &caller).await?;
    // A configuration tells as much as a program's lines do, and is for the same readers.
    caller.may(Action::ReadTopic, &host.logs_topic(&StreamId::of_bytes([0; 16])))?;
    if host != HostId::local() {
        return Err(ContainersError::Elsewhere(host).into());
    }
    let (engine, version) = state.connected().await?;
    let id = container.id.parse().map_err(|_| ContainersError::ContainerId)?;
    let inspected = engine.inspect(&version, &id).await;
    let inspected = inspected
        .map_err(|error| ContainersError::of_engine(error, &container.id))?
        .ok_or_else(|| ContainersError::NoContainer(container.id.clone()))?;
    let may_act = state.actions && caller.may_do(Action::ControlContainers);
    Ok(Json(told(inspected, container.is_looping, may_act)))
}

fn told(inspected: Inspected, is_looping: bool, may_act: bool) -> ContainerDetail {
    let Inspected { container, .. } = &inspected;
    ContainerDetail {
        container: news::info(container, is_looping),
        may_act,
        labels: container.labels.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        tty: container.tty,
        pids_limit: container.limits.pids,
        command: inspected.command,
        environment: inspected.environment,
        mounts: inspected.mounts.iter().map(|(from, to)| format!("{from} → {to}")).collect(),
        networks: inspected.networks,
        network_mode: inspected.network_mode,
        restart_policy: inspected.restart_policy,
        has_health_check: inspected.has_health_check,
    }
}

/// Tells the last hour of a container.
pub(super) async fn history(
    State(state): State<ContainersState>,
    segments: Segments,
    caller: Caller,
) -> Result<Json<ContainerHistory>, ApiRejection> {
    let (host, container) = find(&state, segments, &caller).await?;
    caller.may(Action::ReadTopic, &host.containers_usage_topic())?;
    Ok(Json(match state.host(&host)? {
        Some(remote) => remote.history(&container.id),
        None => state.history.of(&container.id),
    }))
}
