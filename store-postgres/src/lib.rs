//! The store of accounts that many nodes share, on PostgreSQL 15 or newer.
//!
//! - **Locks, not luck.** Each call is one transaction. Calls that look at the whole team, and appends to the audit log, take an
//!   advisory lock each, so that nodes decide one after the other.
//! - **Forward only.** The schema is a row of numbered files in `migrations/`. Each runs once, in one transaction with its number,
//!   under a lock. A store of a newer schema is refused as it is.
//! - **TLS by default.** The server's certificate is checked unless the address says otherwise.
//!
//! What was answered outlives a power cut where the server's `synchronous_commit` is on, as it is unless someone turned it off.

mod address;
mod audit;
mod dashboards;
mod fault;
mod hosts;
mod identities;
mod invitations;
mod locks;
mod migrations;
mod notices;
mod passkeys;
mod postgres_store;
mod pushes;
mod rows;
mod server_secrets;
mod sessions;
mod sources;
#[cfg(feature = "test-server")]
#[doc(hidden)]
pub mod test_server;
mod tls;
mod tokens;
mod users;

pub use postgres_store::PostgresStore;
