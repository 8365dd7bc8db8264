//! The page's end, on the browser's WebSocket.

use common::frame::{ClientFrame, ServerFrame};
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

use super::ENTRY;
use crate::browser::{
    ClientConnection, ClientEvent, ClientTransport, EventListeners, EventSink, SubscribeRequest,
    socket_address,
};

/// `error` tells nothing that `close`, which always follows it, does not.
const KINDS: &[&str] = &["open", "message", "close"];

struct WebSocketClient {
    socket: WebSocket,
    _listeners: EventListeners,
}

impl ClientTransport for super::WebSocket {
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
        open(request, sink)
    }
}

/// Opens a socket.
#[must_use]
pub fn open(ask: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
    let address = socket_address(&format!("{}?{}", ENTRY.path, ask.query()))?;
    let socket = WebSocket::new(&address).ok()?;
    let listeners = EventListeners::new(&socket, KINDS, move |event| {
        if let Some(heard) = client_event(&event) {
            sink(heard);
        }
    });
    Some(Box::new(WebSocketClient { socket, _listeners: listeners }))
}

impl ClientConnection for WebSocketClient {
    fn send(&self, frame: &ClientFrame) -> bool {
        let Ok(text) = serde_json::to_string(frame) else { return false };
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(&text).is_ok()
    }
}

impl Drop for WebSocketClient {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}

fn client_event(event: &Event) -> Option<ClientEvent> {
    if let Some(message) = event.dyn_ref::<MessageEvent>() {
        return ServerFrame::from_json(&message.data().as_string()?).ok().map(ClientEvent::Frame);
    }
    match event.dyn_ref::<CloseEvent>() {
        Some(close) => Some(ClientEvent::Closed(Some(close.code()))),
        None => Some(ClientEvent::Opened),
    }
}
