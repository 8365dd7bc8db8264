//! The errors of PostgreSQL, in the words of the contract.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use store::StoreError;
use tokio_postgres::error::{DbError, Error, SqlState};

/// The result of work on a connection.
pub(crate) type Worked<T> = Result<T, Fault>;

/// The reason for which work failed: an error of the contract, or one of the engine that is still to be named.
#[derive(Debug)]
pub(crate) enum Fault {
    /// An error of the contract.
    Named(StoreError),
    /// An error of PostgreSQL, or of the connection to it.
    Engine(Error),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Named(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<PoolError> for Fault {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::Engine(error),
            PoolError::Closed => StoreError::Closed.into(),
            PoolError::Timeout(_) => StoreError::Busy.into(),
            other => StoreError::Failed(other.to_string()).into(),
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Named(error) => error,
            Fault::Engine(error) => match error.as_db_error() {
                Some(error) => named(error),
                None => unanswered(&error),
            },
        }
    }
}

/// Names an error that the server tells. Its detail is left out, since it may hold values of a row.
fn named(error: &DbError) -> StoreError {
    let text = error.message().to_owned();
    match *error.code() {
        SqlState::UNIQUE_VIOLATION
            if matches!(
                error.constraint(),
                Some("users_name_key_unique" | "sources_name_unique" | "dashboards_name_unique")
            ) =>
        {
            StoreError::NameTaken
        }
        // Of the columns that point elsewhere, all point to a user that the caller named, or to a row that was looked at before.
        SqlState::FOREIGN_KEY_VIOLATION => StoreError::NotFound,
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly,
        SqlState::DISK_FULL => StoreError::Full,
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::QUERY_CANCELED
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::T_R_SERIALIZATION_FAILURE => StoreError::Busy,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => StoreError::Damaged(text),
        SqlState::DUPLICATE_TABLE => {
            StoreError::NotAStore(format!("the database has tables of something else: {text}"))
        }
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INVALID_CATALOG_NAME
        | SqlState::INSUFFICIENT_PRIVILEGE => StoreError::BadSettings(text),
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => {
            StoreError::Unavailable(text)
        }
        _ => StoreError::Failed(text),
    }
}

/// Names an error that comes from this side: of the socket, of TLS, or of an answer that cannot be read.
fn unanswered(error: &Error) -> StoreError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        // Some of these repeat their cause.
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    if text.contains("server does not support TLS") {
        let hint = "the server offers no TLS: set it up there, or add sslmode=disable to the address";
        return StoreError::BadSettings(hint.to_owned());
    }
    if text.contains("invalid configuration") {
        return StoreError::BadSettings(text);
    }
    StoreError::Unavailable(text)
}

/// Names a value of a row that was never written.
pub(crate) fn damaged(what: &str) -> Fault {
    StoreError::Damaged(format!("a row has a {what} that was never written")).into()
}
