//! The way up: messages from clients. On a two-way transport they come as `send` frames; beside a one-way transport
//! they come as `POST /live/send`. What is done with them is the server's: it is injected as [`Upstream`].

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
mod post;
#[cfg(feature = "server")]
mod take;

#[cfg(feature = "server")]
pub(crate) use post::routes;
#[cfg(feature = "server")]
pub use take::Upstream;

/// Where messages are posted to.
pub const PATH: &str = "/live/send";
