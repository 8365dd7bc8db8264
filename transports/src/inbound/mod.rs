//! The way up: messages from clients. On a two-way transport they come as `send` frames; beside a one-way transport
//! they come as `POST /live/send`. What is done with them is the server's: it is injected as [`InboundHandler`].

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
mod handler;
#[cfg(feature = "server")]
mod post;

#[cfg(feature = "server")]
pub use handler::{InboundHandler, MessageCarrier, MessageSource};
#[cfg(feature = "server")]
pub(crate) use post::routes;

/// The path to which messages are posted.
pub const PATH: &str = "/live/send";
