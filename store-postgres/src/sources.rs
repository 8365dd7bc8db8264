//! Sources that hosts ask for the team.

use deadpool_postgres::Transaction;
use futures_util::FutureExt;
use store::{
    NewSource, SOURCES, Source, SourceChange, SourceNumber, SourceStore, StoreFuture, UserId, checked_ms,
    checked_parent, checked_source_room, page,
};
use tokio_postgres::Row;

use crate::{
    fault::{Worked, damaged},
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, number, optional, sql_id, value},
};

/// The columns of [`source`].
const SOURCE: &str =
    "id, kind, name, host, spec, interval_ms, parent, is_paused, created_by, created_ms, changed_ms";

fn source(row: &Row) -> Worked<Source> {
    Ok(Source {
        id: SourceNumber(number(row, 0)?),
        kind: value::<&str>(row, 1)?.parse().map_err(|_| damaged("kind of source"))?,
        name: value(row, 2)?,
        host: value(row, 3)?,
        spec: value(row, 4)?,
        interval_ms: number(row, 5)?,
        parent: optional(row, 6)?.map(SourceNumber),
        is_paused: value(row, 7)?,
        created_by: optional(row, 8)?.map(UserId),
        created_ms: number(row, 9)?,
        changed_ms: number(row, 10)?,
    })
}

/// Checks the parent of a source; of one that is yet to be made, where none is named. The caller has the lock of sources.
async fn check_parent(
    transaction: &Transaction<'_>,
    id: Option<SourceNumber>,
    parent: Option<SourceNumber>,
) -> Worked<()> {
    let Some(parent) = parent else { return Ok(()) };
    let sql = "WITH RECURSIVE above (id) AS (SELECT id FROM sources WHERE id = $1 AND kind = 'probe'
        UNION SELECT parent FROM sources JOIN above USING (id) WHERE parent IS NOT NULL)
        SELECT EXISTS (SELECT 1 FROM above), EXISTS (SELECT 1 FROM above WHERE id = $2)";
    let row = transaction.query_one(sql, &[&sql_id(parent.0), &id.map(|id| sql_id(id.0))]).await?;
    Ok(checked_parent(value(&row, 0)?, value(&row, 1)?)?)
}

impl SourceStore for PostgresStore {
    fn create(&self, new: NewSource) -> StoreFuture<Source> {
        self.run(move |client| {
            async move {
                new.check()?;
                let created = checked_ms(new.created_ms)?;
                let (parent, creator) =
                    (new.parent.map(|parent| sql_id(parent.0)), new.created_by.map(|user| sql_id(user.0)));
                let transaction = client.transaction().await?;
                // The lock has nodes count the sources and follow their parents one after the other.
                Lock::Sources.take(&transaction).await?;
                check_parent(&transaction, None, new.parent).await?;
                let count = transaction.query_one("SELECT count(*) FROM sources", &[]).await?;
                let sql = format!(
                    "INSERT INTO sources (kind, name, host, spec, interval_ms, parent, created_by, created_ms, changed_ms)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING {SOURCE}"
                );
                let row = transaction
                    .query_one(
                        &sql,
                        &[
                            &new.kind.as_str(),
                            &new.name,
                            &new.host,
                            &new.spec,
                            &sql_id(new.interval_ms),
                            &parent,
                            &creator,
                            &created,
                        ],
                    )
                    .await?;
                checked_source_room(number(&count, 0)?)?;
                let made = source(&row)?;
                transaction.commit().await?;
                Ok(made)
            }
            .boxed()
        })
    }

    fn all(&self) -> StoreFuture<Vec<Source>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {SOURCE} FROM sources ORDER BY kind, name LIMIT $1");
                rows::all(&client.query(&sql, &[&page(SOURCES)]).await?, source)
            }
            .boxed()
        })
    }

    fn change(&self, change: SourceChange) -> StoreFuture<Option<Source>> {
        self.run(move |client| {
            async move {
                change.check()?;
                let (id, parent) = (sql_id(change.id.0), change.parent.map(|parent| sql_id(parent.0)));
                let transaction = client.transaction().await?;
                // Two changes at once might each miss the circle that they make together.
                Lock::Sources.take(&transaction).await?;
                let sql = "SELECT changed_ms FROM sources WHERE id = $1";
                let Some(before) = transaction.query_opt(sql, &[&id]).await? else { return Ok(None) };
                let changed = change.noted_ms(number(&before, 0)?)?;
                check_parent(&transaction, Some(change.id), change.parent).await?;
                let sql = format!(
                    "UPDATE sources SET name = $2, host = $3, spec = $4, interval_ms = $5, parent = $6, is_paused = $7,
                        changed_ms = $8 WHERE id = $1 RETURNING {SOURCE}"
                );
                let row = transaction
                    .query_one(
                        &sql,
                        &[
                            &id,
                            &change.name,
                            &change.host,
                            &change.spec,
                            &sql_id(change.interval_ms),
                            &parent,
                            &change.is_paused,
                            &changed,
                        ],
                    )
                    .await?;
                let changed = source(&row)?;
                transaction.commit().await?;
                Ok(Some(changed))
            }
            .boxed()
        })
    }

    fn remove(&self, id: SourceNumber) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let transaction = client.transaction().await?;
                // A parent that was looked at stays until the row that names it is there.
                Lock::Sources.take(&transaction).await?;
                let sql = "DELETE FROM sources WHERE id = $1";
                let removed = transaction.execute(sql, &[&sql_id(id.0)]).await? == 1;
                transaction.commit().await?;
                Ok(removed)
            }
            .boxed()
        })
    }
}
