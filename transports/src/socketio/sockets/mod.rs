//! Socket.IO, version 5: several namespaces on one connection, each with events, acknowledgements and attachments.
//!
//! [`Namespaces`] reads and writes the packets; what the namespaces are is an [`Application`]'s, and what is said in one
//! is a [`Socket`]'s.

mod application;
mod assembly;
mod event;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod namespaces;
mod packet;
mod voice;

pub use application::{Application, Joined, Refused, Said, Socket};
pub use event::Event;
pub use namespaces::{Namespaces, Settings};
pub use packet::{BadPacket, Kind, MAIN, Packet};
pub use voice::Voice;
