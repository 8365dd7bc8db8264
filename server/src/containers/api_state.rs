//! The state of the routes of containers.

use std::sync::Arc;

use axum::extract::FromRef;
use common::host::HostId;
use container_engine::{Engine, EngineVersion};
use fanout::Hub;

use super::{
    door::{EngineDoor, EngineNow},
    error::ContainersError,
    history::UsageHistory,
    remote::{HostContainers, RemoteContainers},
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
    /// Containers of the hosts that agents report for.
    pub(super) remote: RemoteContainers,
    pub(super) engine: EngineDoor,
    pub(super) door: DoorState,
    /// The host's owner allows that containers are started and stopped.
    pub(super) actions: bool,
}

impl ContainersState {
    /// Finds a host: none for this machine, whose engine can be asked.
    ///
    /// # Errors
    /// When it is not watched.
    pub(super) fn host(&self, host: &HostId) -> Result<Option<Arc<HostContainers>>, ContainersError> {
        match self.remote.find(host) {
            _ if *host == HostId::local() => Ok(None),
            Some(found) => Ok(Some(found)),
            None => Err(ContainersError::NoHost(host.clone())),
        }
    }

    /// Returns the cores of a host.
    pub(super) fn cores(&self, host: &HostId) -> usize {
        self.door.pages.hosts.info(host).map_or(1, |info| info.cores)
    }

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
