//! Probes: whether services are up, asked from this machine or by agents.

mod api;
mod elsewhere;
mod form;
mod here;
mod kept;
mod page;
mod parent;
mod route_state;
mod running;
mod state;
mod uptime;
mod uptime_api;

pub(super) use api::{operations, routes as api_routes};
pub(super) use page::routes as page_routes;
pub(super) use route_state::ProbesState;
pub(super) use running::{Probes, RunningProbe, probes};
pub(super) use uptime_api::{operations as uptime_operations, routes as uptime_routes};
