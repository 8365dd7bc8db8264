//! The server's end: a session that lives as long as its answer.

use axum::{
    Router,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{ENTRY, Polled, away, unmoved};
use crate::{
    gate::{Asked, Refusal, enter},
    line::Peer,
    live::Live,
};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(poll))
}

async fn poll(
    State(live): State<Live>,
    axum::Extension(Peer(peer)): axum::Extension<Peer>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let Asked(attach) = Asked::read(query.as_deref(), None)?;
    let (mut session, _permit) = match enter(&live, &ENTRY, peer.ip(), &attach)? {
        Ok(entered) => entered,
        Err(reason) => return Ok(away(reason).into_response()),
    };
    let polled = Polled::take(&mut session);
    let answer = match polled.nothing_new(&session) {
        Some(cursor) => unmoved(cursor),
        None => polled.answer(&session, &live, None),
    };
    Ok(answer.into_response())
}
