//! Events of topics, and messages to them, over whatever connection there is.

use std::any::Any;

use common::{ClientMessage, Cursor, MessageId, Topic, api::ApiError, frame::Event};

/// Receives events and sends messages.
pub trait MessagePort {
    /// Receives a topic's events until the returned guard is dropped. `cadence_ms` is how often one is expected,
    /// from which the engine judges when the line is silent; `None` for topics that speak when they have to.
    fn watch(&self, topic: Topic, cadence_ms: Option<u32>, receive: Box<dyn Fn(&Event)>) -> Box<dyn Any>;
    /// Sends a message up, on whatever transport there is, and again after a broken line, until the server has told what
    /// became of it. Messages arrive in the order in which they were given. Dropping the guard gives up waiting.
    fn send(&self, message: ClientMessage, told: Box<dyn Fn(SendOutcome)>) -> Box<dyn Any>;
    /// A name that no other message has.
    fn new_message_id(&self) -> MessageId;
}

/// The outcome of sending a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// It is stored, at this place.
    Sent(Cursor),
    /// The server does not take it, and will not if it is sent again as it is.
    Rejected(ApiError),
}
