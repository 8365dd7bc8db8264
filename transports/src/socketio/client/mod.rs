//! The page's end: as much of Engine.IO 4 and Socket.IO 5 as one connection in the main namespace needs. The official
//! client would bring 45 KB of script for what the page's engine does already: coming back, and from where.

mod carrier;
mod packet;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use common::frame::ClientFrame;

use crate::browser::{ClientConnection, ClientEvent, ClientTransport, EventSink, SubscribeRequest};
use carrier::ClientCarrier;

/// The line as its holder has it.
struct SocketIoClient(Rc<EngineClient>);

/// The state of the connection over either carrier.
struct EngineClient {
    sink: EventSink,
    /// The request.
    ask: SubscribeRequest,
    carrier: RefCell<Option<Rc<dyn ClientCarrier>>>,
    /// The server has answered on this carrier.
    begun: Cell<bool>,
}

impl ClientTransport for super::SocketIo {
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
        open(request, sink)
    }
}

/// Opens a connection: over a WebSocket, or by polling where none gets through.
#[must_use]
pub fn open(ask: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
    let client =
        Rc::new(EngineClient { sink, ask: ask.clone(), carrier: RefCell::default(), begun: Cell::default() });
    let weak = || Rc::downgrade(&client);
    let carrier =
        carrier::WebSocketCarrier::open(weak()).or_else(|| carrier::PollingCarrier::open(weak()))?;
    client.carrier.replace(Some(carrier));
    Some(Box::new(SocketIoClient(client)))
}

impl ClientConnection for SocketIoClient {
    fn send(&self, frame: &ClientFrame) -> bool {
        packet::request(frame).is_some_and(|packet| self.0.put(&packet))
    }
}

impl Drop for SocketIoClient {
    fn drop(&mut self) {
        self.0.carrier.take();
    }
}

impl EngineClient {
    fn put(&self, packet: &str) -> bool {
        let carrier = self.carrier.borrow().clone();
        carrier.is_some_and(|carrier| carrier.put(packet))
    }

    /// The server says something.
    fn on_packet(&self, packet: &str) {
        match packet.as_bytes() {
            [b'0', ..] => {
                self.begun.set(true);
                self.put(&packet::connect(&self.ask));
            }
            [b'2', ..] => {
                self.put("3");
            }
            [b'4', b'0', ..] => self.report(ClientEvent::Opened),
            [b'4', b'2', event @ ..] => {
                if let Some(frame) = std::str::from_utf8(event).ok().and_then(packet::frame) {
                    self.report(ClientEvent::Frame(frame));
                }
            }
            // The end of the connection, of its namespace, or a namespace that is not granted.
            [b'1', ..] | [b'4', b'1' | b'4', ..] => self.report(ClientEvent::Closed(None)),
            _ => {}
        }
    }

    /// Reports an event, unless the connection was dropped.
    fn report(&self, heard: ClientEvent) {
        if self.carrier.borrow().is_some() {
            (self.sink)(heard);
        }
    }

    /// Handles a lost WebSocket: if it never got an answer, something on the way does not let it through.
    fn lost(self: &Rc<Self>, code: u16) {
        if self.begun.get() || self.carrier.borrow().is_none() {
            return self.report(ClientEvent::Closed(Some(code)));
        }
        match carrier::PollingCarrier::open(Rc::downgrade(self)) {
            Some(carrier) => {
                self.carrier.replace(Some(carrier));
            }
            None => self.report(ClientEvent::Closed(Some(code))),
        }
    }
}

/// The conversation as its carrier has it.
type WeakEngineClient = Weak<EngineClient>;
