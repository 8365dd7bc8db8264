//! The server's end: topics come with the address, or later in `subscribe` frames.

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, Method},
    response::Response,
    routing::any,
};
use bytes::Bytes;
use common::{
    close,
    frame::{ByeReason, ClientFrame, ServerFrame},
};
use fanout::WireFormat;

use super::{
    ENTRY, WebSocket,
    decode::{FrameDecoder, ProtocolError, WebSocketMessage},
    deflate::Window,
    handshake::{self, Accepted},
    wire::{self, Opcode},
};
use crate::{
    conn::{CloseReason, ConnectionTakeover, Framer, Incoming, InitialWrite, Pump, ends_with_close},
    gate::{ApiRejection, RetryLater, SubscribeQuery, TokenBucket, admit, allowed},
    live::Live,
    server_transport::ServerTransport,
};

impl ServerTransport for WebSocket {
    const WIRE_FORMATS: &'static [&'static WireFormat] =
        &[&wire::TEXT, &wire::DEFLATED, &wire::DEFLATED_NARROW];

    fn routes(live: &Live) -> Router {
        Router::new().route(ENTRY.path, any(open).options(allowed)).with_state(live.clone())
    }
}

async fn open(
    State(live): State<Live>,
    takeover: ConnectionTakeover,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiRejection> {
    let Accepted { head, window } = handshake::accept(&method, &headers, live.compression)?;
    let SubscribeQuery(options) = SubscribeQuery::read_optional(query.as_deref())?;
    let (subscription, permit) = match admit(&live, &takeover.stats(&live.admission, &ENTRY), &options)? {
        Ok(entered) => entered,
        Err(away) => {
            let last = turn_away(head, away);
            return Ok(takeover.upgrade(move |io| crate::conn::linger_close_websocket(io, last)).await);
        }
    };
    let limits = live.admission.limits();
    let framer = WebSocketFramer {
        window,
        decoder: FrameDecoder::new(limits.message_bytes).inflating(window.is_some()),
        bucket: TokenBucket::new(limits.messages_per_second),
        broken: false,
    };
    let run = move |io| Pump::run(io, subscription, framer, live, InitialWrite { head, permit });
    Ok(takeover.upgrade(run).await)
}

/// Answers with a close code: a browser learns nothing from a status, so a limit is told after the handshake.
fn turn_away(head: Bytes, away: RetryLater) -> Bytes {
    let bye = wire::frame(&away.bye(), None);
    [head, bye, wire::close(Some(code(CloseReason::Bye(away.0.reason))))].concat().into()
}

struct WebSocketFramer {
    /// The agreed window of compression.
    window: Option<Window>,
    decoder: FrameDecoder,
    bucket: TokenBucket,
    /// A rule was broken: what comes now cannot be decoded.
    broken: bool,
}

impl Framer for WebSocketFramer {
    fn wire_format(&self) -> &'static WireFormat {
        match self.window {
            None => &wire::TEXT,
            Some(Window::Wide) => &wire::DEFLATED,
            Some(Window::Narrow) => &wire::DEFLATED_NARROW,
        }
    }

    fn encode(&self, frame: &ServerFrame) -> Bytes {
        wire::frame(frame, self.window)
    }

    fn on_bytes(&mut self, bytes: &[u8], out: &mut Vec<Incoming>) {
        let bucket = &mut self.bucket;
        let outcome = self.decoder.read(bytes, |message| {
            if !bucket.pass() {
                return Err(ProtocolError(close::POLICY));
            }
            out.extend(to_incoming(message)?);
            Ok(())
        });
        if let Err(ProtocolError(code)) = outcome {
            self.broken = true;
            out.push(Incoming::End(CloseReason::Broke(code)));
        }
    }

    /// Clients answer it without their program's doing, so that a proxy sees traffic from them, too.
    fn ping(&self) -> Option<Bytes> {
        Some(wire::PING)
    }

    fn awaits_close(&self) -> bool {
        true
    }

    fn on_bytes_after_close(&mut self, bytes: &[u8]) -> bool {
        if self.broken {
            return ends_with_close(bytes);
        }
        let mut closed = false;
        let outcome = self.decoder.read(bytes, |message| {
            closed |= matches!(message, WebSocketMessage::Close(_));
            Ok(())
        });
        closed || outcome.is_err()
    }

    fn close_frame(&self, end: CloseReason) -> Bytes {
        match end {
            CloseReason::Closed(code) => wire::close(code),
            end => wire::close(Some(code(end))),
        }
    }
}

fn to_incoming(message: WebSocketMessage) -> Result<Option<Incoming>, ProtocolError> {
    Ok(Some(match message {
        WebSocketMessage::Text(text) => {
            let frame: ClientFrame =
                serde_json::from_str(&text).map_err(|_| ProtocolError(close::BAD_FRAME))?;
            Incoming::Frame(frame)
        }
        WebSocketMessage::Binary(_) => return Err(ProtocolError(close::UNSUPPORTED)),
        WebSocketMessage::Ping(payload) => Incoming::Answer(wire::whole(Opcode::Pong, &payload)),
        // A piece of a message counts, so that a flood of empty pieces does not pass; it says nothing yet.
        WebSocketMessage::Piece | WebSocketMessage::Pong => return Ok(None),
        WebSocketMessage::Close(code) => Incoming::End(CloseReason::Closed(code)),
    }))
}

fn code(end: CloseReason) -> u16 {
    match end {
        CloseReason::Broke(code) => code,
        CloseReason::Bye(ByeReason::Shutdown) => close::RESTART,
        CloseReason::Bye(ByeReason::TooManyConnections | ByeReason::LogFull) => close::TRY_LATER,
        CloseReason::Bye(ByeReason::Ended | ByeReason::Renew | ByeReason::SignedOut) => close::ENDED,
        CloseReason::Gone | CloseReason::Closed(_) => close::NORMAL,
    }
}
