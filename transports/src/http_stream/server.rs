//! The server's end. Programs that read a stream see the status, so a limit that will pass has one, with `Retry-After`;
//! its body is the same `bye` that would end a stream.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use common::frame::ServerFrame;
use fanout::WireFormat;

use super::{ENTRY, HttpStream, wire};
use crate::{
    conn::{BufferedResponse, CloseReason, ConnectionTakeover, Framer, Incoming, InitialWrite, Pump},
    gate::{ApiRejection, SubscribeQuery, admit_as, allowed, client},
    live::Live,
    server_transport::ServerTransport,
    wire::{coded, end},
};

const TYPE: &str = "application/x-ndjson";

impl ServerTransport for HttpStream {
    const WIRE_FORMATS: &'static [&'static WireFormat] = &[&wire::LINE, &wire::CHUNK];

    fn routes(live: &Live) -> Router {
        Router::new().route(ENTRY.path, get(open).options(allowed)).with_state(live.clone())
    }
}

async fn open(
    State(live): State<Live>,
    takeover: ConnectionTakeover,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiRejection> {
    let SubscribeQuery(options) = SubscribeQuery::read(query.as_deref(), None)?;
    let stats = takeover.stats(&live.admission, &ENTRY);
    let (subscription, permit) = match admit_as(&live, &stats, &options, client(query.as_deref())?)? {
        Ok(entered) => entered,
        Err(away) => {
            let bye = wire::frame(&away.bye());
            let answer = BufferedResponse::new(away.status(), vec![bye])
                .with(header::CONTENT_TYPE, HeaderValue::from_static(TYPE))
                .with(header::RETRY_AFTER, away.retry_after());
            return Ok(answer.into_response());
        }
    };
    let framer = NdjsonFramer { chunked: takeover.chunked() };
    let run = move |io, head| Pump::run(io, subscription, framer, live, InitialWrite { head, permit });
    Ok(takeover.stream(TYPE, Bytes::new(), run).await)
}

struct NdjsonFramer {
    chunked: bool,
}

impl Framer for NdjsonFramer {
    fn wire_format(&self) -> &'static WireFormat {
        if self.chunked { &wire::CHUNK } else { &wire::LINE }
    }

    fn encode(&self, frame: &ServerFrame) -> Bytes {
        coded(self.chunked, wire::frame(frame))
    }

    fn on_bytes(&mut self, _: &[u8], _: &mut Vec<Incoming>) {}

    fn close_frame(&self, _: CloseReason) -> Bytes {
        end(self.chunked)
    }
}
