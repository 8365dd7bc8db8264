//! Agents: the cost of one beside its peers, and hundreds of them at one server. Each takes long, and is measured apart from the rest.

mod beside_peers;
mod crowd;
mod crowd_report;
mod hub;
mod kept;
mod peer_report;
mod peers;
mod request;
mod resources;
mod section;
mod simulated;

pub(crate) use self::{beside_peers::beside_peers, crowd::at_one_server, section::kept_sections};
