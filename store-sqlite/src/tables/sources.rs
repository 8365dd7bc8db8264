//! Sources that hosts ask for the team.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{
    NewSource, SOURCES, Source, SourceChange, SourceNumber, SourceStore, StoreFuture, UserId, checked_ms,
    checked_parent, checked_source_room, page,
};

use super::columns::{number, optional, sql, word};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`source`] reads.
const SOURCE: &str =
    "id, kind, name, host, spec, interval_ms, parent, is_paused, created_by, created_ms, changed_ms";

fn source(row: &Row<'_>) -> rusqlite::Result<Source> {
    Ok(Source {
        id: SourceNumber(number(row, 0)?),
        kind: word(row, 1)?,
        name: row.get(2)?,
        host: row.get(3)?,
        spec: row.get(4)?,
        interval_ms: number(row, 5)?,
        parent: optional(row, 6)?.map(SourceNumber),
        is_paused: row.get(7)?,
        created_by: optional(row, 8)?.map(UserId),
        created_ms: number(row, 9)?,
        changed_ms: number(row, 10)?,
    })
}

/// Checks the parent of a source; of one that is yet to be made, where none is named.
fn check_parent(
    connection: &Connection,
    id: Option<SourceNumber>,
    parent: Option<SourceNumber>,
) -> WorkResult<()> {
    let Some(parent) = parent else { return Ok(()) };
    let select = "WITH RECURSIVE above (id) AS (SELECT id FROM sources WHERE id = ?1 AND kind = 'probe' \
                  UNION SELECT parent FROM sources JOIN above USING (id) WHERE parent IS NOT NULL) \
                  SELECT EXISTS (SELECT 1 FROM above), EXISTS (SELECT 1 FROM above WHERE id = ?2)";
    let values = params![sql(parent.0), id.map(|id| sql(id.0))];
    let (is_probe, is_circle) =
        connection.prepare_cached(select)?.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(checked_parent(is_probe, is_circle)?)
}

impl SourceStore for SqliteStore {
    fn create(&self, new: NewSource) -> StoreFuture<Source> {
        self.write(move |connection| {
            new.check()?;
            check_parent(connection, None, new.parent)?;
            let insert = format!(
                "INSERT INTO sources (kind, name, host, spec, interval_ms, parent, created_by, created_ms, changed_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) RETURNING {SOURCE}"
            );
            let values = params![
                new.kind.as_str(),
                new.name,
                new.host,
                new.spec,
                sql(new.interval_ms),
                new.parent.map(|parent| sql(parent.0)),
                new.created_by.map(|user| sql(user.0)),
                checked_ms(new.created_ms)?,
            ];
            let made = connection.prepare_cached(&insert)?.query_row(values, source)?;
            // An error takes it back.
            let count = "SELECT count(*) FROM sources WHERE id <> ?1";
            let others = connection.prepare_cached(count)?.query_row([sql(made.id.0)], |row| number(row, 0))?;
            checked_source_room(others)?;
            Ok(made)
        })
    }

    fn all(&self) -> StoreFuture<Vec<Source>> {
        self.read(|connection| {
            let select = format!("SELECT {SOURCE} FROM sources ORDER BY kind, name LIMIT ?1");
            let mut select = connection.prepare_cached(&select)?;
            let sources = select.query_map([page(SOURCES)], source)?;
            Ok(sources.collect::<Result<_, _>>()?)
        })
    }

    fn change(&self, change: SourceChange) -> StoreFuture<Option<Source>> {
        self.write(move |connection| {
            change.check()?;
            let id = sql(change.id.0);
            let select = "SELECT changed_ms FROM sources WHERE id = ?1";
            let found = connection.prepare_cached(select)?.query_row([id], |row| number(row, 0)).optional()?;
            let Some(before_ms) = found else { return Ok(None) };
            let changed_ms = change.noted_ms(before_ms)?;
            check_parent(connection, Some(change.id), change.parent)?;
            let update = format!(
                "UPDATE sources SET name = ?2, host = ?3, spec = ?4, interval_ms = ?5, parent = ?6, is_paused = ?7, \
                 changed_ms = ?8 WHERE id = ?1 RETURNING {SOURCE}"
            );
            let values = params![
                id,
                change.name,
                change.host,
                change.spec,
                sql(change.interval_ms),
                change.parent.map(|parent| sql(parent.0)),
                change.is_paused,
                changed_ms,
            ];
            Ok(Some(connection.prepare_cached(&update)?.query_row(values, source)?))
        })
    }

    fn remove(&self, id: SourceNumber) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM sources WHERE id = ?1";
            Ok(connection.prepare_cached(delete)?.execute([sql(id.0)])? == 1)
        })
    }
}
