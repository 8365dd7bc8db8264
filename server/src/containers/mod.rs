//! Containers of this machine and of those that agents report for: what their engines say of them, live and over REST. The following of an
//! engine is the server's and the agent's alike.

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
mod hub_sink;
mod loops;
mod meter;
mod news;
mod publish;
mod remote;
mod settings;
mod sink;
mod sockets;
mod table;
mod usage;

pub(crate) use self::{
    door::{EngineDoor, EngineNow, LifeNote},
    engine_usage::EngineUsage,
    follow::{Followed, follow},
    news::time_of,
    remote::{
        CONTAINERS, ContainerListPart, HostContainers, LineError, NumberedNews, RemoteContainers, bounded,
    },
    sink::{NewsSink, UsageSink},
    table::ContainerTable,
    usage::measure,
};
pub use settings::ContainerSettings;
