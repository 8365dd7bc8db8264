//! Dashboards: views of series that the team shares.

use std::fmt;

use crate::{
    bounds::{
        DASHBOARD_BODY_BYTES, DASHBOARD_NAME_CHARS, DASHBOARDS, check_room, check_text, checked_ms, invalid,
    },
    error::StoreError,
    future::StoreFuture,
    id::{DashboardId, UserId},
};

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// Its place in the list.
    pub entry: DashboardEntry,
    /// Its content: JSON that the store does not read.
    pub body: String,
}

/// A dashboard without its content, as lists have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardEntry {
    /// Its number.
    pub id: DashboardId,
    /// Its name. No two have one name.
    pub name: String,
    /// The number of times that it was written, by which changes of others are noticed: 1 of a new one.
    pub version: u64,
    /// The user who wrote it last; none where there were no accounts, or that user was removed.
    pub changed_by: Option<UserId>,
    /// The time at which it was written last.
    pub changed_ms: u64,
}

/// A dashboard to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDashboard {
    /// Its name, 1 to [`DASHBOARD_NAME_CHARS`] characters without control characters.
    pub name: String,
    /// Its content; may be empty.
    pub body: String,
    /// The user who writes it; none where there are no accounts.
    pub changed_by: Option<UserId>,
    /// The time now.
    pub changed_ms: u64,
}

impl NewDashboard {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        let chars = self.name.chars().count();
        if !(1..=DASHBOARD_NAME_CHARS).contains(&chars) {
            let reason = format!("has {chars} characters, and 1 to {DASHBOARD_NAME_CHARS} are kept");
            return Err(invalid("dashboard's name", &reason));
        }
        if self.name.chars().any(char::is_control) {
            return Err(invalid("dashboard's name", "has a control character"));
        }
        check_text("dashboard's body", &self.body, DASHBOARD_BODY_BYTES)?;
        checked_ms(self.changed_ms).map(|_| ())
    }
}

/// A change of a dashboard: all of it, as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardChange {
    /// The dashboard.
    pub id: DashboardId,
    /// The [`DashboardEntry::version`] that the caller has seen.
    pub seen: u64,
    /// The name and the content that it is to have.
    pub new: NewDashboard,
}

impl DashboardChange {
    /// Returns the version that a row of this version has after the change, as a number of SQL. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the caller has seen another version.
    pub fn next_version(&self, version: u64) -> Result<i64, StoreError> {
        if version != self.seen {
            return Err(StoreError::Conflict);
        }
        i64::try_from(version.saturating_add(1)).map_err(|_| StoreError::Conflict)
    }
}

/// Checks that there is room for one more dashboard beside so many. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_dashboard_room(dashboards: u64) -> Result<(), StoreError> {
    check_room("dashboards", dashboards, DASHBOARDS)
}

/// The dashboards of a store.
pub trait DashboardStore: fmt::Debug + Send + Sync {
    /// Makes one. [`StoreError::NameTaken`] where another has the name, [`StoreError::NotFound`] where there is no such user, and
    /// [`StoreError::Invalid`] where there are [`DASHBOARDS`](crate::DASHBOARDS) already.
    fn create(&self, new: NewDashboard) -> StoreFuture<Dashboard>;

    /// Lists all by name, byte by byte. They are at most [`DASHBOARDS`](crate::DASHBOARDS).
    fn list(&self) -> StoreFuture<Vec<DashboardEntry>>;

    /// Finds one.
    fn by_id(&self, id: DashboardId) -> StoreFuture<Option<Dashboard>>;

    /// Changes one; none where there is none. [`StoreError::Conflict`] where its version is not the one that the caller has seen,
    /// [`StoreError::NameTaken`] where another has the name, and [`StoreError::NotFound`] where there is no such user.
    fn change(&self, change: DashboardChange) -> StoreFuture<Option<Dashboard>>;

    /// Removes one. False where there is none.
    fn remove(&self, id: DashboardId) -> StoreFuture<bool>;
}
