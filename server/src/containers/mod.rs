//! Containers of this machine: what their engine says of them, live and over REST.

mod actions;
mod api;
mod api_state;
mod detail;
mod door;
mod engine_usage;
mod error;
pub(crate) mod feature;
mod follow;
mod history;
mod loops;
mod meter;
mod news;
mod settings;
mod sockets;
mod table;
mod usage;

pub(crate) use door::{EngineDoor, EngineNow, LifeNote};
pub use settings::ContainerSettings;
