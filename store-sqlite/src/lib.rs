//! The store of accounts in one SQLite file of the data folder.
//!
//! One thread writes, and a few connections read beside it. A change is on the disk when it is answered. The schema is numbered files
//! of SQL in `migrate/sql`, applied forward only. It is the only crate with SQLite.

mod backup;
mod connection;
mod error;
mod migrate;
mod readers;
mod sqlite_store;
mod tables;
mod writer;

pub use backup::{backup, check};
pub use connection::SqliteOptions;
pub use sqlite_store::{FILE, SqliteStore};
