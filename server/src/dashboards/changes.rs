//! Making, changing and removing dashboards: REST and the pages share it.

use common::dashboard::DashboardRow;
use store::{DashboardChange, DashboardId, NewDashboard, UserId};

use super::{
    content::{self, SavedDashboard},
    error::DashboardError,
    route_state::DashboardsState,
};
use crate::accounts::Visitor;

impl DashboardsState {
    /// Finds a dashboard.
    pub(super) async fn find(&self, id: u64) -> Result<SavedDashboard, DashboardError> {
        let found = self.store().dashboards().by_id(DashboardId(id)).await?;
        content::read(found.ok_or_else(|| DashboardError::Unknown(id.to_string()))?)
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
        let change = DashboardChange { id: DashboardId(id), seen, new };
        let changed = self.store().dashboards().change(change).await?;
        let changed = changed.ok_or_else(|| DashboardError::Unknown(id.to_string()))?;
        note(visitor, "change_dashboard", changed.entry.id, &changed.entry.name).await;
        content::read(changed)
    }

    /// Removes a dashboard.
    pub(super) async fn remove(&self, visitor: &Visitor, id: u64) -> Result<(), DashboardError> {
        if !self.store().dashboards().remove(DashboardId(id)).await? {
            return Err(DashboardError::Unknown(id.to_string()));
        }
        note(visitor, "remove_dashboard", DashboardId(id), "").await;
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
