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
use hub::WireFormat;

use super::{ENTRY, wire};
use crate::{
    gate::{Asked, Refusal, allowed, client, enter_as},
    line::{Answer, Dialect, End, Handover, Heard, Opening, Pump},
    live::Live,
    wire::{coded, end},
};

const TYPE: &str = "application/x-ndjson";

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(open).options(allowed))
}

async fn open(
    State(live): State<Live>,
    handover: Handover,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let Asked(attach) = Asked::read(query.as_deref(), None)?;
    let meter = handover.meter(&live.admission, &ENTRY);
    let (session, permit) = match enter_as(&live, &meter, &attach, client(query.as_deref())?)? {
        Ok(entered) => entered,
        Err(away) => {
            let bye = wire::frame(&away.bye());
            let answer = Answer::new(away.status(), vec![bye])
                .with(header::CONTENT_TYPE, HeaderValue::from_static(TYPE))
                .with(header::RETRY_AFTER, away.retry_after());
            return Ok(answer.into_response());
        }
    };
    let dialect = Lines { chunked: handover.chunked() };
    let run = move |io, head| Pump::run(io, session, dialect, live, Opening { head, permit });
    Ok(handover.stream(TYPE, Bytes::new(), run).await)
}

struct Lines {
    chunked: bool,
}

impl Dialect for Lines {
    fn form(&self) -> &'static WireFormat {
        if self.chunked { &wire::CHUNK } else { &wire::LINE }
    }

    fn frame(&self, frame: &ServerFrame) -> Bytes {
        coded(self.chunked, wire::frame(frame))
    }

    fn hear(&mut self, _: &[u8], _: &mut Vec<Heard>) {}

    fn farewell(&self, _: End) -> Bytes {
        end(self.chunked)
    }
}
