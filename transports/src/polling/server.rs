//! The server's end: a session that lives as long as its answer.

use std::{future::ready, sync::Arc};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use futures_util::FutureExt;

use super::{ENTRY, Polled, away, show, unmoved};
use crate::{
    gate::{Asked, Permit, Refusal, allowed, enter_again},
    line::{Answer, Handover},
    live::Live,
    roster::Meter,
};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(poll).options(allowed))
}

async fn poll(State(live): State<Live>, handover: Handover, RawQuery(query): RawQuery) -> Response {
    let meter = handover.meter(&live.admission, &ENTRY);
    let ask = move |query: Option<&str>, place| {
        meter.up(|| query.unwrap_or_default().to_owned());
        let answer = answer(&live, &meter, query, place).unwrap_or_else(Answer::from);
        show(&meter, &answer);
        ready(answer).boxed()
    };
    handover.questions(query.as_deref(), Box::new(ask)).await
}

fn answer(
    live: &Live,
    meter: &Arc<Meter>,
    query: Option<&str>,
    place: Option<Permit>,
) -> Result<Answer, Refusal> {
    let Asked(attach) = Asked::read(query, None)?;
    let (mut session, permit) = match enter_again(live, meter, &attach, place)? {
        Ok(entered) => entered,
        Err(reason) => return Ok(away(reason)),
    };
    meter.asked(attach.topics);
    let polled = Polled::take(&mut session, meter);
    let answer = match polled.nothing_new(&session) {
        Some(cursor) => unmoved(cursor),
        None => polled.answer(&session, live, None),
    };
    Ok(answer.holding(permit))
}
