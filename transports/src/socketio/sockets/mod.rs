//! Socket.IO, version 5: several namespaces on one connection, each with events, acknowledgements and attachments.
//!
//! [`Namespaces`] reads and writes the packets; what the namespaces are is an [`Application`]'s, and what is said in one
//! is a [`SocketHandler`]'s.

mod application;
mod assembly;
mod emitter;
mod event;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod namespaces;
mod packet;

pub use application::{Application, ConnectError, Joined, SocketAction, SocketHandler};
pub use emitter::Emitter;
pub use event::Event;
pub use namespaces::{NamespaceSettings, Namespaces};
pub use packet::{BadPacket, MAIN, Packet, PacketKind};
