//! The interface of the page of connections to the browser. It comes in the lab's piece.

use std::any::Any;

use common::connection::{Connections, Frame};

use super::{FetchError, LocalFuture};

/// Everything that the page of connections may ask of the browser.
pub trait ConnectionPorts {
    /// Keeps the operator's token for as long as this tab lives; every later request carries it.
    fn authorize(&self, token: &str);
    /// The connections in whose transport, address or topics `find` stands, those with the most of `order` first.
    fn list(&self, find: &str, order: &'static str) -> LocalFuture<Result<Connections, FetchError>>;
    /// Ends one.
    fn disconnect(&self, id: u64) -> LocalFuture<Result<(), FetchError>>;
    /// Follows what stands on one, until the guard is dropped.
    fn follow(&self, id: u64, handler: Box<dyn Fn(FrameEvent)>) -> Box<dyn Any>;
}

/// An event of a followed connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameEvent {
    /// The next frame.
    Frame(Frame),
    /// So many frames came faster than they could be told.
    Missed(u64),
    /// The connection has ended.
    Ended,
    /// It cannot be followed, or not any more.
    Lost,
}
