//! The state of the routes.

use axum::extract::FromRef;

use super::Probes;
use crate::accounts::DoorState;

/// The state of the routes of probes; cheap to clone.
#[derive(Clone)]
pub(in crate::sources) struct ProbesState {
    pub(in crate::sources) probes: Probes,
    pub(in crate::sources) door: DoorState,
}

impl FromRef<ProbesState> for DoorState {
    fn from_ref(state: &ProbesState) -> Self {
        state.door.clone()
    }
}

impl FromRef<ProbesState> for Probes {
    fn from_ref(state: &ProbesState) -> Self {
        state.probes.clone()
    }
}
