//! The machines that are watched: what is measured on them, how often, and what is remembered of it.
//!
//! One collector is one file in `collect/` and one line in its registry. A thread of its own runs them at the
//! pace that the people watching call for, keeps the newest values in [`LocalHost`] and publishes them to the
//! hub.

pub(crate) mod api;
pub(crate) mod simplest;

mod collect;
mod history;
mod info;
mod local;
mod pace;
mod rounds;
mod run;
mod settings;

pub(crate) use collect::catalog;
pub(crate) use local::{LocalHost, unix_millis};
pub(crate) use run::{HostCollector, start};
pub(crate) use settings::CollectorSettings;
