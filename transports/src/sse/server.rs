//! The server's end. EventSource gives up for good on any status but 200 and on any other type, so a limit that will
//! pass is answered with a stream that says when to come back, and ends.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
    routing::{MethodRouter, get},
};
use bytes::{Bytes, BytesMut};
use common::{
    Topic,
    frame::{ByeReason, ErrorCode, ServerFrame},
};
use hub::{Attach, Form};

use super::{ENTRY, wire};
use crate::{
    gate::{Asked, Refusal},
    line::{Dialect, End, Handover, Heard, Opening, Pump},
    live::Live,
};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(open))
}

async fn open(
    State(live): State<Live>,
    handover: Handover,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let last_event_id = match headers.get("last-event-id").map(|value| value.to_str()) {
        Some(Err(_)) => {
            return Err(Refusal::new(400, ErrorCode::BadCursor, "Last-Event-ID is not a cursor"));
        }
        Some(Ok(text)) => Some(text),
        None => None,
    };
    let Asked(attach) = Asked::read(query.as_deref(), last_event_id)?;
    let dialect = EventStream {
        form: if handover.chunked { &wire::CHUNK } else { &wire::BLOCK },
        chunked: handover.chunked,
    };
    stream(live, handover, attach, dialect).await
}

/// A stream of one topic's payloads alone: no ids, no other frames, nothing to resume.
pub fn bare(topic: Topic) -> MethodRouter<Live> {
    get(async move |State(live): State<Live>, handover: Handover| {
        // One chunk would have to be built for each subscriber; a body that ends with the connection needs none.
        let dialect = EventStream { form: &wire::BARE, chunked: false };
        stream(live, handover, Attach { topics: vec![topic], ..Attach::default() }, dialect).await
    })
}

async fn stream(
    live: Live,
    handover: Handover,
    attach: Attach,
    dialect: EventStream,
) -> Result<Response, Refusal> {
    let session = match live.admission.admit(handover.address, &ENTRY) {
        Some(permit) => live.hub.attach(&attach).map(|session| (session, permit)),
        None => return Ok(dialect.turn_away(&live, ByeReason::TooManyConnections)),
    };
    let (session, permit) = match session {
        Ok(opened) => opened,
        Err(hub::AttachError::Closed) => return Ok(dialect.turn_away(&live, ByeReason::Shutdown)),
        Err(hub::AttachError::LogFull(_)) => return Ok(dialect.turn_away(&live, ByeReason::LogFull)),
        Err(error) => return Err(error.into()),
    };
    let head = dialect.head(&live);
    let taken = Box::new(move |io, early| {
        let opening = Opening { head, early, permit };
        Box::pin(Pump::run(io, session, dialect, live, opening)) as _
    });
    Ok(handover.take_over(taken).await)
}

struct EventStream {
    form: &'static Form,
    chunked: bool,
}

impl EventStream {
    /// `no-transform` and `X-Accel-Buffering` keep proxies from holding events back.
    fn head(&self, live: &Live) -> Bytes {
        let coding = if self.chunked { "transfer-encoding: chunked" } else { "connection: close" };
        let date = httpdate::fmt_http_date(std::time::SystemTime::now());
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store, no-transform\r\n\
             x-accel-buffering: no\r\nx-content-type-options: nosniff\r\n\
             cross-origin-resource-policy: same-origin\r\ndate: {date}\r\n{coding}\r\n\r\n"
        );
        let mut out = BytesMut::from(head.as_bytes());
        out.extend_from_slice(&self.coded(wire::opening(live.pace.retry)));
        out.freeze()
    }

    fn turn_away(&self, live: &Live, reason: ByeReason) -> Response {
        let retry_ms = u64::try_from(live.pace.retry.as_millis()).unwrap_or(u64::MAX);
        let bye = wire::frame(&ServerFrame::Bye { reason, retry_ms });
        let mut response = Response::new(bye.into());
        let headers = response.headers_mut();
        headers.insert("content-type", axum::http::HeaderValue::from_static("text/event-stream"));
        headers.insert("cache-control", axum::http::HeaderValue::from_static("no-store, no-transform"));
        response
    }

    fn coded(&self, block: Bytes) -> Bytes {
        if self.chunked { wire::chunk(&block) } else { block }
    }
}

impl Dialect for EventStream {
    fn form(&self) -> &'static Form {
        self.form
    }

    fn frame(&self, frame: &ServerFrame) -> Bytes {
        if self.form.slot() == wire::BARE.slot() {
            return wire::comment();
        }
        self.coded(wire::frame(frame))
    }

    /// A client that sends more on this connection (a pipelined request) will not be answered: the stream never ends.
    fn hear(&mut self, _: &[u8], _: &mut Vec<Heard>) {}

    fn farewell(&self, _: End) -> Bytes {
        if self.chunked { Bytes::from_static(wire::LAST_CHUNK) } else { Bytes::new() }
    }
}
