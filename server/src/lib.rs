//! The server: features, web, and the settings they run with. `main` is a thin door to [`serve`], so that tests start
//! the same server on a port of their own.

pub mod cli;
pub mod config;
pub mod logging;
pub mod secret;
pub mod serve;

mod chat;
mod doctor;
mod hosts;
mod inbox;
mod lab;
mod listen;
mod live_log;
mod log_rules;
mod open_files;
mod operator;
mod ops;
mod private_file;
mod router;
mod shutdown;
mod state;
mod tls;
mod web;
