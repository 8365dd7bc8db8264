//! What a server gives the transports, so that they can hand on what clients send.

use std::{fmt, net::IpAddr};

use common::message::{ClientMessage, Receipt, Rejection};
use futures_util::future::BoxFuture;

/// What is done with what clients send.
///
/// A client that did not hear the answer sends again: taking the same message twice must be as taking it once.
pub trait InboundHandler: Send + Sync + fmt::Debug {
    /// Takes a message of a client at this address. A receipt says that the message is kept for good.
    fn handle(&self, message: ClientMessage, from: IpAddr) -> BoxFuture<'static, Result<Receipt, Rejection>>;
}
