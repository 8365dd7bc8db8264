//! Containers of this machine: what their engine says of them, live and over REST.

mod api;
pub(crate) mod feature;
mod follow;
mod loops;
mod news;
mod settings;
mod sockets;
mod table;
mod usage;

pub use settings::ContainerSettings;
