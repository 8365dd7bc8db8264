//! Dashboards that the team shares.

use futures_util::FutureExt;
use store::{
    DASHBOARDS, Dashboard, DashboardChange, DashboardEntry, DashboardId, DashboardStore, NewDashboard,
    StoreFuture, UserId, checked_dashboard_room, checked_ms, page,
};
use tokio_postgres::Row;

use crate::{
    fault::Worked,
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, number, optional, sql_id, value},
};

/// The columns that [`entry`] reads.
const ENTRY: &str = "id, name, version, changed_by, changed_ms";

fn entry(row: &Row) -> Worked<DashboardEntry> {
    Ok(DashboardEntry {
        id: DashboardId(number(row, 0)?),
        name: value(row, 1)?,
        version: number(row, 2)?,
        changed_by: optional(row, 3)?.map(UserId),
        changed_ms: number(row, 4)?,
    })
}

/// Reads a whole one: the columns of [`ENTRY`], and the body behind them.
fn dashboard(row: &Row) -> Worked<Dashboard> {
    Ok(Dashboard { entry: entry(row)?, body: value(row, 5)? })
}

impl DashboardStore for PostgresStore {
    fn create(&self, new: NewDashboard) -> StoreFuture<Dashboard> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (user, changed) =
                    (new.changed_by.map(|user| sql_id(user.0)), checked_ms(new.changed_ms)?);
                let transaction = client.transaction().await?;
                // The lock has nodes count the dashboards one after the other.
                Lock::Dashboards.take(&transaction).await?;
                let count = transaction.query_one("SELECT count(*) FROM dashboards", &[]).await?;
                let sql = format!(
                    "INSERT INTO dashboards (name, body, changed_by, changed_ms) VALUES ($1, $2, $3, $4)
                        RETURNING {ENTRY}, body"
                );
                let row = transaction.query_one(&sql, &[&new.name, &new.body, &user, &changed]).await?;
                checked_dashboard_room(number(&count, 0)?)?;
                let made = dashboard(&row)?;
                transaction.commit().await?;
                Ok(made)
            }
            .boxed()
        })
    }

    fn list(&self) -> StoreFuture<Vec<DashboardEntry>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {ENTRY} FROM dashboards ORDER BY name LIMIT $1");
                rows::all(&client.query(&sql, &[&page(DASHBOARDS)]).await?, entry)
            }
            .boxed()
        })
    }

    fn by_id(&self, id: DashboardId) -> StoreFuture<Option<Dashboard>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {ENTRY}, body FROM dashboards WHERE id = $1");
                client.query_opt(&sql, &[&sql_id(id.0)]).await?.as_ref().map(dashboard).transpose()
            }
            .boxed()
        })
    }

    fn change(&self, change: DashboardChange) -> StoreFuture<Option<Dashboard>> {
        self.run(move |client| {
            async move {
                change.new.check()?;
                let id = sql_id(change.id.0);
                let new = &change.new;
                let (user, changed) =
                    (new.changed_by.map(|user| sql_id(user.0)), checked_ms(new.changed_ms)?);
                let transaction = client.transaction().await?;
                // Two who change it at once have one version each to look at.
                let sql = "SELECT version FROM dashboards WHERE id = $1 FOR UPDATE";
                let Some(row) = transaction.query_opt(sql, &[&id]).await? else { return Ok(None) };
                let version = change.next_version(number(&row, 0)?)?;
                let sql = format!(
                    "UPDATE dashboards SET name = $2, body = $3, version = $4, changed_by = $5, changed_ms = $6
                        WHERE id = $1 RETURNING {ENTRY}, body"
                );
                let row = transaction
                    .query_one(&sql, &[&id, &new.name, &new.body, &version, &user, &changed])
                    .await?;
                let changed = dashboard(&row)?;
                transaction.commit().await?;
                Ok(Some(changed))
            }
            .boxed()
        })
    }

    fn remove(&self, id: DashboardId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM dashboards WHERE id = $1";
                Ok(client.execute(sql, &[&sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }
}
