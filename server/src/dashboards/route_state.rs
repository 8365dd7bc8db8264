//! The state of the routes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::extract::FromRef;
use store::{DashboardEntry, Store, UserId};
use tokio::sync::Semaphore;

use super::known::SeriesOfDashboards;
use crate::{accounts::DoorState, history::PastState};

/// So many pages are drawn at once.
const DRAWING: usize = 4;

/// The state of the routes of dashboards; cheap to clone.
#[derive(Clone)]
pub(super) struct DashboardsState {
    pub(super) past: PastState,
    /// The places of threads that draw pages.
    pub(super) drawing: Arc<Semaphore>,
    pub(super) series: Arc<SeriesOfDashboards>,
}

impl FromRef<DashboardsState> for DoorState {
    fn from_ref(state: &DashboardsState) -> Self {
        state.past.door().clone()
    }
}

impl DashboardsState {
    pub(super) fn new(past: PastState) -> Self {
        Self { past, drawing: Arc::new(Semaphore::new(DRAWING)), series: Arc::default() }
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.past.door().accounts.store()
    }

    /// Milliseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.past.now()).unwrap_or(0)
    }

    /// The names of the users who wrote these. A store that does not answer costs the names alone.
    pub(super) async fn writers(&self, entries: &[DashboardEntry]) -> BTreeMap<UserId, String> {
        let ids: BTreeSet<UserId> = entries.iter().filter_map(|entry| entry.changed_by).collect();
        let mut names = BTreeMap::new();
        for id in ids {
            names.extend(self.user_name(Some(id)).await.map(|name| (id, name)));
        }
        names
    }

    /// The name of a user. A store that does not answer costs the name alone.
    pub(super) async fn user_name(&self, id: Option<UserId>) -> Option<String> {
        let user = self.store().users().by_id(id?).await.ok()??;
        Some(user.name)
    }
}
