//! Probes: whether services are up, asked from this machine.

mod api;
mod form;
mod page;
mod route_state;
mod running;
mod state;

pub(super) use api::{operations, routes as api_routes};
pub(super) use page::routes as page_routes;
pub(super) use route_state::ProbesState;
pub(super) use running::{Probes, RunningProbe, probes};
