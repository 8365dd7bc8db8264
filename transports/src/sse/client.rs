//! The page's end, on the browser's EventSource. Its own reconnection is not used: the engine decides when to come
//! back, with jitter, and with the cursor of every transport.

use common::frame::{ClientFrame, Event as Publication, ServerFrame};
use serde::Deserialize;
use serde_json::value::RawValue;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

use super::ENTRY;
use crate::browser::{Ask, Ear, Ears, Heard, Line};

const KINDS: &[&str] = &["open", "message", "error", "welcome", "gap", "heartbeat", "refused", "bye"];

struct Stream {
    source: EventSource,
    _ears: Ears,
}

/// Opens a stream.
#[must_use]
pub fn open(ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
    let source = EventSource::new(&format!("{}?{}", ENTRY.path, ask.query())).ok()?;
    let ears = Ears::new(&source, KINDS, move |event| {
        if let Some(heard) = understand(&event) {
            ear(heard);
        }
    });
    Some(Box::new(Stream { source, _ears: ears }))
}

impl Line for Stream {
    fn send(&self, _: &ClientFrame) -> bool {
        false
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn understand(event: &Event) -> Option<Heard> {
    match event.type_().as_str() {
        "open" => return Some(Heard::Opened),
        // Whether the browser would try again or not: the line is gone.
        "error" => return Some(Heard::Closed(None)),
        _ => {}
    }
    let message: &MessageEvent = event.dyn_ref()?;
    let data = message.data().as_string()?;
    let frame = if event.type_() == "message" {
        ServerFrame::Event(publication(&message.last_event_id(), &data)?)
    } else {
        ServerFrame::from_json(&data).ok()?
    };
    Some(Heard::Frame(frame))
}

fn publication(id: &str, data: &str) -> Option<Publication> {
    #[derive(Deserialize)]
    struct Block {
        topic: common::Topic,
        data: Box<RawValue>,
    }
    let Block { topic, data } = serde_json::from_str(data).ok()?;
    Some(Publication { cursor: id.parse().ok()?, topic, data })
}
