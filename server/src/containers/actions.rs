//! Starting, stopping and restarting, where the host's owner allows it.

use std::time::Duration;

use access::Action;
use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
};
use common::{
    container::{ContainerAction, ContainerActionAnswer, ContainerActionRequest},
    host::HostId,
};
use container_engine::{EngineAction, EngineError};
use transports::gate::ApiRejection;

use super::{
    api_state::{BODY, ContainersState},
    detail::{Segments, find},
    error::ContainersError,
};
use crate::{access::Caller, accounts::Visitor, web::rejections};

/// An answer waits for so long. A container that takes longer to end is told of on the topic.
const PATIENCE: Duration = Duration::from_secs(15);

/// Does something with a container, and notes who wanted that.
pub(super) async fn act(
    State(state): State<ContainersState>,
    segments: Segments,
    caller: Caller,
    visitor: Visitor,
    body: Result<Json<ContainerActionRequest>, JsonRejection>,
) -> Result<Json<ContainerActionAnswer>, ApiRejection> {
    let (host, container) = find(&state, segments, &caller).await?;
    caller.may(Action::ControlContainers, &host.containers_topic())?;
    let Json(ContainerActionRequest { action }) = body.map_err(|error| rejections::body(&error, BODY))?;
    if host != HostId::local() {
        return Err(ContainersError::Elsewhere(host).into());
    }
    if !state.actions {
        return Err(ContainersError::ActionsOff.into());
    }
    let (engine, version) = state.connected().await?;
    let id = container.id.parse().map_err(|_| ContainersError::ContainerId)?;
    let action = engine_action(action);
    let object = format!("container:{} {}", container.id.get(..12).unwrap_or_default(), container.name);
    let asked = visitor.did(&format!("{}_container", action.word()), object, format!("on {host}"));
    // Noted before it is done: a server that ends meanwhile has said who asked.
    visitor.accounts.record(asked).await;
    // It goes on where nobody waits any more.
    let mut acting = tokio::spawn(async move {
        let done = engine.act(&version, &id, action).await;
        if let Err(error) = &done {
            tracing::warn!(%error, container = %id, action = action.word(), "the engine did not do it");
        }
        done
    });
    match tokio::time::timeout(PATIENCE, &mut acting).await {
        Err(_) => Ok(Json(ContainerActionAnswer { done: false })),
        Ok(done) => {
            let done = done.unwrap_or(Err(EngineError::Cut));
            done.map_err(|error| ContainersError::of_engine(error, &container.id))?;
            Ok(Json(ContainerActionAnswer { done: true }))
        }
    }
}

const fn engine_action(action: ContainerAction) -> EngineAction {
    match action {
        ContainerAction::Start => EngineAction::Start,
        ContainerAction::Stop => EngineAction::Stop,
        ContainerAction::Restart => EngineAction::Restart,
    }
}
