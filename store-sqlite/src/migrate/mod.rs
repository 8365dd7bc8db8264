//! The schema: numbered files of SQL, each applied once, forward only, in a transaction with its number.

#[cfg(test)]
mod tests;

use rusqlite::Connection;
use store::StoreError;

use crate::error::{WorkError, WorkResult};

/// The migrations. The number of a schema is the number of files that made it, so a file that was released is never changed.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("sql/0001_accounts.sql"),
    include_str!("sql/0002_notices.sql"),
    include_str!("sql/0003_identities.sql"),
    include_str!("sql/0004_passkeys.sql"),
    include_str!("sql/0005_push.sql"),
    include_str!("sql/0006_hosts.sql"),
    include_str!("sql/0007_sources.sql"),
    include_str!("sql/0008_dashboards.sql"),
];

/// The mark of our files in their header (`PRAGMA application_id`): "PlsB".
const APPLICATION_ID: i64 = 0x506c_7342;

/// Returns the number of the schema that a database has, 0 for an empty one.
///
/// # Errors
/// When it holds something else, or a newer schema than `known`.
pub(crate) fn identify(connection: &Connection, known: usize) -> WorkResult<u32> {
    let sql = "SELECT (SELECT application_id FROM pragma_application_id), \
               (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)";
    let (application, found, tables): (i64, i64, i64) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if application == 0 && found == 0 && tables == 0 {
        return Ok(0);
    }
    if application != APPLICATION_ID {
        return Err(StoreError::NotAStore("it is a database of another program".into()).into());
    }
    let known = u32::try_from(known).unwrap_or(u32::MAX);
    match u32::try_from(found) {
        Ok(found) if found <= known => Ok(found),
        found => Err(StoreError::NewerSchema { found: found.unwrap_or(u32::MAX), known }.into()),
    }
}

/// Brings a database to the newest of `migrations`. Each is one transaction: a process that ends in the middle leaves the schema before.
pub(crate) fn migrate(connection: &Connection, migrations: &[&str]) -> WorkResult<()> {
    while step(connection, migrations)? {}
    Ok(())
}

/// Applies the next migration; false where there is none.
fn step(connection: &Connection, migrations: &[&str]) -> WorkResult<bool> {
    let lost = |error: rusqlite::Error| WorkError::from(error);
    connection.execute_batch("BEGIN IMMEDIATE").map_err(lost)?;
    let applied = apply(connection, migrations);
    if matches!(applied, Ok(true)) {
        let committed = connection.execute_batch("COMMIT");
        if committed.is_ok() {
            return applied;
        }
        connection.execute_batch("ROLLBACK").ok();
        return committed.map(|()| true).map_err(lost);
    }
    // SQLite has rolled back by itself after some errors.
    connection.execute_batch("ROLLBACK").ok();
    applied
}

/// Applies the next migration within a transaction. The number is read there, since another process may have been faster.
fn apply(connection: &Connection, migrations: &[&str]) -> WorkResult<bool> {
    let current = identify(connection, migrations.len())?;
    let Some(sql) = migrations.get(current as usize) else { return Ok(false) };
    connection.execute_batch(sql)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", current + 1)?;
    Ok(true)
}
