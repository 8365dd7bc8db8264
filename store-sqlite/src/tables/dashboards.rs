//! Dashboards that the team shares.

use rusqlite::{OptionalExtension, Row, params};
use store::{
    DASHBOARDS, Dashboard, DashboardChange, DashboardEntry, DashboardId, DashboardStore, NewDashboard,
    StoreFuture, UserId, checked_dashboard_room, checked_ms, page,
};

use super::columns::{number, optional, sql};
use crate::SqliteStore;

/// The columns that [`entry`] reads.
const ENTRY: &str = "id, name, version, changed_by, changed_ms";

fn entry(row: &Row<'_>) -> rusqlite::Result<DashboardEntry> {
    Ok(DashboardEntry {
        id: DashboardId(number(row, 0)?),
        name: row.get(1)?,
        version: number(row, 2)?,
        changed_by: optional(row, 3)?.map(UserId),
        changed_ms: number(row, 4)?,
    })
}

/// Reads a whole one: the columns of [`ENTRY`], and the body behind them.
fn dashboard(row: &Row<'_>) -> rusqlite::Result<Dashboard> {
    Ok(Dashboard { entry: entry(row)?, body: row.get(5)? })
}

impl DashboardStore for SqliteStore {
    fn create(&self, new: NewDashboard) -> StoreFuture<Dashboard> {
        self.write(move |connection| {
            new.check()?;
            let insert = format!(
                "INSERT INTO dashboards (name, body, changed_by, changed_ms) VALUES (?1, ?2, ?3, ?4) \
                 RETURNING {ENTRY}, body"
            );
            let values = params![
                new.name,
                new.body,
                new.changed_by.map(|user| sql(user.0)),
                checked_ms(new.changed_ms)?
            ];
            let made = connection.prepare_cached(&insert)?.query_row(values, dashboard)?;
            // An error takes it back.
            let count = "SELECT count(*) FROM dashboards WHERE id <> ?1";
            let id = sql(made.entry.id.0);
            let others = connection.prepare_cached(count)?.query_row([id], |row| number(row, 0))?;
            checked_dashboard_room(others)?;
            Ok(made)
        })
    }

    fn list(&self) -> StoreFuture<Vec<DashboardEntry>> {
        self.read(|connection| {
            let select = format!("SELECT {ENTRY} FROM dashboards ORDER BY name LIMIT ?1");
            let mut select = connection.prepare_cached(&select)?;
            let entries = select.query_map([page(DASHBOARDS)], entry)?;
            Ok(entries.collect::<Result<_, _>>()?)
        })
    }

    fn by_id(&self, id: DashboardId) -> StoreFuture<Option<Dashboard>> {
        self.read(move |connection| {
            let select = format!("SELECT {ENTRY}, body FROM dashboards WHERE id = ?1");
            Ok(connection.prepare_cached(&select)?.query_row([sql(id.0)], dashboard).optional()?)
        })
    }

    fn change(&self, change: DashboardChange) -> StoreFuture<Option<Dashboard>> {
        self.write(move |connection| {
            change.new.check()?;
            let id = sql(change.id.0);
            let select = "SELECT version FROM dashboards WHERE id = ?1";
            let found =
                connection.prepare_cached(select)?.query_row([id], |row| number(row, 0)).optional()?;
            let Some(version) = found else { return Ok(None) };
            let version = change.next_version(version)?;
            let update = format!(
                "UPDATE dashboards SET name = ?2, body = ?3, version = ?4, changed_by = ?5, changed_ms = ?6 \
                 WHERE id = ?1 RETURNING {ENTRY}, body"
            );
            let new = change.new;
            let values = params![
                id,
                new.name,
                new.body,
                version,
                new.changed_by.map(|user| sql(user.0)),
                checked_ms(new.changed_ms)?,
            ];
            Ok(Some(connection.prepare_cached(&update)?.query_row(values, dashboard)?))
        })
    }

    fn remove(&self, id: DashboardId) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM dashboards WHERE id = ?1";
            Ok(connection.prepare_cached(delete)?.execute([sql(id.0)])? == 1)
        })
    }
}
