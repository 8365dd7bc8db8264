//! The server's end. EventSource gives up for good on any status but 200 and on any other type, so a limit that will
//! pass is answered with a stream that says when to come back, and ends.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use common::{
    MessageId, Topic,
    frame::{ErrorCode, ServerFrame},
};
use hub::{SubscribeOptions, WireFormat};

use super::{ENTRY, wire};
use crate::{
    gate::{Asked, Refusal, allowed, client, enter_as},
    line::{Dialect, End, Handover, Heard, Opening, Pump},
    live::Live,
    wire::{coded, end},
};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(open).options(allowed))
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
    let chunked = handover.chunked();
    let dialect = EventStream { form: if chunked { &wire::CHUNK } else { &wire::BLOCK }, chunked };
    stream(live, handover, attach, client(query.as_deref())?, dialect).await
}

/// A stream of one topic's payloads alone: no ids, no other frames, nothing to resume.
pub fn bare(topic: Topic) -> MethodRouter<Live> {
    get(async move |State(live): State<Live>, handover: Handover, RawQuery(query): RawQuery| {
        let chunked = handover.chunked();
        let form = if chunked { &wire::BARE_CHUNK } else { &wire::BARE };
        let dialect = EventStream { form, chunked };
        let attach = SubscribeOptions { topics: vec![topic], ..SubscribeOptions::default() };
        stream(live, handover, attach, client(query.as_deref())?, dialect).await
    })
}

async fn stream(
    live: Live,
    handover: Handover,
    attach: SubscribeOptions,
    client: Option<MessageId>,
    dialect: EventStream,
) -> Result<Response, Refusal> {
    let meter = handover.meter(&live.admission, &ENTRY);
    let (session, permit) = match enter_as(&live, &meter, &attach, client)? {
        Ok(entered) => entered,
        Err(away) => return Ok(turn_away(&away.bye(), dialect.chunked)),
    };
    let first = dialect.coded(wire::opening(live.pace.retry));
    let run = move |io, head| Pump::run(io, session, dialect, live, Opening { head, permit });
    Ok(handover.stream(wire::TYPE, first, run).await)
}

/// The line ends with it, as that of a stream does; over HTTP/2 the stream alone.
fn turn_away(bye: &ServerFrame, closes: bool) -> Response {
    let mut response = Response::new(wire::frame(bye).into());
    let headers = response.headers_mut();
    headers.insert("content-type", axum::http::HeaderValue::from_static(wire::TYPE));
    headers.insert("cache-control", axum::http::HeaderValue::from_static("no-store, no-transform"));
    if closes {
        headers.insert("connection", axum::http::HeaderValue::from_static("close"));
    }
    response
}

struct EventStream {
    form: &'static WireFormat,
    chunked: bool,
}

impl EventStream {
    fn coded(&self, block: Bytes) -> Bytes {
        coded(self.chunked, block)
    }
}

impl Dialect for EventStream {
    fn form(&self) -> &'static WireFormat {
        self.form
    }

    fn frame(&self, frame: &ServerFrame) -> Bytes {
        let bare = wire::is_bare(self.form);
        self.coded(if bare { wire::bare_frame(frame) } else { wire::frame(frame) })
    }

    /// A client that sends more on this connection (a pipelined request) will not be answered: the stream never ends.
    fn hear(&mut self, _: &[u8], _: &mut Vec<Heard>) {}

    fn farewell(&self, _: End) -> Bytes {
        end(self.chunked)
    }
}
