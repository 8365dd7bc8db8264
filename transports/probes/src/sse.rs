//! An event stream read by the rules of WHATWG HTML §9.2.6.

use std::net::SocketAddr;

use common::{
    Cursor,
    frame::{Event, ServerFrame},
};
use futures_util::future::BoxFuture;
use transports::catalog::Entry;

use crate::http::{self, Answer};
use crate::probe::{Ask, Connection, Probe, Refused, Seen};

pub struct Sse;

struct Stream {
    answer: Answer,
    text: String,
    last_event_id: String,
}

impl Probe for Sse {
    fn entry(&self) -> &'static Entry {
        &transports::sse::ENTRY
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(async move {
            let answer = http::get(to, self.entry().path, &ask).await?;
            Ok(Box::new(Stream { answer, text: String::new(), last_event_id: String::new() }) as _)
        })
    }
}

impl Connection for Stream {
    fn see(&mut self) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            loop {
                if let Some((block, rest)) = self.text.split_once("\n\n") {
                    let (block, rest) = (block.to_owned(), rest.to_owned());
                    self.text = rest;
                    if let Some(frame) = self.dispatch(&block) {
                        return Seen::Frame(frame);
                    }
                    continue;
                }
                let Some(piece) = self.answer.piece().await else { return Seen::End(None) };
                self.text += std::str::from_utf8(&piece).expect("an event stream is UTF-8");
            }
        })
    }

    fn send_raw(&mut self, _: Vec<u8>) -> BoxFuture<'_, ()> {
        unreachable!("one way")
    }
}

impl Stream {
    fn dispatch(&mut self, block: &str) -> Option<ServerFrame> {
        let (mut name, mut data) = ("message", String::new());
        for line in block.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => self.last_event_id = id.to_owned(),
                Some(("event", event)) => name = event,
                Some(("data", more)) => data += more,
                Some(("retry", ms)) => assert!(ms.bytes().all(|b| b.is_ascii_digit())),
                _ => assert!(line.starts_with(':'), "{line:?} is not a field"),
            }
        }
        if data.is_empty() {
            return None;
        }
        if name != "message" {
            return Some(ServerFrame::from_json(&data).expect("a frame"));
        }
        let cursor: Cursor = self.last_event_id.parse().expect("an event has its cursor for an id");
        let whole =
            format!(r#"{{"type":"event","cursor":"{cursor}",{}"#, data.strip_prefix('{').expect("an object"));
        let ServerFrame::Event(Event { cursor, topic, data }) =
            ServerFrame::from_json(&whole).expect("an event")
        else {
            panic!("an event");
        };
        Some(ServerFrame::Event(Event { cursor, topic, data }))
    }
}
