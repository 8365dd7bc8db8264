//! The browser's clients of all transports. Each opens one connection and reports its events; the page's connection
//! engine decides when to open, to wait and to give up.

mod address;
mod client_transport;
mod clients;
mod event_listeners;
pub mod fetch;
mod frame;
pub(crate) mod pause;
pub(crate) mod reading;
mod spawn;
mod subscribe_request;
mod text_body;

pub(crate) use address::board_address;
pub use address::{base_path, socket_address};
pub(crate) use client_transport::ClientTransport;
pub use clients::CLIENTS;
pub use event_listeners::EventListeners;
pub use frame::frame;
pub use spawn::spawn;
pub use subscribe_request::SubscribeRequest;
pub use text_body::TextBody;

use std::rc::Rc;

use common::frame::{ClientFrame, ServerFrame};

/// An event of a client connection.
#[derive(Debug)]
pub enum ClientEvent {
    /// The server has accepted.
    Opened,
    /// A frame.
    Frame(ServerFrame),
    /// The connection is gone, with the close code if there is one; nothing follows.
    Closed(Option<u16>),
}

/// The receiver of a connection's events.
pub type EventSink = Rc<dyn Fn(ClientEvent)>;

/// An open connection. Dropping it closes it, and no event follows.
pub trait ClientConnection {
    /// Sends a frame up; `false` where the transport has no way up or is not open.
    fn send(&self, frame: &ClientFrame) -> bool;
}

/// Opens a connection of one transport; `None` where the browser cannot even try.
pub type OpenClient = fn(&SubscribeRequest, EventSink) -> Option<Box<dyn ClientConnection>>;
