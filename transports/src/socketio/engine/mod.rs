//! Engine.IO, version 4: one connection over whichever carrier the network lets through, HTTP long-polling or a
//! WebSocket, and from the first to the second while it lives.
//!
//! [`Connection`] is told the time and holds no socket; the carriers (`polling`, `websocket`) move its packets. What the
//! messages mean is an [`EngineApplication`]'s.

mod application;
mod carrier;
mod connection;
mod error;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod id;
mod packet;
pub(crate) mod payload;
mod polling;
mod server;
mod session;
mod session_table;
mod settings;
mod upgrade;
mod websocket;

pub use application::{DisconnectReason, EngineApplication, Flow};
pub use carrier::{Carrier, Out};
pub use connection::Connection;
pub use id::{NoRandomness, random};
pub use packet::{BadEnginePacket, EnginePacket, Message};
pub use server::router;
pub use settings::EngineSettings;
