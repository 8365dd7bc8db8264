//! Connections to the file, and what each is told first.

use std::{
    fs::{self, OpenOptions, Permissions},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use store::StoreError;

use crate::{
    error::{WorkError, WorkResult, file_error},
    migrate::{MIGRATIONS, identify, migrate},
};

/// The oldest SQLite: it has the mends of CVE-2026-11822 and -11824, which a crafted file that someone restores would use.
const OLDEST_SQLITE: i32 = 3_053_002;

/// The settings of a store in a file.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The time for which a change waits for another program that holds the file.
    pub busy_timeout: Duration,
    /// True to look without writing: changes are [`StoreError::ReadOnly`], and an older schema stays.
    pub read_only: bool,
    /// The most pages of the file, of 4,096 bytes; a change beyond is [`StoreError::Full`]. None for as many as the disk has.
    pub max_pages: Option<u32>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), read_only: false, max_pages: None }
    }
}

/// Opens the file for the writer: made where it is missing, brought to the newest schema, readable by its owner only.
pub(crate) fn open_writer(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let version = rusqlite::version();
        return Err(StoreError::Failed(format!("SQLite {version} is too old, 3.53.2 is the oldest")));
    }
    if options.read_only {
        let connection = open_reader(path, options.busy_timeout)?;
        if identify(&connection, MIGRATIONS.len())? != schema() {
            return Err(StoreError::NotAStore("it has an older schema, and may not be written".into()));
        }
        return Ok(connection);
    }
    make_private(path)?;
    Ok(prepare_writer(path, options)?)
}

/// Opens the file for reading.
pub(crate) fn open_reader(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(WorkError::from)?;
    guard(&connection, busy_timeout)?;
    Ok(connection)
}

/// The number of the newest schema.
pub(crate) fn schema() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

fn prepare_writer(path: &Path, options: &SqliteOptions) -> WorkResult<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    guard(&connection, options.busy_timeout)?;
    // A newer schema, or another program's file, is refused before a byte of it changes.
    identify(&connection, MIGRATIONS.len())?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        let reason = "its folder cannot hold a write-ahead log; network file systems cannot";
        return Err(StoreError::BadSettings(reason.into()).into());
    }
    // Each commit is on the disk before it is answered.
    connection.pragma_update(None, "synchronous", "FULL")?;
    migrate(&connection, MIGRATIONS)?;
    if let Some(pages) = options.max_pages {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(connection)
}

/// Tells a connection what holds for each. A file may come from someone else: nothing that its schema names runs.
fn guard(connection: &Connection, busy_timeout: Duration) -> WorkResult<()> {
    connection.busy_timeout(busy_timeout)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

/// Makes the file where it is missing. The files beside it get its mode from SQLite.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let opened =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    let file = opened.map_err(|error| file_error(&error))?;
    let mode = file.metadata().map_err(|error| file_error(&error))?.permissions().mode();
    if mode & 0o077 != 0 {
        fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(|error| file_error(&error))?;
    }
    Ok(())
}
