//! The state of the routes.

use axum::extract::FromRef;

use super::Targets;
use crate::accounts::DoorState;

/// The state of the routes of targets; cheap to clone.
#[derive(Clone)]
pub(in crate::sources) struct TargetsState {
    pub(in crate::sources) targets: Targets,
    pub(in crate::sources) door: DoorState,
}

impl FromRef<TargetsState> for DoorState {
    fn from_ref(state: &TargetsState) -> Self {
        state.door.clone()
    }
}

impl FromRef<TargetsState> for Targets {
    fn from_ref(state: &TargetsState) -> Self {
        state.targets.clone()
    }
}
