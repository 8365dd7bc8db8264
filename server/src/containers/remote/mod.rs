//! Containers of the hosts that agents report for: a table each, filled by what their agents say.

mod bounds;
mod host;
mod hosts;
mod lines;

pub(crate) use self::{
    bounds::{CONTAINERS, bounded},
    host::{HostContainers, LineError},
    hosts::RemoteContainers,
    lines::{ContainerListPart, NumberedNews},
};
