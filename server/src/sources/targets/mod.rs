//! Targets: Prometheus endpoints whose numbers are kept.

mod api;
mod form;
mod page;
mod route_state;
mod running;

pub(super) use api::{operations, routes as api_routes};
pub(super) use page::routes as page_routes;
pub(super) use route_state::TargetsState;
pub(super) use running::{Targets, targets};
