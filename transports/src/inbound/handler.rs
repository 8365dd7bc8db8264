//! The handler of messages from clients, which the server supplies.

use std::{
    any::Any,
    fmt,
    net::IpAddr,
    sync::{Arc, Weak},
};

use access::Principal;
use common::message::{ClientMessage, Receipt, Rejection};
use futures_util::future::BoxFuture;

/// The source of a message.
#[derive(Debug, Clone)]
pub struct MessageSource {
    /// The client's address.
    pub address: IpAddr,
    /// On whose behalf it is.
    pub principal: Arc<Principal>,
    /// The carrier on which it came.
    pub carrier: MessageCarrier,
}

/// The carrier of a message. It ties a sender to the live connections that there are.
#[derive(Debug, Clone)]
pub enum MessageCarrier {
    /// A live connection.
    Connection {
        /// Its number.
        id: u64,
        /// Dead once the connection has ended.
        open: Weak<dyn Any + Send + Sync>,
    },
    /// A request of its own. Nothing in it names a live connection, so it counts for those of its address.
    Request {
        /// The live connections that the address has, or had at once until a moment ago.
        connections: usize,
    },
}

/// A handler of messages from clients.
///
/// A client that did not get the answer sends again: handling the same message twice must be as handling it once.
pub trait InboundHandler: Send + Sync + fmt::Debug {
    /// Takes a message of a client. A receipt says that the message is kept for good.
    fn handle(
        &self,
        message: ClientMessage,
        from: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>>;
}
