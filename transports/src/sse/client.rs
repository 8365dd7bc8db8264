//! The page's end, on the browser's EventSource. Its own reconnection is not used: the engine decides when to come
//! back, with jitter, and with the cursor of every transport.

use common::frame::{ClientFrame, ServerFrame};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

use super::ENTRY;
use crate::browser::{
    self, ClientConnection, ClientEvent, ClientTransport, EventListeners, EventSink, SubscribeRequest,
    board_address,
};

const KINDS: &[&str] = &["open", "message", "error", "welcome", "gap", "heartbeat", "refused", "bye"];

struct SseClient {
    source: EventSource,
    _listeners: EventListeners,
}

impl ClientTransport for super::Sse {
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
        open(request, sink)
    }
}

/// Opens a stream.
#[must_use]
pub fn open(ask: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
    let source = EventSource::new(&board_address(&format!("{}?{}", ENTRY.path, ask.query()))).ok()?;
    let listeners = EventListeners::new(&source, KINDS, move |event| {
        if let Some(heard) = client_event(&event) {
            sink(heard);
        }
    });
    Some(Box::new(SseClient { source, _listeners: listeners }))
}

impl ClientConnection for SseClient {
    fn send(&self, _: &ClientFrame) -> bool {
        false
    }
}

impl Drop for SseClient {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn client_event(event: &Event) -> Option<ClientEvent> {
    match event.type_().as_str() {
        "open" => return Some(ClientEvent::Opened),
        // The browser may try again by itself or not: this connection is gone.
        "error" => return Some(ClientEvent::Closed(None)),
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
    frame.map(ClientEvent::Frame)
}
