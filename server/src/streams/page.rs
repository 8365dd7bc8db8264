//! The documents of streams: the list, and one.

use access::Action;
use app::door::{stream, streams};
use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
    routing::get,
};
use common::{
    door::paths,
    stream::{StreamId, StreamStatus},
};
use transports::gate::ApiRejection;

use super::api::StreamsState;
use crate::{access::Caller, accounts::Visitor};

pub(super) fn routes() -> Router<StreamsState> {
    Router::new().route(paths::STREAMS, get(list)).route(paths::STREAM, get(one))
}

async fn list(State(state): State<StreamsState>, caller: Caller, visitor: Visitor) -> Response {
    let list = state.readable(&caller);
    visitor.answer_with_streams(StatusCode::OK, streams(&visitor.context(), list))
}

async fn one(
    State(state): State<StreamsState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    visitor: Visitor,
) -> Result<Response, ApiRejection> {
    let id: Option<StreamId> = id.ok().and_then(|Path(id)| id.parse().ok());
    let found: Option<StreamStatus> = match &id {
        Some(id) => {
            caller.may(Action::ReadTopic, &id.topic())?;
            state.of_program(id).ok().map(|stream| stream.status())
        }
        None => None,
    };
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(visitor.answer_with_streams(status, stream(&visitor.context(), found)))
}
