//! The page's end, on the browser's EventSource. Its own reconnection is not used: the engine decides when to come
//! back, with jitter, and with the cursor of every transport.

use common::frame::{ClientFrame, ServerFrame};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

use super::ENTRY;
use crate::browser::{self, Ask, Ear, Ears, Heard, Line};

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
    let frame = match event.type_().as_str() {
        "message" => {
            let place = format!(r#""cursor":"{}","#, message.last_event_id());
            browser::frame("event", &place, &data)
        }
        _ => ServerFrame::from_json(&data).ok(),
    };
    frame.map(Heard::Frame)
}
