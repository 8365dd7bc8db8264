//! The state of the routes of containers.

use axum::extract::FromRef;
use container_engine::{Engine, EngineVersion};
use fanout::Hub;

use super::{
    door::{EngineDoor, EngineNow},
    error::ContainersError,
    history::UsageHistory,
    table::ContainerTable,
};
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

impl ContainersState {
    /// The engine, for whoever asks it for more than the table has.
    pub(super) async fn connected(&self) -> Result<(Engine, EngineVersion), ContainersError> {
        match self.engine.settled().await {
            EngineNow::Connected(engine, version) => Ok((engine, version)),
            EngineNow::Off(why) => Err(ContainersError::Off(why)),
            EngineNow::Away(why) => Err(ContainersError::Away(why)),
        }
    }
}

impl FromRef<ContainersState> for DoorState {
    fn from_ref(state: &ContainersState) -> Self {
        state.door.clone()
    }
}
