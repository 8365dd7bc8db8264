//! The state of the routes of containers.

use axum::extract::FromRef;
use fanout::Hub;

use super::{door::EngineDoor, history::UsageHistory, table::ContainerTable};
use crate::accounts::DoorState;

/// The most bytes of a body.
pub(super) const BODY: usize = 1 << 10;

/// The state of the routes.
#[derive(Clone)]
pub(super) struct ContainersState {
    pub(super) hub: Hub,
    pub(super) table: ContainerTable,
    pub(super) history: UsageHistory,
    pub(super) engine: EngineDoor,
    pub(super) door: DoorState,
    /// The host's owner allows that containers are started and stopped.
    pub(super) actions: bool,
}

impl FromRef<ContainersState> for DoorState {
    fn from_ref(state: &ContainersState) -> Self {
        state.door.clone()
    }
}
