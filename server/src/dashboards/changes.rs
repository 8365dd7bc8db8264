//! Making, changing and removing dashboards: REST and the pages share it.

use common::dashboard::DashboardRow;
use store::{DashboardChange, DashboardId, NewDashboard, UserId};

use super::{
    content::{self, SavedDashboard},
    error::DashboardError,
    route_state::DashboardsState,
};
use crate::{access::Caller, accounts::Visitor, history::may_read_address};

impl DashboardsState {
    /// Finds a dashboard.
    pub(super) async fn find(&self, id: u64) -> Result<SavedDashboard, DashboardError> {
        let found = self.store().dashboards().by_id(DashboardId(id)).await?;
        content::read(found.ok_or_else(|| DashboardError::Unknown(id.to_string()))?)
    }

    /// Finds a dashboard as the caller may know of it. Whoever has not signed in may know of those of which it may read something.
    pub(super) async fn find_for(&self, id: u64, caller: &Caller) -> Result<SavedDashboard, DashboardError> {
        let saved = self.find(id).await?;
        if !caller.is_stranger() {
            return Ok(saved);
        }
        let open = content::for_stranger(saved, |series| may_read_address(series, caller));
        open.ok_or_else(|| DashboardError::Unknown(id.to_string()))
    }

    /// The name of a dashboard; none where there is none, or the store does not tell.
    async fn name_of(&self, id: u64) -> Option<String> {
        let found = self.store().dashboards().by_id(DashboardId(id)).await.ok()??;
        Some(found.entry.name)
    }

    /// Makes a dashboard.
    pub(super) async fn create(
        &self,
        visitor: &Visitor,
        name: &str,
        rows: Vec<DashboardRow>,
    ) -> Result<SavedDashboard, DashboardError> {
        let new = self.written(visitor, name, rows)?;
        let made = self.store().dashboards().create(new).await?;
        note(visitor, "create_dashboard", made.entry.id, &made.entry.name).await;
        content::read(made)
    }

    /// Changes the version of a dashboard that the caller has seen.
    pub(super) async fn change(
        &self,
        visitor: &Visitor,
        (id, seen): (u64, u64),
        name: &str,
        rows: Vec<DashboardRow>,
    ) -> Result<SavedDashboard, DashboardError> {
        let new = self.written(visitor, name, rows)?;
        let before = self.name_of(id).await;
        let change = DashboardChange { id: DashboardId(id), seen, new };
        let changed = self.store().dashboards().change(change).await?;
        let changed = changed.ok_or_else(|| DashboardError::Unknown(id.to_string()))?;
        let name = &changed.entry.name;
        let detail = match before.filter(|before| before != name) {
            Some(before) => format!("{before} -> {name}"),
            None => name.clone(),
        };
        note(visitor, "change_dashboard", changed.entry.id, &detail).await;
        content::read(changed)
    }

    /// Removes a dashboard.
    pub(super) async fn remove(&self, visitor: &Visitor, id: u64) -> Result<(), DashboardError> {
        // Nobody can ask for it afterwards.
        let name = self.name_of(id).await.unwrap_or_default();
        if !self.store().dashboards().remove(DashboardId(id)).await? {
            return Err(DashboardError::Unknown(id.to_string()));
        }
        note(visitor, "remove_dashboard", DashboardId(id), &name).await;
        Ok(())
    }

    fn written(
        &self,
        visitor: &Visitor,
        name: &str,
        rows: Vec<DashboardRow>,
    ) -> Result<NewDashboard, DashboardError> {
        Ok(NewDashboard {
            name: name.trim().to_owned(),
            body: content::write(rows)?,
            changed_by: visitor.principal.user.map(UserId),
            changed_ms: self.now(),
        })
    }
}

/// Notes in the audit log what was done.
async fn note(visitor: &Visitor, deed: &str, id: DashboardId, detail: &str) {
    visitor.accounts.record(visitor.did(deed, format!("dashboard:{id}"), detail)).await;
}
