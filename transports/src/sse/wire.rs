//! The bytes of an event stream (WHATWG HTML §9.2.5), alone and as chunks (RFC 9112 §7.1).
//!
//! A publication is an unnamed event, so that a plain `onmessage` gets it: `id` is its cursor and `data` is
//! `{"topic":…,"data":…}`. Every other frame is an event named after its type, with the frame as its data. Only
//! events and heartbeats carry an `id`: nothing else moves the reader's position.
//!
//! Three rules stand here for libraries that read less strictly than the standard (docs/clients.md names them):
//! - No block is without data. Seven libraries give their program an event with empty data for a block of a comment or
//!   a `retry` alone. So these end with one newline, and become the beginning of the next block that has data.
//! - `id` is the last line of its block. Three libraries take it as soon as it has come, and so lose an event of which
//!   only the first half arrived.
//! - A heartbeat has a name and data besides its `id`: seven libraries do not move on an `id` alone.

use std::{fmt::Write, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};
use common::frame::ServerFrame;
use fanout::{Publication, WireFormat};

use super::Sse;
use crate::{
    server_transport::Slots,
    wire::{chunk, one_line},
};

/// The slot of the first of these formats; the registry gives it.
const SLOT: usize = <Sse as Slots>::FIRST;

/// A publication as a block.
pub(crate) static BLOCK: WireFormat = WireFormat::new("sse", SLOT, publication);
/// A publication as a chunk that holds the block.
pub(crate) static CHUNK: WireFormat =
    WireFormat::new("sse_chunked", SLOT + 1, |entry| chunk(&publication(entry)));
/// The payload alone, as the simplest programs expect it.
pub(crate) static BARE: WireFormat = WireFormat::new("sse_bare", SLOT + 2, bare);
/// The payload alone, as a chunk.
pub(crate) static BARE_CHUNK: WireFormat =
    WireFormat::new("sse_bare_chunked", SLOT + 3, |entry| chunk(&bare(entry)));

/// Reports that a stream of this format carries payloads and nothing else.
pub(super) fn is_bare(form: &WireFormat) -> bool {
    [BARE.slot(), BARE_CHUNK.slot()].contains(&form.slot())
}

/// The type of every event stream. The standard knows no other charset than UTF-8; some readers take what names none for
/// Latin-1.
pub const TYPE: &str = "text/event-stream; charset=utf-8";

/// A stream begins with these lines: bytes at once, so that every proxy passes the head on, and when to come back.
/// They belong to the first block that follows.
pub(super) fn opening(retry: Duration) -> Bytes {
    format!(": pulseboard\nretry: {}\n", retry.as_millis()).into()
}

/// A comment shows proxies and the reader's kernel that the connection is alive. It belongs to the block that
/// follows.
pub(crate) const COMMENT: Bytes = Bytes::from_static(b":\n");

/// A stream of payloads alone says of the other frames only when to come back.
pub(super) fn bare_frame(frame: &ServerFrame) -> Bytes {
    match frame {
        ServerFrame::Bye { retry_ms, .. } => format!("retry: {retry_ms}\n").into(),
        _ => COMMENT,
    }
}

/// Encodes any frame but a publication.
pub(super) fn frame(frame: &ServerFrame) -> Bytes {
    let mut block = String::with_capacity(160);
    let name = match frame {
        ServerFrame::Welcome { .. } => "welcome",
        ServerFrame::Event(_) => "event",
        ServerFrame::Gap { .. } => "gap",
        ServerFrame::Heartbeat { .. } => "heartbeat",
        ServerFrame::Subscribed { .. } => "subscribed",
        ServerFrame::Pong { .. } => "pong",
        ServerFrame::Sent(_) => "sent",
        ServerFrame::Rejected(_) => "rejected",
        // `error` is the name of EventSource's own event, which says that the connection broke.
        ServerFrame::Error(_) => "refused",
        ServerFrame::Bye { .. } => "bye",
    };
    let json = serde_json::to_string(frame).unwrap_or_default();
    block.extend(["event: ", name, "\ndata: ", &json, "\n"]);
    let written = match frame {
        ServerFrame::Heartbeat { cursor } => writeln!(block, "id: {cursor}"),
        ServerFrame::Bye { retry_ms, .. } => writeln!(block, "retry: {retry_ms}"),
        _ => Ok(()),
    };
    debug_assert!(written.is_ok(), "a String takes everything");
    block.push('\n');
    block.into()
}

fn publication(entry: &Publication) -> Bytes {
    let mut out = BytesMut::with_capacity(entry.data.len() + 120);
    let begun = write!(out, "data: {{\"topic\":\"{}\",\"data\":", entry.topic);
    one_line(&entry.data, &mut out);
    let ended = write!(out, "}}\nid: {}\n\n", entry.cursor);
    debug_assert!(begun.and(ended).is_ok(), "a buffer takes everything");
    out.freeze()
}

fn bare(entry: &Publication) -> Bytes {
    let mut block = BytesMut::from(&b"data: "[..]);
    one_line(&entry.data, &mut block);
    block.put_slice(b"\n\n");
    block.freeze()
}

#[cfg(test)]
mod tests {
    use common::{
        Cursor, Epoch, Seq,
        frame::{ByeReason, GapReason, ServerFrame, Verdict},
    };

    use super::{chunk, frame};
    use crate::sse::WIRE_SIZE;

    #[test]
    fn frames_besides_publications_weigh_what_their_scale_shows() {
        let cursor = Cursor::new(Epoch(0x19a_9f3c_2d10), Seq(1042));
        let frames = [
            ServerFrame::Welcome { verdict: Verdict::Resumed, head: cursor, heartbeat_ms: 15_000 },
            ServerFrame::Gap { reason: GapReason::Evicted, topics: Vec::new() },
            ServerFrame::Heartbeat { cursor },
            ServerFrame::Bye { reason: ByeReason::Ended, retry_ms: 900 },
        ];
        for one in frames {
            assert_eq!((WIRE_SIZE.encoded_len)(&one), chunk(&frame(&one)).len(), "{one:?}");
        }
    }
}
