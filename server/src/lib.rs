//! The server: features, web, and the settings they run with. `main` is a thin door to [`serve`], so that tests start
//! the same server on a port of their own.

pub mod accounts;
pub mod backup;
pub mod cli;
pub mod config;
pub mod health_check;
pub mod listen;
mod log_setup;
pub mod logging;
mod logs;
pub mod memory;
pub mod notices;
pub mod secret;
pub mod serve;
pub mod sizing;

mod access;
pub mod agent;
mod base_path;
mod certificates;
mod chat;
mod connection_slots;
mod containers;
mod dashboards;
mod doctor;
mod feature;
mod features;
mod history;
mod hosts;
mod lab;
mod message_router;
mod open_files;
mod openapi;
mod operator;
mod operator_token;
mod ops;
mod private_file;
mod probing;
mod router;
mod shutdown;
mod sources;
mod streams;
mod systemd;
mod tasks;
mod tls;
mod topic_policies;
mod watchers;
mod web;
mod web_push;

pub use access::guarded_routes;
pub use base_path::{BadBasePath, BasePath};
pub use web::{CarriedFile, CarriedSite};

/// Returns all settings that there are: those of the features, and the server's own.
#[must_use]
pub fn settings() -> Vec<&'static config::Setting> {
    features::settings()
}

/// Returns the description of the REST API, an OpenAPI document. `docs/openapi.json` is a copy of it.
///
/// # Errors
/// Never: the document is made of texts.
pub fn openapi() -> anyhow::Result<String> {
    features::api_description(&BasePath::default())
}

/// Runs the hidden subcommand `probe`: it asks the system on behalf of a server, and may hang for ever.
#[must_use]
pub fn probe() -> std::process::ExitCode {
    collect::serve_prober()
}

/// This very binary, even if its file has been replaced since.
#[must_use]
pub fn own_binary() -> std::path::PathBuf {
    let running = std::path::Path::new("/proc/self/exe");
    if running.exists() { running.to_owned() } else { std::env::current_exe().unwrap_or_default() }
}
