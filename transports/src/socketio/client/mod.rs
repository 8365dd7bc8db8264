//! The page's end: as much of Engine.IO 4 and Socket.IO 5 as one connection in the main namespace needs. The official
//! client would bring 45 KB of script for what the page's engine does already: coming back, and from where.

mod carrier;
mod packet;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use common::frame::ClientFrame;

use crate::browser::{Ask, Ear, Heard, Line};
use carrier::Carrier;

/// The line as its holder has it.
struct Socket(Rc<Talk>);

/// What is said over either carrier.
struct Talk {
    ear: Ear,
    /// What we ask for.
    ask: Ask,
    carrier: RefCell<Option<Rc<dyn Carrier>>>,
    /// The server has answered on this carrier.
    begun: Cell<bool>,
}

/// Opens a connection: over a WebSocket, or by polling where none gets through.
#[must_use]
pub fn open(ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
    let talk = Rc::new(Talk { ear, ask: ask.clone(), carrier: RefCell::default(), begun: Cell::default() });
    let party = || Rc::downgrade(&talk);
    let carrier = carrier::Socket::open(party()).or_else(|| carrier::Polling::open(party()))?;
    talk.carrier.replace(Some(carrier));
    Some(Box::new(Socket(talk)))
}

impl Line for Socket {
    fn send(&self, frame: &ClientFrame) -> bool {
        packet::request(frame).is_some_and(|packet| self.0.put(&packet))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.carrier.take();
    }
}

impl Talk {
    fn put(&self, packet: &str) -> bool {
        let carrier = self.carrier.borrow().clone();
        carrier.is_some_and(|carrier| carrier.put(packet))
    }

    /// The server says something.
    fn hear(&self, packet: &str) {
        match packet.as_bytes() {
            [b'0', ..] => {
                self.begun.set(true);
                self.put(&packet::connect(&self.ask));
            }
            [b'2', ..] => {
                self.put("3");
            }
            [b'4', b'0', ..] => self.tell(Heard::Opened),
            [b'4', b'2', event @ ..] => {
                if let Some(frame) = std::str::from_utf8(event).ok().and_then(packet::frame) {
                    self.tell(Heard::Frame(frame));
                }
            }
            // The end of the connection, of its namespace, or a namespace that is not granted.
            [b'1', ..] | [b'4', b'1' | b'4', ..] => self.tell(Heard::Closed(None)),
            _ => {}
        }
    }

    /// Reports, unless the line was dropped.
    fn tell(&self, heard: Heard) {
        if self.carrier.borrow().is_some() {
            (self.ear)(heard);
        }
    }

    /// The WebSocket is gone: where it never came to a word, something on the way does not let it through.
    fn lost(self: &Rc<Self>, code: u16) {
        if self.begun.get() || self.carrier.borrow().is_none() {
            return self.tell(Heard::Closed(Some(code)));
        }
        match carrier::Polling::open(Rc::downgrade(self)) {
            Some(carrier) => {
                self.carrier.replace(Some(carrier));
            }
            None => self.tell(Heard::Closed(Some(code))),
        }
    }
}

/// The conversation as its carrier has it.
type Party = Weak<Talk>;
