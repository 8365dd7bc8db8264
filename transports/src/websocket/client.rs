//! The page's end, on the browser's WebSocket.

use common::frame::{ClientFrame, ServerFrame};
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, Event, MessageEvent, WebSocket};

use super::ENTRY;
use crate::browser::{Ask, Ear, Ears, Heard, Line, socket_address};

/// `error` tells nothing that `close`, which always follows it, does not.
const KINDS: &[&str] = &["open", "message", "close"];

struct Socket {
    socket: WebSocket,
    _ears: Ears,
}

/// Opens a socket.
#[must_use]
pub fn open(ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
    let address = socket_address(&format!("{}?{}", ENTRY.path, ask.query()))?;
    let socket = WebSocket::new(&address).ok()?;
    let ears = Ears::new(&socket, KINDS, move |event| {
        if let Some(heard) = understand(&event) {
            ear(heard);
        }
    });
    Some(Box::new(Socket { socket, _ears: ears }))
}

impl Line for Socket {
    fn send(&self, frame: &ClientFrame) -> bool {
        let Ok(text) = serde_json::to_string(frame) else { return false };
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(&text).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}

fn understand(event: &Event) -> Option<Heard> {
    if let Some(message) = event.dyn_ref::<MessageEvent>() {
        return ServerFrame::from_json(&message.data().as_string()?).ok().map(Heard::Frame);
    }
    match event.dyn_ref::<CloseEvent>() {
        Some(close) => Some(Heard::Closed(Some(close.code()))),
        None => Some(Heard::Opened),
    }
}
