//! The machines that agents report for.

mod api;
mod host;
mod live;
mod live_links;
mod registry;
mod report;
mod upkeep;

pub(super) use self::{
    api::{operations, routes},
    host::RemoteHost,
    registry::RemoteHosts,
    upkeep::tasks,
};
