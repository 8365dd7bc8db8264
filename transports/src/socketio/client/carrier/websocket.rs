//! The WebSocket carrier: one packet a message.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::{ClientCarrier, address};
use crate::{
    browser::{EventListeners, socket_address},
    socketio::client::WeakEngineClient,
};

pub(in crate::socketio::client) struct WebSocketCarrier {
    socket: WebSocket,
    _listeners: EventListeners,
}

impl WebSocketCarrier {
    /// Opens it; `None` where the browser cannot even try.
    pub(in crate::socketio::client) fn open(weak: WeakEngineClient) -> Option<Rc<dyn ClientCarrier>> {
        let socket = WebSocket::new(&socket_address(&address("websocket"))?).ok()?;
        let listeners = EventListeners::new(&socket, &["message", "close"], move |event| {
            let Some(client) = weak.upgrade() else { return };
            if let Some(message) = event.dyn_ref::<MessageEvent>() {
                client.on_packet(&message.data().as_string().unwrap_or_default());
            } else if let Some(close) = event.dyn_ref::<CloseEvent>() {
                client.lost(close.code());
            }
        });
        Some(Rc::new(Self { socket, _listeners: listeners }))
    }
}

impl ClientCarrier for WebSocketCarrier {
    fn put(&self, packet: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(packet).is_ok()
    }
}

impl Drop for WebSocketCarrier {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}
