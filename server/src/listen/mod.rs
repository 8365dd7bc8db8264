//! The places where the server listens: addresses of the settings, or sockets that systemd hands over; and accepting there.

mod accept;
mod address;
mod sockets;

pub use address::{BadListenAddress, ListenAddress, ListenAddresses};

pub(crate) use accept::{Accepting, Routers, accept};
pub(crate) use sockets::{Listener, Stream, open, shown_address};
