//! The server's end. EventSource gives up for good on any status but 200 and on any other type, so a limit that will
//! pass is answered with a stream that says when to come back, and ends.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use common::{
    MessageId, Topic,
    frame::{ErrorCode, ServerFrame},
};
use fanout::{SubscribeOptions, WireFormat};

use super::{ENTRY, Sse, wire};
use crate::{
    conn::{BufferedResponse, CloseReason, ConnectionTakeover, Framer, Incoming, InitialWrite, Pump},
    gate::{ApiRejection, SubscribeQuery, admit_as, allowed, client},
    live::Live,
    server_transport::ServerTransport,
    wire::{coded, end},
};

impl ServerTransport for Sse {
    const WIRE_FORMATS: &'static [&'static WireFormat] =
        &[&wire::BLOCK, &wire::CHUNK, &wire::BARE, &wire::BARE_CHUNK];

    fn routes(live: &Live) -> Router {
        Router::new().route(ENTRY.path, get(open).options(allowed)).with_state(live.clone())
    }
}

async fn open(
    State(live): State<Live>,
    takeover: ConnectionTakeover,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiRejection> {
    let last_event_id = match headers.get("last-event-id").map(|value| value.to_str()) {
        Some(Err(_)) => {
            return Err(ApiRejection::new(ErrorCode::BadCursor, "Last-Event-ID is not a cursor"));
        }
        Some(Ok(text)) => Some(text),
        None => None,
    };
    let SubscribeQuery(options) = SubscribeQuery::read(query.as_deref(), last_event_id)?;
    let chunked = takeover.chunked();
    let framer = SseFramer { form: if chunked { &wire::CHUNK } else { &wire::BLOCK }, chunked };
    stream(live, takeover, options, client(query.as_deref())?, framer).await
}

/// A stream of one topic's payloads alone: no ids, no other frames, nothing to resume.
pub fn bare(topic: Topic) -> MethodRouter<Live> {
    get(async move |State(live): State<Live>, takeover: ConnectionTakeover, RawQuery(query): RawQuery| {
        let chunked = takeover.chunked();
        let form = if chunked { &wire::BARE_CHUNK } else { &wire::BARE };
        let framer = SseFramer { form, chunked };
        let options = SubscribeOptions { topics: vec![topic], ..SubscribeOptions::default() };
        stream(live, takeover, options, client(query.as_deref())?, framer).await
    })
}

async fn stream(
    live: Live,
    takeover: ConnectionTakeover,
    options: SubscribeOptions,
    client: Option<MessageId>,
    framer: SseFramer,
) -> Result<Response, ApiRejection> {
    let stats = takeover.stats(&live.admission, &ENTRY);
    let (subscription, permit) = match admit_as(&live, &stats, &options, client)? {
        Ok(entered) => entered,
        Err(away) => return Ok(turn_away(&away.bye(), framer.chunked)),
    };
    let first = framer.coded(wire::opening(live.pace.retry));
    let run = move |io, head| Pump::run(io, subscription, framer, live, InitialWrite { head, permit });
    Ok(takeover.stream(wire::TYPE, first, run).await)
}

/// The line ends with it, as that of a stream does; over HTTP/2 the stream alone.
fn turn_away(bye: &ServerFrame, closes: bool) -> Response {
    let kind = HeaderValue::from_static(wire::TYPE);
    let answer =
        BufferedResponse::new(StatusCode::OK, vec![wire::frame(bye)]).with(header::CONTENT_TYPE, kind);
    let answer =
        if closes { answer.with(header::CONNECTION, HeaderValue::from_static("close")) } else { answer };
    answer.into_response()
}

struct SseFramer {
    form: &'static WireFormat,
    chunked: bool,
}

impl SseFramer {
    fn coded(&self, block: Bytes) -> Bytes {
        coded(self.chunked, block)
    }
}

impl Framer for SseFramer {
    fn wire_format(&self) -> &'static WireFormat {
        self.form
    }

    fn encode(&self, frame: &ServerFrame) -> Bytes {
        let bare = wire::is_bare(self.form);
        self.coded(if bare { wire::bare_frame(frame) } else { wire::frame(frame) })
    }

    /// A client that sends more on this connection (a pipelined request) will not be answered: the stream never ends.
    fn on_bytes(&mut self, _: &[u8], _: &mut Vec<Incoming>) {}

    fn close_frame(&self, _: CloseReason) -> Bytes {
        end(self.chunked)
    }
}
