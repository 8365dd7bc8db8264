//! One packet a message.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::{Carrier, address};
use crate::{
    browser::{Ears, socket_address},
    socketio::client::Party,
};

pub(in crate::socketio::client) struct Socket {
    socket: WebSocket,
    _ears: Ears,
}

impl Socket {
    /// Opens it; `None` where the browser cannot even try.
    pub(in crate::socketio::client) fn open(party: Party) -> Option<Rc<dyn Carrier>> {
        let socket = WebSocket::new(&socket_address(&address("websocket"))?).ok()?;
        let ears = Ears::new(&socket, &["message", "close"], move |event| {
            let Some(talk) = party.upgrade() else { return };
            if let Some(message) = event.dyn_ref::<MessageEvent>() {
                talk.hear(&message.data().as_string().unwrap_or_default());
            } else if let Some(close) = event.dyn_ref::<CloseEvent>() {
                talk.lost(close.code());
            }
        });
        Some(Rc::new(Self { socket, _ears: ears }))
    }
}

impl Carrier for Socket {
    fn put(&self, packet: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(packet).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}
