//! The state of the routes.

use axum::extract::FromRef;
use store::{Store, UserId};

use crate::{accounts::DoorState, history::PastState};

/// The state of the routes of dashboards; cheap to clone.
#[derive(Clone)]
pub(super) struct DashboardsState {
    pub(super) past: PastState,
}

impl FromRef<DashboardsState> for DoorState {
    fn from_ref(state: &DashboardsState) -> Self {
        state.past.door().clone()
    }
}

impl DashboardsState {
    pub(super) fn store(&self) -> &dyn Store {
        self.past.door().accounts.store()
    }

    /// Milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.past.now()).unwrap_or(0)
    }

    /// The name of a user. A store that does not answer costs the name alone.
    pub(super) async fn user_name(&self, id: Option<UserId>) -> Option<String> {
        let user = self.store().users().by_id(id?).await.ok()??;
        Some(user.name)
    }
}
