//! The handler of messages from clients, which the server supplies.

use std::{fmt, net::IpAddr};

use common::message::{ClientMessage, Receipt, Rejection};
use futures_util::future::BoxFuture;

/// A handler of messages from clients.
///
/// A client that did not get the answer sends again: handling the same message twice must be as handling it once.
pub trait InboundHandler: Send + Sync + fmt::Debug {
    /// Takes a message of a client at this address. A receipt says that the message is kept for good.
    fn handle(&self, message: ClientMessage, from: IpAddr) -> BoxFuture<'static, Result<Receipt, Rejection>>;
}
