//! The tables, one file for each trait of the store.

mod audit;
mod columns;
mod dashboards;
mod hosts;
mod identities;
mod invitations;
mod notices;
mod passkeys;
mod pushes;
mod server_secrets;
mod session_rows;
mod sessions;
mod sources;
mod tokens;
mod users;
