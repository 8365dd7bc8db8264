//! The server's end: a subscription that lives as long as its answer.

use std::{future::ready, sync::Arc};

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use fanout::WireFormat;
use futures_util::FutureExt;

use super::{ENTRY, PollBatch, Polling, not_modified, retry_later, trace, wire};
use crate::{
    conn::{BufferedResponse, ConnectionTakeover},
    connections::ConnectionStats,
    gate::{ApiRejection, Permit, SubscribeQuery, admit_again, allowed},
    live::Live,
    server_transport::ServerTransport,
};

impl ServerTransport for Polling {
    const WIRE_FORMATS: &'static [&'static WireFormat] = &[&wire::ITEM];

    fn routes(live: &Live) -> Router {
        Router::new().route(ENTRY.path, get(poll).options(allowed)).with_state(live.clone())
    }
}

async fn poll(State(live): State<Live>, takeover: ConnectionTakeover, RawQuery(query): RawQuery) -> Response {
    let stats = takeover.stats(&live.admission, &ENTRY);
    let ask = move |query: Option<&str>, place| {
        stats.up(|| query.unwrap_or_default().to_owned());
        let answer = answer(&live, &stats, query, place).unwrap_or_else(BufferedResponse::from);
        trace(&stats, &answer);
        ready(answer).boxed()
    };
    takeover.serve_polls(query.as_deref(), Box::new(ask)).await
}

fn answer(
    live: &Live,
    stats: &Arc<ConnectionStats>,
    query: Option<&str>,
    place: Option<Permit>,
) -> Result<BufferedResponse, ApiRejection> {
    let SubscribeQuery(options) = SubscribeQuery::read(query, None)?;
    let (mut subscription, permit) = match admit_again(live, stats, &options, place)? {
        Ok(entered) => entered,
        Err(reason) => return Ok(retry_later(reason)),
    };
    stats.record_poll(options.topics);
    let batch = PollBatch::take(&mut subscription, stats);
    let answer = match batch.nothing_new(&subscription) {
        Some(cursor) => not_modified(cursor),
        None => batch.answer(&subscription, live, None),
    };
    Ok(answer.with_permit(permit))
}
