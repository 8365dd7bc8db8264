//! Copies of the store, and the check of a copy that someone wants to restore.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::Connection;
use store::StoreError;

use crate::{
    connection::open_reader,
    error::{WorkResult, file_error},
    migrate::{MIGRATIONS, identify},
};

/// Writes a copy of the store's file as it is at one moment, while changes go on, also those of another process. It has its name once it is
/// whole, and only its owner may read it. The store is not opened: a newer version makes a copy of what an older one runs with.
///
/// # Errors
/// When `to` exists, or either file cannot be read or written.
pub fn backup(from: &Path, to: &Path, busy_timeout: Duration) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::BadSettings(format!("{} exists already", to.display())));
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let copied = copy(from, &partial, busy_timeout)
        .and_then(|()| fs::rename(&partial, to).map_err(|error| file_error(&error)));
    if copied.is_err() {
        fs::remove_file(&partial).ok();
        return copied;
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| file_error(&error))
}

fn copy(from: &Path, partial: &Path, busy_timeout: Duration) -> Result<(), StoreError> {
    let private = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(partial);
    let file = private.map_err(|error| file_error(&error))?;
    let Some(target) = partial.to_str() else {
        return Err(StoreError::BadSettings(format!("{} is no UTF-8", partial.display())));
    };
    vacuum_into(&open_reader(from, busy_timeout)?, target)?;
    file.sync_all().map_err(|error| file_error(&error))
}

fn vacuum_into(connection: &Connection, target: &str) -> WorkResult<()> {
    // It reads in one transaction, which a write-ahead log keeps apart from the writer.
    connection.execute("VACUUM INTO ?1", [target])?;
    Ok(())
}

/// Checks a file that is to become the store: it is a store, whole, and of a schema that this version knows. Nothing in it runs, and
/// nothing of it changes. Returns the number of its schema.
///
/// # Errors
/// [`StoreError::NotAStore`], [`StoreError::NewerSchema`] or [`StoreError::Damaged`].
pub fn check(path: &Path) -> Result<u32, StoreError> {
    if !path.is_file() {
        return Err(StoreError::NotAStore(format!("{} is no file", path.display())));
    }
    let connection = open_reader(path, Duration::from_secs(5))?;
    let schema = identify(&connection, MIGRATIONS.len())?;
    if schema == 0 {
        return Err(StoreError::NotAStore("it is empty".into()));
    }
    look_through(&connection)?;
    Ok(schema)
}

fn look_through(connection: &Connection) -> WorkResult<()> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%'";
    let strange: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    if strange > 0 {
        let reason = "it has triggers, views or virtual tables, which a store has not";
        return Err(StoreError::NotAStore(reason.into()).into());
    }
    let first: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if first != "ok" {
        return Err(StoreError::Damaged(first).into());
    }
    if connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(StoreError::Damaged("rows refer to others that are missing".into()).into());
    }
    Ok(())
}
