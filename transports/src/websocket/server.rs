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
use hub::WireFormat;

use super::{
    ENTRY,
    decode::{Broken, Decoder, Message},
    deflate::Window,
    handshake::{self, Accepted},
    wire::{self, Opcode},
};
use crate::{
    gate::{Asked, Away, Refusal, Throttle, allowed, enter},
    line::{Dialect, End, Handover, Heard, Opening, Pump, ends_with_close},
    live::Live,
};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, any(open).options(allowed))
}

async fn open(
    State(live): State<Live>,
    handover: Handover,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Accepted { head, window } = handshake::accept(&method, &headers, live.compression)?;
    let Asked(attach) = Asked::read_optional(query.as_deref())?;
    let (session, permit) = match enter(&live, &handover.meter(&live.admission, &ENTRY), &attach)? {
        Ok(entered) => entered,
        Err(away) => {
            let last = turn_away(head, away);
            return Ok(handover.take_over(move |io| crate::line::leave_websocket(io, last)).await);
        }
    };
    let limits = live.admission.limits();
    let dialect = Conversation {
        window,
        decoder: Decoder::new(limits.message_bytes).inflating(window.is_some()),
        throttle: Throttle::new(limits.messages_per_second),
        broken: false,
    };
    let run = move |io| Pump::run(io, session, dialect, live, Opening { head, permit });
    Ok(handover.take_over(run).await)
}

/// A browser learns nothing from a status, so a limit is told after the handshake, with a close code.
fn turn_away(head: Bytes, away: Away) -> Bytes {
    let bye = wire::frame(&away.bye(), None);
    [head, bye, wire::close(Some(code(End::Bye(away.0.reason))))].concat().into()
}

struct Conversation {
    /// Where compression was agreed.
    window: Option<Window>,
    decoder: Decoder,
    throttle: Throttle,
    /// A rule was broken: what comes now cannot be decoded.
    broken: bool,
}

impl Dialect for Conversation {
    fn form(&self) -> &'static WireFormat {
        match self.window {
            None => &wire::TEXT,
            Some(Window::Wide) => &wire::DEFLATED,
            Some(Window::Narrow) => &wire::DEFLATED_NARROW,
        }
    }

    fn frame(&self, frame: &ServerFrame) -> Bytes {
        wire::frame(frame, self.window)
    }

    fn hear(&mut self, bytes: &[u8], heard: &mut Vec<Heard>) {
        let throttle = &mut self.throttle;
        let outcome = self.decoder.read(bytes, |message| {
            if !throttle.pass() {
                return Err(Broken(close::POLICY));
            }
            heard.extend(understand(message)?);
            Ok(())
        });
        if let Err(Broken(code)) = outcome {
            self.broken = true;
            heard.push(Heard::End(End::Broke(code)));
        }
    }

    /// Clients answer it without their program's doing, so that a proxy hears them, too.
    fn ping(&self) -> Option<Bytes> {
        Some(wire::PING)
    }

    fn awaits_close(&self) -> bool {
        true
    }

    fn hear_close(&mut self, bytes: &[u8]) -> bool {
        if self.broken {
            return ends_with_close(bytes);
        }
        let mut closed = false;
        let heard = self.decoder.read(bytes, |message| {
            closed |= matches!(message, Message::Close(_));
            Ok(())
        });
        closed || heard.is_err()
    }

    fn farewell(&self, end: End) -> Bytes {
        match end {
            End::Closed(code) => wire::close(code),
            end => wire::close(Some(code(end))),
        }
    }
}

fn understand(message: Message) -> Result<Option<Heard>, Broken> {
    Ok(Some(match message {
        Message::Text(text) => {
            let frame: ClientFrame = serde_json::from_str(&text).map_err(|_| Broken(close::BAD_FRAME))?;
            Heard::Frame(frame)
        }
        Message::Binary(_) => return Err(Broken(close::UNSUPPORTED)),
        Message::Ping(payload) => Heard::Answer(wire::whole(Opcode::Pong, &payload)),
        // A piece of a message counts, so that a flood of empty pieces does not pass; it says nothing yet.
        Message::Piece | Message::Pong => return Ok(None),
        Message::Close(code) => Heard::End(End::Closed(code)),
    }))
}

fn code(end: End) -> u16 {
    match end {
        End::Broke(code) => code,
        End::Bye(ByeReason::Shutdown) => close::RESTART,
        End::Bye(ByeReason::TooManyConnections | ByeReason::LogFull) => close::TRY_LATER,
        End::Bye(ByeReason::Ended | ByeReason::Renew) => close::ENDED,
        End::Gone | End::Closed(_) => close::NORMAL,
    }
}
