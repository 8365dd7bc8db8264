//! The way up: messages from clients. On a two-way transport they come as `send` frames; beside a one-way transport
//! they come as `POST /live/send`. What is done with them is the server's: it is injected as [`Upstream`].

mod post;

use std::{fmt, net::IpAddr};

use common::message::{Message, Receipt, Rejection};
use futures_util::future::BoxFuture;

pub(crate) use post::routes;

/// What is done with what clients send.
///
/// A client that did not hear the answer sends again: taking the same message twice must be as taking it once.
pub trait Upstream: Send + Sync + fmt::Debug {
    /// Takes a message of a client at this address. A receipt says that the message is kept for good.
    fn take(&self, message: Message, from: IpAddr) -> BoxFuture<'static, Result<Receipt, Rejection>>;
}
