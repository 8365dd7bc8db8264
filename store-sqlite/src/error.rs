//! SQLite's errors in the words of the store.

use rusqlite::{ErrorCode, ffi};
use store::StoreError;

/// The result of work on a connection.
pub(crate) type WorkResult<T> = Result<T, WorkError>;

/// The reason for which work on a connection failed.
#[derive(Debug)]
pub(crate) enum WorkError {
    /// SQLite refused a statement.
    Sql(rusqlite::Error),
    /// A rule of the store refused the change.
    Store(StoreError),
}

impl From<rusqlite::Error> for WorkError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for WorkError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<WorkError> for StoreError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Store(error) => error,
            WorkError::Sql(error) => store_error(error),
        }
    }
}

/// Names an error of SQLite.
fn store_error(error: rusqlite::Error) -> StoreError {
    let text = error.to_string();
    let rusqlite::Error::SqliteFailure(failure, _) = &error else {
        return match error {
            // A row that is not as the schema says: STRICT tables keep every other way to that out.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => StoreError::Damaged(text),
            _ => StoreError::Failed(text),
        };
    };
    match (failure.extended_code, failure.code) {
        (ffi::SQLITE_CONSTRAINT_UNIQUE, _)
            if ["users.name_key", "sources.name", "dashboards.name"].iter().any(|key| text.contains(key)) =>
        {
            StoreError::NameTaken
        }
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => StoreError::NotFound,
        (_, ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly,
        (_, ErrorCode::DiskFull) => StoreError::Full,
        (_, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        (_, ErrorCode::NotADatabase) => StoreError::NotAStore("the file is no SQLite database".into()),
        (_, ErrorCode::DatabaseCorrupt) => StoreError::Damaged(text),
        (_, ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => StoreError::Unavailable(text),
        _ => StoreError::Failed(text),
    }
}

/// Names an error of the file system.
pub(crate) fn file_error(error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Unavailable(error.to_string()),
    }
}
