//! The server's end: a session that lives as long as its answer.

use std::{future::ready, net::IpAddr};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use futures_util::FutureExt;

use super::{ENTRY, Polled, away, unmoved};
use crate::{
    gate::{Asked, Refusal, allowed, enter},
    line::{Answer, Handover},
    live::Live,
};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(poll).options(allowed))
}

async fn poll(State(live): State<Live>, handover: Handover, RawQuery(query): RawQuery) -> Response {
    let address = handover.address;
    let ask =
        move |query: Option<&str>| ready(answer(&live, address, query).unwrap_or_else(Answer::from)).boxed();
    handover.questions(query.as_deref(), Box::new(ask)).await
}

fn answer(live: &Live, address: IpAddr, query: Option<&str>) -> Result<Answer, Refusal> {
    let Asked(attach) = Asked::read(query, None)?;
    let (mut session, permit) = match enter(live, &ENTRY, address, &attach)? {
        Ok(entered) => entered,
        Err(reason) => return Ok(away(reason)),
    };
    let polled = Polled::take(&mut session);
    let answer = match polled.nothing_new(&session) {
        Some(cursor) => unmoved(cursor),
        None => polled.answer(&session, live, None),
    };
    Ok(answer.holding(permit))
}
